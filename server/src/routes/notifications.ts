import type { notificationRoutes } from '@uurwerk/api/notifications.ts'
import { sql } from 'kysely'
import type { Handlers } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { countUnread, type NoticeRow, noticeColumns, ownNotices, toNotification } from '../notifications/notice-rows.ts'

export const notificationHandlers: Handlers<keyof typeof notificationRoutes> = {
  listNotifications: async ({ trx, firmId, firm, actor, query, language }) => {
    const own = ownNotices(firmId, actor.memberId, actor.rights)
    const after = keyOf(query.cursor, ['text', 'id'])
    const { rows } = await sql<NoticeRow & { readonly place: string }>`
      select ${noticeColumns}, n.told_at::text as place from notification n
      where ${own} ${query.unread === 'true' ? sql`and n.read_at is null` : sql``}
        ${after ? sql`and (n.told_at, n.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by n.told_at desc, n.id desc limit ${query.limit + 1}`.execute(trx)
    return {
      ...pageOf(
        rows,
        query.limit,
        ({ place, id }) => [place, id],
        (row) => toNotification(row, { language, slug: firm.slug }),
      ),
      unread: await countUnread(trx, own),
    }
  },

  readNotifications: async ({ trx, firmId, actor, body, now, services }) => {
    const own = ownNotices(firmId, actor.memberId, actor.rights)
    const { rows } = await sql<{ id: string }>`
      update notification n set read_at = ${now}
      where ${own} and n.read_at is null ${body.ids ? sql`and n.id = any(${body.ids}::uuid[])` : sql``}
      returning n.id`.execute(trx)
    if (rows.length > 0) await services.events.publish(trx, firmId, { topic: 'notifications' })
    return { read: rows.length, unread: await countUnread(trx, own) }
  },
}
