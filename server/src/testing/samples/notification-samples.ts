import type { notificationRoutes } from '@uurwerk/api/notifications.ts'
import type { SamplesOf } from './sample.ts'

export const notificationSamples: SamplesOf<keyof typeof notificationRoutes> = {
  listNotifications: () => [{}, { query: { unread: 'true' } }],
  readNotifications: ({ notification }) => [{ body: { ids: [notification] } }, { body: {} }],
}
