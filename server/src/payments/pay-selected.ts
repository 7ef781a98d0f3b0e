import type { paymentRoutes } from '@uurwerk/api/payments.ts'
import type { AnswerOf, BodyOf } from '@uurwerk/api/route.ts'
import { compare, type Decimal, decimal, sum, toCents, zero } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { customerNameSql } from '../invoices/invoice-filter.ts'
import { selectedInvoices } from '../invoices/selected-invoices.ts'

type Route = (typeof paymentRoutes)['payInvoices']
type Call = FirmCall<Route>
type Answer = AnswerOf<Route>

interface Chosen {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly number: string | null
  readonly customerName: string
  readonly currency: string
  readonly outstanding: string
  readonly updatedAt: Date
}

interface Made {
  readonly id: string
  readonly invoiceId: string
  readonly amount: Decimal
}

/** A payment of what is outstanding of each; as many statements for one as for thousands. */
export async function paySelected(call: Call): Promise<Answer> {
  const { body, language, services } = call
  const ids = await selectedInvoices(call, body.selection)
  const chosen = await holdChosen(call, ids)
  const asOf = 'filter' in body.selection && body.selection.asOf ? new Date(body.selection.asOf) : undefined
  const made: Made[] = []
  const rows = ids.map((invoiceId): Answer['rows'][number] => {
    const one = chosen.get(invoiceId)
    const problem = whyLeftOut(one, asOf)
    const about = { invoiceId, number: one?.number ?? null, customerName: one?.customerName ?? null }
    if (problem || !one) return { ...about, payment: null, problem: problem && explainProblem(problem, language) }
    const payment = { id: services.ids.next(), invoiceId, amount: toCents(decimal(one.outstanding)) }
    made.push(payment)
    return {
      ...about,
      payment: { id: payment.id, amount: payment.amount, currency: one.currency, version: 1 },
      problem: null,
    }
  })
  await writePayments(call, body, made)
  const ofCurrency = Map.groupBy(made, ({ invoiceId }) => chosen.get(invoiceId)?.currency ?? '')
  return {
    paid: made.length,
    amounts: [...ofCurrency].map(([currency, list]) => ({
      currency,
      amount: toCents(sum(list.map(({ amount }) => amount))),
    })),
    rows,
  }
}

async function holdChosen({ trx, firmId }: Call, ids: readonly string[]): Promise<ReadonlyMap<string, Chosen>> {
  const { rows } = await sql<Chosen>`
    select i.id, i.kind, i.state, i.number, ${customerNameSql} as "customerName", i.currency, i.outstanding,
      i.updated_at as "updatedAt"
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and i.id = any(${[...ids]}::uuid[]) and i.deleted_at is null
    order by i.id for update of i`.execute(trx)
  return new Map(rows.map((row) => [row.id, row]))
}

function whyLeftOut(one: Chosen | undefined, asOf: Date | undefined): Problem | null {
  if (!one) return { kind: 'missing', code: 'not-found', values: { what: 'invoice' } }
  const values = { number: one.number ?? '' }
  if (one.kind === 'credit') return { kind: 'conflict', code: 'payment-on-credit-note', values }
  if (one.state === 'draft') return { kind: 'conflict', code: 'payment-on-draft' }
  if (asOf && one.updatedAt > asOf) return { kind: 'conflict', code: 'invoice-changed', values }
  const left = compare(decimal(one.outstanding), zero)
  if (left < 0) return { kind: 'conflict', code: 'invoice-to-refund', values }
  if (left === 0) return { kind: 'conflict', code: 'nothing-outstanding', values }
  return null
}

async function writePayments(call: Call, { date, way }: Pick<BodyOf<Route>, 'date' | 'way'>, made: readonly Made[]) {
  if (made.length === 0) return
  const { trx, firmId, actor, now, services, requestId } = call
  const rows = JSON.stringify(
    made.map(({ id, invoiceId, amount }) => ({
      id,
      invoice_id: invoiceId,
      amount,
      history_id: services.ids.next(),
      after: { paymentId: id, date, amount, way },
    })),
  )
  await sql`
    insert into payment (firm_id, id, invoice_id, date, amount, way, created_by, created_at, updated_at)
    select ${firmId}::uuid, r.id, r.invoice_id, ${date}::date, r.amount, ${way}, ${actor.memberId}::uuid, ${now}, ${now}
    from jsonb_to_recordset(${rows}::jsonb) as r (id uuid, invoice_id uuid, amount numeric)`.execute(trx)
  await sql`
    update invoice set version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = any(${made.map(({ invoiceId }) => invoiceId)}::uuid[])`.execute(trx)
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, after, actor_id, actor_name, request_id, at)
    select ${firmId}::uuid, r.history_id, 'invoice', r.invoice_id, 'payment-registered', r.after, ${actor.memberId}::uuid,
      ${actor.name}, ${requestId}, ${now}
    from jsonb_to_recordset(${rows}::jsonb) as r (history_id uuid, invoice_id uuid, after jsonb)`.execute(trx)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: made.map(({ invoiceId }) => invoiceId) })
}
