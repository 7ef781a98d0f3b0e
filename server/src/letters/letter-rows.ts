import type { letterRow, letter as letterShape } from '@uurwerk/api/letters.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Language } from '../http/call.ts'
import { explainProblem, notThere } from '../http/problems.ts'
import { customerNameSql } from '../invoices/invoice-filter.ts'
import type { Trx } from '../store/database.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { keptAttachments } from './attachments.ts'

export const storedRecipients = z.array(z.object({ address: z.string(), name: z.string().nullable() }))
export const storedAttach = z.object({ ubl: z.boolean(), hours: z.boolean(), receipts: z.array(z.string()) })
const storedRefused = z.array(z.object({ address: z.string(), words: z.string() }))

type RowAnswer = z.input<typeof letterRow>
export type LetterAnswer = z.input<typeof letterShape>

interface ListedLetter {
  readonly id: string
  readonly kind: string
  readonly reminderStep: number | null
  readonly state: string
  readonly customerId: string
  readonly customerName: string
  readonly invoiceId: string | null
  readonly invoiceNumber: string | null
  readonly recipients: unknown
  readonly subject: string
  readonly createdAt: Date
  readonly dueAt: Date
  readonly sentAt: Date | null
  readonly problem: unknown
  readonly refused: unknown
  readonly automatic: boolean
  readonly version: number
  /** Exact, as text: a date of JavaScript keeps thousandths of a second only. */
  readonly createdKey: string
}

interface WholeLetter extends ListedLetter {
  readonly language: string
  readonly bcc: string[]
  readonly replyTo: string | null
  readonly senderName: string
  readonly body: string
  readonly attach: unknown
  readonly tries: number
  readonly createdByName: string | null
}

const listed = sql`l.id, l.kind, l.reminder_step as "reminderStep", l.state, l.customer_id as "customerId",
  ${customerNameSql} as "customerName", l.invoice_id as "invoiceId", i.number as "invoiceNumber", l.recipients, l.subject,
  l.created_at as "createdAt", l.due_at as "dueAt", l.sent_at as "sentAt", l.problem, l.refused, l.automatic, l.version,
  l.created_at::text as "createdKey"`

const from = (firmId: string): RawBuilder<unknown> => sql`
  from letter l
  join customer k on k.firm_id = l.firm_id and k.id = l.customer_id
  left join invoice i on i.firm_id = l.firm_id and i.id = l.invoice_id
  where l.firm_id = ${firmId}::uuid`

export interface LetterQuery {
  readonly firmId: string
  /** Over letter `l`, customer `k` and invoice `i`; each with its ` and`. */
  readonly where: RawBuilder<unknown>
  readonly limit: number
}

/** The newest first. */
export async function listLetters(trx: Trx, { firmId, where, limit }: LetterQuery): Promise<ListedLetter[]> {
  const { rows } = await sql<ListedLetter>`
    select ${listed} ${from(firmId)} ${where} order by l.created_at desc, l.id desc limit ${limit}`.execute(trx)
  return rows
}

const problemOf = (problem: unknown): Problem | null =>
  problem === null ? null : readStored(storedProblem, problem, 'the problem of a letter')

export function toLetterRow(row: ListedLetter, language: Language): RowAnswer {
  const problem = problemOf(row.problem)
  return {
    id: row.id,
    kind: row.kind as RowAnswer['kind'],
    step: row.reminderStep,
    state: row.state as RowAnswer['state'],
    customerId: row.customerId,
    customerName: row.customerName,
    invoiceId: row.invoiceId,
    invoiceNumber: row.invoiceNumber,
    to: readStored(storedRecipients, row.recipients, 'who gets a letter'),
    subject: row.subject,
    createdAt: row.createdAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    problem: problem && explainProblem(problem, language),
    refused: readStored(storedRefused, row.refused, 'addresses that were refused'),
    automatic: row.automatic,
    version: row.version,
  }
}

/** One letter with everything around it, as the API answers it. */
export async function letterAnswer(
  { trx, firmId, language }: { readonly trx: Trx; readonly firmId: string; readonly language: Language },
  id: string,
): Promise<LetterAnswer> {
  const { rows } = await sql<WholeLetter>`
    select ${listed}, l.language, l.bcc, l.reply_to as "replyTo", l.sender_name as "senderName", l.body, l.attach,
      l.tries, (select m.name from member m where m.firm_id = l.firm_id and m.id = l.created_by) as "createdByName"
    ${from(firmId)} and l.id = ${id}::uuid`.execute(trx)
  const row = rows[0]
  if (!row) throw notThere('letter')
  const attachments = await keptAttachments(trx, firmId, id)
  return {
    ...toLetterRow(row, language),
    language: row.language as LetterAnswer['language'],
    bcc: row.bcc,
    replyTo: row.replyTo,
    senderName: row.senderName,
    body: row.body,
    attach: readStored(storedAttach, row.attach, 'what goes along with a letter'),
    attachments: attachments.map(({ sha256: _, ...one }) => one),
    tries: row.tries,
    createdBy: row.createdByName,
  }
}
