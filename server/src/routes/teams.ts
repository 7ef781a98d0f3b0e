import type { teamRoutes, team as teamShape } from '@uurwerk/api/teams.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { rememberChange } from './kept-rows.ts'
import { insertNamed, updateNamed } from './named-rows.ts'

type Answer = z.input<typeof teamShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Names = Extract<keyof typeof teamRoutes, `${string}Team` | `${string}Teams`>

export const teamHandlers: Handlers<Names> = {
  listTeams: async (call) => ({ rows: await teamsWhere(call, archivedSql(call.query.archived ?? false)) }),

  createTeam: async (call) => {
    const { body } = call
    await refuseUnknownMembers(call, body.memberIds)
    const id = await insertNamed(call, 'team', body.name)
    await setMembers(call, id, body.memberIds ?? [])
    await remember(call, { kind: 'team', id }, 'created', { after: body })
    return teamOf(call, id)
  },

  changeTeam: async (call) => {
    const { params, body, version } = call
    const before = await teamOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await refuseUnknownMembers(call, body.memberIds)
    const { memberIds } = body
    await updateNamed(call, 'team', before, body)
    if (memberIds) await setMembers(call, before.id, memberIds)
    await rememberChange(call, { kind: 'team', id: before.id }, before, body)
    return teamOf(call, before.id)
  },
}

const archivedSql = (archived: boolean) => (archived ? sql`t.archived_at is not null` : sql`t.archived_at is null`)

async function teamsWhere({ trx, firmId }: Asking, condition: ReturnType<typeof sql>): Promise<Answer[]> {
  const { rows } = await sql<Answer>`
    select t.id, t.name, t.archived_at is not null as archived, t.version,
      array(select m.member_id from team_member m where m.firm_id = t.firm_id and m.team_id = t.id order by 1) as "memberIds"
    from team t where t.firm_id = ${firmId}::uuid and ${condition}
    order by t.name collate "nl-x-icu", t.id`.execute(trx)
  return rows
}

async function teamOf(call: Asking, id: string): Promise<Answer> {
  const [found] = await teamsWhere(call, sql`t.id = ${id}::uuid`)
  if (!found) throw notThere('team')
  return found
}

/** Who joins or leaves is a newer version: who edits that person elsewhere is told. */
async function setMembers(
  { trx, firmId, now }: Asking & { readonly now: Date },
  teamId: string,
  memberIds: readonly string[],
): Promise<void> {
  const held = await trx
    .deleteFrom('teamMember')
    .where('firmId', '=', firmId)
    .where('teamId', '=', teamId)
    .returning('memberId')
    .execute()
  const after = [...new Set(memberIds)]
  if (after.length > 0)
    await trx
      .insertInto('teamMember')
      .values(after.map((memberId) => ({ firmId, teamId, memberId })))
      .execute()
  const before = held.map(({ memberId }) => memberId)
  const changed = [...before.filter((id) => !after.includes(id)), ...after.filter((id) => !before.includes(id))]
  if (changed.length === 0) return
  await trx
    .updateTable('member')
    .set((set) => ({ version: set('version', '+', 1), updatedAt: now }))
    .where('firmId', '=', firmId)
    .where('id', 'in', changed)
    .execute()
}

async function refuseUnknownMembers({ trx, firmId }: Asking, memberIds: readonly string[] = []): Promise<void> {
  if (memberIds.length === 0) return
  const found = await trx
    .selectFrom('member')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', 'in', [...memberIds])
    .execute()
  const known = new Set(found.map(({ id }) => id))
  const wrong = memberIds.findIndex((id) => !known.has(id))
  if (wrong >= 0) throw wrongField(`/memberIds/${wrong}`, 'person-unknown')
}
