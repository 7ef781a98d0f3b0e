import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import { listsAsked } from '../connections/fresh-lists.ts'
import { isQuiet } from '../connections/tokens.ts'
import { startTask } from '../jobs/tasks.ts'
import type { Services } from '../services.ts'
import { isNightMissed, nextNight } from './nights.ts'

/** Every minute: a firm chooses its time to the minute. */
export const nightlyImportCron = '* * * * *'

/** How often a connection that waits for a person is looked at, so that a missed night is made up for afterwards. */
const awayMs = 15 * 60_000

/**
 * Starts the imports whose time has come, each in its own transaction. It may run late and in several processes at once:
 * the connection is locked while it is decided on. Answers how many were started.
 */
export async function startNightlyImports(services: Services, signal?: AbortSignal): Promise<number> {
  const { store, clock, log } = services
  const due = await store.readDirectory((reader) =>
    reader
      .selectFrom('directory.importDue')
      .select(['firmId', 'connectionId'])
      .where('dueAt', '<=', clock.now())
      .orderBy('dueAt')
      .execute(),
  )
  let started = 0
  for (const { firmId, connectionId } of due) {
    if (signal?.aborted) break
    try {
      if (await store.withFirm(firmId, (trx) => startNight(services, { trx, firmId }, connectionId))) started += 1
    } catch (error) {
      // The others still have their turn; the next run makes it up.
      log.error({ err: error, firm: firmId, connection: connectionId }, 'a nightly import could not be started')
    }
  }
  return started
}

/** Lists come before the customers; those of the same night do. */
const listsLastMs = 6 * 3_600_000

/** Access is not renewed at hours at which answers are known to get lost: an import waits for their end. */
const quietMs = 5 * 60_000

interface NightsOf {
  readonly package: string
  readonly state: string
  readonly nightlyImport: boolean
  readonly at: string
  readonly seenAt: Date | null
  readonly timeZone: string
}

async function nightsOf({ trx, firmId }: InFirm, connectionId: string): Promise<NightsOf | undefined> {
  const { rows } = await sql<NightsOf>`
    select c.state, c.package, c.nightly_import as "nightlyImport", c.nightly_at as at, c.nights_seen_at as "seenAt",
      f.time_zone as "timeZone"
    from connection c join firm f on f.firm_id = c.firm_id
    where c.firm_id = ${firmId} and c.id = ${connectionId} for update of c`.execute(trx)
  return rows[0]
}

async function startNight(services: Services, firm: InFirm, connectionId: string): Promise<boolean> {
  const { trx, firmId } = firm
  const nights = await nightsOf(firm, connectionId)
  const now = services.clock.now()
  if (!nights?.nightlyImport || nights.state === 'disconnected') {
    await forgetNights(firm, connectionId)
    return false
  }
  if (nights.state !== 'connected') {
    await writeDue(firm, connectionId, new Date(now.getTime() + awayMs))
    return false
  }
  const { signIn } = services.connections.connectorOf(nights.package)
  if (signIn.kind === 'oauth' && isQuiet(signIn.timing, now)) {
    await writeDue(firm, connectionId, new Date(now.getTime() + quietMs))
    return false
  }
  await writeDue(firm, connectionId, nextNight(nights, now))
  // Another process was first, or the clock of the firm was set otherwise.
  if (!isNightMissed(nights, nights.seenAt ?? now, now)) return false
  await writeSeen(firm, connectionId, now)
  const night = { connectionId, createdBy: null }
  const lists = (await listsAsked(firm, connectionId)).at
  if (!lists || lists.getTime() < now.getTime() - listsLastMs)
    await startTask({ trx, firmId, services }, { ...night, kind: 'refresh-lists', params: { startedBy: 'night' } })
  await startTask(
    { trx, firmId, services },
    { ...night, kind: 'import-customers', params: { full: false, startedBy: 'night' } },
  )
  return true
}

/** After its switch or time was changed: the nights before this instant are no longer waited for. */
export async function scheduleNights(firm: InFirm, connectionId: string, now: Date): Promise<void> {
  const nights = await nightsOf(firm, connectionId)
  if (!nights?.nightlyImport) return forgetNights(firm, connectionId)
  await writeSeen(firm, connectionId, now)
  await writeDue(firm, connectionId, nextNight(nights, now))
}

const writeSeen = ({ trx, firmId }: InFirm, connectionId: string, seenAt: Date) =>
  sql`update connection set nights_seen_at = ${seenAt} where firm_id = ${firmId} and id = ${connectionId}`.execute(trx)

const writeDue = ({ trx, firmId }: InFirm, connectionId: string, dueAt: Date) =>
  sql`insert into directory.import_due (connection_id, firm_id, due_at) values (${connectionId}, ${firmId}, ${dueAt})
    on conflict (connection_id) do update set due_at = excluded.due_at`.execute(trx)

async function forgetNights({ trx }: InFirm, connectionId: string): Promise<void> {
  await sql`delete from directory.import_due where connection_id = ${connectionId}`.execute(trx)
}
