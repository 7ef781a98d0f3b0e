import type { peopleRoutes } from '@uurwerk/api/people.ts'
import type { BodyOf } from '@uurwerk/api/route.ts'
import type { FirmCall } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'now' | 'services'>
type Employment = Pick<
  BodyOf<(typeof peopleRoutes)['changePerson']>,
  'startsOn' | 'endsOn' | 'teamIds' | 'contractHours'
>

/** Says at its field what cannot be; `before` is what a change leaves as it is. */
export async function refuseWrongEmployment(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  wanted: Employment,
  before: { readonly startsOn: string | null; readonly endsOn: string | null } = { startsOn: null, endsOn: null },
): Promise<void> {
  const from = wanted.startsOn === undefined ? before.startsOn : wanted.startsOn
  const until = wanted.endsOn === undefined ? before.endsOn : wanted.endsOn
  if (from && until && until < from)
    throw wrongField(wanted.endsOn === undefined ? '/startsOn' : '/endsOn', 'end-before-start')
  const days = (wanted.contractHours ?? []).map((row) => row.from)
  const twice = days.findIndex((day, at) => days.indexOf(day) !== at)
  if (twice >= 0) throw wrongField(`/contractHours/${twice}/from`, 'contract-from-taken', { date: days[twice] ?? '' })
  const { teamIds } = wanted
  if (!teamIds || teamIds.length === 0) return
  const found = await trx
    .selectFrom('team')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', 'in', [...teamIds])
    .execute()
  const known = new Set(found.map(({ id }) => id))
  const wrong = teamIds.findIndex((id) => !known.has(id))
  if (wrong >= 0) throw wrongField(`/teamIds/${wrong}`, 'team-unknown')
}

/** Writes teams and contract hours; each as a whole, and only what is given. */
export async function setEmployment(call: Asking, memberId: string, wanted: Employment): Promise<void> {
  if (wanted.teamIds) await setTeams(call, memberId, [...new Set(wanted.teamIds)])
  if (!wanted.contractHours) return
  const { trx, firmId, services } = call
  await trx.deleteFrom('contractHours').where('firmId', '=', firmId).where('memberId', '=', memberId).execute()
  if (wanted.contractHours.length === 0) return
  await trx
    .insertInto('contractHours')
    .values(
      wanted.contractHours.map(({ from, minutesPerDay }) => ({
        firmId,
        id: services.ids.next(),
        memberId,
        fromDate: from,
        minutesPerDay,
      })),
    )
    .execute()
}

/** A team that gets or loses somebody is a newer version: who edits its list elsewhere is told. */
async function setTeams({ trx, firmId, now }: Asking, memberId: string, teamIds: readonly string[]): Promise<void> {
  const held = await trx
    .deleteFrom('teamMember')
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .returning('teamId')
    .execute()
  if (teamIds.length > 0)
    await trx
      .insertInto('teamMember')
      .values(teamIds.map((teamId) => ({ firmId, teamId, memberId })))
      .execute()
  const before = held.map(({ teamId }) => teamId)
  const changed = [...before.filter((id) => !teamIds.includes(id)), ...teamIds.filter((id) => !before.includes(id))]
  if (changed.length === 0) return
  await trx
    .updateTable('team')
    .set((set) => ({ version: set('version', '+', 1), updatedAt: now }))
    .where('firmId', '=', firmId)
    .where('id', 'in', changed)
    .execute()
}
