import type { letterInput, letterKind } from '@uurwerk/api/letters.ts'
import { formatNumber } from '@uurwerk/core/invoicing/number-series.ts'
import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import { fileNameOf, mayHaveUbl } from '../documents/invoice-documents.ts'
import type { FirmRow, StoredInvoice } from '../invoices/invoice-rows.ts'
import { getSeries, nextPlace } from '../invoices/invoice-series.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { readStored } from '../store/stored.ts'
import { invoiceValues } from './letter-values.ts'
import { addressIn } from './mail.ts'
import { filledText, type TemplateKind, type Text, templateOf, type Values } from './templates.ts'

export type LetterKind = z.output<typeof letterKind>
export type LetterInput = z.output<typeof letterInput>

export interface Asking {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'mail'>
  readonly now: Date
}

/** Which letter is meant: the invoice itself, or a step of its reminder. */
export type Wanted = { readonly kind: 'invoice' } | { readonly kind: 'reminder'; readonly step: number }

export interface Recipient {
  readonly address: string
  readonly name: string | null
}

export interface Receipt {
  readonly fileId: string
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly date: string
  readonly amount: string
  readonly currency: string
}

/** A letter as the templates, the settings of the firm and what is known of the customer propose it. */
export interface Proposal extends Text {
  readonly kind: LetterKind
  readonly step: number | null
  readonly language: Language
  readonly to: readonly Recipient[]
  readonly bcc: readonly string[]
  readonly attach: LetterInput['attach']
  readonly known: readonly (Recipient & { readonly role: string | null })[]
  readonly receipts: readonly Receipt[]
  readonly hasHours: boolean
  readonly hasUbl: boolean
  /** Why it cannot go out by mail. */
  readonly problems: readonly Problem[]
}

const standardAttach = z.object({ ubl: z.boolean(), hours: z.boolean(), receipts: z.boolean() })
export type StandardAttach = z.output<typeof standardAttach>
export const attachOf = (firm: Pick<FirmRow, 'mailAttach'>): StandardAttach =>
  readStored(standardAttach, firm.mailAttach, 'what goes along with a letter')

export const templateKindOf = ({ invoice }: Pick<StoredInvoice, 'invoice'>, wanted: Wanted): TemplateKind => {
  if (wanted.kind === 'reminder') return `reminder-${wanted.step}` as TemplateKind
  return invoice.kind === 'credit' ? 'credit-note' : 'invoice'
}

/** Who signs, and where answers go. */
export const senderOf = (
  { mail }: Pick<Services, 'mail'>,
  firm: Pick<FirmRow, 'mailSenderName' | 'mailReplyTo' | 'name' | 'email'>,
) => ({
  sender: { name: firm.mailSenderName ?? firm.name, address: mail.from && addressIn(mail.from) },
  replyTo: firm.mailReplyTo ?? firm.email,
})

export async function proposalOf(call: Asking, stored: StoredInvoice, wanted: Wanted): Promise<Proposal> {
  const { trx, firmId, services, now } = call
  const { invoice, firmRow, row } = stored
  const { language } = invoice
  const kind = templateKindOf(stored, wanted)
  const known = await addressesOf(call, row.customerId)
  const to = known.filter(({ isDefault }) => isDefault).map(({ address, name }) => ({ address, name }))
  const values = invoiceValues(stored, {
    language,
    contact: contactOf(to),
    today: dateIn(firmRow.timeZone, now),
  })
  const text = filledText(await templateOf({ trx, firmId }, kind, language), values)
  const standard = attachOf(firmRow)
  const receipts = await receiptsBehind(call, row.id)
  const hasHours = await hasHoursBehind(call, row.id)
  const hasUbl = mayHaveUbl(invoice, language)
  return {
    ...text,
    kind: wanted.kind === 'reminder' ? 'reminder' : kind === 'credit-note' ? 'credit-note' : 'invoice',
    step: wanted.kind === 'reminder' ? wanted.step : null,
    language,
    to,
    bcc: firmRow.mailBcc,
    attach:
      wanted.kind === 'reminder'
        ? documentAlone
        : {
            ubl: standard.ubl && hasUbl,
            hours: standard.hours && hasHours,
            receipts: standard.receipts ? receipts.map(({ fileId }) => fileId) : [],
          },
    known: known.map(({ isDefault: _, ...one }) => one),
    receipts,
    hasHours,
    hasUbl,
    problems: [
      ...(services.mail.works ? [] : [mailNotSet]),
      ...(to.length > 0 ? [] : [mailMissing(invoice.customer.name)]),
    ],
  }
}

/** With a reminder: an e-invoice that comes once more might be booked once more. */
const documentAlone = { ubl: false, hours: false, receipts: [] }

export const mailNotSet: Problem = { kind: 'setup', code: 'mail-not-set' }
export const mailMissing = (customer: string): Problem => ({
  kind: 'setup',
  code: 'customer-mail-missing',
  values: { customer },
})

/** The first who has a name. */
export const contactOf = (to: readonly { readonly name?: string | null | undefined }[]): string | null =>
  to.find(({ name }) => name)?.name ?? null

/** How a proposal for a draft reads with the number it would get now, and how its files would be called. */
export async function forecastOf({ trx, firmId }: Asking, stored: StoredInvoice) {
  const { invoice, row } = stored
  const number = invoice.number ?? (await numberNow({ trx, firmId }, row.seriesId, invoice.date))
  const numbered = { ...invoice, number }
  return {
    values: { number } satisfies Values,
    fileNames: {
      pdf: fileNameOf(numbered, 'pdf'),
      hours: fileNameOf(numbered, 'pdf-with-hours'),
      ubl: fileNameOf(numbered, 'ubl'),
    },
  }
}

async function numberNow(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  seriesId: string,
  date: CalendarDate,
): Promise<string> {
  const series = await getSeries(trx, firmId, seriesId)
  const { counter } = await nextPlace(trx, firmId, series, date)
  return formatNumber(series.pattern, { date, counter })
}

interface KnownAddress extends Recipient {
  readonly role: string | null
  /** Gets letters unless somebody chooses otherwise. */
  readonly isDefault: boolean
}

/** Contacts who receive invoices, else the address for invoices, else the general one; and all others that are known. */
export async function addressesOf(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  customerId: string,
): Promise<KnownAddress[]> {
  const { rows } = await sql<Recipient & { role: string | null; rank: number }>`
    select address, name, role, rank from (
      select c.email as address, c.name, c.role, case when c.receives_invoices then 1 else 4 end as rank, c.id
      from contact c where c.firm_id = ${firmId}::uuid and c.customer_id = ${customerId}::uuid
        and c.archived_at is null and c.deleted_at is null
      union all
      select k.invoice_email, null, null, 2, k.id from customer k where k.firm_id = ${firmId}::uuid and k.id = ${customerId}::uuid
      union all
      select k.email, null, null, 3, k.id from customer k where k.firm_id = ${firmId}::uuid and k.id = ${customerId}::uuid
    ) known where address is not null order by rank, name, id`.execute(trx)
  const once = [...Map.groupBy(rows, ({ address }) => address.toLowerCase()).values()].map((same) => same[0])
  const first = Math.min(3, ...once.map((one) => one?.rank ?? 3))
  return once.flatMap((one) => (one ? [{ ...one, isDefault: one.rank === first }] : []))
}

/** The expenses, hours and trips of an invoice as it was sent, also when a credit note has since set them free. */
const claimedBy = (firmId: string, invoiceId: string, kind: 'hours' | 'expense') => sql`
  from claim c join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
  where c.firm_id = ${firmId}::uuid and c.invoice_id = ${invoiceId}::uuid and c.entry_kind = ${kind}
    and (c.released_at is null or c.released_at > i.sent_at)`

export async function receiptsBehind(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  invoiceId: string,
): Promise<Receipt[]> {
  const { rows } = await sql<Receipt>`
    select distinct on (e.date, e.id, x.position) f.id as "fileId", f.name, f.media_type as "mediaType",
      f.size_bytes as "sizeBytes", e.date, e.gross as amount, e.currency
    from (select c.entry_id ${claimedBy(firmId, invoiceId, 'expense')}) claimed
    join expense e on e.firm_id = ${firmId}::uuid and e.id = claimed.entry_id
    join expense_file x on x.firm_id = e.firm_id and x.expense_id = e.id
    join file f on f.firm_id = x.firm_id and f.id = x.file_id
    order by e.date, e.id, x.position`.execute(trx)
  // A file may hang on two expenses; it goes along once.
  return [...new Map(rows.map((receipt) => [receipt.fileId, receipt])).values()]
}

async function hasHoursBehind({ trx, firmId }: Pick<Asking, 'trx' | 'firmId'>, invoiceId: string): Promise<boolean> {
  const { rows } = await sql`select 1 ${claimedBy(firmId, invoiceId, 'hours')} limit 1`.execute(trx)
  return rows.length > 0
}
