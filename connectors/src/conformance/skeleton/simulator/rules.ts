import { parseDecimal, sum, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { z } from 'zod'
import { rowOf, type SimulatorRow, type World } from '../../../contract/simulator.ts'
import { count, stateOf, store } from './small-firm.ts'

/** What the package accepts in its books. Each rule quotes the documentation it follows; here there is none to quote. */

const amount = z.string().refine((text) => parseDecimal(text) !== null)
const posted = z.object({
  reference: z.string().regex(/^[A-Z0-9]{1,12}$/),
  invoice: z.string(),
  journal: z.string(),
  customer: z.string(),
  date: z.string(),
  due: z.string(),
  period: z.string(),
  currency: z.string(),
  rate: z.string().optional(),
  text: z.string(),
  lines: z
    .array(z.object({ account: z.string(), text: z.string(), net: amount, vatCode: z.string(), vat: amount }))
    .min(1),
})

const words = {
  PERIOD_CLOSED: ['Period {} is closed.', 'Periode {} is afgesloten.'],
  YEAR_MISSING: ['There is no financial year for {}.', 'Er is geen boekjaar voor {}.'],
  ACCOUNT_UNKNOWN: ['Ledger account “{}” does not exist.', 'Grootboekrekening “{}” bestaat niet.'],
  CUSTOMER_UNKNOWN: ['Customer “{}” does not exist.', 'Debiteur “{}” bestaat niet.'],
  VAT_CODE_REFUSED: ['VAT code “{}” may not be used.', 'Btw-code “{}” mag niet worden gebruikt.'],
  JOURNAL_REFUSED: ['Journal “{}” is no sales journal.', 'Dagboek “{}” is geen verkoopdagboek.'],
  BODY_INVALID: ['The body is not valid: {}', 'De inhoud is niet geldig: {}'],
  ACCESS_UNKNOWN: ['Access is not known.', 'De toegang is onbekend.'],
  RIGHTS_MISSING: ['No right to {}.', 'Geen recht op {}.'],
  LIMIT: ['Too many requests.', 'Te veel verzoeken.'],
  NOT_FOUND: ['There is no such page.', 'Deze pagina bestaat niet.'],
} as const satisfies Record<string, readonly [en: string, nl: string]>
export type SkeletonCode = keyof typeof words

export interface Complaint {
  readonly code: string
  readonly message: string
}

export function says(world: World, code: SkeletonCode, about = ''): Complaint {
  const [en, nl] = words[code]
  return { code, message: (stateOf(world).language === 'nl' ? nl : en).replace('{}', about) }
}

/** Books an entry, or says why not. */
export function book(world: World, body: unknown): { row: SimulatorRow } | { status: number; complaint: Complaint } {
  const found = posted.safeParse(body)
  if (!found.success)
    return { status: 400, complaint: says(world, 'BODY_INVALID', found.error.issues[0]?.path.join('.')) }
  const entry = found.data
  const complaint = complaintOf(world, entry)
  if (complaint) return { status: 422, complaint }
  const vat = toCents(sum(entry.lines.map((line) => parseDecimal(line.vat) ?? zero)))
  const net = sum(entry.lines.map((line) => parseDecimal(line.net) ?? zero))
  const number = count(world, `number/${entry.journal}/${entry.period.slice(0, 4)}`)
  const id = `entry-${count(world, 'entry')}`
  return { row: store(world, 'sales-entries', { ...entry, id, number, vat, gross: toCents(sum([net, vat])) }) }
}

function complaintOf(world: World, entry: z.output<typeof posted>): Complaint | undefined {
  const period = rowOf(world, 'periods', entry.period)
  if (!period) return says(world, 'YEAR_MISSING', entry.period)
  if (period.closed) return says(world, 'PERIOD_CLOSED', entry.period)
  if (!rowOf(world, 'customers', entry.customer)) return says(world, 'CUSTOMER_UNKNOWN', entry.customer)
  if (rowOf(world, 'journals', entry.journal)?.kind !== 'sales') return says(world, 'JOURNAL_REFUSED', entry.journal)
  for (const { account, vatCode } of entry.lines) {
    if (!rowOf(world, 'ledger-accounts', account)) return says(world, 'ACCOUNT_UNKNOWN', account)
    if (rowOf(world, 'vat-codes', vatCode)?.blocked !== false) return says(world, 'VAT_CODE_REFUSED', vatCode)
  }
  return undefined
}
