import { type Role, rightsOf } from '@uurwerk/api/rights.ts'
import { sql } from 'kysely'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import { mayHaveArrived } from '../letters/mail.ts'
import type { Services } from '../services.ts'
import { type NoticeRow, noticeColumns, noticeWords, ownNotices } from './notice-rows.ts'

/** Whoever sits at the screen has seen it by then, and what comes together goes in one letter. */
const graceMs = 2 * 60_000
const betweenMs = 60 * 60_000

export const noticesCron = '*/5 * * * *'

type Parts = Pick<Services, 'store' | 'clock' | 'mail' | 'log' | 'settings'>

/**
 * Mails people what they have not read, at most once an hour each. A notice is marked as mailed before the letter
 * leaves, by whoever holds the person's row: two workers never mail the same one. Answers how many letters went.
 */
export async function mailNotices(services: Parts, signal?: AbortSignal): Promise<number> {
  const { store, mail, log } = services
  if (!mail.works) return 0
  const firms = await store.readDirectory((reader) =>
    reader.selectFrom('directory.firm').select(['id', 'slug']).execute(),
  )
  let sent = 0
  for (const firm of firms) {
    if (signal?.aborted) break
    try {
      for (const letter of await takeLetters(services, firm)) if (await send(services, firm.id, letter)) sent += 1
    } catch (error) {
      // The others still have their turn; the next run makes it up.
      log.error({ err: error, firm: firm.id }, 'notices could not be mailed')
    }
  }
  return sent
}

interface Reader {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly language: Language
  readonly firmName: string
}

interface Letter {
  readonly reader: Reader
  readonly slug: string
  readonly notices: readonly NoticeRow[]
}

function takeLetters({ store, clock }: Parts, firm: { id: string; slug: string }): Promise<readonly Letter[]> {
  const firmId = firm.id
  return store.withFirm(firmId, async (trx) => {
    const now = clock.now()
    const ripe = new Date(now.getTime() - graceMs)
    const { rows: readers } = await sql<Reader>`
      select m.id, m.name, m.email, m.roles, coalesce(m.language, f.language) as language, f.name as "firmName"
      from member m join firm f on f.firm_id = m.firm_id
      where m.firm_id = ${firmId} and m.archived_at is null and m.user_id is not null and m.notices_by_mail
        and (m.notices_mailed_at is null or m.notices_mailed_at <= ${new Date(now.getTime() - betweenMs)})
        and exists (select 1 from notification n where n.firm_id = m.firm_id and n.member_id = m.id
          and n.read_at is null and n.mailed_at is null and n.told_at <= ${ripe})
      order by m.id for no key update of m skip locked`.execute(trx)
    const letters: Letter[] = []
    for (const reader of readers) {
      const { rows: notices } = await sql<NoticeRow>`
        update notification n set mailed_at = ${now}
        where ${ownNotices(firmId, reader.id, rightsOf(reader.roles))} and n.read_at is null and n.mailed_at is null
        returning ${noticeColumns}`.execute(trx)
      if (notices.length === 0) continue
      await sql`
        update member set notices_mailed_at = ${now} where firm_id = ${firmId} and id = ${reader.id}`.execute(trx)
      const newestFirst = [...notices].sort((a, b) => b.toldAt.getTime() - a.toldAt.getTime())
      letters.push({ reader, slug: firm.slug, notices: newestFirst })
    }
    return letters
  })
}

async function send({ mail, store, log, settings }: Parts, firmId: string, letter: Letter): Promise<boolean> {
  const { reader, slug, notices } = letter
  const { language } = reader
  const place = `${settings.publicUrl}/f/${slug}`
  const told = notices.map((notice) => {
    const { title, detail } = noticeWords(language, notice)
    return [title, detail, notice.link ? `${place}${notice.link}` : null].filter(Boolean).join('\n')
  })
  const count = notices.length
  try {
    await mail.send({
      to: reader.email,
      subject: say(language, 'mail.notices.subject', { firm: reader.firmName, count }),
      text: say(language, 'mail.notices.text', {
        name: reader.name,
        firm: reader.firmName,
        count,
        notices: told.join('\n\n'),
        profile: `${place}/profile`,
      }),
    })
    return true
  } catch (error) {
    log.warn({ err: error, firm: firmId }, 'notices could not be mailed to a person')
    // Certainly not arrived: they go with the next letter.
    if (!mayHaveArrived(error))
      await store.withFirm(firmId, (trx) =>
        trx
          .updateTable('notification')
          .set({ mailedAt: null })
          .where('firmId', '=', firmId)
          .where(
            'id',
            'in',
            notices.map(({ id }) => id),
          )
          .execute(),
      )
    return false
  }
}
