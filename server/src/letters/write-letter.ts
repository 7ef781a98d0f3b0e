import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FirmCall } from '../http/call.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'
import { ensureLane, makeDue } from '../postings/lane-due.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { holdBytes } from './attachments.ts'
import { type By, rememberLetter } from './letter-history.ts'
import { invoiceValues } from './letter-values.ts'
import type { Attachment } from './message.ts'
import {
  contactOf,
  type LetterInput,
  type LetterKind,
  mailMissing,
  mailNotSet,
  proposalOf,
  type Recipient,
  receiptsBehind,
  senderOf,
  type Wanted,
} from './proposal.ts'
import { filledText, type Text } from './templates.ts'

/** A transaction of a firm that may write letters. */
export interface Writing {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'ids' | 'events' | 'queue' | 'mail' | 'files'>
  readonly now: Date
  /** Null when the program writes by itself. */
  readonly by: By | null
}

/** As whoever asks. */
export const writingOf = ({
  trx,
  firmId,
  services,
  now,
  actor,
  requestId,
}: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'now' | 'actor' | 'requestId'>): Writing => ({
  trx,
  firmId,
  services,
  now,
  by: { memberId: actor.memberId, name: actor.name, requestId },
})

export interface NewLetter extends Text {
  readonly kind: LetterKind
  /** Of a reminder. */
  readonly step?: number | null
  readonly customerId: string
  readonly invoiceId: string | null
  readonly language: Language
  readonly to: readonly { readonly address: string; readonly name?: string | null | undefined }[]
  readonly bcc: readonly string[]
  readonly attach?: LetterInput['attach']
  /** Files that are there already, such as a statement; else they are made when it is sent. */
  readonly attachments?: readonly (Attachment & { readonly kind: 'statement' })[]
  readonly automatic?: boolean
}

const pdfAlone: LetterInput['attach'] = { ubl: false, hours: false, receipts: [] }

export const mailLaneOf = (firmId: string): string => `mail:${firmId}`
export const isMailLane = (key: string): boolean => key.startsWith('mail:')

/**
 * Writes a letter and wakes the lane that sends it, in the transaction of whoever decides: no commit, no letter.
 * Answers its id.
 *
 * Problems: `mail-not-set` (`setup`); `reminder-sent-before` (`conflict`) that step is there already.
 */
export async function writeLetter(call: Writing, letter: NewLetter): Promise<string> {
  const { trx, firmId, services, now, by } = call
  const { mail, ids } = services
  if (!mail.works || !mail.from) throw new ProblemError(mailNotSet)
  const firm = await trx
    .selectFrom('firm')
    .select(['name', 'email', 'mailSenderName', 'mailReplyTo'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const { sender, replyTo } = senderOf(services, firm)
  const { to, bcc } = onceEach(letter)
  const id = ids.next()
  const written = await trx
    .insertInto('letter')
    .values({
      firmId,
      id,
      kind: letter.kind,
      customerId: letter.customerId,
      invoiceId: letter.invoiceId,
      reminderStep: letter.step ?? null,
      language: letter.language,
      recipients: JSON.stringify(to),
      bcc,
      replyTo,
      senderName: sender.name,
      subject: letter.subject,
      body: letter.body,
      attach: JSON.stringify(letter.attach ?? pdfAlone),
      messageId: `${ids.next()}@${mail.from.split('@')[1]}`,
      dueAt: now,
      automatic: letter.automatic ?? false,
      createdBy: by?.memberId ?? null,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['firmId', 'invoiceId', 'reminderStep'])
        .where('kind', '=', 'reminder')
        .where('state', '<>', 'withdrawn')
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (!written)
    throw new ProblemError({
      kind: 'conflict',
      code: 'reminder-sent-before',
      values: { step: String(letter.step), number: await numberOf(call, letter.invoiceId) },
    })
  for (const [position, { kind, fileName, mediaType, bytes }] of (letter.attachments ?? []).entries()) {
    const sha256 = await holdBytes(call, bytes)
    await trx
      .insertInto('letterAttachment')
      .values({ firmId, letterId: id, position, kind, fileName, mediaType, sha256, sizeBytes: bytes.length })
      .execute()
  }
  await rememberLetter(call, id, 'written', { after: { kind: letter.kind, to: to.map(({ address }) => address) } })
  await makeLetterDue(call, now)
  await tellLetters(call, [id], letter.invoiceId)
  return id
}

/** Gives it to whoever sends; after the letters are locked, as the lane itself does. */
export async function makeLetterDue(
  { trx, firmId, services }: Pick<Writing, 'trx' | 'firmId'> & { readonly services: Pick<Services, 'queue'> },
  due: Date,
): Promise<void> {
  const laneKey = mailLaneOf(firmId)
  await ensureLane(trx, laneKey, 'mail')
  await makeDue(trx, { laneKey, firmId, connectionId: firmId }, due)
  await services.queue.wakeLane(trx, laneKey)
}

/** Screens that show these letters look again, and so do those that show what was mailed. */
export async function tellLetters(
  { trx, firmId, services }: Pick<Writing, 'trx' | 'firmId'> & { readonly services: Pick<Services, 'events'> },
  ids: readonly string[],
  invoiceId: string | null,
): Promise<void> {
  await services.events.publish(trx, firmId, { topic: 'letters', ids })
  if (invoiceId) await services.events.publish(trx, firmId, { topic: 'invoices', ids: [invoiceId] })
}

async function numberOf({ trx, firmId }: Writing, invoiceId: string | null): Promise<string> {
  if (!invoiceId) return ''
  const row = await trx
    .selectFrom('invoice')
    .select('number')
    .where('firmId', '=', firmId)
    .where('id', '=', invoiceId)
    .executeTakeFirst()
  return row?.number ?? ''
}

/** Nobody gets a letter twice, whichever case his address is written in; who is named gets no blind copy. */
export function onceEach({ to, bcc }: Pick<NewLetter, 'to' | 'bcc'>): { to: Recipient[]; bcc: string[] } {
  const seen = new Set<string>()
  const isNew = (address: string) => {
    const known = address.toLowerCase()
    if (seen.has(known)) return false
    seen.add(known)
    return true
  }
  return {
    to: to.filter(({ address }) => isNew(address)).map(({ address, name }) => ({ address, name: name || null })),
    bcc: bcc.filter(isNew),
  }
}

/** More than mail servers take. */
export const mostAttachedBytes = 20 * 1024 * 1024
export const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

/**
 * Writes the letter of an invoice that is sent, or a reminder of it: as somebody wrote it, else as it is proposed.
 *
 * Problems: those of `writeLetter`; `customer-mail-missing` (`setup`) nobody to send it to; `invoice-not-sent`,
 * `reminder-not-of-credit` (`conflict`); `input-wrong` a receipt that is not behind the invoice, or too much of them.
 */
export async function writeInvoiceLetter(
  call: Writing,
  invoiceId: string,
  wanted: Wanted,
  given: { readonly input?: LetterInput | undefined; readonly pointer?: string; readonly automatic?: boolean } = {},
): Promise<string> {
  const { trx, firmId, now, services } = call
  if (!services.mail.works) throw new ProblemError(mailNotSet)
  const stored = (await readInvoices(trx, firmId, [invoiceId])).get(invoiceId)
  if (!stored) throw notThere('invoice')
  const { invoice, firmRow, row } = stored
  if (invoice.state === 'draft') throw new ProblemError({ kind: 'conflict', code: 'invoice-not-sent' })
  if (wanted.kind === 'reminder' && invoice.kind === 'credit')
    throw new ProblemError({ kind: 'conflict', code: 'reminder-not-of-credit' })
  const proposal = await proposalOf(call, stored, wanted)
  const { input, pointer = '' } = given
  if (input) await checkReceipts(call, invoiceId, input, pointer)
  const chosen = input ?? proposal
  if (chosen.to.length === 0) throw new ProblemError(mailMissing(invoice.customer.name))
  const values = invoiceValues(stored, {
    language: invoice.language,
    contact: contactOf(chosen.to),
    today: dateIn(firmRow.timeZone, now),
  })
  return writeLetter(call, {
    kind: proposal.kind,
    step: proposal.step,
    customerId: row.customerId,
    invoiceId,
    language: invoice.language,
    to: chosen.to,
    bcc: chosen.bcc ?? proposal.bcc,
    ...(input ? filledText(input, values) : { subject: proposal.subject, body: proposal.body }),
    attach: chosen.attach,
    automatic: given.automatic ?? false,
  })
}

async function checkReceipts(
  call: Writing,
  invoiceId: string,
  { attach }: LetterInput,
  pointer: string,
): Promise<void> {
  if (attach.receipts.length === 0) return
  const behind = new Map((await receiptsBehind(call, invoiceId)).map((receipt) => [receipt.fileId, receipt]))
  const foreign = attach.receipts.findIndex((fileId) => !behind.has(fileId))
  if (foreign >= 0) throw wrongField(`${pointer}/attach/receipts/${foreign}`, 'receipt-not-of-invoice')
  const size = [...new Set(attach.receipts)].reduce((total, fileId) => total + (behind.get(fileId)?.sizeBytes ?? 0), 0)
  if (size > mostAttachedBytes)
    throw wrongField(`${pointer}/attach/receipts`, 'attachments-too-large', {
      size: megabytes(size),
      most: megabytes(mostAttachedBytes),
    })
}
