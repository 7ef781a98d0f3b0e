import type { vatIdCheck } from '@uurwerk/api/vat-ids.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Trx } from '../store/database.ts'

type CheckAnswer = z.input<typeof vatIdCheck>

interface CheckRow {
  readonly id: string
  readonly vatId: string
  readonly outcome: CheckAnswer['outcome']
  readonly consultation: string | null
  readonly name: string | null
  readonly address: string | null
  readonly code: string | null
  readonly checkedBy: string | null
  readonly checkedAt: Date
}

const most = 100

/** The newest first. */
export async function checksOf(trx: Trx, firmId: string, customerId: string): Promise<CheckRow[]> {
  const { rows } = await sql<CheckRow>`
    select c.id, c.vat_id as "vatId", c.outcome, c.consultation, c.name, c.address, c.answer ->> 'code' as code,
      m.name as "checkedBy", c.checked_at as "checkedAt"
    from vat_id_check c left join member m on m.firm_id = c.firm_id and m.id = c.checked_by
    where c.firm_id = ${firmId}::uuid and c.customer_id = ${customerId}::uuid
    order by c.checked_at desc, c.id desc limit ${most}`.execute(trx)
  return rows
}

/** The last time that VIES said something about this VAT id, else the last time it did not. */
export const standingOf = <Row extends Pick<CheckRow, 'vatId' | 'outcome'>>(
  newestFirst: readonly Row[],
  vatId: string | null,
): Row | null => {
  const about = newestFirst.filter((row) => row.vatId === vatId)
  return about.find(({ outcome }) => outcome !== 'no-answer') ?? about[0] ?? null
}

/** Their words that have a sentence of ours; any other is told as it came. */
const known = [
  'INVALID_INPUT',
  'INVALID_REQUESTER_INFO',
  'MS_UNAVAILABLE',
  'MS_MAX_CONCURRENT_REQ',
  'GLOBAL_MAX_CONCURRENT_REQ',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'VAT_BLOCKED',
  'IP_BLOCKED',
  'unreachable',
  'unreadable',
]

export function checkAnswer(row: CheckRow, language: Language): CheckAnswer {
  const { code } = row
  // Some come with how long it holds: MS_MAX_CONCURRENT_REQ_TIME.
  const word = code && known.find((one) => one === code.replace(/_TIME$/, ''))
  const country = new Intl.DisplayNames(language, { type: 'region' }).of(
    row.vatId.startsWith('EL') ? 'GR' : row.vatId.slice(0, 2),
  )
  const words = word
    ? say(language, `vies.${word}`, { country: country ?? '' })
    : code && say(language, 'vies.other', { code })
  return { ...row, code, words, checkedAt: row.checkedAt.toISOString() }
}

/**
 * What is worth knowing before a VAT id is relied on: an invoice without VAT to a business in another EU country stands
 * or falls with it. Nothing where this installation does not ask VIES.
 */
export async function vatIdWarnings(
  trx: Trx,
  firmId: string,
  about: {
    readonly invoice: Invoice
    readonly customerId: string
    readonly works: boolean
    readonly timeZone: string
  },
): Promise<Problem[]> {
  const { invoice, customerId, works, timeZone } = about
  const { vatId } = invoice.customer
  const relies = invoice.kind === 'invoice' && invoice.lines.some(({ vatTreatment }) => vatTreatment === 'eu-business')
  if (!works || !relies || !vatId || invoice.state !== 'draft') return []
  const standing = standingOf(await checksOf(trx, firmId, customerId), vatId)
  if (standing?.outcome === 'valid') return []
  const date = standing ? dateIn(timeZone, standing.checkedAt) : ''
  const values = { vatId, customer: invoice.customer.name, date }
  const code = standing?.outcome === 'invalid' ? 'vat-id-found-invalid' : 'vat-id-never-checked'
  return [{ kind: 'input', code, values }]
}
