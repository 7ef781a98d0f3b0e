import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { canonicalBytes } from '../invoices/sent-chain.ts'

// What stands on the paper and in the books. State, payments and the entries behind a line come later or change.
const facts = [
  'kind',
  'number',
  'date',
  'dueDate',
  'currency',
  'language',
  'customer',
  'firm',
  'exchange',
  'reference',
  'orderNumber',
  'intro',
  'closing',
  'credits',
] as const
const sums = ['net', 'vat', 'gross', 'vatPerRate'] as const
const ofLine = [
  'id',
  'source',
  'description',
  'quantity',
  'unit',
  'unitPrice',
  'discount',
  'net',
  'vatTreatment',
  'vatRate',
  'vat',
  'supplyFrom',
  'supplyUntil',
  'projectId',
] as const

type Part = Readonly<Record<string, unknown>>

const written = (value: unknown): string => canonicalBytes(value ?? null).toString('utf8')
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : written(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

const differing = (names: readonly string[], sent: Part, now: Part, where = ''): string[] =>
  names
    .filter((name) => written(sent[name]) !== written(now[name]))
    .map((name) => `${where}${name} is ${short(now[name])}, sent was ${short(sent[name])}`)

/** In which facts an invoice is not the one that was sent, as sentences for people; none when it is. */
export function differencesFromSent(bytes: Buffer, invoice: Invoice): string[] {
  let sent: Part
  try {
    sent = JSON.parse(bytes.toString('utf8')) as Part
  } catch {
    return ['what was sent cannot be read']
  }
  const now = invoice as unknown as Part
  const sentLines = (sent.lines ?? []) as readonly Part[]
  const count =
    sentLines.length === invoice.lines.length
      ? []
      : [`it has ${invoice.lines.length} lines, sent were ${sentLines.length}`]
  return [
    ...differing(facts, sent, now),
    ...differing(sums, (sent.totals ?? {}) as Part, now.totals as Part),
    ...count,
    ...sentLines.flatMap((line, index) => {
      const stands = invoice.lines[index]
      return stands ? differing(ofLine, line, stands as unknown as Part, `line ${index + 1}: `) : []
    }),
  ]
}
