import { returnBoxOf } from '@uurwerk/core/bookkeeping/vat-overview.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Sheet, SheetColumn } from '../exports/sheet.ts'
import type { Language } from '../http/call.ts'
import { treatmentAtRate } from '../http/vat-words.ts'
import type { Services } from '../services.ts'
import { bookedThereSql, madeThereSql } from './made-there.ts'
import {
  type VatFound,
  type VatPeriod,
  type VatRowsAsked,
  vatInvoiceColumns,
  vatInvoicesSql,
} from './vat-overview-rows.ts'

const column = (
  id: string,
  kind: 'text' | 'date' | 'decimal',
  value: RawBuilder<unknown>,
  head = `export.vat.${id}`,
): SheetColumn => ({ id, head, kind, value })

/** What was added up, one row for each case and rate. */
export function vatLinesSheet({ overview }: VatFound, language: Language, country: string): Sheet {
  const rows = overview.lines.map((line) => ({
    ...line,
    label: treatmentAtRate(language, line.treatment, line.rate),
    box: returnBoxOf(line.treatment, country),
  }))
  return {
    name: 'export.vat',
    columns: [
      column('box', 'text', sql`r.box`),
      column('case', 'text', sql`r.label`),
      column('rate', 'decimal', sql`r.rate`),
      column('invoices', 'decimal', sql`r.invoices`, 'export.vat.invoicesCount'),
      column('base', 'decimal', sql`r.base`),
      column('vat', 'decimal', sql`r.vat`, 'export.invoice.vat'),
    ],
    rows: sql` from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as (box text, label text, rate numeric, invoices integer, base numeric(18, 2), vat numeric(18, 2))) with ordinality
      as r(box, label, rate, invoices, base, vat, n) order by r.n`,
  }
}

/** Services per VAT id elsewhere in the Union. */
export const euServicesSheet = ({ overview }: VatFound): Sheet => ({
  name: 'export.vat.eu',
  columns: [
    column('country', 'text', sql`r.country`),
    column('vatId', 'text', sql`r.vat_id`),
    column('customer', 'text', sql`r.name`, 'export.customer'),
    column('invoices', 'decimal', sql`r.invoices`, 'export.vat.invoicesCount'),
    column('services', 'decimal', sql`r.base`),
  ],
  rows: sql` from rows from (jsonb_to_recordset(${JSON.stringify(
    overview.euServices.map(({ vatId, ...row }) => ({ ...row, vat_id: vatId })),
  )}::jsonb) as (country text, vat_id text, name text, invoices integer, base numeric(18, 2))) with ordinality
    as r(country, vat_id, name, invoices, base, n) order by r.n`,
})

/** Every invoice behind it, in its own currency. */
export function vatInvoicesSheet(firmId: string, asked: VatRowsAsked): Sheet {
  const of = vatInvoiceColumns(asked)
  return {
    name: 'export.vat.invoices',
    columns: [
      column('number', 'text', sql`i.number`, 'export.invoice.number'),
      column('date', 'date', sql`i.date`, 'export.date'),
      column('bookedIn', 'date', sql`${of.bookedIn}::date`),
      column('customer', 'text', of.customerName, 'export.customer'),
      column('currency', 'text', sql`i.currency`, 'export.currency'),
      column('base', 'decimal', sql`${of.base}`),
      column('vat', 'decimal', sql`${of.vat}`, 'export.invoice.vat'),
      column('gross', 'decimal', sql`i.gross`, 'export.invoice.gross'),
      column('theirGross', 'decimal', of.theirGross),
      column('theirVat', 'decimal', of.theirVat),
      column('theirNumber', 'text', of.theirNumber),
      {
        ...column('booked', 'text', of.booked),
        kind: 'word',
        words: {
          posted: 'export.vat.booked.posted',
          differs: 'export.vat.booked.differs',
          'not-posted': 'export.vat.booked.not-posted',
          'already-in-books': 'export.vat.booked.already-in-books',
        },
      },
    ],
    rows: sql`${vatInvoicesSql(firmId, asked)} order by i.date, i.id`,
  }
}

/** Every document that a package made of our entries, by what it says itself. */
export function madeThereSheet(services: Pick<Services, 'connectors'>, firmId: string, period: VatPeriod): Sheet {
  const names = [...services.connectors.values()].map(({ manifest: { id, name } }) => ({ id, name }))
  return {
    name: 'export.vat.made',
    columns: [
      column('number', 'text', sql`d.their_number`, 'export.invoice.number'),
      column('date', 'date', sql`d.date`, 'export.date'),
      column('customer', 'text', sql`d.customer_name`, 'export.customer'),
      column(
        'package',
        'text',
        sql`coalesce((select n.name from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as n (id text, name text)
          where n.id = k.package), k.package)`,
        'export.posting.package',
      ),
      column('currency', 'text', sql`d.currency`, 'export.currency'),
      column('net', 'decimal', sql`theirs.net`, 'export.vat.base'),
      column('vat', 'decimal', sql`theirs.vat`, 'export.invoice.vat'),
      column('gross', 'decimal', sql`theirs.gross`, 'export.invoice.gross'),
      {
        ...column('booked', 'text', sql`case when ${bookedThereSql(services)} then 'posted' else 'not-posted' end`),
        kind: 'word',
        words: { posted: 'export.vat.booked.posted', 'not-posted': 'export.vat.booked.not-posted' },
      },
    ],
    rows: sql`${madeThereSql(firmId, period)} order by d.date, d.id`,
  }
}
