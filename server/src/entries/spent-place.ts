import { addDays, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { lockedDay, memberProblem, projectProblem } from './may-write.ts'
import type { EntryRow, Placed, Writing } from './one-entry.ts'

interface Wanted {
  readonly place: Placed
  readonly before: EntryRow | undefined
  readonly inFuture: () => ProblemError
  /** Only on days on which the person is employed. */
  readonly employed: boolean
}

/** Why an expense or a trip may not stand there. A project that ended or was archived since keeps what stood on it. */
export async function spentPlaceProblem(
  call: Writing,
  { place, before, inFuture, employed }: Wanted,
): Promise<ProblemError | undefined> {
  const { date, memberId, projectId } = place
  // Who travels may be a day ahead of the firm.
  if (date > addDays(dateIn(call.firm.timeZone, call.now), 1)) return inFuture()
  const stays = before && before.projectId === projectId && before.date === date
  return (
    (await memberProblem(call, memberId, employed ? date : undefined)) ??
    (projectId && !stays ? await projectProblem(call, { date, memberId, projectId }) : undefined) ??
    (await lockedDay(call, date))
  )
}
