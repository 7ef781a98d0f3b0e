import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import type { Known } from '../../contract/contract.ts'
import type { BookedLine, SalesEntryDoc } from '../../contract/documents.ts'
import type { Row } from '../../contract/rows.ts'

/** One customer, one journal and a code of each kind, as read from Exact Online; and a document over them. */
export const customer = '8b1f0c3e-0000-4000-8000-000000000001'
export const revenue = '5e0c0c3e-0000-4000-8000-000000008000'

export const line = (part: Partial<BookedLine> = {}): BookedLine => ({
  item: 'item-1',
  ledgerAccount: revenue,
  vatCode: '2',
  description: 'Advies',
  quantity: decimal('10'),
  unit: 'hour',
  unitPrice: decimal('125'),
  net: decimal('1250'),
  vat: decimal('262.50'),
  vatRate: decimal('21'),
  vatTreatment: 'domestic',
  ...part,
})

export const entry = (part: Partial<SalesEntryDoc> = {}): SalesEntryDoc => ({
  reference: 'UW0042',
  kind: 'invoice',
  invoiceNumber: '2026-0042',
  customer: 'ours-1',
  customerName: 'Voorbeeld BV',
  date: calendarDate('2026-03-31'),
  dueDate: calendarDate('2026-04-30'),
  journal: '70',
  currency: 'EUR',
  description: 'Uren maart 2026',
  lines: [line()],
  net: decimal('1250'),
  vat: decimal('262.50'),
  gross: decimal('1512.50'),
  ...part,
})

export const lists = {
  customers: [
    { id: customer, code: '25', name: 'Voorbeeld BV', address: {}, isCustomer: true, isBlocked: false, isEnded: false },
  ],
  ledgerAccounts: [
    { id: revenue, code: '8000', name: 'Omzet', kind: 'revenue', costCentre: 'optional', costUnit: 'optional' },
  ],
  vatCodes: [
    { id: '2', code: '2', name: 'Hoog', percentage: '21', kind: 'excluding', side: 'sales', reverseCharge: false },
    { id: 'V', code: 'V', name: 'Verlegd', percentage: '21', kind: 'excluding', side: 'sales', reverseCharge: true },
    { id: '0', code: '0', name: 'Geen', percentage: '0', kind: 'none', side: 'both', reverseCharge: false },
    { id: 'I', code: 'I', name: 'Hoog incl.', percentage: '21', kind: 'including', side: 'both', reverseCharge: false },
    { id: 'P', code: 'P', name: 'Inkoop', percentage: '21', kind: 'excluding', side: 'purchase', reverseCharge: false },
    {
      id: 'B',
      code: 'B',
      name: 'Oud',
      percentage: '19',
      kind: 'excluding',
      side: 'sales',
      reverseCharge: false,
      unusable: 'blocked',
    },
  ],
  journals: [{ id: '70', code: '70', name: 'Verkoop', kind: 'sales', currency: 'EUR', allowsOtherCurrency: true }],
  paymentTerms: [{ id: '30', code: '30', name: '30 dagen', days: 30, endOfMonths: 0 }],
  dimensions: [
    { id: 'costCentre:ADV', code: 'ADV', name: 'Advies', kind: 'costCentre', isEnded: false },
    { id: 'costCentre:OUD', code: 'OUD', name: 'Oud', kind: 'costCentre', isEnded: true },
  ],
  periods: ['01', '02', '03', '04'].map((month) => ({
    id: `2026-${month}`,
    code: `2026-${month}`,
    name: `2026-${month}`,
    year: 2026,
    period: Number(month),
    from: `2026-${month}-01`,
    until: `2026-${month}-${{ '02': '28', '04': '30' }[month] ?? '31'}`,
    closedIn: month === '01' ? ['70'] : month === '02' ? ['*'] : [],
  })),
} as const satisfies { readonly [N in keyof Row]?: readonly Row[N][] }

type Lists = { readonly [N in keyof Row]?: readonly Row[N][] }

export const known = (part: Lists = {}, ids: Record<string, string> = { 'ours-1': customer }): Known => {
  const all: Lists = { ...lists, ...part }
  const rows = <N extends keyof Row>(noun: N) => (all[noun] ?? []) as readonly Row[N][]
  return {
    id: (_, ours) => ids[ours],
    row: (noun, id) => rows(noun).find((row) => row.id === id),
    rows,
  }
}
