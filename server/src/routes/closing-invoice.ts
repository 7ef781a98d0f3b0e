import type { invoicingRoutes } from '@uurwerk/api/invoicing.ts'
import { closingInvoice, type PricePart } from '@uurwerk/core/invoicing/closing-invoice.ts'
import { type DraftLine, taxOf } from '@uurwerk/core/invoicing/draft-line.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, isNegative, isZero, negate, sum, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type AgreedRow, agreedRows } from '../invoices/agreed-rows.ts'
import { claimClosing, closingOf, earlierLines, forgetCredited, holdEarlier } from '../invoices/closing-rows.ts'
import { claimEntries, claimsOf, type Holder } from '../invoices/invoice-claims.ts'
import { type DraftingFacts, draftingFacts, insertLines, noRows } from '../invoices/invoice-drafting.ts'
import { type CustomerRow, type FirmRow, vatCaseOfRow, vatClassOfRow } from '../invoices/invoice-rows.ts'
import { seriesFor } from '../invoices/invoice-series.ts'
import { insertDraft } from '../invoices/new-draft.ts'
import { lockProject, makeAddUp, type ProjectRow } from './instalments.ts'
import { answerOf } from './invoice-answer.ts'
import { settleTotals } from './invoice-drafts.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>

/** What the closing document of a project says, here or in the package. */
export interface DraftedClosing {
  readonly project: ProjectRow
  readonly customer: CustomerRow
  readonly firm: FirmRow
  readonly date: CalendarDate
  readonly reference: string | null
  readonly orderNumber: string | null
  readonly price: Decimal
  readonly invoiced: Decimal
  readonly rest: Decimal
  /** With the instalments each holds; the first is the price. */
  readonly lines: readonly DraftLine[]
  /** Per line: the earlier lines it deducts. */
  readonly deducts: readonly (readonly string[])[]
}

/**
 * The whole price less what earlier documents came to. The instalments are made to add up to the price first, so that the
 * plan says the same; those that were not invoiced stand on the line of the price.
 */
export async function draftClosing(call: Call, projectId: string, date: CalendarDate): Promise<DraftedClosing> {
  const { trx, firmId } = call
  const project = await lockProject(call, projectId)
  const refuse = (code: string, values: Readonly<Record<string, string>> = {}) =>
    new ProblemError({ kind: 'conflict', code, values: { project: project.name, ...values } })
  if (project.method !== 'fixed-price' && project.method !== 'fixed-per-activity') throw refuse('project-has-no-price')
  await holdEarlier(trx, firmId, project.id)
  await forgetCredited(call, project.id)
  const present = await closingOf(trx, firmId, project.id)
  if (present) throw present.number ? refuse('project-closed', { number: present.number }) : refuse('project-closing')
  if (await isWaiting(call, project.id)) throw refuse('closing-waits')
  const instalments = await wholePlan(call, project)
  const facts = await draftingFacts(trx, firmId, { ...noRows, instalments })
  const own = facts.projects.get(project.id)
  const customer = facts.customers.get(own?.invoicedId ?? '')
  if (!own || !customer)
    throw new ProblemError({ kind: 'setup', code: 'project-without-customer', values: { project: project.name, date } })
  const earlier = await earlierLines(trx, firmId, project.id)
  const other = earlier.find(({ currency }) => currency !== customer.currency)
  if (other) throw refuse('closing-currency-differs', { number: other.number, currency: other.currency })
  const language = customer.language === 'nl' ? 'nl' : 'en'
  const name = own.servedName ? `${own.servedName}, ${project.name}` : project.name
  const parts = partsOf(instalments, { facts, customer, date, name })
  const { price, invoiced, rest, lines } = closingInvoice({ parts, earlier, language })
  if (isNegative(rest)) throw refuse('closing-over-invoiced', { price, invoiced, over: toCents(negate(rest)) })
  if (isZero(rest)) throw refuse('closing-nothing-left')
  const { reference, orderNumber } = own
  return {
    project,
    customer,
    firm: facts.firm,
    date,
    reference,
    orderNumber,
    price,
    invoiced,
    rest,
    lines: lines.map(
      ({ supplied, deducts: _, ...line }): DraftLine => ({
        ...line,
        source: 'instalment',
        unit: 'piece',
        vat: toCents(zero),
        supplyFrom: supplied?.from ?? date,
        supplyUntil: supplied?.until ?? date,
        ownPeriod: supplied !== null,
        projectId: project.id,
        activityIds: line.activityId ? [line.activityId] : [],
      }),
    ),
    deducts: lines.map(({ deducts }) => deducts),
  }
}

/** The plan, the price and every line that is deducted, reserved for the closing document. */
export async function reserveClosing(
  call: Call,
  holder: Holder,
  { project, lines, deducts }: DraftedClosing,
  lineIds: readonly string[],
): Promise<void> {
  const [first] = lineIds
  assert(first, 'a closing invoice has a line for the price')
  await claimEntries(call, holder, claimsOf(lines, lineIds))
  await claimClosing(call, {
    holder,
    projectId: project.id,
    lineId: first,
    deductions: deducts.flatMap((earlier, index) =>
      earlier.map((earlierId) => ({ lineId: lineIds[index] as string, earlierId })),
    ),
  })
}

/** The draft of a closing invoice; its instalments are free again when the draft is deleted. */
export const createClosingInvoice: HandlerOf<(typeof invoicingRoutes)['createClosingInvoice']> = async (call) => {
  const { trx, firmId, params, body, services, now } = call
  const date = body.date === undefined ? dateIn(call.firm.timeZone, now) : calendarDate(body.date)
  const closing = await draftClosing(call, params.id, date)
  const { project, customer, firm, price, invoiced, rest } = closing
  const series = await seriesFor(trx, firmId, body.seriesId)
  const { reference, orderNumber } = closing
  const id = await insertDraft(call, { customer, firm, seriesId: series.id, date }, { reference, orderNumber })
  const lineIds = await insertLines({ trx, firmId, ids: services.ids }, id, closing.lines)
  await reserveClosing(call, { invoiceId: id }, closing, lineIds)
  await settleTotals(call, id)
  await remember(call, { kind: 'invoice', id }, 'created', {
    after: { closes: project.name, price, invoiced, net: rest },
  })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id] })
  await services.events.publish(trx, firmId, { topic: 'due', ids: [project.id] })
  return answerOf(call, id)
}

/**
 * Whether a draft still holds an instalment, a draft credit note takes one back, or the package is still to make a
 * document of one: what they come to is not known yet.
 */
async function isWaiting({ trx, firmId }: Call, projectId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from invoice i
    join invoice_line l on l.firm_id = i.firm_id and l.invoice_id = i.id
    where i.firm_id = ${firmId}::uuid and i.state = 'draft' and i.deleted_at is null
      and l.project_id = ${projectId}::uuid and l.kind = 'instalment'
    union all
    select 1 from package_invoice d
    join package_invoice_line l on l.firm_id = d.firm_id and l.package_invoice_id = d.id
    where d.firm_id = ${firmId}::uuid and d.state = 'reserved' and l.project_id = ${projectId}::uuid and l.kind = 'instalment'
    limit 1`.execute(trx)
  return rows.length > 0
}

/** Every instalment of the project, after they were made to add up to the price of each part. */
async function wholePlan(call: Call, project: ProjectRow): Promise<AgreedRow[]> {
  const { trx, firmId } = call
  const { rows: prices } = await sql<{ activityId: string | null; price: string | null }>`
    select null::uuid as "activityId", p.price from project p
    where p.firm_id = ${firmId}::uuid and p.id = ${project.id}::uuid and p.invoicing_method = 'fixed-price'
    union all
    select a.activity_id, a.price from project_activity a
    where a.firm_id = ${firmId}::uuid and a.project_id = ${project.id}::uuid and a.price is not null
      and ${project.method === 'fixed-per-activity'}
    order by 1`.execute(trx)
  if (prices.length === 0 || prices.some(({ price }) => price === null))
    throw new ProblemError({ kind: 'setup', code: 'price-missing', values: { project: project.name } })
  for (const { activityId } of prices) await makeAddUp(call, project, { activityId })
  const { rows } = await sql<{ id: string }>`
    select id from instalment
    where firm_id = ${firmId}::uuid and project_id = ${project.id}::uuid and deleted_at is null`.execute(trx)
  return agreedRows(
    trx,
    firmId,
    'instalment',
    rows.map(({ id }) => id),
  )
}

/** The price, apart per activity and VAT class, taxed on the day of the invoice. */
function partsOf(
  instalments: readonly AgreedRow[],
  about: {
    readonly facts: DraftingFacts
    readonly customer: CustomerRow
    readonly date: CalendarDate
    readonly name: string
  },
): PricePart[] {
  const { facts, customer, date, name } = about
  const groups = Map.groupBy(instalments, ({ activityId, vatClass }) => JSON.stringify([activityId, vatClass]))
  return [...groups.values()].map((group) => {
    const [{ activityId = null, vatClass = null } = {}] = group
    const activity = facts.activities.find(({ id }) => id === activityId)
    const tax = taxOf(
      {
        vatClass: vatClass === null ? (activity?.vatClass ?? null) : vatClassOfRow(vatClass),
        date,
        about: { project: name, date },
      },
      {
        customer: { ...customer, vatCase: vatCaseOfRow(customer.vatCase), billingRounding: null },
        firm: { country: facts.firm.country, defaultVatClass: vatClassOfRow(facts.firm.defaultVatClass) },
      },
    )
    if ('problem' in tax) throw new ProblemError(tax.problem)
    return {
      name: activity ? `${name}, ${activity.name}` : name,
      amount: toCents(sum(group.map(({ amount }) => decimal(amount)))),
      vatTreatment: tax.treatment,
      vatRate: tax.vatRate,
      activityId,
      entryIds: group.filter(({ claimed }) => !claimed).map(({ id }) => id),
    }
  })
}
