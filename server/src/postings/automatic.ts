import { sql } from 'kysely'
import { activeSales } from '../connections/active.ts'
import { isOfLists, readListsAgain } from '../connections/fresh-lists.ts'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { inBooksSql } from '../invoices/in-books.ts'
import { changeTold, noLongerTell, tellPeople } from '../notifications/tell-people.ts'
import { previewAnswer } from '../routes/posting-preview.ts'
import { isDatabaseAway } from '../store/database.ts'
import { decidePostings } from './decide.ts'

type Sending = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'now' | 'actor' | 'requestId' | 'language'>
type Telling = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'now'>

interface Automatic {
  readonly id: string
  readonly package: string
}

/**
 * Part of the sending of an invoice: where it is switched on and nothing stands against it, the invoice is decided to be
 * posted in the same transaction, so that no process can die between the two. Else it is sent all the same, and
 * whoever may post is told.
 */
export async function postAutomatically(call: Sending, invoice: { readonly id: string; readonly number: string }) {
  const { trx } = call
  const connection = await automaticConnection(call)
  if (!connection) return
  await sql`savepoint automatic_posting`.execute(trx)
  try {
    const isWell = await decide(call, connection, invoice.id)
    if (!isWell) await tellOfUnposted(call, connection, invoice)
    await sql`release savepoint automatic_posting`.execute(trx)
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    // What goes wrong with the booking never keeps an invoice from its customer.
    await sql`rollback to savepoint automatic_posting`.execute(trx)
    call.services.log.error({ err: error, invoice: invoice.id }, 'an invoice that was sent could not be posted')
    await tellOfUnposted(call, connection, invoice)
  }
}

const automaticConnection = (call: Telling): Promise<Automatic | undefined> =>
  activeSales(call).select(['id', 'package']).where('postAutomatically', '=', true).executeTakeFirst()

/** False when something stands against it. An invoice that is none of this connection's is left alone without a word. */
async function decide(call: Sending, connection: Automatic, invoiceId: string): Promise<boolean> {
  const { trx, firmId, services, now } = call
  const preview = await previewAnswer(call, [invoiceId])
  if (preview.problem) return false
  const document = preview.documents.find((one) => one.invoiceId === invoiceId)
  const problems = document?.problems ?? []
  // With lists as old as that it is decided all the same: its draft waits for new ones, and goes on or calls somebody then.
  const waitsForLists =
    document?.state === 'needs-you' &&
    problems.every(isOfLists) &&
    (await readListsAgain(call, connection.id, problems))
  if (document?.state !== 'ready' && !waitsForLists) return document?.state !== 'needs-you'
  const { postings } = await decidePostings(trx, {
    firmId,
    connectionId: connection.id,
    invoiceIds: [invoiceId],
    by: null,
    clock: { now: () => now },
    ids: services.ids,
    random: services.random,
    wake: services.engine.wake,
    connectors: services.connectors,
  })
  for (const { invoiceId: id, postingId, existing } of postings)
    if (!existing) await remember(call, { kind: 'invoice', id }, 'posted', { after: { postingId, automatic: true } })
  await services.events.publish(trx, firmId, { topic: 'postings', ids: postings.map(({ postingId }) => postingId) })
  return true
}

const keyOf = (connectionId: string): string => `not-posted:${connectionId}`

async function tellOfUnposted(
  call: Telling,
  connection: Automatic,
  { number }: { readonly number: string },
): Promise<void> {
  const { connectors } = call.services
  const told = await toldNow(call, connection.id)
  await tellPeople(call, {
    to: 'postings:write',
    code: 'not-posted',
    values: {
      count: (told?.count ?? 0) + 1,
      since: told?.since ?? call.now.toISOString(),
      number,
      package: connectors.get(connection.package)?.manifest.name ?? connection.package,
    },
    link: '/invoices?posted=false',
    key: keyOf(connection.id),
  })
}

/** What people have not read yet says how many are left, and goes when there are none. */
export async function stopTellingOfUnposted(call: Telling, connectionId?: string): Promise<void> {
  const id = connectionId ?? (await automaticConnection(call))?.id
  const told = id ? await toldNow(call, id) : undefined
  if (!id || !told) return
  const count = await countUnposted(call, told.since)
  if (count === 0) await noLongerTell(call, keyOf(id))
  else if (count < told.count) await changeTold(call, keyOf(id), { ...told, count })
}

interface ToldValues extends Readonly<Record<string, string | number>> {
  readonly count: number
  /** When the first of them was sent. */
  readonly since: string
}

async function toldNow({ trx, firmId }: Telling, connectionId: string): Promise<ToldValues | undefined> {
  const { rows } = await sql<{ values: ToldValues }>`
    select "values" from notification where firm_id = ${firmId} and key = ${keyOf(connectionId)} and read_at is null
    order by told_at desc limit 1`.execute(trx)
  return rows[0]?.values
}

/** Invoices sent since then that neither are in the books nor on their way there. */
async function countUnposted({ trx, firmId }: Telling, since: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from invoice i
    where i.firm_id = ${firmId} and i.state <> 'draft' and i.sent_at >= ${new Date(since)} and not ${inBooksSql} and not exists (
      select 1 from posting p join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
      where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state <> 'discarded'
        and k.state <> 'disconnected')`.execute(trx)
  return rows[0]?.count ?? 0
}
