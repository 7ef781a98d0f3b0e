import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { AttachmentDoc } from '../contract/documents.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, exactCalls } from './calls.ts'
import { findEach, onePerRequest, packOne, parentMissing, sendOne } from './posting.ts'
import { mustBeShown } from './rights.ts'
import { documentAttachment, type ExactAttachmentRead } from './wire.ts'

const resource = 'documents/DocumentAttachments'

/** Exact Online publishes no limit; below this one it was not seen to refuse. */
const mostBytes = 10_000_000

interface ExactAttachment {
  readonly Document: TheirId
  readonly FileName: string
  /** The bytes in base64. */
  readonly Attachment: string
}

export function draftAttachment(
  document: AttachmentDoc,
  { parent }: Pick<Known, 'parent'>,
): Draft | { readonly problems: readonly Problem[] } {
  const { reference, fileName, bytesBase64 } = document
  const size = sizeOf(bytesBase64)
  if (size > mostBytes) {
    const code = 'attachment-too-large'
    const values = { file: fileName, size: megabytes(size), most: megabytes(mostBytes) }
    return { problems: [{ kind: 'refused', code, values, fields: [{ pointer: '/bytesBase64', code }] }] }
  }
  if (!parent) return parentMissing('document-missing')
  const body: ExactAttachment = { Document: parent.id, FileName: fileName, Attachment: bytesBase64 }
  return { reference, group: resource, body, units: 1, expects: null, key: `${parent.id}/${fileName}`, notes: [] }
}

const sizeOf = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)

const fromExactAttachment = (found: ExactAttachmentRead): Receipt => ({
  id: found.ID,
  hash: fingerprint([found.Document?.toLowerCase(), found.FileName]),
})

const sent = z.object({ Document: z.string(), FileName: z.string() })

/** A document is ours alone, so a file of this name in it is ours; what its bytes are is never answered. */
export function compareAttachments(hits: readonly ExactAttachmentRead[], draft: Draft): Found {
  const { FileName } = parse(sent, draft.body, resource)
  const named = hits.filter((hit) => hit.FileName === FileName)
  const [hit] = named
  if (hit === undefined) return { is: 'absent' }
  if (named.length > 1) return { is: 'several', receipts: named.map(fromExactAttachment) }
  return { is: 'same', receipt: fromExactAttachment(hit) }
}

export function attachmentPosts(at: Connection<unknown>, wire: Wire): Posts<AttachmentDoc> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    // In base64 a file grows by a third.
    batch: { ...onePerRequest.batch, bytes: 2 * mostBytes },
    draft: draftAttachment,
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    send: (packed, drafts) =>
      sendOne(packed, drafts, wire, {
        schema: documentAttachment,
        outcome: async (made) => ({ is: 'posted', receipt: fromExactAttachment(made) }),
      }),
    find: (drafts) =>
      findEach(
        drafts,
        async (draft) => {
          const { Document } = parse(sent, draft.body, resource)
          const filter = `Document eq ${literal.guid(Document)}`
          return compareAttachments(await calls().all(resource, documentAttachment, { filter }), draft)
        },
        () => mustBeShown(calls(), resource),
      ),
  }
}
