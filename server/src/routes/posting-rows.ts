import type { posting as postingShape, step as stepShape } from '@uurwerk/api/postings.ts'
import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import type { MessageRule } from '@uurwerk/connectors/contract/messages.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { hasWords, say } from '../http/words.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

export type PostingAnswer = z.input<typeof postingShape>
export type StepAnswer = z.input<typeof stepShape>

export interface PostingRow {
  readonly id: string
  readonly sequence: string
  readonly kind: string
  readonly state: PostingAnswer['state']
  readonly differs: boolean
  readonly differsInBooks: boolean
  readonly adopted: boolean
  readonly reference: string
  readonly label: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly customerName: string | null
  readonly connectionId: string
  readonly package: string
  readonly currency: string | null
  readonly gross: string | null
  readonly theirGross: string | null
  readonly theirNumber: string | null
  readonly url: string | null
  readonly problem: Problem | null
  readonly found: readonly { id: string; number?: string; gross?: string; url?: string }[] | null
  readonly attemptId: string | null
  readonly dueAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
  /** What the list is sorted by, as text. */
  readonly sortKey: string | null
  /** Its connection was disconnected: it stays as it is. */
  readonly isGone: boolean
  readonly customerId: string | null
}

interface Sort {
  readonly column: RawBuilder<unknown>
  readonly direction: RawBuilder<unknown>
}
const newestFirst: Sort = { column: sql`p.sequence`, direction: sql`desc` }

/** Where a posting `p` of a connection is seen in the books: the package's own address, or the sandbox's page. */
export const placeInBooks = (connection: 'c' | 'k'): RawBuilder<string | null> => sql`coalesce(p.url,
  case when ${sql.ref(`${connection}.mode`)} = 'sandbox' and p.state = 'posted' then (
    select '/sandbox/' || w.id || '/' || w.package || '/books' from sandbox.world w
    where w.firm_id = p.firm_id and w.package = ${sql.ref(`${connection}.package`)}) end)`

export async function postingRows(
  trx: Trx,
  firmId: string,
  where: RawBuilder<unknown>,
  { limit, sort = newestFirst }: { readonly limit?: number; readonly sort?: Sort } = {},
): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select p.id, p.sequence, p.kind, p.state, p.differs,
      exists (select from books_difference d where d.firm_id = p.firm_id and d.posting_id = p.id and d.state = 'open') as "differsInBooks",
      p.adopted, p.reference, p.label, p.subject_kind as "subjectKind",
      p.subject_id as "subjectId", k.name as "customerName", p.connection_id as "connectionId", c.package, p.currency, p.gross,
      p.their_gross as "theirGross", p.their_number as "theirNumber",
      ${placeInBooks('c')} as url, p.problem, p.found, p.attempt_id as "attemptId",
      p.due_at as "dueAt", p.created_at as "createdAt", p.updated_at as "updatedAt", p.version,
      (${sort.column})::text as "sortKey", c.state = 'disconnected' as "isGone", p.customer_id as "customerId"
    from posting p
    join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where p.firm_id = ${firmId}::uuid ${where}
    order by ${sort.column} ${sort.direction}, p.sequence ${sort.direction} ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(
    trx,
  )
  return rows
}

export const rulesOf = ({ connectors }: Pick<Services, 'connectors'>, packageId: string): readonly MessageRule[] =>
  connectors.get(packageId)?.messages ?? []

const cents = (amount: string | null): string | null => (amount === null ? null : toCents(decimal(amount)))

export function toPosting(services: Pick<Services, 'connectors'>, row: PostingRow, language: Language): PostingAnswer {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    differs: row.differs,
    differsInBooks: row.differsInBooks,
    adopted: row.adopted,
    reference: row.reference,
    label: row.label,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    customerName: row.customerName,
    customerId: row.customerId,
    disconnected: row.isGone,
    connectionId: row.connectionId,
    package: row.package,
    currency: row.currency,
    gross: cents(row.gross),
    theirGross: cents(row.theirGross),
    theirNumber: row.theirNumber,
    url: row.url,
    problem:
      row.problem && row.state !== 'posted'
        ? explainProblem(row.problem, language, rulesOf(services, row.package))
        : null,
    dueAt: row.dueAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  }
}

const tones: Readonly<Record<string, StepAnswer['tone']>> = {
  decided: 'wait',
  frozen: 'done',
  held: 'wait',
  again: 'wait',
  repeated: 'progress',
  uncertain: 'needs',
  'refused-in-doubt': 'needs',
  'stopped-while-sending': 'needs',
  unknown: 'needs',
  absent: 'progress',
  accepted: 'progress',
  'still-accepted': 'progress',
  'follow-failed': 'needs',
  adopted: 'done',
  'adopted-by-person': 'done',
  'already-linked': 'done',
  posted: 'done',
  'posted-with-difference': 'needs',
  'number-written': 'done',
  'number-conflict': 'needs',
  'sent-again': 'progress',
  resumed: 'progress',
  'none-of-these': 'progress',
  refused: 'refused',
  blocked: 'needs',
  discarded: 'wait',
  'as-before-in-books': 'done',
  'difference-accepted': 'done',
  'posted-again': 'progress',
  freed: 'done',
  'gone-in-books': 'wait',
}

interface StepRow {
  readonly id: string
  readonly at: Date
  readonly what: string
  readonly details: Readonly<Record<string, unknown>>
}

/** One line of the timeline in the reader's language. */
export function toStep(
  services: Pick<Services, 'connectors'>,
  row: StepRow,
  of: PostingRow,
  language: Language,
): StepAnswer {
  const problem = (row.details.problem ?? (row.details.problems as Problem[] | undefined)?.[0]) as Problem | undefined
  const receipt = row.details.receipt as Pick<Receipt, 'number' | 'gross' | 'notes'> | undefined
  const explain = (one: Problem) => explainProblem(one, language, rulesOf(services, of.package))
  const explained = problem ? explain(problem) : null
  // It stands in the books, and there is something about it that a person should know.
  const notes = (receipt?.notes ?? []).map(explain).map(({ cause, remedy }) => `${cause} ${remedy}`)
  const values = {
    package: services.connectors.get(of.package)?.manifest.name ?? of.package,
    number: receipt?.number ?? String(row.details.number ?? ''),
    gross: receipt?.gross ?? '',
    why: String(row.details.why ?? ''),
  }
  const title = hasWords(language, `posting.step.${row.what}`)
    ? say(language, `posting.step.${row.what}`, values)
    : (explained?.cause ?? row.what)
  const detailKey = `posting.step.${row.what}.detail`
  const told =
    explained && explained.cause !== title
      ? explained.cause
      : hasWords(language, detailKey)
        ? say(language, detailKey, values)
        : null
  const detail = [...(told === null ? [] : [told]), ...notes].join(' ') || null
  return {
    id: row.id,
    at: row.at.toISOString(),
    what: row.what,
    title,
    detail,
    tone: notes.length > 0 ? 'needs' : (tones[row.what] ?? 'needs'),
    theirWords: problem?.theirWords ?? null,
    theirStatus: problem?.theirStatus ?? null,
  }
}
