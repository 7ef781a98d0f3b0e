import { randomBytes } from 'node:crypto'
import type { firm as firmShape, member as memberShape, peopleRoutes } from '@uurwerk/api/people.ts'
import { type Right, type Role, rightsOf } from '@uurwerk/api/rights.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import root from '../../../package.json' with { type: 'json' }
import { type Actor, type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { checkFirm, createFirm, type Founder, sessionOf } from '../people/firms.ts'
import { invite, mailInvitation } from '../people/invitations.ts'
import { createSampleFirm, sampleAdministrator, sampleColleagues } from '../sample/sample-firm.ts'
import { Secret } from '../secrets.ts'
import type { Services } from '../services.ts'
import { isLoopback } from '../settings.ts'
import type { Trx } from '../store/database.ts'
import type { Firm as FirmTable, Member as MemberTable } from '../store/schema.gen.ts'

type MemberRow = Selectable<MemberTable>
type MemberAnswer = z.input<typeof memberShape>
type FirmAnswer = z.input<typeof firmShape>

export const peopleHandlers: Handlers<keyof typeof peopleRoutes> = {
  readSetup: async ({ services }) => ({
    needed: await isSetupNeeded(services),
    sandbox: services.settings.sandbox,
    mail: services.mail.works,
    version: root.version,
  }),

  setUp: async (call) => {
    const { services, body, ip, setCookies } = call
    if (!(await isSetupNeeded(services))) throw new ProblemError({ kind: 'conflict', code: 'set-up-already' })
    const sample = 'sample' in body
    const input = sample ? null : checkFirm(body.firm, body.firm.country, '/firm')
    // A password that stands in the documentation is for one's own machine alone.
    if (sample && !body.administrator && !isLoopback(services.settings.publicUrl))
      throw wrongField('/administrator', 'required')
    const administrator = body.administrator ?? sampleAdministrator
    const firmId = services.ids.next()
    const { slug, founder, cookies } = await services.store.withFirm(firmId, async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('uurwerk set up', 0))`.execute(trx)
      const other = await trx.selectFrom('directory.firm').select('id').limit(1).executeTakeFirst()
      if (other) throw new ProblemError({ kind: 'conflict', code: 'set-up-already' })
      // Only now: whoever comes second is left without an account, with which firms can be made.
      const signedIn = await signUpOrIn(services, { ...administrator, ip })
      const who = { userId: signedIn.userId, name: administrator.name, email: administrator.email.toLowerCase() }
      const made = input
        ? await createFirm(trx, services, {
            firmId,
            input,
            founder: who,
            roles: ['administrator'],
            sample: false,
          })
        : await createSampleFirm(trx, services, {
            firmId,
            founder: who,
            accounts: body.administrator ? new Map() : await sampleAccounts(services),
            language: (body as { language: Language }).language,
          })
      return { slug: made.slug, founder: who, cookies: signedIn.setCookies }
    })
    setCookies(cookies)
    return { ...(await sessionOf(services, { ...founder, id: founder.userId })), slug }
  },

  signIn: async ({ services, body, ip, setCookies }) => {
    const { userId, setCookies: cookies } = await services.people.signIn({ ...body, ip })
    setCookies(cookies)
    const person = await services.people.findByEmail(body.email)
    return sessionOf(services, { id: userId, name: person?.name ?? body.email, email: person?.email ?? body.email })
  },

  readSession: ({ services, user }) => sessionOf(services, user),

  signOut: async ({ services, cookie, setCookies }) => {
    setCookies(await services.people.signOut(cookie))
    return undefined
  },

  changePassword: async ({ services, body, cookie, setCookies }) => {
    setCookies(
      await services.people.changePassword({
        cookieHeader: cookie,
        currentPassword: body.current,
        newPassword: body.next,
      }),
    )
    return undefined
  },

  createFirm: async ({ services, body, user }) => {
    const firmId = services.ids.next()
    const founder: Founder = { userId: user.id, name: user.name, email: user.email }
    const input = 'sample' in body ? null : checkFirm(body.firm, body.firm.country, '/firm')
    const { slug } = await services.store.withFirm(firmId, (trx) =>
      input
        ? createFirm(trx, services, { firmId, input, founder, roles: ['administrator'], sample: false })
        : createSampleFirm(trx, services, { firmId, founder, language: (body as { language: Language }).language }),
    )
    return { id: firmId, slug }
  },

  readFirm: (call) => firmAnswer(call),

  changeFirm: async (call) => {
    const { trx, firmId, version, now } = call
    const before = await firmAnswer(call)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const body = checkFirm(call.body, call.body.country ?? before.country)
    if (body.currency && body.currency !== before.currency) await refuseCurrencyChange(call)
    const { address, ...plain } = body
    await trx
      .updateTable('firm')
      .set({ ...plain, ...(address ? { address: JSON.stringify(address) } : {}), version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .execute()
    if (body.name) await trx.updateTable('directory.firm').set({ name: body.name }).where('id', '=', firmId).execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: Object.fromEntries(Object.keys(call.body).map((field) => [field, before[field as keyof FirmAnswer]])),
      after: body,
    })
    return firmAnswer(call)
  },

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
      before: { name: row.name, language: row.language },
      after: body,
    })
    return toMember(await memberOf(call, row.id))
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
    return { rows: rows.map(toMember) }
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
            createdAt: now,
            updatedAt: now,
          })
          .execute()
        await remember(asking, { kind: 'person', id }, 'invited', {
          after: { name: body.name, email, roles: body.roles },
        })
        const link = await invite(trx, services, { firmId, memberId: id, email, by: actor.memberId })
        return {
          link,
          member: toMember(await memberOf(asking, id)),
          firm: await firmName(asking),
          language: body.language ?? call.firm.language,
        }
      })
      const mailed = await mailInvitation(services, { to: email, name: body.name, ...made })
      return { member: made.member, link: mailed ? null : made.link, mailed }
    },
  },

  changePerson: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await memberOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toMember(row))
    const roles = body.roles ?? (row.roles as Role[])
    refuseRolesBeyond(call.actor, roles, row.roles as Role[])
    const archived = body.archived ?? row.archivedAt !== null
    const wasAdministrator = row.roles.includes('administrator') && row.archivedAt === null
    if (wasAdministrator && (archived || !roles.includes('administrator')))
      await refuseWithoutAdministrator(call, row.id)
    await trx
      .updateTable('member')
      .set({
        ...(body.name ? { name: body.name } : {}),
        roles,
        archivedAt: archived ? (row.archivedAt ?? now) : null,
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(
      call,
      { kind: 'person', id: row.id },
      body.archived === undefined ? 'changed' : archived ? 'archived' : 'brought-back',
      {
        before: { name: row.name, roles: row.roles, archived: row.archivedAt !== null },
        after: body,
      },
    )
    return toMember(await memberOf(call, row.id))
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

  listKeys: async ({ trx, firmId }) => {
    const rows = await trx
      .selectFrom('apiKey')
      .selectAll()
      .where('firmId', '=', firmId)
      .orderBy('createdAt', 'desc')
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        scopes: row.scopes as Right[],
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt?.toISOString() ?? null,
        revokedAt: row.revokedAt?.toISOString() ?? null,
        lastUsedOn: row.lastUsedOn,
      })),
    }
  },

  createKey: async (call) => {
    const { trx, firmId, actor, body, now, services } = call
    const beyond = body.scopes.findIndex((scope) => !actor.rights.has(scope))
    if (beyond >= 0) throw wrongField(`/scopes/${beyond}`, 'right-not-yours')
    if (body.expiresAt && new Date(body.expiresAt) <= now) throw wrongField('/expiresAt', 'in-the-past')
    const id = services.ids.next()
    const prefix = `uwk_${randomBytes(4).toString('hex')}`
    const key = new Secret(`${prefix}_${randomBytes(32).toString('base64url')}`)
    await trx
      .insertInto('apiKey')
      .values({
        firmId,
        id,
        name: body.name,
        prefix,
        scopes: body.scopes,
        memberId: actor.memberId,
        createdAt: now,
        expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
      })
      .execute()
    await trx
      .insertInto('directory.apiKey')
      .values({ keyHash: services.seals.hashToken(key.reveal()), firmId, keyId: id })
      .execute()
    await remember(call, { kind: 'key', id }, 'created', { after: { name: body.name, scopes: body.scopes } })
    return { id, key: key.reveal() }
  },

  revokeKey: async (call) => {
    const { trx, firmId, params, now } = call
    const revoked = await trx
      .updateTable('apiKey')
      .set((set) => ({ revokedAt: now, version: set('version', '+', 1) }))
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!revoked) throw notThere('key')
    await trx.deleteFrom('directory.apiKey').where('keyId', '=', params.id).execute()
    await remember(call, { kind: 'key', id: params.id }, 'revoked')
    return undefined
  },

  listHistory: async ({ trx, firmId, actor, query }) => {
    const right = rightOfSubject.get(query.subjectKind)
    if (right && !actor.rights.has(right))
      throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right } })
    const rows = await trx
      .selectFrom('history')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('subjectKind', '=', query.subjectKind)
      .where('subjectId', '=', query.subjectId)
      .orderBy('id', 'desc')
      .limit(200)
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        act: row.act,
        before: row.before,
        after: row.after,
        why: row.why,
        actor: row.actorName,
        at: row.at.toISOString(),
      })),
    }
  },
}

/** What stands in the history of a thing is for those alone who may read the thing. */
const rightOfSubject: ReadonlyMap<string, Right> = new Map([
  ['activity', 'projects:read'],
  ['app-registration', 'connections:read'],
  ['connection', 'connections:read'],
  ['customer', 'customers:read'],
  ['hours', 'hours:read'],
  ['invoice', 'invoices:read'],
  ['key', 'keys:write'],
  ['person', 'people:read'],
  ['posting', 'postings:read'],
  ['project', 'projects:read'],
  ['rate', 'rates:read'],
  ['series', 'invoices:read'],
])

async function isSetupNeeded(services: Services): Promise<boolean> {
  const firm = await services.store.withDirectory((trx) =>
    trx.selectFrom('directory.firm').select('id').limit(1).executeTakeFirst(),
  )
  return firm === undefined
}

/** A second try after a break in between finds the account of the first: the same password is then good enough. */
async function signUpOrIn(
  { people }: Services,
  { ip, ...person }: { name: string; email: string; password: string; ip?: string },
) {
  if (await people.findByEmail(person.email))
    return people.signIn({ email: person.email, password: person.password, ...(ip ? { ip } : {}) })
  return people.signUp(person)
}

/** The colleagues of the sample firm can sign in too, so that their screens can be seen. */
async function sampleAccounts(services: Services): Promise<Map<string, string>> {
  const accounts = new Map<string, string>()
  for (const { name, email } of sampleColleagues) {
    const { userId } = await signUpOrIn(services, { name, email, password: sampleAdministrator.password })
    accounts.set(email, userId)
  }
  return accounts
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

const toMember = (row: MemberRow): MemberAnswer => ({
  id: row.id,
  name: row.name,
  email: row.email,
  roles: row.roles as Role[],
  language: row.language as Language | null,
  state: row.archivedAt ? 'archived' : row.userId ? 'active' : 'invited',
  version: row.version,
})

const firmName = async ({ trx, firmId }: Asking): Promise<string> =>
  (await trx.selectFrom('firm').select('name').where('firmId', '=', firmId).executeTakeFirstOrThrow()).name

async function firmAnswer({
  trx,
  firmId,
  firm,
}: Asking & { readonly firm: { readonly slug: string } }): Promise<FirmAnswer> {
  const row: Selectable<FirmTable> = await trx
    .selectFrom('firm')
    .selectAll()
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  return {
    id: row.firmId,
    slug: firm.slug,
    name: row.name,
    address: row.address as FirmAnswer['address'],
    country: row.country,
    vatId: row.vatId,
    kvk: row.kvk,
    iban: row.iban,
    email: row.email,
    phone: row.phone,
    website: row.website,
    currency: row.currency,
    timeZone: row.timeZone,
    language: row.language as Language,
    approval: row.approval as FirmAnswer['approval'],
    defaultPaymentDays: row.defaultPaymentDays,
    defaultPaymentEndOfMonth: row.defaultPaymentEndOfMonth,
    sample: row.sample,
    version: row.version,
  }
}

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

/** Amounts of sent invoices are kept in the currency of then; a firm with invoices keeps its currency. */
async function refuseCurrencyChange({ trx, firmId }: Asking): Promise<void> {
  const sent = await trx
    .selectFrom('invoice')
    .select('id')
    .where('firmId', '=', firmId)
    .where('state', '<>', 'draft')
    .limit(1)
    .executeTakeFirst()
  if (sent) throw wrongField('/currency', 'currency-in-use')
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
