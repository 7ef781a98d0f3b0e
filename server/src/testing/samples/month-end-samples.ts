import type { monthEndRoutes } from '@uurwerk/api/month-end.ts'
import type { SamplesOf } from './sample.ts'

const params = { month: '2026-02' }

export const monthEndSamples: SamplesOf<keyof typeof monthEndRoutes> = {
  readMonthEnd: () => [{ params }],
  askToSubmit: ({ firm }) => [{ params, body: { memberIds: [firm.members.employee] } }],
}
