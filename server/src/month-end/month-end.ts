import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { compare, decimal, isZero, round, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import { bookedThereSql } from '../coming-back/made-there.ts'
import { findActiveSales } from '../connections/active.ts'
import { countsSql, inBooksSql } from '../invoices/in-books.ts'
import type { ClaimedKind } from '../invoices/invoice-claims.ts'
import { paidThereSql } from '../package-invoices/paid-there.ts'
import { refusalGroups } from '../postings/refusal-groups.ts'
import { readUninvoiced } from '../uninvoiced/uninvoiced.ts'
import { approving, submitting } from './entries.ts'
import type { Month, MonthCall, MonthEnd, StepOf } from './month.ts'

/** How many documents of each step are shown; the rest is counted. */
const mostShown = 8
/** So many go through one preview. */
const mostToPost = 500

export async function readMonthEnd(call: MonthCall, month: Month): Promise<MonthEnd> {
  const { trx, firmId, actor } = call
  const seesHours = actor.rights.has('hours:read')
  const { approval } = await trx
    .selectFrom('firm')
    .select('approval')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  return {
    month: month.month,
    from: month.from,
    until: month.until,
    approval: approval !== 'off',
    ...(seesHours ? { submitting: await submitting(call, month), approving: await approving(call, month) } : {}),
    ...(seesHours && actor.rights.has('reports:read') ? { invoicing: await invoicing(call, month) } : {}),
    sending: await sending(call, month),
    ...(actor.rights.has('postings:read') ? await posting(call, month) : {}),
    paying: await paying(call, month),
  }
}

/**
 * What is of the month or before it, approved, and free now: an invoice of a later date ends it. Also where it has no
 * amount because it has no rate, or comes to nothing.
 */
async function invoicing({ trx, firmId, actor }: MonthCall, { today, until }: Month): Promise<StepOf<'invoicing'>> {
  const found = await readUninvoiced({ trx, firmId, actor, filter: {}, today, asAt: today, until })
  const customers = found.customers
    .filter(({ projects }) => projects.some(({ oldest }) => oldest !== null))
    .map(({ customerId, customerName, currency, total, hours, trips }) => ({
      customerId,
      customerName,
      currency,
      amount: total,
      withoutRateMinutes: hours.withoutRateMinutes,
      withoutRateKm: trips.withoutRateKm,
    }))
    .sort((a, b) => compare(decimal(b.amount), decimal(a.amount)))
  return {
    count: customers.length,
    totals: found.totals
      .filter(({ total }) => !isZero(decimal(total)))
      .map(({ currency, total }) => ({ currency, amount: total })),
    customers: customers.slice(0, mostShown),
    withoutRateMinutes: customers.reduce((total, one) => total + one.withoutRateMinutes, 0),
    withoutRateKm: round(sum(customers.map((one) => decimal(one.withoutRateKm))), 1),
  }
}

interface DocumentRow {
  readonly id: string
  readonly number: string | null
  readonly customerName: string
  readonly date: string
  readonly dueDate: string | null
  readonly currency: string
  readonly amount: string
}

/** Invoices of a kind: the oldest of them, how many, and what they come to. */
async function documentsWhere(
  { trx, firmId }: Pick<MonthCall, 'trx' | 'firmId'>,
  where: RawBuilder<unknown>,
  amount: RawBuilder<unknown> = sql`i.gross`,
) {
  const from = sql`from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId} and i.deleted_at is null and ${where}`
  const { rows: sums } = await sql<{ currency: string; amount: string; documents: number }>`
    select i.currency, sum(${amount}) as amount, count(*)::int as documents ${from} group by 1 order by 1`.execute(trx)
  const { rows } = await sql<DocumentRow>`
    select i.id, i.number, k.name as "customerName", i.date, i.due_date as "dueDate", i.currency, ${amount} as amount
    ${from} order by i.date, i.number, i.id limit ${mostShown}`.execute(trx)
  return {
    count: sums.reduce((total, { documents }) => total + documents, 0),
    amounts: sums.map((row) => ({ ...row, amount: toCents(decimal(row.amount)) })),
    rows: rows.map((row) => ({ ...row, amount: toCents(decimal(row.amount)) })),
  }
}

/** Of what was written or became due up to this day, anything on a draft of a later date. */
const holdsWorkUntil = (last: CalendarDate) => {
  const of = (kind: ClaimedKind, table: string, day: string) => sql`
    select from ${sql.table(table)} e where c.entry_kind = ${sql.lit(kind)} and e.firm_id = c.firm_id
      and e.id = c.entry_id and ${sql.ref(`e.${day}`)} <= ${last}::date`
  return sql`exists (select from claim c where c.firm_id = i.firm_id and c.invoice_id = i.id and c.released_at is null
    and (exists (${of('hours', 'hour_entry', 'date')}) or exists (${of('expense', 'expense', 'date')})
      or exists (${of('trip', 'trip', 'date')}) or exists (${of('instalment', 'instalment', 'due_on')})
      or exists (${of('subscription', 'subscription_period', 'due_on')})))`
}

async function sending(call: MonthCall, { last, until }: Month): Promise<MonthEnd['sending']> {
  const { count, amounts, rows } = await documentsWhere(
    call,
    sql`i.state = 'draft' and (i.date is null or i.date <= ${last}::date or ${holdsWorkUntil(until)})`,
  )
  return { count, amounts, drafts: rows }
}

async function posting(
  call: MonthCall,
  { last }: Month,
): Promise<{ readonly posting: StepOf<'posting'>; readonly refused: StepOf<'refused'> }> {
  const { trx, firmId, services } = call
  const connection = await findActiveSales(call)
  if (!connection)
    return {
      posting: { connection: null, count: 0, amounts: [], invoices: [], invoiceIds: [], underWay: 0 },
      refused: { count: 0, groups: [] },
    }
  const { manifest } = services.connections.connectorOf(connection.package)
  const where = sql`i.state <> 'draft' and not ${inBooksSql} and i.date <= ${last}::date
      and (${connection.cutOff}::date is null or i.date >= ${connection.cutOff}::date)
      and not exists (select from posting p where p.firm_id = i.firm_id and p.connection_id = ${connection.id}
        and p.kind = 'salesEntry' and p.subject_id = i.id and p.state <> 'discarded')`
  const unposted = await documentsWhere(call, where)
  const { rows: ids } = await sql<{ id: string }>`
    select i.id from invoice i where i.firm_id = ${firmId} and i.deleted_at is null and ${where}
    order by i.date, i.number, i.id limit ${mostToPost}`.execute(trx)
  const { rows: underWay } = await sql<{ count: number }>`
    select count(*)::int as count from posting
    where firm_id = ${firmId} and connection_id = ${connection.id}
      and state not in ('posted', 'discarded', 'refused', 'blocked', 'needs-person')`.execute(trx)
  const groups = await refusalGroups(call, connection.id)
  return {
    posting: {
      connection: {
        id: connection.id,
        packageName: manifest.name,
        state: connection.state,
        readsPayments: manifest.settled,
      },
      count: unposted.count,
      amounts: unposted.amounts,
      invoices: unposted.rows,
      invoiceIds: ids.map(({ id }) => id),
      underWay: underWay[0]?.count ?? 0,
    },
    refused: {
      count: groups.reduce((total, { members }) => total + members.length, 0),
      groups: groups.map(({ key, about, problem: { code, cause, remedy }, members }) => ({
        key,
        code,
        cause,
        remedy,
        about,
        count: members.length,
      })),
    },
  }
}

async function paying(call: MonthCall, { last, today }: Month): Promise<MonthEnd['paying']> {
  const open = sql`i.state <> 'draft' and i.outstanding > 0 and i.date <= ${last}::date`
  const all = await documentsWhere(call, open, sql`i.outstanding`)
  const overdue = await documentsWhere(call, sql`${open} and i.due_date < ${today}::date`, sql`i.outstanding`)
  return {
    count: all.count,
    amounts: all.amounts,
    overdue: overdue.count,
    overdueAmounts: overdue.amounts,
    invoices: overdue.rows,
    made: await payingThere(call, last),
  }
}

/** What is open of documents that a package made, as it last said. */
async function payingThere(
  { trx, firmId, services }: MonthCall,
  last: CalendarDate,
): Promise<MonthEnd['paying']['made']> {
  const isOpen = sql`paid.outstanding > 0`
  const isUnknown = sql`coalesce(paid.state, 'unknown') = 'unknown'`
  const { rows } = await sql<{
    currency: string
    documents: number
    amount: string | null
    unknown: number
    notBooked: number
  }>`
    select d.currency, count(*) filter (where ${isOpen})::int as documents, sum(paid.outstanding) filter (where ${isOpen}) as amount,
      count(*) filter (where ${isUnknown} and booked.is)::int as unknown,
      count(*) filter (where ${isUnknown} and not booked.is)::int as "notBooked"
    from package_invoice d
    join connection k on k.firm_id = d.firm_id and k.id = d.connection_id
    cross join lateral (select ${bookedThereSql(services)} as is) booked
    ${paidThereSql}
    where d.firm_id = ${firmId} and d.state in ('made', 'printed') and d.date <= ${last}::date and ${countsSql}
    group by 1 order by 1`.execute(trx)
  const total = (of: 'documents' | 'unknown' | 'notBooked') => rows.reduce((sum, row) => sum + row[of], 0)
  return {
    count: total('documents'),
    amounts: rows.flatMap(({ currency, documents, amount }) =>
      amount === null ? [] : [{ currency, documents, amount: toCents(decimal(amount)) }],
    ),
    unknown: total('unknown'),
    notBooked: total('notBooked'),
  }
}
