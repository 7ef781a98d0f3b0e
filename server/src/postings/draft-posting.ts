import type { Draft } from '@uurwerk/connectors/contract/contract.ts'
import type { Doc, Kind } from '@uurwerk/connectors/contract/documents.ts'
import { AssertionFailed } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { type Engine, type Made, type Opened, type PostedFile, postsOf } from './engine.ts'
import { knownFrom, type Lists } from './known.ts'
import { hangingKinds, type Posting } from './posting.ts'
import { type Firm, findPostings } from './posting-rows.ts'

export interface Drafted {
  readonly document: Doc[Kind]
  /** Whose numbers it shares, where the package wants a number and the posting has none yet. */
  readonly numberScope?: string
  draft(number?: number): Draft | { readonly problems: readonly Problem[] }
}

/** The document of a posting from what stands here now, and its draft; or what is missing. */
export async function draftPosting(
  engine: Pick<Engine, 'documents'>,
  firm: Firm,
  opened: Opened,
  posting: Posting,
  lists: Lists,
  file?: Made<PostedFile>,
): Promise<Drafted | { readonly problems: readonly Problem[] }> {
  const posts = postsOf(opened, posting.kind)
  const make = engine.documents[posting.kind]
  if (!posts || !make)
    return { problems: [{ kind: 'setup', code: 'kind-not-offered', values: { kind: posting.kind } }] }
  const made = await make(firm, posting, opened, file).catch(explained<Doc[Kind]>)
  if ('problems' in made) return made
  const { document } = made
  const parent = hangingKinds.has(posting.kind) ? (await parentOf(firm, posting))?.receipt : undefined
  const numberScope = posting.numberReserved === null ? posts.numbers?.scope(document) : undefined
  return {
    document,
    ...(numberScope === undefined ? {} : { numberScope }),
    draft(number = posting.numberReserved ?? undefined) {
      try {
        return posts.draft(document, knownFrom(lists, { number, parent }))
      } catch (error) {
        return explained<never>(error) as { readonly problems: readonly Problem[] }
      }
    },
  }
}

const parentOf = async (firm: Firm, { afterId }: Posting): Promise<Posting | undefined> =>
  afterId ? (await findPostings(firm, [afterId]))[0] : undefined

/** A mistake of ours in one document stops that document, not the lane. What the database says is nobody's document. */
function explained<D>(error: unknown): Made<D> {
  if (isProblem(error)) return { problems: [error.problem] }
  if (error instanceof AssertionFailed || error instanceof TypeError || error instanceof RangeError)
    return { problems: [{ kind: 'defect', code: 'program-mistake', values: { message: error.message } }] }
  throw error
}
