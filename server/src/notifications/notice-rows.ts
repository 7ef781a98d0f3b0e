import type { notification as notificationShape } from '@uurwerk/api/notifications.ts'
import type { Right } from '@uurwerk/api/rights.ts'
import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDate } from '@uurwerk/core/shared/format.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { hasWords, say } from '../http/words.ts'
import type { Trx } from '../store/database.ts'

export interface NoticeRow {
  readonly id: string
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
  readonly link: string | null
  readonly toldAt: Date
  readonly readAt: Date | null
}

export const noticeColumns = sql`n.id, n.code, n."values", n.link, n.told_at as "toldAt", n.read_at as "readAt"`

/** Of this person, and of what this person may see now. */
export const ownNotices = (firmId: string, memberId: string, rights: Iterable<Right>): RawBuilder<boolean> => sql`
  n.firm_id = ${firmId} and n.member_id = ${memberId} and n.needs = any(${[...rights]}::text[])`

export async function countUnread(trx: Trx, own: RawBuilder<boolean>): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select count(*)::int as unread from notification n where ${own} and n.read_at is null`.execute(trx)
  return rows[0]?.unread ?? 0
}

/** Title and what to do, in the reader's language; a value `date` is a calendar date, `cause.nl` a cause in that language. */
export function noticeWords(language: Language, { code, values }: Pick<NoticeRow, 'code' | 'values'>) {
  const detail = `notice.${code}.detail`
  const day = parseCalendarDate(String(values.date ?? ''))
  const cause = values[`cause.${language}`]
  const told = {
    ...values,
    ...(day ? { date: formatDate(day, language) } : {}),
    ...(cause === undefined ? {} : { cause }),
  }
  return {
    title: say(language, `notice.${code}.title`, told),
    detail: hasWords(language, detail) ? say(language, detail, told) : null,
  }
}

export const toNotification = (
  row: NoticeRow,
  { language, slug }: { readonly language: Language; readonly slug: string },
): z.input<typeof notificationShape> => ({
  id: row.id,
  code: row.code,
  ...noticeWords(language, row),
  link: row.link ? `/f/${slug}${row.link}` : null,
  toldAt: row.toldAt.toISOString(),
  readAt: row.readAt?.toISOString() ?? null,
})
