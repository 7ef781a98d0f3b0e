import type { Language } from '@uurwerk/core/shared/language.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type DocumentKind, documentOf } from '../documents/invoice-documents.ts'
import { type FileStore, sha256Of } from '../files/file-store.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { Attachment } from './message.ts'
import type { LetterInput } from './proposal.ts'

export type AttachmentKind = Exclude<DocumentKind, 'factur-x'> | 'receipt' | 'statement'

/** An attachment that is kept: its bytes stand in the store of files, by their hash. */
export interface KeptAttachment {
  readonly position: number
  readonly kind: AttachmentKind
  readonly fileName: string
  readonly mediaType: string
  readonly sha256: string
  readonly sizeBytes: number
}

/**
 * Keeps bytes that a row of this transaction is about to name. Whoever removes bytes that nobody names any more holds
 * the same lock, so that they stay.
 */
export async function holdBytes(
  { trx, firmId, services }: { readonly trx: Trx; readonly firmId: string; readonly services: { files: FileStore } },
  bytes: Uint8Array,
): Promise<string> {
  const sha256 = sha256Of(bytes)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`file ${firmId} ${sha256}`}, 1))`.execute(trx)
  return services.files.put(firmId, bytes)
}

export async function keptAttachments(trx: Trx, firmId: string, letterId: string): Promise<KeptAttachment[]> {
  const rows = await trx
    .selectFrom('letterAttachment')
    .select(['position', 'kind', 'fileName', 'mediaType', 'sha256', 'sizeBytes'])
    .where('firmId', '=', firmId)
    .where('letterId', '=', letterId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, kind: row.kind as AttachmentKind }))
}

type Making = Pick<Services, 'store' | 'files' | 'documents' | 'ids' | 'clock'>

/**
 * The files of a letter about an invoice: its own documents, which are the same bytes each time, and receipts as they
 * were handed in.
 */
export async function attachmentsOf(
  services: Making,
  asked: {
    readonly firmId: string
    readonly invoiceId: string
    readonly language: Language
    readonly attach: LetterInput['attach']
  },
): Promise<(Attachment & { readonly kind: AttachmentKind })[]> {
  const { attach, ...invoice } = asked
  const kinds: Exclude<AttachmentKind, 'receipt' | 'statement'>[] = [
    attach.hours ? 'pdf-with-hours' : 'pdf',
    ...(attach.ubl ? (['ubl'] as const) : []),
  ]
  const made = []
  for (const kind of kinds) made.push({ kind, ...(await documentOf(services, { ...invoice, kind })) })
  for (const fileId of attach.receipts) made.push(await receiptOf(services, asked.firmId, fileId))
  return named(made)
}

async function receiptOf({ store, files }: Making, firmId: string, fileId: string) {
  const file = await store.withFirm(firmId, (trx) =>
    trx
      .selectFrom('file')
      .select(['name', 'mediaType', 'sha256'])
      .where('firmId', '=', firmId)
      .where('id', '=', fileId)
      .executeTakeFirst(),
  )
  const bytes = file && (await files.get(firmId, file.sha256))
  if (!file || !bytes) throw lost(file?.name ?? fileId)
  return { kind: 'receipt' as const, fileName: file.name, mediaType: file.mediaType, bytes }
}

export const lost = (name: string): ProblemError =>
  new ProblemError({ kind: 'defect', code: 'letter-file-lost', values: { name } })

/** Two of the same name would be one to who saves them: `bon.jpg`, `bon (2).jpg`. */
export function named<File extends { readonly fileName: string }>(files: readonly File[]): File[] {
  const given = new Set<string>()
  return files.map((file) => {
    const [, stem = file.fileName, ending = ''] = /^(.+?)(\.[^.]{1,10})?$/.exec(file.fileName) ?? []
    let fileName = file.fileName
    for (let count = 2; given.has(fileName.toLowerCase()); count += 1) fileName = `${stem} (${count})${ending}`
    given.add(fileName.toLowerCase())
    return { ...file, fileName }
  })
}
