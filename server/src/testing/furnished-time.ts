import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'

/** Timers and favourites of the administrator, who has no others' to see; absences of the employee. */
export interface FurnishedTime {
  /** All stopped and waiting: `waiting` may be changed and stopped, `unused` thrown away, `discarded` brought back. */
  readonly timer: { readonly waiting: string; readonly unused: string; readonly discarded: string }
  readonly favourite: { readonly used: string; readonly unused: string }
  readonly absenceKind: { readonly used: string; readonly unused: string }
  readonly absence: { readonly free: string; readonly unused: string; readonly deleted: string }
}

interface Asked {
  readonly firm: TestFirm
  readonly word: string
  readonly projectId: string
  /** Two, one for each favourite. */
  readonly activityIds: readonly [string, string]
}

export async function furnishTime(
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  { firm, word, projectId, activityIds }: Asked,
): Promise<FurnishedTime> {
  const [firmId, memberId] = [firm.id, firm.members.administrator]
  const now = clock.now()
  const stamps = { createdAt: now, updatedAt: now }
  const at = (time: string) => new Date(`2026-03-02T${time}:00Z`)
  const made: FurnishedTime = {
    timer: { waiting: ids.next(), unused: ids.next(), discarded: ids.next() },
    favourite: { used: ids.next(), unused: ids.next() },
    absenceKind: { used: ids.next(), unused: ids.next() },
    absence: { free: ids.next(), unused: ids.next(), deleted: ids.next() },
  }
  await firm.within(async (trx) => {
    const timer = {
      firmId,
      memberId,
      note: `${word} klok`,
      zone: 'Europe/Amsterdam',
      startedAt: at('08:00'),
      ...stamps,
    }
    await trx
      .insertInto('timer')
      .values([
        { ...timer, id: made.timer.waiting, stoppedAt: at('09:00') },
        { ...timer, id: made.timer.unused, stoppedAt: at('10:00') },
        { ...timer, id: made.timer.discarded, stoppedAt: at('11:00'), discardedAt: now },
      ])
      .execute()
    const [first, second] = activityIds
    const favourite = { firmId, memberId, projectId, createdAt: now }
    await trx
      .insertInto('favourite')
      .values([
        { ...favourite, id: made.favourite.used, activityId: first, position: 1 },
        { ...favourite, id: made.favourite.unused, activityId: second, position: 2 },
      ])
      .execute()
    await trx
      .insertInto('absenceKind')
      .values([
        { firmId, id: made.absenceKind.used, name: `${word} verhuisdag`, counts: 'as-worked', ...stamps },
        { firmId, id: made.absenceKind.unused, name: `${word} staking`, counts: 'less-contract', ...stamps },
      ])
      .execute()
    const absence = {
      firmId,
      memberId: firm.members.employee,
      kindId: made.absenceKind.used,
      minutes: 240,
      note: `${word} verhuist`,
      ...stamps,
    }
    await trx
      .insertInto('absence')
      .values([
        { ...absence, id: made.absence.free, date: '2026-03-11' },
        { ...absence, id: made.absence.unused, date: '2026-03-12' },
        { ...absence, id: made.absence.deleted, date: '2026-03-13', deletedAt: now },
      ])
      .execute()
  })
  return made
}
