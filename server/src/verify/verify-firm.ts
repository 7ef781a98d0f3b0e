import { sql } from 'kysely'
import type { FileStore } from '../files/file-store.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'
import { type SentLink, sentLinks } from '../invoices/sent-chain.ts'
import type { Store, Trx } from '../store/database.ts'
import { differencesFromSent } from './compare-sent.ts'

export interface FirmVerdict {
  /** How many documents were sent. */
  readonly sent: number
  /** The last hash of the chain: as long as nobody touches what was sent, it stays and only others follow it. */
  readonly head: { readonly position: number; readonly hash: string } | null
  /** The first position that is not what was sent, or that is missing. */
  readonly brokenAt: number | null
  /** PDFs, UBL and attachments of letters that are kept. */
  readonly kept: number
  /** Everything that is wrong, as sentences. */
  readonly wrongs: readonly string[]
  /** Of the hashes that were noted before, those that stand in this chain. */
  readonly noted: readonly string[]
}

const MINUTE_MS = 60_000
const atOnce = 50

/** Looks at all that a firm sent, in one snapshot of its rows, and then at the bytes that are kept of it. Changes nothing. */
export async function verifyFirm(
  { store, files }: { readonly store: Store; readonly files: FileStore },
  firmId: string,
  notedBefore: ReadonlySet<string>,
): Promise<FirmVerdict> {
  const { kept, ...chain } = await store.withFirm(
    firmId,
    async (trx) => ({
      ...(await verifyChain(trx, firmId, notedBefore)),
      kept: await keptOf(trx, firmId),
    }),
    { isolation: 'repeatable read', readOnly: true, statementTimeoutMs: 10 * MINUTE_MS },
  )
  const lost: string[] = []
  for (const one of kept) {
    const wrong = await wrongBytes(files, firmId, one)
    if (wrong) lost.push(wrong)
  }
  return { ...chain, kept: kept.length, wrongs: [...chain.wrongs, ...lost] }
}

async function verifyChain(trx: Trx, firmId: string, notedBefore: ReadonlySet<string>) {
  const wrongs: string[] = []
  const noted: string[] = []
  let [sent, position, hash]: [number, number, string] = [0, 0, '']
  let brokenAt: number | null = null
  let batch: SentLink[] = []
  const compare = async () => {
    wrongs.push(...(await compareInvoices(trx, firmId, batch)))
    batch = []
  }
  for await (const link of sentLinks(trx, firmId)) {
    if (link.broken) {
      brokenAt ??= link.broken === 'missing-before' ? position + 1 : link.position
      wrongs.push(brokenWords(link, position))
    }
    ;[sent, position, hash] = [sent + 1, link.position, link.chainHash]
    if (notedBefore.has(hash)) noted.push(hash)
    batch.push(link)
    if (batch.length === atOnce) await compare()
  }
  await compare()
  const bare = await sentWithoutDocument(trx, firmId)
  if (bare.length > 0) brokenAt ??= position + 1
  wrongs.push(...bare)
  return { sent, head: sent > 0 ? { position, hash } : null, brokenAt, wrongs, noted }
}

function brokenWords({ broken, position }: SentLink, before: number): string {
  if (broken === 'bytes') return `position ${position}: the bytes are not those that were sent`
  if (broken === 'chain') return `position ${position}: it does not follow the one before it`
  const [first, last] = [before + 1, position - 1]
  return first === last ? `position ${first} is missing` : `positions ${first} to ${last} are missing`
}

async function compareInvoices(trx: Trx, firmId: string, links: readonly SentLink[]): Promise<string[]> {
  const stored = await readInvoices(
    trx,
    firmId,
    links.map(({ invoiceId }) => invoiceId),
  )
  return links.flatMap((link) => {
    const invoice = stored.get(link.invoiceId)?.invoice
    if (!invoice) return [`position ${link.position}: its invoice is gone`]
    // What is wrong with changed bytes has been said; they say nothing about the invoice.
    if (link.broken === 'bytes') return []
    if (invoice.state === 'draft') return [`position ${link.position}: its invoice is a draft`]
    return differencesFromSent(link.bytes, invoice).map((wrong) => `invoice ${invoice.number}: ${wrong}`)
  })
}

async function sentWithoutDocument(trx: Trx, firmId: string): Promise<string[]> {
  const { rows } = await sql<{ number: string | null }>`
    select i.number from invoice i
    where i.firm_id = ${firmId}::uuid and i.state <> 'draft' and not exists (
      select from sent_document d where d.firm_id = i.firm_id and d.invoice_id = i.id)
    order by i.sent_at, i.number`.execute(trx)
  return rows.map(({ number }) => `invoice ${number}: what was sent is missing`)
}

interface Kept {
  readonly of: string
  readonly sha256: string
  readonly sizeBytes: number
}

async function keptOf(trx: Trx, firmId: string): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select 'invoice ' || i.number || ', ' || d.kind as of, d.sha256, d.size_bytes as "sizeBytes"
    from invoice_document d join invoice i on i.firm_id = d.firm_id and i.id = d.invoice_id
    where d.firm_id = ${firmId}::uuid
    union all
    select 'letter of ' || to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD') || ', ' || a.file_name, a.sha256, a.size_bytes
    from letter_attachment a join letter l on l.firm_id = a.firm_id and l.id = a.letter_id
    where a.firm_id = ${firmId}::uuid
    order by 1`.execute(trx)
  return rows
}

async function wrongBytes(files: FileStore, firmId: string, { of, sha256, sizeBytes }: Kept): Promise<string | null> {
  const bytes = await files.get(firmId, sha256)
  if (bytes) return bytes.length === sizeBytes ? null : `${of}: its size is not the one that was stored`
  return (await files.has(firmId, sha256)) ? `${of}: the file is not what it was` : `${of}: the file is missing`
}
