import type { Hint } from '@uurwerk/connectors/contract/contract.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { RunningAtPackage } from '../jobs/running.ts'
import { type PackageTaskKind, startTask } from '../jobs/tasks.ts'
import type { Secret } from '../secrets.ts'
import type { Services } from '../services.ts'
import { findApp } from './app.ts'
import type { InFirm, Parts } from './connection.ts'
import { type ConnectionAt, findConnection } from './service.ts'

type Seals = Pick<Services, 'seals' | 'settings'>

/** Nobody can guess it, and every process makes the same. */
const keyOf = ({ seals }: Pick<Services, 'seals'>, firmId: string, connectionId: string): string =>
  seals.derive(`hook ${firmId} ${connectionId}`).reveal()

/** What the package calls. */
const callbackOf = (services: Seals, { firmId, id, package: packageId }: ConnectionAt): string =>
  `${services.settings.publicUrl}/hooks/${packageId}/${keyOf(services, firmId, id)}`

export const webhookSecretPlace = (firmId: string, place: { readonly package: string; readonly country: string }) => ({
  firmId,
  purpose: `webhook-secret ${place.package} ${place.country}`,
})

/** What the package signs with: entered with the app; in the sandbox, and where none was entered, there is the app's own. */
async function secretFor(parts: Parts, firm: InFirm, connection: ConnectionAt): Promise<Secret | undefined> {
  if (connection.mode === 'sandbox') return (await findApp(parts, firm, connection))?.clientSecret
  const row = await firm.trx
    .selectFrom('appRegistration')
    .select('webhookSecretSealed')
    .where('firmId', '=', firm.firmId)
    .where('package', '=', connection.package)
    .where('country', '=', connection.country)
    .executeTakeFirst()
  return row?.webhookSecretSealed
    ? parts.seals.open(row.webhookSecretSealed, webhookSecretPlace(firm.firmId, connection))
    : undefined
}

/** Why a package cannot tell us anything; undefined when it can. */
export async function whyNoHints(
  services: Services,
  firm: InFirm,
  connection: ConnectionAt,
): Promise<Problem | undefined> {
  const { connections, settings } = services
  const { manifest, hint } = connections.connectorOf(connection.package)
  const values = { package: manifest.name }
  if (!manifest.webhooks || !hint) return { kind: 'setup', code: 'hints-not-offered', values }
  if (connection.state !== 'connected') return { kind: 'setup', code: 'not-connected', values }
  if (connection.mode === 'live' && !settings.publicUrl.startsWith('https:'))
    return { kind: 'setup', code: 'hints-need-https', values }
  if (!(await secretFor(connections.parts, firm, connection)))
    return { kind: 'setup', code: 'hints-need-secret', values }
  return undefined
}

/** Off by default. The package is told by a task, since that may have to wait. */
export async function chooseHints(
  call: InFirm & { readonly services: Services },
  connection: ConnectionAt,
  { on, by }: { readonly on: boolean; readonly by: string },
): Promise<string> {
  const { trx, firmId, services } = call
  if (on) {
    const problem = await whyNoHints(services, call, connection)
    if (problem) throw new ProblemError(problem)
  }
  await (on ? listen : deafen)(call, connection.id)
  await trx
    .updateTable('connection')
    .set({ hintsOn: on, hintsProblem: null })
    .where('firmId', '=', firmId)
    .where('id', '=', connection.id)
    .execute()
  return startTask(call, { kind: 'switch-hints', connectionId: connection.id, createdBy: by })
}

const listen = ({ trx, firmId, services }: InFirm & { readonly services: Services }, connectionId: string) =>
  sql`
    insert into directory.hook (key_hash, firm_id, connection_id)
    values (${services.seals.hashToken(keyOf(services, firmId, connectionId))}, ${firmId}, ${connectionId})
    on conflict do nothing`.execute(trx)

export const deafen = ({ trx, firmId }: InFirm, connectionId: string) =>
  sql`delete from directory.hook where firm_id = ${firmId} and connection_id = ${connectionId}`.execute(trx)

/** Asks the package to call us, or to stop, as the connection says at this moment. */
export async function switchHints({ services, firmId, connection, step }: RunningAtPackage): Promise<void> {
  const on = await step(async (trx) => {
    const row = await trx
      .selectFrom('connection')
      .select('hintsOn')
      .where('firmId', '=', firmId)
      .where('id', '=', connection.id)
      .executeTakeFirst()
    return row?.hintsOn ?? false
  })
  const { books } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  const callback = callbackOf(services, connection)
  try {
    await (on ? books.hints?.start(callback) : books.hints?.stop(callback))
  } catch (error) {
    if (on && isProblem(error) && error.problem.kind !== 'temporary') await step((trx) => giveUp(trx, error.problem))
    throw error
  }
  async function giveUp(trx: InFirm['trx'], problem: Problem): Promise<void> {
    await deafen({ trx, firmId }, connection.id)
    await trx
      .updateTable('connection')
      .set({ hintsOn: false, hintsProblem: JSON.stringify(problem) })
      .where('firmId', '=', firmId)
      .where('id', '=', connection.id)
      .execute()
  }
}

/** Before access ends, so that the package does not call in vain; a failure keeps nobody connected. */
export async function stopHints(services: Services, connection: ConnectionAt): Promise<void> {
  const { connections, log } = services
  try {
    const { books } = await connections.openBooks(connection.firmId, connection.id, { settings: 'as-stored' })
    await books.hints?.stop(callbackOf(services, connection))
  } catch (error) {
    if (!isProblem(error)) throw error
    log.warn({ err: error, connection: connection.id }, 'webhooks could not be ended at the package')
  }
}

export type Heard = 'unknown' | 'refused' | 'heard'

/** A call that says it comes from a package: nothing in it is believed but that there is something to look at. */
export async function hearHint(
  services: Services,
  called: {
    readonly package: string
    readonly key: string
    readonly raw: Uint8Array
    readonly headers: Readonly<Record<string, string>>
  },
): Promise<Heard> {
  const { store, seals, connections, connectors, clock } = services
  const connector = connectors.get(called.package)
  if (!connector?.hint) return 'unknown'
  const hook = await store.readDirectory((reader) =>
    reader
      .selectFrom('directory.hook')
      .select(['firmId', 'connectionId'])
      .where('keyHash', '=', seals.hashToken(called.key))
      .executeTakeFirst(),
  )
  if (!hook) return 'unknown'
  const { firmId, connectionId } = hook
  return store.withFirm(firmId, async (trx): Promise<Heard> => {
    const firm = { trx, firmId }
    const connection = await findConnection(firm, connectionId)
    if (connection?.package !== called.package) return 'unknown'
    const secret = await secretFor(connections.parts, firm, connection)
    if (!secret) return 'refused'
    const hint = connector.hint?.(called.raw, called.headers, secret.reveal()) ?? 'refuse'
    if (hint === 'refuse') return 'refused'
    if (hint === 'ignore' || hint.administration !== connection.administration) return 'heard'
    const kind = toLookAt(hint)
    if (!kind || (await isOwn(firm, connectionId, hint, clock.now()))) return 'heard'
    await sql`
      update directory.hook set heard_at = ${clock.now()},
        marked = case when ${kind} = any(marked) then marked else marked || ${kind}::text end
      where connection_id = ${connectionId}`.execute(trx)
    return 'heard'
  })
}

const looks: Readonly<Record<string, PackageTaskKind>> = {
  customers: 'import-customers',
  items: 'refresh-lists',
  ledgerAccounts: 'refresh-lists',
  vatCodes: 'refresh-lists',
  journals: 'refresh-lists',
  paymentTerms: 'refresh-lists',
  settled: 'read-payments',
  salesEntry: 'reconcile',
  salesInvoice: 'reconcile',
}
const toLookAt = ({ noun }: Hint): PackageTaskKind | undefined => looks[noun]

/** What we posted ourselves is told of too. */
const ownForMs = 10 * 60_000
async function isOwn({ trx, firmId }: InFirm, connectionId: string, { id }: Hint, now: Date): Promise<boolean> {
  if (!id) return false
  const { rows } = await sql`
    select 1 from posting where firm_id = ${firmId} and connection_id = ${connectionId} and their_id = ${id}
      and settled_at > ${new Date(now.getTime() - ownForMs)}`.execute(trx)
  return rows.length > 0
}

/** Looks where packages said there is something to look at; called once a minute. A look under way is waited for. */
export async function takeHints(services: Services, signal?: AbortSignal): Promise<number> {
  const { store } = services
  const { rows } = await store.withDirectory(
    (trx) =>
      sql<{ firmId: string; connectionId: string }>`
        select firm_id as "firmId", connection_id as "connectionId" from directory.hook where marked <> '{}'`.execute(
        trx,
      ),
    { readOnly: true },
  )
  let started = 0
  for (const { firmId, connectionId } of rows) {
    if (signal?.aborted) break
    started += await store.withFirm(firmId, async (trx) => {
      const hook = await sql<{ marked: PackageTaskKind[] }>`
        select marked from directory.hook where connection_id = ${connectionId} for update skip locked`.execute(trx)
      const connection = await findConnection({ trx, firmId }, connectionId)
      if (connection?.state !== 'connected') return 0
      const { rows: running } = await sql<{ kind: string }>`
        select kind from task where firm_id = ${firmId} and state = 'running' and params ->> 'connectionId' = ${connectionId}`.execute(
        trx,
      )
      const free = (hook.rows[0]?.marked ?? []).filter((kind) => !running.some((one) => one.kind === kind))
      for (const kind of free) await startTask({ trx, firmId, services }, { kind, connectionId, createdBy: null })
      await sql`
        update directory.hook set marked = array(select unnest(marked) except select unnest(${free}::text[]))
        where connection_id = ${connectionId}`.execute(trx)
      return free.length
    })
  }
  return started
}
