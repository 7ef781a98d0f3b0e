import type { letterRoutes } from '@uurwerk/api/letters.ts'
import { addDays, calendarDate, dateIn, startOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import { describeTask } from '../connections/describe.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import { customerNameSql } from '../invoices/invoice-filter.ts'
import { findInvoice, readInvoices } from '../invoices/invoice-rows.ts'
import { selectedInvoices } from '../invoices/selected-invoices.ts'
import { keptAttachments, lost } from '../letters/attachments.ts'
import { type LetterAct, rememberLetter } from '../letters/letter-history.ts'
import { letterAnswer, listLetters, toLetterRow } from '../letters/letter-rows.ts'
import { invoiceValues } from '../letters/letter-values.ts'
import { contactOf, forecastOf, mailNotSet, proposalOf, senderOf, type Wanted } from '../letters/proposal.ts'
import { invoiceTaskKinds, readRowDetails } from '../letters/send-invoices.ts'
import { startSendings } from '../letters/start-sendings.ts'
import { filledText, type Text } from '../letters/templates.ts'
import { makeLetterDue, onceEach, tellLetters, writeInvoiceLetter, writingOf } from '../letters/write-letter.ts'
import { refuseStep } from '../reminders/remind.ts'
import type { Letter, Task } from '../store/schema.gen.ts'
import { pageOfTaskRows } from './task-rows.ts'

type Names =
  | 'readLetterDraft'
  | 'writeLetter'
  | 'listLetters'
  | 'readLetter'
  | 'readLetterAttachment'
  | 'sendLetterAgain'
  | 'letterArrived'
  | 'withdrawLetter'
  | 'sendInvoices'
  | 'readInvoiceTask'
  | 'listInvoiceTaskRows'
type Call<Name extends Names> = FirmCall<(typeof letterRoutes)[Name]>
type Changing = Pick<
  FirmCall<never>,
  'trx' | 'firmId' | 'services' | 'now' | 'actor' | 'requestId' | 'language' | 'version'
>

export const letterHandlers: Handlers<Names> = {
  readLetterDraft: async (call) => {
    const { trx, firmId, params, query, services, language } = call
    const stored = await findInvoice(trx, firmId, params.id)
    if (!stored) throw notThere('invoice')
    const isReminder = query.kind === 'reminder'
    if (isReminder) refuseReminder(stored.invoice)
    const proposal = await proposalOf(call, stored, wantedOf(query))
    const { values, fileNames } = await forecastOf(call, stored)
    const { problems, ...shown } = proposal
    return {
      ...shown,
      to: [...shown.to],
      bcc: [...shown.bcc],
      known: [...shown.known],
      receipts: [...shown.receipts],
      ...senderOf(services, stored.firmRow),
      preview: filledText(proposal, values),
      fileNames,
      problems: problems.map((problem) => explainProblem(problem, language)),
    }
  },

  writeLetter: async (call) => {
    const { trx, firmId, params, body } = call
    const { kind, step, ...input } = body
    if (kind === 'reminder' && step === undefined) throw wrongField('/step', 'reminder-step-missing')
    const stored = (await readInvoices(trx, firmId, [params.id])).get(params.id)
    if (!stored) throw notThere('invoice')
    const wanted = wantedOf({ kind, step: step ?? 1 })
    if (wanted.kind === 'reminder') await refuseStep(writingOf(call), call.firm.timeZone, params.id, wanted.step)
    return letterAnswer(call, await writeInvoiceLetter(writingOf(call), params.id, wanted, { input }))
  },

  listLetters: async ({ trx, firmId, firm, query, language }) => {
    const { cursor, limit, kind, state, customerId, invoiceId, search, from, until } = query
    const after = keyOf(cursor, ['text', 'id'])
    const like = search ? anywhere(search) : null
    const startOf = (day: string, days = 0) => startOfDayIn(firm.timeZone, addDays(calendarDate(day), days))
    const rows = await listLetters(trx, {
      firmId,
      limit: limit + 1,
      where: sql`
        ${kind?.length ? sql`and l.kind = any(${kind}::text[])` : sql``}
        ${state?.length ? sql`and l.state = any(${state}::text[])` : sql``}
        ${customerId?.length ? sql`and l.customer_id = any(${customerId}::uuid[])` : sql``}
        ${invoiceId?.length ? sql`and l.invoice_id = any(${invoiceId}::uuid[])` : sql``}
        ${from ? sql`and l.created_at >= ${startOf(from)}` : sql``}
        ${until ? sql`and l.created_at < ${startOf(until, 1)}` : sql``}
        ${like ? sql`and (i.number ilike ${like} or ${customerNameSql} ilike ${like} or l.subject ilike ${like} or l.recipients::text ilike ${like})` : sql``}
        ${after ? sql`and (l.created_at, l.id) < (${instantOf(after[0])}::timestamptz, ${after[1]}::uuid)` : sql``}`,
    })
    return pageOf(
      rows,
      limit,
      ({ createdKey, id }) => [createdKey, id],
      (row) => toLetterRow(row, language),
    )
  },

  readLetter: (call) => letterAnswer(call, call.params.id),

  // Outside a transaction: a file takes a moment, and nobody waits for a row meanwhile.
  readLetterAttachment: {
    free: async ({ services, firmId, params, language }) => {
      const kept = await services.store.withFirm(firmId, async (trx) => {
        await letterAnswer({ trx, firmId, language }, params.id)
        return keptAttachments(trx, firmId, params.id)
      })
      const found = kept.find(({ position }) => position === params.position)
      if (!found) throw notThere('file')
      const bytes = await services.files.get(firmId, found.sha256)
      if (!bytes) throw lost(found.fileName)
      return { mediaType: found.mediaType, fileName: found.fileName, bytes }
    },
  },

  sendLetterAgain: async (call) => {
    const { trx, firmId, now, body, services } = call
    const letter = await lockLetter(call, ['failed', 'uncertain'])
    if (!services.mail.works) throw new ProblemError(mailNotSet)
    const { to, bcc } = onceEach({
      to: body.to ?? (letter.recipients as { address: string; name: string | null }[]),
      bcc: body.bcc ?? letter.bcc,
    })
    const text = await textAgain(call, letter, contactOf(to))
    await trx
      .updateTable('letter')
      .set({
        state: 'waiting',
        dueAt: now,
        tries: 0,
        problem: null,
        refused: '[]',
        recipients: JSON.stringify(to),
        bcc,
        ...text,
        version: letter.version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', letter.id)
      .execute()
    await settled(call, letter, 'again', { to: to.map(({ address }) => address) })
    await makeLetterDue(call, now)
    return letterAnswer(call, letter.id)
  },

  letterArrived: async (call) => {
    const letter = await lockLetter(call, ['uncertain'])
    await write(call, letter, { state: 'sent', sentAt: letter.sendingAt ?? call.now, problem: null })
    await settled(call, letter, 'arrived')
    return letterAnswer(call, letter.id)
  },

  withdrawLetter: async (call) => {
    const letter = await lockLetter(call, ['waiting', 'failed'])
    const problem: Problem = { kind: 'conflict', code: 'letter-withdrawn-by', values: { name: call.actor.name } }
    await write(call, letter, { state: 'withdrawn', problem: JSON.stringify(problem) })
    await settled(call, letter, 'withdrawn')
    return letterAnswer(call, letter.id)
  },

  sendInvoices: async (call) => {
    const { body, services } = call
    if (body.how === 'mail' && !services.mail.works) throw new ProblemError(mailNotSet)
    const ids = await selectedInvoices(call, body.selection)
    const taskId = await startSendings(call, { how: body.how, ids })
    return describeTask(call, await taskOf(call, taskId), null)
  },

  readInvoiceTask: async (call) => describeTask(call, await taskOf(call, call.params.id), null),

  listInvoiceTaskRows: async (call) => {
    const { params, language } = call
    await taskOf(call, params.id)
    return pageOfTaskRows(call, ({ subject, label, outcome, details }) => {
      const { problem, letterId } = readRowDetails(details)
      return {
        invoiceId: subject,
        label,
        outcome: outcome as 'created',
        letterId: letterId ?? null,
        problem: problem ? explainProblem(problem, language) : null,
      }
    })
  },
}

const wantedOf = ({ kind, step }: { readonly kind: 'invoice' | 'reminder'; readonly step: number }): Wanted =>
  kind === 'reminder' ? { kind, step } : { kind }

function refuseReminder({ kind, state }: { readonly kind: string; readonly state: string }): void {
  if (state === 'draft') throw new ProblemError({ kind: 'conflict', code: 'invoice-not-sent' })
  if (kind === 'credit') throw new ProblemError({ kind: 'conflict', code: 'reminder-not-of-credit' })
}

/** The instant of a cursor; refuses what is none, which the database would not take. */
function instantOf(text: string | undefined): string {
  if (text && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(text)) return text
  throw wrongField('/query/cursor', 'cursor-unknown')
}

/** The text that goes again; what was mended may hold placeholders, as when it was written. */
async function textAgain(
  { trx, firmId, firm, now, body }: Call<'sendLetterAgain'>,
  letter: Selectable<Letter>,
  contact: string | null,
): Promise<Text> {
  const text = { subject: body.subject ?? letter.subject, body: body.body ?? letter.body }
  const stored = letter.invoiceId ? await findInvoice(trx, firmId, letter.invoiceId) : undefined
  if (!stored || (body.subject === undefined && body.body === undefined)) return text
  const today = dateIn(firm.timeZone, now)
  return filledText(text, invoiceValues(stored, { language: stored.invoice.language, contact, today }))
}

type LetterState = 'waiting' | 'failed' | 'uncertain'

async function lockLetter(
  call: Changing & { readonly params: { readonly id: string } },
  allowed: readonly LetterState[],
): Promise<Selectable<Letter>> {
  const { trx, firmId, params, version } = call
  const letter = await trx
    .selectFrom('letter')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', params.id)
    .forUpdate()
    .executeTakeFirst()
  if (!letter) throw notThere('letter')
  if (letter.version !== version) throw new StaleEdit(letter.version, await letterAnswer(call, params.id))
  if (!allowed.some((state) => state === letter.state))
    throw new ProblemError({ kind: 'conflict', code: 'letter-state', values: { state: letter.state } })
  return letter
}

async function write(
  { trx, firmId, now }: Changing,
  letter: Selectable<Letter>,
  change: { readonly state: string; readonly sentAt?: Date; readonly problem: string | null },
): Promise<void> {
  await trx
    .updateTable('letter')
    .set({ ...change, version: letter.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', letter.id)
    .execute()
}

async function settled(call: Changing, letter: Selectable<Letter>, act: LetterAct, after?: object): Promise<void> {
  const writing = writingOf(call)
  await rememberLetter(writing, letter.id, act, { before: { state: letter.state }, ...(after ? { after } : {}) })
  await tellLetters(writing, [letter.id], letter.invoiceId)
}

async function taskOf(
  { trx, firmId }: Pick<Call<'readInvoiceTask'>, 'trx' | 'firmId'>,
  id: string,
): Promise<Selectable<Task>> {
  const row = await trx
    .selectFrom('task')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('kind', 'in', [...invoiceTaskKinds])
    .executeTakeFirst()
  if (!row) throw notThere('task')
  return row
}
