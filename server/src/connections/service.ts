import type { Books, Connector, Wire } from '@uurwerk/connectors/contract/contract.ts'
import type { Simulator } from '@uurwerk/connectors/contract/simulator.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { readStored, storedProblem } from '../store/stored.ts'
import { findApp } from './app.ts'
import { budgetApp, createBudgets, type LimitUse, readLimitUse } from './budgets.ts'
import type { ConnectionKey, InFirm, Parts } from './connection.ts'
import { loseAccess } from './lose-access.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { createTokenKeeper } from './tokens.ts'
import { createTransport } from './transport.ts'
import { createWire, type Guard, keepAccess } from './wire.ts'

/** A connection as it stands. */
export interface ConnectionAt extends ConnectionKey {
  readonly state: 'signing-in' | 'choosing' | 'connected' | 'reconnect' | 'disconnected'
  readonly problem: Problem | null
  readonly laneKey: string | null
  readonly settings: Readonly<Record<string, string | null>>
  readonly cutOff: string | null
  readonly grantId: string | null
  /** Language in which our own texts in the books are written. */
  readonly language: 'nl' | 'en'
  /** Of the firm. */
  readonly currency: string
  readonly firmCountry: string
  readonly timeZone: string
}

export interface OpenBooks {
  readonly connection: ConnectionAt
  readonly connector: Connector
  readonly books: Books
  readonly wire: Wire
}

export interface OpenOptions {
  /** `complete` throws the `setup` problem of what is not chosen yet; `as-stored` is enough for reading lists. */
  readonly settings?: 'complete' | 'as-stored'
  /** `not-needed` for what is pure: it is drafted from what is known here, also while somebody has to sign in again. */
  readonly access?: 'needed' | 'not-needed'
  readonly guard?: Guard
}

export interface Connections {
  connectorOf(packageId: string): Connector
  /** Opens in a short transaction of its own. */
  openBooks(firmId: string, connectionId: string, options?: OpenOptions): Promise<OpenBooks>
  /** Inside the caller's transaction: for what is pure. No call may leave while it is open. */
  openBooksIn(firm: InFirm, connectionId: string, options?: OpenOptions): Promise<OpenBooks>
  findConnection(firm: InFirm, connectionId: string): Promise<ConnectionAt | undefined>
  /** Throws while none was chosen. */
  requireAdministration(connection: ConnectionAt): void
  wireFor(connection: ConnectionKey, guard?: Guard): Wire
  /** How far the package's limits are used, by all processes and firms together. */
  limitUse(firm: InFirm, connection: ConnectionKey): Promise<readonly LimitUse[]>
  /** The connection waits for a person to sign in again; what waits for the books stays. */
  loseAccess(firm: InFirm, connectionId: string, problem: Problem): Promise<void>
  /** Renews the access of an idle connection before it dies of it. */
  keepAlive(connection: ConnectionKey): Promise<void>
  readonly sandbox: Sandbox
  readonly simulators: ReadonlyMap<string, Simulator>
  readonly parts: Parts
  close(): Promise<void>
}

export function createConnections(parts: Parts): Connections {
  const transport = createTransport()
  const tokens = createTokenKeeper(parts)
  const wireParts = { ...parts, transport, tokens, budgets: createBudgets(parts.store) }

  const connectorOf = (packageId: string): Connector => {
    const connector = parts.connectors.get(packageId)
    if (!connector) throw new ProblemError({ kind: 'missing', code: 'package-unknown', values: { package: packageId } })
    return connector
  }

  const wireFor = (connection: ConnectionKey, guard?: Guard) => createWire(wireParts, connection, guard)

  async function openBooksIn(firm: InFirm, connectionId: string, options: OpenOptions = {}): Promise<OpenBooks> {
    return openAt(await getConnection(firm, connectionId), options)
  }

  function openAt(
    connection: ConnectionAt,
    { settings = 'complete', access = 'needed', guard }: OpenOptions,
  ): OpenBooks {
    const connector = connectorOf(connection.package)
    if (connection.state === 'signing-in' || connection.state === 'disconnected')
      throw new ProblemError({ kind: 'setup', code: 'not-connected', values: { package: connector.manifest.name } })
    if (connection.state === 'reconnect' && access === 'needed')
      throw new ProblemError(connection.problem ?? { kind: 'reconnect', code: 'access-ended' })
    const wire = wireFor(connection, guard)
    const books = connector.open(
      {
        id: connection.id,
        country: connection.country,
        ...(connection.administration === null ? {} : { administration: connection.administration }),
        settings: settingsOf(connector, connection.settings, settings),
        language: connection.language,
      },
      wire,
    )
    return { connection, connector, books, wire }
  }

  return {
    connectorOf,
    openBooksIn,
    openBooks: async (firmId, connectionId, options) =>
      parts.store.withFirm(firmId, (trx) => openBooksIn({ trx, firmId }, connectionId, options), { readOnly: true }),
    findConnection,
    requireAdministration: ({ administration, package: packageId }) => {
      if (administration !== null) return
      const values = { package: connectorOf(packageId).manifest.name }
      throw new ProblemError({ kind: 'setup', code: 'administration-not-chosen', values })
    },
    wireFor,
    limitUse: async (firm, connection) => {
      const app = await findApp(parts, firm, connection)
      if (!app) return []
      const place = {
        package: connection.package,
        app: budgetApp(connection, app),
        administration: connection.administration,
      }
      return readLimitUse(firm.trx, connectorOf(connection.package).manifest, place, parts.clock.now())
    },
    loseAccess: (firm, connectionId, problem) => loseAccess(parts, firm, { connectionId }, problem),
    keepAlive: async (connection) => keepAccess(wireParts, connection),
    sandbox: createSandbox(parts),
    simulators: parts.simulators,
    parts,
    close: () => transport.close(),
  }
}

/** Lists are read before anything was chosen from them: what is stored then is taken as it is. */
function settingsOf(connector: Connector, stored: ConnectionAt['settings'], how: 'complete' | 'as-stored'): unknown {
  const chosen = Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== null))
  try {
    return connector.settings(chosen)
  } catch (error) {
    if (how === 'as-stored' && isProblem(error) && error.problem.kind === 'setup') return chosen
    throw error
  }
}

export async function findConnection({ trx, firmId }: InFirm, connectionId: string): Promise<ConnectionAt | undefined> {
  const { rows } = await sql<ConnectionAt>`
    select c.id, c.firm_id as "firmId", c.package, c.country, c.mode, c.state, c.problem, c.administration,
      c.lane_key as "laneKey", c.settings, c.cut_off as "cutOff", c.grant_id as "grantId",
      f.language, f.currency, f.country as "firmCountry", f.time_zone as "timeZone"
    from connection c join firm f on f.firm_id = c.firm_id
    where c.firm_id = ${firmId} and c.id = ${connectionId}`.execute(trx)
  const [row] = rows
  if (!row?.problem) return row
  return { ...row, problem: readStored(storedProblem, row.problem, 'the problem of a connection') }
}

/** Locked, it is read as it stands once everybody who held it has let go. */
export async function getConnection(
  firm: InFirm,
  connectionId: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<ConnectionAt> {
  const { trx, firmId } = firm
  if (lock)
    await sql`select 1 from connection where firm_id = ${firmId} and id = ${connectionId} for update`.execute(trx)
  const found = await findConnection(firm, connectionId)
  if (!found) throw new ProblemError({ kind: 'missing', code: 'not-found', values: { what: 'connection' } })
  return found
}

export function refuseDisconnected({ state }: { readonly state: string }): void {
  if (state === 'disconnected') throw new ProblemError({ kind: 'conflict', code: 'connection-disconnected' })
}
