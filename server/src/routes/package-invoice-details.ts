import type { packageInvoiceRoutes } from '@uurwerk/api/package-invoices.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import { drivenKmSql } from '../entries/trip-rows.ts'
import type { FirmCall } from '../http/call.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { storedVatPerRate } from '../invoices/frozen.ts'
import { treatmentOfRow } from '../invoices/invoice-rows.ts'
import { readStored } from '../store/stored.ts'
import { vatRows } from './package-invoice-preview.ts'
import { getPackageInvoice, toPackageInvoice } from './package-invoice-rows.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>
type Answer = AnswerOf<(typeof packageInvoiceRoutes)['readPackageInvoice']>
type Line = Answer['lines'][number]

interface LineRow extends Omit<Line, 'entries' | 'vatTreatmentLabel'> {
  readonly vatTreatment: string
}

/** A document in the package with its lines, the entries behind them, and what happened to it. */
export async function packageInvoiceDetails(call: Call, id: string): Promise<Answer> {
  const { trx, firmId, services, language } = call
  const row = await getPackageInvoice(trx, firmId, id)
  const { rows: lines } = await sql<LineRow>`
    select id, kind, description, quantity, unit, unit_price as "unitPrice", net, vat, vat_rate as "vatRate",
      vat_treatment as "vatTreatment", registered_minutes as "registeredMinutes"
    from package_invoice_line
    where firm_id = ${firmId}::uuid and package_invoice_id = ${id}::uuid order by position`.execute(trx)
  const entries = Map.groupBy(await entriesOf(call, id), ({ lineId }) => lineId)
  const history = await trx
    .selectFrom('history')
    .select(['act', 'actorName', 'at', 'why'])
    .where('firmId', '=', firmId)
    .where('subjectKind', '=', 'package-invoice')
    .where('subjectId', '=', id)
    .orderBy('id')
    .execute()
  return {
    ...toPackageInvoice(services, row, language),
    vatPerRate: vatRows(call, readStored(storedVatPerRate, row.vatPerRate, 'the VAT of a document in the package')),
    lines: lines.map(({ vatTreatment, ...line }) => ({
      ...line,
      quantity: decimal(line.quantity),
      unitPrice: decimal(line.unitPrice),
      net: toCents(decimal(line.net)),
      vat: toCents(decimal(line.vat)),
      vatRate: decimal(line.vatRate),
      vatTreatmentLabel: treatmentWords(language, treatmentOfRow(vatTreatment)),
      entries: (entries.get(line.id) ?? []).map(({ lineId: _, ...entry }) => entry),
    })),
    history: history.map(({ act, actorName, at, why }) => ({ act, actor: actorName, at: at.toISOString(), why })),
  }
}

type EntryRow = Line['entries'][number] & { readonly lineId: string }

/** What stood behind each line when it was posted, whether or not it is still held by it. */
async function entriesOf({ trx, firmId }: Call, id: string): Promise<readonly EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    with held as (
      select l.id as line_id, l.kind, e.entry_id from package_invoice_line l cross join lateral unnest(l.entry_ids) as e (entry_id)
      where l.firm_id = ${firmId}::uuid and l.package_invoice_id = ${id}::uuid)
    select h.line_id as "lineId", e.id, e.date, e.minutes, null::numeric as km, null::numeric as amount, m.name as "memberName",
      concat_ws(' · ', a.name, nullif(e.note, '')) as about
    from held h
    join hour_entry e on e.firm_id = ${firmId}::uuid and e.id = h.entry_id and h.kind = 'hours'
    join member m on m.firm_id = e.firm_id and m.id = e.member_id
    join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
    union all
    select h.line_id, e.id, e.date, null, null, e.recharge_net, m.name, concat_ws(' · ', g.name, nullif(e.note, ''))
    from held h
    join expense e on e.firm_id = ${firmId}::uuid and e.id = h.entry_id and h.kind = 'expense'
    join member m on m.firm_id = e.firm_id and m.id = e.member_id
    join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id
    union all
    select h.line_id, e.id, e.date, null, ${drivenKmSql}, null, m.name, e.from_place || ' – ' || e.to_place
    from held h
    join trip e on e.firm_id = ${firmId}::uuid and e.id = h.entry_id and h.kind = 'trip'
    join member m on m.firm_id = e.firm_id and m.id = e.member_id
    union all
    select h.line_id, n.id, n.due_on, null, null, n.amount, null, n.description
    from held h join instalment n on n.firm_id = ${firmId}::uuid and n.id = h.entry_id and h.kind = 'instalment'
    union all
    select h.line_id, n.id, n.due_on, null, null, n.amount, null, s.description
    from held h join subscription_period n on n.firm_id = ${firmId}::uuid and n.id = h.entry_id and h.kind = 'subscription'
    join subscription s on s.firm_id = n.firm_id and s.id = n.subscription_id
    order by 3, 2`.execute(trx)
  return rows
}
