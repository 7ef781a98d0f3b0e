import { z } from 'zod'
import { routes } from './route.ts'
import { id, instant, page, paging } from './shapes.ts'

export const notification = z
  .object({
    id,
    code: z.string().meta({ example: 'postings-need-you' }),
    title: z.string(),
    detail: z.string().nullable(),
    link: z.string().nullable().meta({ description: 'Where something can be done about it, on this site' }),
    /** When it was told, or changed while nobody had read it. */
    toldAt: instant,
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notification' })

export const notificationRoutes = routes({
  listNotifications: {
    id: 'list-notifications',
    method: 'GET',
    path: '/notifications',
    summary: 'What you are told of in this firm, newest first',
    tag: 'Notifications',
    access: 'hours:own',
    query: z.object({ ...paging, unread: z.enum(['true', 'false']).optional() }),
    answer: page(notification).extend({ unread: z.int() }),
  },
  readNotifications: {
    id: 'read-notifications',
    method: 'POST',
    path: '/notifications/read',
    summary: 'Mark notifications of yours as read: these, or all there are',
    tag: 'Notifications',
    access: 'hours:own',
    body: z.object({ ids: z.array(id).min(1).max(200).optional() }).meta({ description: 'Without `ids` all of them' }),
    answer: z.object({ read: z.int(), unread: z.int() }),
  },
})
