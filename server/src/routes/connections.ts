import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import type { MessageRule } from '@uurwerk/connectors/contract/messages.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { forgetPaymentsOfConnection } from '../coming-back/forget-payments.ts'
import { activeSales } from '../connections/active.ts'
import { differsFrom, storeAdministration, usableAdministration } from '../connections/administration.ts'
import { addressesOf, appFor, appSecretPlace, findApp, getApp, redirectUriOf } from '../connections/app.ts'
import { chooseSettings, createChooser } from '../connections/choose-theirs.ts'
import { describeConnection, reasonOf, todayOf } from '../connections/describe.ts'
import { checkHealth } from '../connections/health.ts'
import { deafen, stopHints, webhookSecretPlace } from '../connections/hints.ts'
import { inTheirWords } from '../connections/package-problem.ts'
import { resumeConnection } from '../connections/resume.ts'
import type { ConnectionAt } from '../connections/service.ts'
import { beginSignIn } from '../connections/sign-in.ts'
import { openTokens } from '../connections/tokens.ts'
import { type FirmCall, type FreeCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { startTask } from '../jobs/tasks.ts'
import { accessIsWell } from '../notifications/access-notices.ts'
import { noLongerTell } from '../notifications/tell-people.ts'
import { discard } from '../postings/actions.ts'
import { findPostings } from '../postings/posting-rows.ts'
import { type SealPlace, Secret } from '../secrets.ts'
import type { Trx } from '../store/database.ts'
import { mappingHandlers } from './mapping.ts'
import { taskHandlers } from './tasks.ts'

type Routes = typeof connectionRoutes
type PackageApp = AnswerOf<Routes['listPackages']>['rows'][number]['apps'][number]
type InCall = Pick<FirmCall<Routes['readConnection']>, 'services' | 'firmId' | 'trx' | 'language' | 'firm'>
type Free = FreeCall<Routes['listAdministrations']>

export const connectionHandlers: Handlers<keyof Routes> = {
  ...mappingHandlers,
  ...taskHandlers,

  listPackages: async ({ trx, firmId, services }) => {
    const { parts, simulators } = services.connections
    const connections = await activeSales({ trx, firmId })
      .select(['id', 'package', 'state', 'mode', 'administrationName'])
      .execute()
    const own = await trx
      .selectFrom('appRegistration')
      .select(['package', 'country', 'clientId', 'webhookSecretSealed'])
      .where('firmId', '=', firmId)
      .execute()
    return {
      rows: [...services.connectors.values()].map(({ manifest }) => {
        const countries = Object.entries(manifest.hosts).map(([code, host]) => ({ code, host }))
        const environment = manifest.id === 'exact-online' ? parts.settings.exactOnline : null
        const connection = connections.find((one) => one.package === manifest.id)
        return {
          id: manifest.id,
          name: manifest.name,
          available: true,
          countries,
          sandbox: parts.settings.sandbox && simulators.has(manifest.id),
          apps: countries.flatMap(({ code: country }): PackageApp[] => {
            const mine = own.find((one) => one.package === manifest.id && one.country === country)
            if (mine)
              return [
                {
                  country,
                  clientId: mine.clientId,
                  from: 'firm',
                  hasWebhookSecret: mine.webhookSecretSealed !== null,
                },
              ]
            return environment
              ? [{ country, clientId: environment.clientId, from: 'environment', hasWebhookSecret: false }]
              : []
          }),
          webhooks: manifest.webhooks,
          redirectUri: redirectUriOf(parts.settings),
          connection: connection
            ? {
                id: connection.id,
                state: connection.state as ConnectionAt['state'],
                mode: connection.mode as ConnectionAt['mode'],
                administrationName: connection.administrationName,
              }
            : null,
          posts: [...manifest.posts],
        }
      }),
    }
  },

  registerApp: async (call) => {
    const { trx, firmId, params, body, now, services } = call
    const place = { package: params.package, country: params.country }
    const { manifest } = services.connections.connectorOf(params.package)
    if (!manifest.hosts[params.country])
      throw wrongField('/path/country', 'country-not-served', { package: manifest.name })
    const before = await trx
      .selectFrom('appRegistration')
      .select(['id', 'clientId', 'clientSecretSealed', 'webhookSecretSealed'])
      .where('firmId', '=', firmId)
      .where('package', '=', place.package)
      .where('country', '=', place.country)
      .forUpdate()
      .executeTakeFirst()
    const id = before?.id ?? services.ids.next()
    const sealed = (text: string, at: SealPlace) => services.seals.seal(new Secret(text), at)
    const clientSecretSealed = body.clientSecret
      ? sealed(body.clientSecret, appSecretPlace(firmId, place))
      : before?.clientSecretSealed
    if (!clientSecretSealed) throw wrongField('/clientSecret', 'secret-missing')
    const { webhookSecret } = body
    const webhookSecretSealed =
      webhookSecret === undefined
        ? (before?.webhookSecretSealed ?? null)
        : webhookSecret && sealed(webhookSecret, webhookSecretPlace(firmId, place))
    const kept = { clientId: body.clientId, clientSecretSealed, webhookSecretSealed, updatedAt: now }
    await trx
      .insertInto('appRegistration')
      .values({ firmId, id, ...place, ...kept, createdAt: now })
      .onConflict((conflict) =>
        conflict
          .columns(['firmId', 'package', 'country'])
          .doUpdateSet((set) => ({ ...kept, version: set('appRegistration.version', '+', 1) })),
      )
      .execute()
    await remember(call, { kind: 'app-registration', id }, before ? 'changed' : 'created', {
      ...(before ? { before: { clientId: before.clientId } } : {}),
      after: { ...place, clientId: body.clientId, hasWebhookSecret: webhookSecretSealed !== null },
    })
    return undefined
  },

  createConnection: async (call) => {
    const { trx, firmId, firm, body, now, services, actor } = call
    const { connections } = services
    const { manifest } = connections.connectorOf(body.package)
    if (!manifest.hosts[body.country]) throw wrongField('/country', 'country-not-served', { package: manifest.name })
    if (body.mode === 'sandbox' && !(connections.parts.settings.sandbox && connections.simulators.has(body.package)))
      throw wrongField('/mode', 'sandbox-off')
    const key = { firmId, package: body.package, country: body.country, mode: body.mode, administration: null }
    if (body.mode === 'live' && !(await findApp(connections.parts, { trx, firmId }, key)))
      throw new ProblemError({
        kind: 'setup',
        code: 'app-missing',
        values: { package: manifest.name, country: body.country },
      })
    // Two who activate at once: the second sees what the first made.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`connect ${firmId}`}, 0))`.execute(trx)
    const active = await activeSales(call).select(['id', 'package', 'state', 'grantId']).executeTakeFirst()
    // Somebody began to sign in and never came back.
    const isAbandoned = active?.state === 'signing-in' && !active.grantId
    if (active && !isAbandoned)
      throw new ProblemError({
        kind: 'conflict',
        code: 'already-connected',
        values: { package: connections.connectorOf(active.package).manifest.name },
      })
    if (body.mode === 'sandbox')
      await connections.sandbox.ensure(
        { trx, firmId },
        { package: body.package, language: firm.language, country: body.country },
      )
    const id = active?.id ?? services.ids.next()
    if (active)
      await trx
        .updateTable('connection')
        .set((set) => ({
          package: body.package,
          mode: body.mode,
          country: body.country,
          version: set('version', '+', 1),
          updatedAt: now,
        }))
        .where('firmId', '=', firmId)
        .where('id', '=', id)
        .execute()
    else
      await trx
        .insertInto('connection')
        .values({
          firmId,
          id,
          package: body.package,
          purpose: 'sales',
          mode: body.mode,
          country: body.country,
          state: 'signing-in',
          createdAt: now,
          updatedAt: now,
        })
        .execute()
    const { signInAt } = await beginSignIn(
      connections.parts,
      { trx, firmId },
      { ...key, id },
      await userIdOf(call, actor),
    )
    await remember(call, { kind: 'connection', id }, 'activated', {
      after: { package: body.package, mode: body.mode, country: body.country },
    })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [id] })
    return { id, signInAt }
  },

  listConnections: async (call) => {
    const { trx, firmId } = call
    const rows = await trx
      .selectFrom('connection')
      .select('id')
      .where('firmId', '=', firmId)
      .where('state', '<>', 'disconnected')
      .orderBy('createdAt')
      .execute()
    const answers = []
    for (const { id } of rows)
      answers.push(await describeConnection(call, { trx, firmId }, await getConnection(call, id)))
    return { rows: answers }
  },

  nameConnections: async ({ trx, firmId, services }) => {
    const rows = await trx
      .selectFrom('connection')
      .select(['id', 'package', 'administrationName', 'mode', 'state'])
      .where('firmId', '=', firmId)
      .where('administration', 'is not', null)
      .orderBy('createdAt', 'desc')
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        packageName: services.connections.connectorOf(row.package).manifest.name,
        administrationName: row.administrationName,
        mode: row.mode as ConnectionAt['mode'],
        disconnected: row.state === 'disconnected',
      })),
    }
  },

  readConnection: async (call) => describeConnection(call, call, await getConnection(call, call.params.id)),

  changeConnection: async (call) => {
    const { trx, firmId, params, body, version, now, services, language } = call
    const connection = await getConnection(call, params.id, { lock: true })
    const before = await describeConnection(call, call, connection)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const { manifest } = services.connections.connectorOf(connection.package)
    const chooser = createChooser(call, connection.id, language)
    const chosen = await chooseSettings(chooser, manifest, body.settings ?? {})
    if (body.cutOff && body.cutOff > addDays(calendarDate(todayOf(connection, now)), 366))
      chooser.refuse({ pointer: '/cutOff', code: 'cut-off-too-late' })
    chooser.settle()
    const settings = { ...connection.settings, ...chosen }
    await trx
      .updateTable('connection')
      .set({
        settings: JSON.stringify(settings),
        ...(body.cutOff ? { cutOff: body.cutOff } : {}),
        ...(body.postAutomatically === undefined ? {} : { postAutomatically: body.postAutomatically }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', connection.id)
      .execute()
    if (body.cutOff) await markOlder(call, connection, body.cutOff, now)
    await remember(call, { kind: 'connection', id: connection.id }, 'changed', {
      before: {
        settings: connection.settings,
        cutOff: connection.cutOff,
        postAutomatically: before.postAutomatically,
      },
      after: {
        settings,
        cutOff: body.cutOff ?? connection.cutOff,
        postAutomatically: body.postAutomatically ?? before.postAutomatically,
      },
    })
    await resumeConnection(call, services, connection.id)
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    return describeConnection(call, call, await getConnection(call, connection.id))
  },

  listAdministrations: {
    free: async (call) => {
      const { services, firmId, language } = call
      const { books, connector } = await reachable(call)
      const found = await watched(call, connector.messages, () => books.administrations())
      const firm = await services.store.withFirm(firmId, (trx) =>
        trx
          .selectFrom('firm')
          .select(['vatId', 'kvk', 'currency'])
          .where('firmId', '=', firmId)
          .executeTakeFirstOrThrow(),
      )
      const inOrder = [...found].sort(
        (a, b) => Number(b.usable) - Number(a.usable) || a.name.localeCompare(b.name, language),
      )
      return {
        rows: inOrder.map((one) => ({
          id: one.id,
          code: one.code,
          name: one.name,
          country: one.country ?? null,
          currency: one.currency ?? null,
          vatId: one.vatId ?? null,
          usable: one.usable,
          reason: one.reason ? reasonOf(language, one.reason) : null,
          differs: differsFrom(firm, one),
        })),
      }
    },
  },

  chooseAdministration: {
    free: async (call) => {
      const { services, firmId, params, body, now, actor } = call
      const { books, connection, connector } = await reachable(call)
      const found = await watched(call, connector.messages, () => books.administrations())
      const chosen = usableAdministration(found, body.administration)
      return services.store.withFirm(firmId, async (trx) => {
        const within = { ...call, trx }
        await storeAdministration(within, connection, chosen, { memberId: actor.memberId, now })
        await startTask(within, { kind: 'refresh-lists', connectionId: params.id, createdBy: actor.memberId })
        await remember(within, { kind: 'connection', id: params.id }, 'administration-chosen', {
          before: { administration: connection.administration },
          after: { administration: chosen.id, name: chosen.name },
        })
        await resumeConnection(within, services, params.id)
        await accessIsWell(services, trx, firmId, params.id)
        await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
        return describeConnection(within, within, await getConnection(within, params.id))
      })
    },
  },

  checkConnection: {
    free: async (call) => {
      const { services, firmId, params } = call
      await services.store.withFirm(firmId, (trx) => getConnection({ ...call, trx }, params.id), { readOnly: true })
      await checkHealth(services, firmId, params.id)
      return inFirm(call, async (within) => describeConnection(within, within, await getConnection(within, params.id)))
    },
  },

  reconnect: async (call) => {
    const { params, services, actor } = call
    const connection = await getConnection(call, params.id)
    refuseDisconnected(connection)
    const answer = await beginSignIn(services.connections.parts, call, connection, await userIdOf(call, actor))
    await remember(call, { kind: 'connection', id: connection.id }, 'reconnecting')
    return answer
  },

  disconnect: {
    free: async (call) => {
      const { services, firmId, params, now } = call
      const connection = await inFirm(call, async (within) => {
        const found = await getConnection(within, params.id)
        await refuseUnderWay(within, found)
        return found
      })
      await stopCalls(call, connection)
      const revoked = await revoke(call, connection)
      return inFirm(call, async (within) => {
        const { trx } = within
        await getConnection(within, params.id, { lock: true })
        await refuseUnderWay(within, connection)
        const givenUp = await giveUpQueue(within, connection)
        await deafen({ trx, firmId }, params.id)
        if (connection.grantId)
          await trx
            .updateTable('accessGrant')
            .set({ tokensSealed: null, withdrawnAt: now, updatedAt: now })
            .where('firmId', '=', firmId)
            .where('id', '=', connection.grantId)
            .execute()
        await trx
          .updateTable('connection')
          .set((set) => ({
            state: 'disconnected',
            problem: null,
            disconnectedAt: now,
            hintsOn: false,
            hintsProblem: null,
            version: set('version', '+', 1),
            updatedAt: now,
          }))
          .where('firmId', '=', firmId)
          .where('id', '=', params.id)
          .execute()
        if (connection.mode === 'sandbox') {
          await unmarkOlder(within, now)
          await forgetPaymentsOfConnection({ ...within, now }, params.id, 'sandbox')
        }
        await remember(within, { kind: 'connection', id: params.id }, 'disconnected', { after: { revoked, givenUp } })
        await accessIsWell(services, trx, firmId, params.id)
        await noLongerTell({ ...within, now }, `postings-need-you:${params.id}`)
        await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
        return { revoked, givenUp }
      })
    },
  },
}

async function getConnection(call: InCall, id: string, { lock = false } = {}): Promise<ConnectionAt> {
  if (lock)
    await sql`select 1 from connection where firm_id = ${call.firmId} and id = ${id} for update`.execute(call.trx)
  const found = await call.services.connections.findConnection(call, id)
  if (!found) throw notThere('connection')
  return found
}

const inFirm = <Result>(
  call: Free | FreeCall<Routes['disconnect']> | FreeCall<Routes['checkConnection']>,
  work: (within: InCall & typeof call & { trx: Trx }) => Promise<Result>,
) => call.services.store.withFirm(call.firmId, (trx) => work({ ...call, trx }))

/** Books of a connection that is signed in, whatever else is still to be chosen. */
const reachable = ({ services, firmId, params }: Pick<Free, 'services' | 'firmId' | 'params'>) =>
  services.connections.openBooks(firmId, params.id, { settings: 'as-stored' })

/** A call that finds access gone says so on the connection too. */
async function watched<Result>(
  { services, firmId, params }: Pick<Free, 'services' | 'firmId' | 'params'>,
  rules: readonly MessageRule[],
  talk: () => Promise<Result>,
): Promise<Result> {
  try {
    return await inTheirWords(rules, talk)
  } catch (error) {
    if (isProblem(error) && error.problem.kind === 'reconnect') {
      const { problem } = error
      await services.store.withFirm(firmId, (trx) =>
        services.connections.loseAccess({ trx, firmId }, params.id, problem),
      )
    }
    throw error
  }
}

/** A key signs in nobody: the state is bound to the person who made it. */
async function userIdOf(
  { trx, firmId }: Pick<InCall, 'trx' | 'firmId'>,
  actor: FirmCall<Routes['reconnect']>['actor'],
): Promise<string> {
  const member = await trx
    .selectFrom('member')
    .select('userId')
    .where('firmId', '=', firmId)
    .where('id', '=', actor.memberId)
    .executeTakeFirst()
  if (!member?.userId) throw new ProblemError({ kind: 'forbidden', code: 'sign-in-needed' })
  return member.userId
}

function refuseDisconnected({ state }: ConnectionAt): void {
  if (state === 'disconnected') throw new ProblemError({ kind: 'conflict', code: 'connection-disconnected' })
}

/** What left and was not answered can only be found again while we still have access. */
async function refuseUnderWay(
  { trx, firmId }: Pick<InCall, 'trx' | 'firmId'>,
  connection: ConnectionAt,
): Promise<void> {
  refuseDisconnected(connection)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from posting where firm_id = ${firmId} and connection_id = ${connection.id}
      and state in ('sending', 'checking', 'accepted')`.execute(trx)
  const count = rows[0]?.count ?? 0
  if (count > 0)
    throw new ProblemError({ kind: 'conflict', code: 'postings-under-way', values: { count: String(count) } })
}

async function stopCalls(
  { services, firmId }: FreeCall<Routes['disconnect']>,
  connection: ConnectionAt,
): Promise<void> {
  const row = await services.store.withFirm(
    firmId,
    (trx) =>
      trx
        .selectFrom('connection')
        .select('hintsOn')
        .where('firmId', '=', firmId)
        .where('id', '=', connection.id)
        .executeTakeFirst(),
    { readOnly: true },
  )
  if (row?.hintsOn && connection.state === 'connected') await stopHints(services, connection)
}

/** What did not leave never will: it is given up, so that its document can be booked elsewhere. Newest first. */
async function giveUpQueue(
  within: FirmCall<Routes['readConnection']> | (InCall & FreeCall<Routes['disconnect']>),
  connection: ConnectionAt,
): Promise<number> {
  const { trx, firmId, services, actor, now, language } = within
  const { rows } = await sql<{ id: string }>`
    select id from posting where firm_id = ${firmId} and connection_id = ${connection.id}
      and state in ('waiting', 'refused', 'blocked') and doubt_at is null order by sequence desc`.execute(trx)
  if (rows.length === 0) return 0
  const why = say(language, 'posting.why.disconnected', {
    package: services.connections.connectorOf(connection.package).manifest.name,
  })
  const { ids, random, wake, notify, customerLinked, told = {} } = services.engine
  const acting = { clock: { now: () => now }, ids, random, wake, notify, customerLinked, told, by: actor.memberId, why }
  let given = 0
  for (const { id } of rows) {
    const [posting] = await findPostings({ trx, firmId }, [id])
    // What hung on one that was given up went with it.
    if (!posting || posting.state === 'discarded') continue
    await discard({ trx, firmId }, acting, id)
    given += 1
  }
  return given
}

/** At the package too, where it can: a failure there keeps nobody connected here. */
async function revoke(call: FreeCall<Routes['disconnect']>, connection: ConnectionAt): Promise<boolean> {
  const { services, firmId } = call
  const { signIn } = services.connections.connectorOf(connection.package)
  if (signIn.kind !== 'oauth' || !signIn.revoke || !connection.grantId) return false
  const { parts } = services.connections
  const { grantId } = connection
  try {
    const { app, tokens } = await services.store.withFirm(
      firmId,
      async (trx) => {
        const firm = { trx, firmId }
        const { ours } = await addressesOf(parts, firm, connection)
        return {
          app: appFor(parts, await getApp(parts, firm, connection), ours),
          tokens: await openTokens(parts, firm, grantId),
        }
      },
      { readOnly: true },
    )
    await signIn.revoke(app, tokens, services.connections.wireFor(connection))
    return true
  } catch (error) {
    if (!isProblem(error)) throw error
    services.log.warn({ err: error, connection: connection.id }, 'access could not be revoked at the package')
    return false
  }
}

/** What a person said of an invoice stands, whatever the cut-off. */
const markedByHand = sql`exists (
  select 1 from in_books_mark m where m.firm_id = invoice.firm_id and m.invoice_id = invoice.id)`

/** Invoices from before the cut-off are in the books already; those that went there by this connection stay as they are. */
async function markOlder(
  { trx, firmId }: Pick<InCall, 'trx' | 'firmId'>,
  connection: ConnectionAt,
  cutOff: string,
  now: Date,
): Promise<void> {
  const posted = sql`exists (select 1 from posting p where p.firm_id = invoice.firm_id and p.connection_id = ${connection.id}
    and p.subject_id = invoice.id and p.state not in ('discarded'))`
  const { rows } = await sql<{ number: string }>`
    select number from invoice where firm_id = ${firmId} and state <> 'draft' and date < ${cutOff}::date and exists (
      select 1 from posting p where p.firm_id = invoice.firm_id and p.connection_id = ${connection.id}
        and p.subject_id = invoice.id and p.state not in ('posted', 'discarded')) limit 1`.execute(trx)
  if (rows[0]) throw wrongField('/cutOff', 'cut-off-under-way', { number: rows[0].number })
  await sql`
    update invoice set already_in_books = date < ${cutOff}::date, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and state <> 'draft' and already_in_books <> (date < ${cutOff}::date) and not ${posted}
      and not ${markedByHand}`.execute(trx)
}

/** What a sandbox took for older stands in no books: only marks that a live connection made stay. */
const unmarkOlder = ({ trx, firmId }: Pick<InCall, 'trx' | 'firmId'>, now: Date) =>
  sql`
    update invoice set already_in_books = false, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and already_in_books and not ${markedByHand} and not exists (
      select 1 from connection k where k.firm_id = invoice.firm_id and k.mode = 'live' and k.cut_off > invoice.date)`.execute(
    trx,
  )
