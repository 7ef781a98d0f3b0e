import type { absenceKind as absenceKindShape, absence as absenceShape } from '@uurwerk/api/absences.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Actor, Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

export type AbsenceAnswer = z.input<typeof absenceShape>
export type AbsenceKindAnswer = z.input<typeof absenceKindShape>
type Code = NonNullable<AbsenceKindAnswer['code']>

const firstKinds = { leave: 'as-worked', sickness: 'as-worked', 'unpaid-leave': 'less-contract' } as const

/** The kinds that a new firm begins with; kept by their code, so that each reads them in his own language. */
export async function createAbsenceKinds(
  trx: Trx,
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  { firmId, language }: { readonly firmId: string; readonly language: Language },
): Promise<void> {
  const stamps = { createdAt: clock.now(), updatedAt: clock.now() }
  await trx
    .insertInto('absenceKind')
    .values(
      Object.entries(firstKinds).map(([code, counts]) => ({
        firmId,
        id: ids.next(),
        code,
        name: say(language, `absence-kind.${code}`),
        counts,
        ...stamps,
      })),
    )
    .execute()
}

const nameOf = (language: Language, code: string | null, name: string): string =>
  code ? say(language, `absence-kind.${code}`) : name

export interface KindRow {
  readonly id: string
  readonly code: string | null
  readonly name: string
  readonly counts: string
  readonly used: boolean
  readonly archivedAt: Date | null
  readonly version: number
}

/** The kinds of the start first, then by name. */
export async function kindRows(trx: Trx, firmId: string, where: RawBuilder<unknown> = sql``): Promise<KindRow[]> {
  const { rows } = await sql<KindRow>`
    select k.id, k.code, k.name, k.counts, k.archived_at as "archivedAt", k.version,
      exists (select from absence a where a.firm_id = k.firm_id and a.kind_id = k.id) as used
    from absence_kind k where k.firm_id = ${firmId}::uuid ${where}
    order by array_position(array['leave', 'sickness', 'unpaid-leave'], k.code) nulls last, lower(k.name), k.id`.execute(
    trx,
  )
  return rows
}

export const toKindAnswer = (row: KindRow, language: Language): AbsenceKindAnswer => ({
  id: row.id,
  code: row.code as Code | null,
  name: nameOf(language, row.code, row.name),
  counts: row.counts as AbsenceKindAnswer['counts'],
  used: row.used,
  archived: row.archivedAt !== null,
  version: row.version,
})

export interface AbsenceRow {
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly kindId: string
  readonly kindCode: string | null
  readonly kindName: string
  readonly counts: string
  readonly date: string
  readonly minutes: number
  readonly note: string
  readonly locked: boolean
  readonly deletedAt: Date | null
  readonly version: number
}

export interface AbsenceQuery {
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  /** Locks the rows, for those who are about to change them. */
  readonly lock?: boolean
  readonly deletedToo?: boolean
}

/** Absences by day; `a` is the absence. */
export async function absenceRows(trx: Trx, { firmId, where, lock, deletedToo }: AbsenceQuery): Promise<AbsenceRow[]> {
  const { rows } = await sql<AbsenceRow>`
    select a.id, a.member_id as "memberId", m.name as "memberName", a.kind_id as "kindId", k.code as "kindCode",
      k.name as "kindName", k.counts, a.date, a.minutes, a.note, a.deleted_at as "deletedAt", a.version,
      coalesce(a.date <= f.locked_until, false) as locked
    from absence a
    join absence_kind k on k.firm_id = a.firm_id and k.id = a.kind_id
    join member m on m.firm_id = a.firm_id and m.id = a.member_id
    join firm f on f.firm_id = a.firm_id
    where a.firm_id = ${firmId}::uuid ${deletedToo ? sql`` : sql`and a.deleted_at is null`} ${where}
    order by a.date, a.id ${lock ? sql`for update of a` : sql``}`.execute(trx)
  return rows
}

/** Why somebody is away is for himself and for who may read everybody's hours; that he is away, for who sees his week. */
export const seesWhy = ({ rights, memberId }: Actor, ofMember: string): boolean =>
  memberId === ofMember || rights.has('hours:read')

export function toAbsenceAnswer(row: AbsenceRow, actor: Actor, language: Language): AbsenceAnswer {
  const why = seesWhy(actor, row.memberId)
  return {
    id: row.id,
    memberId: row.memberId,
    memberName: row.memberName,
    kindId: why ? row.kindId : null,
    kindCode: why ? (row.kindCode as Code | null) : null,
    kindName: why ? nameOf(language, row.kindCode, row.kindName) : say(language, 'absence-kind.untold'),
    counts: row.counts as AbsenceAnswer['counts'],
    date: calendarDate(row.date),
    minutes: row.minutes,
    note: why ? row.note : '',
    locked: row.locked,
    version: row.version,
  }
}
