import type { VatPerRate } from '../invoicing/totals.ts'
import { partsOf, type VatTreatment } from '../invoicing/vat-cases.ts'
import {
  add,
  type Currency,
  compare,
  type Decimal,
  distributeCents,
  sum,
  times,
  toCents,
  zero,
} from '../shared/money.ts'

/** A sent invoice or credit note as far as it decides about VAT; amounts of a credit note are negative. */
export interface TaxedInvoice {
  readonly id: string
  readonly currency: Currency
  /** Of another currency than the firm's: units of that for one of the invoice's, and its VAT in it. */
  readonly exchange: { readonly rate: Decimal; readonly vat: Decimal } | null
  readonly customer: {
    readonly id: string
    readonly name: string
    readonly vatId: string | null
    readonly country: string | null
  }
  readonly vatPerRate: readonly VatPerRate<VatTreatment>[]
}

/** What one case and rate come to; cents of the firm's currency. */
export interface VatOverviewLine {
  readonly treatment: VatTreatment
  readonly rate: Decimal
  readonly base: Decimal
  readonly vat: Decimal
  readonly invoices: number
}

/** Services to one VAT id in another country of the Union, as the recapitulative statement wants them. */
export interface EuServices {
  readonly customerId: string
  readonly name: string
  readonly vatId: string | null
  readonly country: string | null
  readonly base: Decimal
  readonly invoices: number
}

export interface VatOverview {
  /** Highest rate first within a case. */
  readonly lines: readonly VatOverviewLine[]
  readonly base: Decimal
  readonly vat: Decimal
  /** Biggest first. */
  readonly euServices: readonly EuServices[]
  /** In another currency and without a rate to the firm's: in none of the figures. */
  readonly withoutRate: readonly string[]
}

/**
 * The VAT of invoices by case and rate, in the firm's currency. An invoice in another currency is converted at its own
 * rate: the base as a whole and the VAT as it stands on the invoice, each divided over its cases so that no cent is lost.
 */
export function vatOverview(invoices: readonly TaxedInvoice[], firmCurrency: Currency): VatOverview {
  const lines = new Map<string, VatOverviewLine>()
  const eu = new Map<string, EuServices>()
  const withoutRate: string[] = []
  for (const invoice of invoices) {
    const parts = inFirmCurrency(invoice, firmCurrency)
    if (!parts) {
      withoutRate.push(invoice.id)
      continue
    }
    for (const part of parts) {
      const key = `${part.treatment} ${part.rate}`
      const before = lines.get(key) ?? {
        treatment: part.treatment,
        rate: part.rate,
        base: zero,
        vat: zero,
        invoices: 0,
      }
      lines.set(key, {
        ...before,
        base: toCents(add(before.base, part.base)),
        vat: toCents(add(before.vat, part.vat)),
        invoices: before.invoices + 1,
      })
    }
    const services = parts.filter(({ treatment }) => partsOf(treatment).vatCase === 'eu-business')
    if (services.length > 0) addServices(eu, invoice, toCents(sum(services.map(({ base }) => base))))
  }
  const all = [...lines.values()].sort((a, b) => order(a.treatment) - order(b.treatment) || compare(b.rate, a.rate))
  return {
    lines: all,
    base: toCents(sum(all.map(({ base }) => base))),
    vat: toCents(sum(all.map(({ vat }) => vat))),
    euServices: [...eu.values()].sort((a, b) => compare(b.base, a.base) || (a.name < b.name ? -1 : 1)),
    withoutRate,
  }
}

/** The parts of an invoice in the firm's currency; undefined when it has no rate to that. */
export function inFirmCurrency(
  { currency, exchange, vatPerRate }: Pick<TaxedInvoice, 'currency' | 'exchange' | 'vatPerRate'>,
  firmCurrency: Currency,
): readonly VatPerRate<VatTreatment>[] | undefined {
  if (currency === firmCurrency) return vatPerRate
  if (!exchange) return undefined
  const { rate, vat } = exchange
  const bases = distributeCents(
    toCents(times(sum(vatPerRate.map(({ base }) => base)), rate)),
    vatPerRate.map(({ base }) => times(base, rate)),
  )
  const vats = distributeCents(
    vat,
    vatPerRate.map((part) => times(part.vat, rate)),
  )
  return vatPerRate.map((part, index) => ({ ...part, base: bases[index] ?? zero, vat: vats[index] ?? zero }))
}

/** By VAT id, since that is what is declared: the same customer under a new one stands there twice. */
function addServices(eu: Map<string, EuServices>, { customer }: TaxedInvoice, base: Decimal): void {
  const key = `${customer.id} ${customer.vatId ?? ''}`
  const before = eu.get(key)
  eu.set(key, {
    customerId: customer.id,
    name: customer.name,
    vatId: customer.vatId,
    country: customer.country,
    base: toCents(add(before?.base ?? zero, base)),
    invoices: (before?.invoices ?? 0) + 1,
  })
}

const cases = [
  'domestic',
  'domestic-reverse-charge',
  'eu-consumer',
  'eu-business',
  'outside-eu',
  'disbursement',
] as const
const order = (treatment: VatTreatment): number => cases.indexOf(partsOf(treatment).vatCase)

/**
 * The box of the Dutch return in which turnover of a case stands. Left out where a return does not ask for it or the
 * case alone does not decide it (exempt, outside the Union, passed on), and for every other country.
 * Source: Belastingdienst, Toelichting bij de digitale aangifte omzetbelasting, vragen 1a, 1b, 1e and 3b.
 */
export function returnBoxOf(treatment: VatTreatment, country: string): '1a' | '1b' | '1e' | '3b' | null {
  if (country !== 'NL') return null
  const { vatCase, vatClass } = partsOf(treatment)
  if (vatCase === 'eu-business') return '3b'
  if (vatCase === 'domestic-reverse-charge') return '1e'
  // Our own VAT is charged to consumers elsewhere in the Union too.
  const boxes = { standard: '1a', reduced: '1b', zero: '1e', intermediate: null, exempt: null } as const
  return vatClass === null ? null : boxes[vatClass]
}
