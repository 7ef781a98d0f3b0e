import { createHash } from 'node:crypto'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Trx } from '../store/database.ts'

const sentMediaType = 'application/vnd.uurwerk.invoice+json'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'now'>

/** What was sent, byte for byte, as the next link of the firm's chain: each hash takes in the one before it. */
export async function keepSentDocument(call: Call, invoice: Invoice, how: string): Promise<void> {
  const { trx, firmId, services, now } = call
  // Before the chain is read: documents of one firm follow each other, whichever series they have.
  await sql`select 1 from firm where firm_id = ${firmId}::uuid for no key update`.execute(trx)
  const previous = await trx
    .selectFrom('sentDocument')
    .select(['position', 'chainHash'])
    .where('firmId', '=', firmId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  const position = (previous?.position ?? 0) + 1
  const previousHash = previous?.chainHash ?? chainStart
  const bytes = canonicalBytes({ ...invoice, sentAt: now.toISOString(), sentHow: how })
  const hash = sha256(bytes)
  await trx
    .insertInto('sentDocument')
    .values({
      firmId,
      id: services.ids.next(),
      invoiceId: invoice.id,
      mediaType: sentMediaType,
      bytes,
      sha256: hash,
      position,
      previousHash,
      chainHash: chainHash({ previousHash, position, hash }),
      sentAt: now,
    })
    .execute()
}

const chainStart = '0'.repeat(64)
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const chainHash = (link: { previousHash: string; position: number; hash: string }): string =>
  sha256(`${link.previousHash}\n${link.position}\n${link.hash}`)

/** JSON with its keys in order and without white space: the same invoice gives the same bytes. */
export const canonicalBytes = (value: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(value, (_, part: unknown) =>
      part && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ),
  )

export interface SentLink {
  readonly position: number
  readonly invoiceId: string
  readonly bytes: Buffer
  readonly chainHash: string
  /** What is wrong with it: its bytes are not those that were sent, or it does not follow the one before it. */
  readonly broken: 'missing-before' | 'bytes' | 'chain' | null
}

const linksAtOnce = 50

/** The sent documents of a firm in the order in which they were sent, each judged by its own hash and the one before. */
export async function* sentLinks(trx: Trx, firmId: string): AsyncGenerator<SentLink> {
  let [position, previousHash] = [0, chainStart]
  for (;;) {
    const links = await trx
      .selectFrom('sentDocument')
      .select(['position', 'invoiceId', 'bytes', 'sha256', 'previousHash', 'chainHash'])
      .where('firmId', '=', firmId)
      .where('position', '>', position)
      .orderBy('position')
      .limit(linksAtOnce)
      .execute()
    if (links.length === 0) return
    for (const link of links) {
      const follows =
        link.previousHash === previousHash &&
        link.chainHash === chainHash({ previousHash, position: link.position, hash: link.sha256 })
      const broken =
        link.position !== position + 1
          ? 'missing-before'
          : sha256(link.bytes) !== link.sha256
            ? 'bytes'
            : follows
              ? null
              : 'chain'
      yield { ...link, broken }
      ;[position, previousHash] = [link.position, link.chainHash]
    }
  }
}

/** Position of the first sent document that is not what was sent, or that is missing; null when all of them stand. */
export async function brokenLink(trx: Trx, firmId: string): Promise<number | null> {
  let before = 0
  for await (const { position, broken } of sentLinks(trx, firmId)) {
    if (broken) return broken === 'missing-before' ? before + 1 : position
    before = position
  }
  return null
}
