import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal } from '../shared/money.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { invoiceTotals, lineNet } from './totals.ts'
import type { VatTreatment } from './vat-cases.ts'

/** A line of a draft: one hour of advice in March at 100, changed as told; net and VAT are computed. */
export function lineForTests(change: Partial<InvoiceLine> = {}): InvoiceLine {
  const line = {
    id: 'line',
    source: 'hours' as const,
    description: 'Advies, maart 2026',
    quantity: decimal('1'),
    unit: 'hour' as const,
    unitPrice: decimal('100'),
    vatTreatment: 'domestic-standard' as const,
    vatRate: decimal('21'),
    vat: decimal('0'),
    supplyFrom: day('2026-03-02'),
    supplyUntil: day('2026-03-31'),
    activityIds: ['advice'],
    entryIds: ['entry'],
    ...change,
  }
  return { ...line, net: change.net ?? lineNet(line) }
}

/** A draft that may be sent, changed as told; totals follow the lines. */
export function invoiceForTests(change: Partial<Invoice> = {}): Invoice {
  const drawn = change.lines ?? [lineForTests()]
  const totals = invoiceTotals<VatTreatment>(drawn.map((line) => ({ ...line, rate: line.vatRate })))
  const lines = drawn.map((line, index) => ({ ...line, vat: totals.lineVat[index] ?? line.vat }))
  return {
    id: 'invoice',
    kind: 'invoice',
    state: 'draft',
    date: day('2026-03-31'),
    dueDate: day('2026-04-30'),
    paymentTerm: { days: 30, endOfMonth: false },
    customer: {
      id: 'bakker',
      number: '1001',
      name: 'Bakkerij Zon',
      address: { street: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
      vatId: null,
      kvkNumber: null,
      vatCase: 'domestic',
      email: null,
      peppolId: null,
    },
    firm: {
      id: 'firm',
      name: 'Voorbeeld Advies',
      address: { street: 'Kade 2', postcode: '4321 BA', city: 'Zwolle', country: 'NL' },
      country: 'NL',
      vatId: 'NL123456782B01',
      kvkNumber: '12345678',
      iban: null,
      currency: 'EUR',
    },
    language: 'nl',
    currency: 'EUR',
    totals,
    ...change,
    lines,
  }
}
