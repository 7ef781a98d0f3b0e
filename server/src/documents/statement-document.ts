import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { notThere } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { invoiceCustomer, invoiceFirm } from '../invoices/invoice-rows.ts'
import { logoOf } from '../logo/logo-of-firm.ts'
import type { Services } from '../services.ts'
import { readStatements } from '../statements/statement-rows.ts'
import type { Trx } from '../store/database.ts'
import { safeName } from './invoice-documents.ts'
import type { StatementPaper } from './pdf/statement-paper.ts'

export interface StatementAsked {
  readonly kind: 'open' | 'all'
  /** Last day; today in the firm's time zone when left out. */
  readonly asOf?: string | undefined
  /** First day of the movements. */
  readonly from?: string | undefined
}

interface Asking {
  readonly trx: Trx
  readonly firmId: string
  readonly now: Date
}

/**
 * The statement of a customer as it goes on paper, in his language, with name and address as they are today.
 * `place` is where its dates were asked for.
 *
 * Problems: `not-found` (`missing`); `input-wrong` the first day is after the last.
 */
export async function statementPaperOf(
  { trx, firmId, now }: Asking,
  customerId: string,
  { kind, asOf, from }: StatementAsked,
  place: '/query' | '' = '/query',
): Promise<StatementPaper> {
  const customer = await trx
    .selectFrom('customer')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', customerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!customer) throw notThere('customer')
  const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const until = (asOf as CalendarDate | undefined) ?? dateIn(firm.timeZone, now)
  const first = kind === 'all' && from ? (from as CalendarDate) : null
  if (first && first > until) {
    const field = { pointer: `${place}/from`, code: 'statement-from-after', values: { until } }
    throw new ProblemError({ kind: 'input', code: 'input-wrong', fields: [field] })
  }
  const statements = await readStatements({ trx, firmId, customerId, asOf: until, from: first })
  const told = kind === 'open' ? statements.filter(({ items }) => items.length > 0) : statements
  return {
    firm: invoiceFirm(firm),
    customer: invoiceCustomer(customer),
    language: customer.language as Language,
    kind,
    asOf: until,
    from: first,
    currencies: told,
  }
}

/**
 * PDF/A, made beside the program.
 *
 * Problems: `file-lost` (`defect`) the logo of the firm is gone; `document-not-made` (`defect`) the making failed.
 */
export async function statementBytes(
  services: Pick<Services, 'documents' | 'files'>,
  paper: StatementPaper,
): Promise<Uint8Array> {
  const logo = await logoOf(services, paper.firm.id, paper.firm)
  return services.documents.make({ kind: 'statement', paper: { ...paper, logo } }).catch((error: unknown) => {
    const values = { number: statementFileName(paper) }
    throw new ProblemError({ kind: 'defect', code: 'document-not-made', values }, error)
  })
}

/** `Rekeningoverzicht Bakkerij Zon 2026-03-31.pdf`, as the customer saves it. */
export const statementFileName = ({ customer, language, asOf }: StatementPaper): string =>
  `${safeName(say(language, 'statement.fileName', { customer: customer.name, date: asOf }))}.pdf`
