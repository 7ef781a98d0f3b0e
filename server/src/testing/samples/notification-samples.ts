import type { hintRoutes } from '@uurwerk/api/hints.ts'
import type { notificationRoutes } from '@uurwerk/api/notifications.ts'
import type { SamplesOf } from './sample.ts'

export const notificationSamples: SamplesOf<keyof typeof notificationRoutes | keyof typeof hintRoutes> = {
  listNotifications: () => [{}, { query: { unread: 'true' } }],
  readNotifications: ({ notification }) => [{ body: { ids: [notification] } }, { body: {} }],
  changeHints: ({ connection }) => [{ params: { id: connection.used }, body: { on: true } }],
}
