import type { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FirmCall } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>

interface OnProject {
  /** Null asks for any day. */
  readonly date: string | null
  readonly memberId: string
  readonly projectId: string
}

interface Hours extends OnProject {
  readonly date: string
  readonly activityId: string
}

/** What stands in the way of hours on this day, project and activity for this person. */
export async function hoursProblem(call: Asking, wanted: Hours): Promise<ProblemError | undefined> {
  return (
    (await memberProblem(call, wanted.memberId, wanted.date)) ??
    (await projectProblem(call, wanted)) ??
    (await activityProblem(call, wanted)) ??
    (await lockedDay(call, wanted.date))
  )
}

/** Who is no member of the firm, or no longer, has nothing written in his name; nor on a day he was not employed. */
export async function memberProblem(
  { trx, firmId }: Asking,
  memberId: string,
  date?: string,
): Promise<ProblemError | undefined> {
  const member = await trx
    .selectFrom('member')
    .select(['archivedAt', 'startsOn', 'endsOn'])
    .where('firmId', '=', firmId)
    .where('id', '=', memberId)
    .executeTakeFirst()
  if (!member) return wrongField('/memberId', 'person-unknown')
  if (member.archivedAt) return wrongField('/memberId', 'person-archived')
  if (date && member.startsOn && date < member.startsOn)
    return wrongField('/date', 'before-employment', { date: member.startsOn })
  if (date && member.endsOn && date > member.endsOn)
    return wrongField('/date', 'after-employment', { date: member.endsOn })
  return undefined
}

/** A project takes what its members do, between its first and its last day. */
export async function projectProblem({ trx, firmId }: Asking, wanted: OnProject): Promise<ProblemError | undefined> {
  const project = await trx
    .selectFrom('project')
    .select(['archivedAt', 'startsOn', 'endsOn', 'name'])
    .select((select) => [
      select
        .exists(
          select
            .selectFrom('projectMember')
            .select('memberId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id')
            .where('writes', '=', true),
        )
        .as('closed'),
      select
        .exists(
          select
            .selectFrom('projectMember')
            .select('memberId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id')
            .where('memberId', '=', wanted.memberId),
        )
        .as('joined'),
    ])
    .where('firmId', '=', firmId)
    .where('id', '=', wanted.projectId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!project) return wrongField('/projectId', 'project-unknown')
  if (project.archivedAt) return wrongField('/projectId', 'project-archived', { project: project.name })
  if (project.closed && !project.joined) return wrongField('/projectId', 'project-not-open', { project: project.name })
  if (wanted.date && project.startsOn && wanted.date < project.startsOn)
    return wrongField('/date', 'before-project', { date: project.startsOn })
  if (wanted.date && project.endsOn && wanted.date > project.endsOn)
    return wrongField('/date', 'after-project', { date: project.endsOn })
  return undefined
}

/** A project that names activities takes those alone; without a project any will do. */
export async function activityProblem(
  { trx, firmId }: Asking,
  { projectId, activityId }: { readonly projectId: string | null; readonly activityId: string },
): Promise<ProblemError | undefined> {
  const activity = await trx
    .selectFrom('activity')
    .leftJoin('project', (join) =>
      join.onRef('project.firmId', '=', 'activity.firmId').on('project.id', '=', projectId),
    )
    .select(['activity.archivedAt', 'activity.name', 'project.name as projectName'])
    .select((select) => [
      select
        .exists(
          select
            .selectFrom('projectActivity')
            .select('activityId')
            .where('firmId', '=', firmId)
            .where('projectId', '=', projectId),
        )
        .as('limited'),
      select
        .exists(
          select
            .selectFrom('projectActivity')
            .select('activityId')
            .where('firmId', '=', firmId)
            .where('projectId', '=', projectId)
            .where('activityId', '=', activityId),
        )
        .as('allowed'),
    ])
    .where('activity.firmId', '=', firmId)
    .where('activity.id', '=', activityId)
    .where('activity.deletedAt', 'is', null)
    .executeTakeFirst()
  if (!activity) return wrongField('/activityId', 'activity-unknown')
  if (activity.archivedAt) return wrongField('/activityId', 'activity-archived', { activity: activity.name })
  if (activity.limited && !activity.allowed)
    return wrongField('/activityId', 'activity-not-on-project', {
      activity: activity.name,
      project: activity.projectName ?? '',
    })
  return undefined
}

/** Up to and with this day nothing changes any more. */
export async function lockedDay({ trx, firmId }: Asking, date: string): Promise<ProblemError | undefined> {
  const firm = await trx.selectFrom('firm').select('lockedUntil').where('firmId', '=', firmId).executeTakeFirstOrThrow()
  return firm.lockedUntil && date <= firm.lockedUntil
    ? wrongField('/date', 'day-locked', { date: firm.lockedUntil })
    : undefined
}

/** What the activity says, on a project that is invoiced. */
export async function isBillable(
  { trx, firmId }: Asking,
  body: { projectId: string; activityId: string },
): Promise<boolean> {
  const row = await trx
    .selectFrom('project')
    .innerJoin('activity', (join) =>
      join.onRef('activity.firmId', '=', 'project.firmId').on('activity.id', '=', body.activityId),
    )
    .select(['project.invoicingMethod', 'activity.billable'])
    .where('project.firmId', '=', firmId)
    .where('project.id', '=', body.projectId)
    .executeTakeFirstOrThrow()
  return row.billable && row.invoicingMethod !== 'none'
}
