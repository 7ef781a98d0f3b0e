import type { member as memberShape } from '@uurwerk/api/people.ts'
import { type Role, rightsOf } from '@uurwerk/api/rights.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type Actor, type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { signUpOrIn } from '../people/accounts.ts'
import { refuseWrongEmployment, setEmployment } from '../people/employment.ts'
import { sessionOf } from '../people/firms.ts'
import { invite, mailInvitation } from '../people/invitations.ts'
import { createReset, mailReset } from '../people/password-resets.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { Member as MemberTable } from '../store/schema.gen.ts'
import { asItStood } from './kept-rows.ts'

type MemberRow = Selectable<MemberTable>
type MemberAnswer = z.input<typeof memberShape>

type Names =
  | 'readMe'
  | 'changeMe'
  | 'listPeople'
  | 'invitePerson'
  | 'readPerson'
  | 'changePerson'
  | 'inviteAgain'
  | 'makeResetLink'
  | 'readInvitation'
  | 'acceptInvitation'

export const peopleHandlers: Handlers<Names> = {
  readMe: (call) => meAnswer(call, call.actor.memberId),

  changeMe: async (call) => {
    const { trx, firmId, actor, body, now } = call
    const row = await memberOf(call, actor.memberId)
    await trx
      .updateTable('member')
      .set({ ...body, version: row.version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'person', id: row.id }, 'changed', {
      before: { name: row.name, language: row.language, noticesByMail: row.noticesByMail },
      after: body,
    })
    return meAnswer(call, row.id)
  },

  listPeople: async ({ trx, firmId, query }) => {
    const rows = await trx
      .selectFrom('member')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('archivedAt', query.archived === 'true' ? 'is not' : 'is', null)
      .orderBy(sql`name collate "nl-x-icu"`)
      .orderBy('id')
      .execute()
    return { rows: await toMembers({ trx, firmId }, rows) }
  },

  invitePerson: {
    free: async (call) => {
      const { services, firmId, actor, body, now } = call
      refuseRolesBeyond(actor, body.roles)
      const email = body.email.toLowerCase()
      const made = await services.store.withFirm(firmId, async (trx) => {
        const asking = { ...call, trx }
        const taken = await trx
          .selectFrom('member')
          .select('name')
          .where('firmId', '=', firmId)
          .where(sql<boolean>`lower(email) = ${email}`)
          .executeTakeFirst()
        if (taken) throw wrongField('/email', 'person-known', { name: taken.name })
        await refuseWrongEmployment(asking, body)
        const id = services.ids.next()
        await trx
          .insertInto('member')
          .values({
            firmId,
            id,
            userId: null,
            name: body.name,
            email,
            language: body.language ?? null,
            roles: body.roles,
            number: body.number || null,
            startsOn: body.startsOn ?? null,
            endsOn: body.endsOn ?? null,
            createdAt: now,
            updatedAt: now,
          })
          .execute()
        await setEmployment(asking, id, body)
        await remember(asking, { kind: 'person', id }, 'invited', { after: { ...body, email } })
        const link = await invite(trx, services, { firmId, memberId: id, email, by: actor.memberId })
        return {
          link,
          member: await memberAnswer(asking, id),
          firm: await firmName(asking),
          language: body.language ?? call.firm.language,
        }
      })
      const mailed = await mailInvitation(services, { to: email, name: body.name, ...made })
      return { member: made.member, link: mailed ? null : made.link, mailed }
    },
  },

  readPerson: (call) => memberAnswer(call, call.params.id),

  changePerson: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await memberOf(call, params.id)
    const before = await memberAnswer(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, before)
    const roles = body.roles ?? (row.roles as Role[])
    refuseRolesBeyond(call.actor, roles, row.roles as Role[])
    const archived = body.archived ?? row.archivedAt !== null
    const wasAdministrator = row.roles.includes('administrator') && row.archivedAt === null
    if (wasAdministrator && (archived || !roles.includes('administrator')))
      await refuseWithoutAdministrator(call, row.id)
    await refuseWrongEmployment(call, body, row)
    await trx
      .updateTable('member')
      .set({
        ...(body.name ? { name: body.name } : {}),
        ...(body.language === undefined ? {} : { language: body.language }),
        ...(body.number === undefined ? {} : { number: body.number || null }),
        ...(body.startsOn === undefined ? {} : { startsOn: body.startsOn }),
        ...(body.endsOn === undefined ? {} : { endsOn: body.endsOn }),
        roles,
        archivedAt: archived ? (row.archivedAt ?? now) : null,
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await setEmployment(call, row.id, body)
    await remember(
      call,
      { kind: 'person', id: row.id },
      body.archived === undefined ? 'changed' : archived ? 'archived' : 'brought-back',
      {
        before: {
          ...asItStood(before, body),
          ...(body.archived === undefined ? {} : { archived: row.archivedAt !== null }),
        },
        after: body,
      },
    )
    return memberAnswer(call, row.id)
  },

  inviteAgain: {
    free: async (call) => {
      const { services, firmId, actor, params } = call
      const made = await services.store.withFirm(firmId, async (trx) => {
        const asking = { ...call, trx }
        const row = await memberOf(asking, params.id)
        if (row.userId) throw new ProblemError({ kind: 'conflict', code: 'person-active', values: { name: row.name } })
        // The link may come back in the answer, and whoever holds it takes the place.
        refuseRolesBeyond(actor, row.roles as Role[])
        const link = await invite(trx, services, { firmId, memberId: row.id, email: row.email, by: actor.memberId })
        await remember(asking, { kind: 'person', id: row.id }, 'invited-again')
        return {
          link,
          to: row.email,
          name: row.name,
          firm: await firmName(asking),
          language: (row.language ?? call.firm.language) as Language,
        }
      })
      const mailed = await mailInvitation(services, made)
      return { link: mailed ? null : made.link, mailed }
    },
  },

  makeResetLink: {
    free: async (call) => {
      const { services, firmId, actor, params } = call
      const found = await services.store.withFirm(firmId, async (trx) => {
        const asking = { ...call, trx }
        const row = await memberOf(asking, params.id)
        if (row.archivedAt)
          throw new ProblemError({ kind: 'conflict', code: 'person-archived-now', values: { name: row.name } })
        if (!row.userId)
          throw new ProblemError({ kind: 'conflict', code: 'person-invited', values: { name: row.name } })
        // Whoever holds the link takes the place, here and in every firm of that account.
        refuseRolesBeyond(actor, row.roles as Role[])
        const elsewhere = await trx
          .selectFrom('directory.membership')
          .select('firmId')
          .where('userId', '=', row.userId)
          .where('firmId', '<>', firmId)
          .executeTakeFirst()
        if (elsewhere && !services.mail.works)
          throw new ProblemError({ kind: 'conflict', code: 'person-in-other-firm', values: { name: row.name } })
        await remember(asking, { kind: 'person', id: row.id }, 'made-reset-link')
        return { userId: row.userId, language: (row.language ?? call.firm.language) as Language }
      })
      const person = await services.people.findById(found.userId)
      if (!person) throw notThere('person')
      if (!services.mail.works) return { link: await createReset(services, found.userId, 'handedOver'), mailed: false }
      const link = await createReset(services, found.userId, 'mailed')
      const mailed = link === null || (await mailReset(services, { person, link, language: found.language }))
      if (!mailed)
        throw new ProblemError({ kind: 'temporary', code: 'reset-not-mailed', values: { email: person.email } })
      return { link: null, mailed }
    },
  },

  readInvitation: async ({ services, params }) => {
    const { firmId, invitationId } = await invitationOf(services, params.token)
    const found = await services.store.withFirm(firmId, async (trx) => {
      const row = await openInvitation(trx, firmId, invitationId)
      const firm = await trx
        .selectFrom('firm')
        .select(['name', 'language'])
        .where('firmId', '=', firmId)
        .executeTakeFirstOrThrow()
      return {
        firm: firm.name,
        name: row.name,
        email: row.email,
        language: (row.language ?? firm.language) as Language,
      }
    })
    return { ...found, hasAccount: (await services.people.findByEmail(found.email)) !== null }
  },

  acceptInvitation: async ({ services, params, body, ip, setCookies, now, requestId }) => {
    const { firmId, invitationId } = await invitationOf(services, params.token)
    const invited = await services.store.withFirm(firmId, (trx) => openInvitation(trx, firmId, invitationId))
    const { userId, setCookies: cookies } = await signUpOrIn(services, {
      name: body.name,
      email: invited.email,
      password: body.password,
      ip,
    })
    const slug = await services.store.withFirm(firmId, async (trx) => {
      await openInvitation(trx, firmId, invitationId, true)
      await trx
        .updateTable('invitation')
        .set({ acceptedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', invitationId)
        .execute()
      await trx.deleteFrom('directory.invitation').where('invitationId', '=', invitationId).execute()
      await trx
        .updateTable('member')
        .set((set) => ({ userId, name: body.name, version: set('version', '+', 1), updatedAt: now }))
        .where('firmId', '=', firmId)
        .where('id', '=', invited.memberId)
        .execute()
      await trx.insertInto('directory.membership').values({ userId, firmId, memberId: invited.memberId }).execute()
      const actor = { memberId: invited.memberId, name: body.name }
      await remember(
        { trx, firmId, services, now, requestId, actor: actor as FirmCall<never>['actor'] },
        { kind: 'person', id: invited.memberId },
        'accepted-invitation',
      )
      return (await trx.selectFrom('directory.firm').select('slug').where('id', '=', firmId).executeTakeFirstOrThrow())
        .slug
    })
    setCookies(cookies)
    return { ...(await sessionOf(services, { id: userId, name: body.name, email: invited.email })), slug }
  },
}

type Asking = { readonly trx: Trx; readonly firmId: string }

async function memberOf({ trx, firmId }: Asking, id: string): Promise<MemberRow> {
  const row = await trx
    .selectFrom('member')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw notThere('person')
  return row
}

async function memberAnswer(call: Asking, id: string): Promise<MemberAnswer> {
  const [answer] = await toMembers(call, [await memberOf(call, id)])
  return answer as MemberAnswer
}

async function meAnswer(call: Asking, id: string): Promise<MemberAnswer & { noticesByMail: boolean }> {
  const row = await memberOf(call, id)
  const [answer] = await toMembers(call, [row])
  return { ...(answer as MemberAnswer), noticesByMail: row.noticesByMail }
}

async function toMembers({ trx, firmId }: Asking, rows: readonly MemberRow[]): Promise<MemberAnswer[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const teams = await trx
    .selectFrom('teamMember')
    .select(['memberId', 'teamId'])
    .where('firmId', '=', firmId)
    .where('memberId', 'in', ids)
    .orderBy('teamId')
    .execute()
  const contracts = await trx
    .selectFrom('contractHours')
    .select(['memberId', 'fromDate', 'minutesPerDay'])
    .where('firmId', '=', firmId)
    .where('memberId', 'in', ids)
    .orderBy('fromDate')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles as Role[],
    language: row.language as Language | null,
    state: row.archivedAt ? 'archived' : row.userId ? 'active' : 'invited',
    number: row.number,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    teamIds: teams.filter(({ memberId }) => memberId === row.id).map(({ teamId }) => teamId),
    contractHours: contracts
      .filter(({ memberId }) => memberId === row.id)
      .map(({ fromDate, minutesPerDay }) => ({ from: fromDate, minutesPerDay })),
    version: row.version,
  }))
}

const firmName = async ({ trx, firmId }: Asking): Promise<string> =>
  (await trx.selectFrom('firm').select('name').where('firmId', '=', firmId).executeTakeFirstOrThrow()).name

/** A key with few scopes makes nobody who may do more than it may itself. */
function refuseRolesBeyond(actor: Actor, roles: readonly Role[], held: readonly Role[] = []): void {
  const beyond = roles.findIndex(
    (role) => !held.includes(role) && [...rightsOf([role])].some((right) => !actor.rights.has(right)),
  )
  if (beyond >= 0) throw wrongField(`/roles/${beyond}`, 'right-not-yours')
}

async function refuseWithoutAdministrator({ trx, firmId }: Asking, leaving: string): Promise<void> {
  const others = await trx
    .selectFrom('member')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '<>', leaving)
    .where('archivedAt', 'is', null)
    .where('userId', 'is not', null)
    .where(sql<boolean>`'administrator' = any(roles)`)
    .forUpdate()
    .execute()
  if (others.length === 0) throw wrongField('/roles', 'last-administrator')
}

async function invitationOf(services: Services, token: string): Promise<{ firmId: string; invitationId: string }> {
  const found = await services.store.withDirectory((trx) =>
    trx
      .selectFrom('directory.invitation')
      .select(['firmId', 'invitationId', 'expiresAt'])
      .where('tokenHash', '=', services.seals.hashToken(token))
      .executeTakeFirst(),
  )
  if (!found || found.expiresAt <= services.clock.now())
    throw new ProblemError({ kind: 'missing', code: 'invitation-gone' })
  return found
}

async function openInvitation(trx: Trx, firmId: string, invitationId: string, lock = false) {
  let found = trx
    .selectFrom('invitation')
    .innerJoin('member', (join) =>
      join.onRef('member.firmId', '=', 'invitation.firmId').onRef('member.id', '=', 'invitation.memberId'),
    )
    .select(['invitation.email', 'member.id as memberId', 'member.name', 'member.language', 'member.archivedAt'])
    .where('invitation.firmId', '=', firmId)
    .where('invitation.id', '=', invitationId)
    .where('invitation.acceptedAt', 'is', null)
    .where('invitation.withdrawnAt', 'is', null)
  if (lock) found = found.forUpdate()
  const row = await found.executeTakeFirst()
  if (!row || row.archivedAt) throw new ProblemError({ kind: 'missing', code: 'invitation-gone' })
  return row
}
