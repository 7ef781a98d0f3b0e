import { assert } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Draft, Found, Outcome, Packed, Posts, Receipt, Reference, Wire } from '../contract/contract.ts'
import { jsonOf } from '../kit/json-answer.ts'
import { fromJsonNumber } from '../kit/json-number.ts'
import { singleOf } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { refusalOf } from './judge.ts'

/** One document a request; found again by looking, since nothing here is unique for certain. */
export const onePerRequest: Pick<Posts<never>, 'batch' | 'retry'> = {
  batch: { most: 1, bytes: 1_000_000, sameGroup: true },
  retry: { sameAttemptMs: 0, settleMs: [2_000, 15_000], guard: 'none' },
}

export function packOne(division: string, resource: string, drafts: readonly Draft[]): Packed {
  return {
    method: 'POST',
    path: `/api/v1/${division}/${resource}`,
    endpoint: resource,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      // Without it some resources answer nulls for all but the id (seen in client code).
      prefer: 'return=representation',
    },
    body: JSON.stringify(theOne(drafts).body),
  }
}

function theOne(drafts: readonly Draft[]): Draft {
  const [draft] = drafts
  assert(draft !== undefined && drafts.length === 1, 'Exact Online takes one document a request')
  return draft
}

/**
 * Sends once and judges; `made` reads what the answer says was made. After a success nothing is `again`, since it stands in
 * the books: what cannot be read of it is looked for.
 */
export async function sendOne<S extends z.ZodType>(
  packed: Packed,
  drafts: readonly Draft[],
  wire: Wire,
  made: { readonly schema: S; readonly outcome: (found: z.output<S>, draft: Draft) => Promise<Outcome> },
): Promise<ReadonlyMap<Reference, Outcome>> {
  const draft = theOne(drafts)
  return new Map([[draft.reference, await outcomeOf()]])

  async function outcomeOf(): Promise<Outcome> {
    const answer = await wire.send({ ...packed, safe: false, priority: 'posting' }).catch(problemOf)
    if (answer instanceof ProblemError) return outcomeOfProblem(answer)
    const refusal = refusalOf(answer, wire.clock.now())
    if (refusal) return refusal
    try {
      return await made.outcome(parse(singleOf(made.schema), jsonOf(answer), packed.endpoint) as z.output<S>, draft)
    } catch (error) {
      return uncertain(problemOf(error).problem)
    }
  }
}

/** A refusal may mean that the books hold already what was wanted; `held` looks, and leaves the refusal when they do not. */
export async function afterRefusal(
  outcomes: ReadonlyMap<Reference, Outcome>,
  drafts: readonly Draft[],
  held: (problem: Problem, draft: Draft) => Promise<Outcome | undefined>,
): Promise<ReadonlyMap<Reference, Outcome>> {
  const draft = theOne(drafts)
  const outcome = outcomes.get(draft.reference)
  const instead = outcome?.is === 'refused' ? await held(outcome.problem, draft) : undefined
  return instead ? new Map([[draft.reference, instead]]) : outcomes
}

/** What reading came to; undefined when it was refused or not answered. */
export async function ifAnswered<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    problemOf(error)
    return undefined
  }
}

function problemOf(error: unknown): ProblemError {
  if (isProblem(error)) return error
  throw error
}

const uncertain = (problem: Problem): Outcome => ({ is: 'uncertain', problem: { ...problem, kind: 'uncertain' } })

/** It was made, but what it came to could not be read: it is looked for, and compared then. */
export const unread = (theirWords = ''): Outcome =>
  uncertain({ kind: 'uncertain', code: 'answer-incomplete', ...(theirWords && { theirWords }) })

function outcomeOfProblem({ problem }: ProblemError): Outcome {
  switch (problem.kind) {
    case 'temporary':
    case 'reconnect':
      return {
        is: 'again',
        problem,
        ...(problem.notBefore !== undefined && { notBefore: new Date(problem.notBefore) }),
      }
    case 'uncertain':
    case 'defect':
      return uncertain(problem)
    default:
      throw new ProblemError(problem)
  }
}

/** What this belongs to is not in the books yet. */
export const parentMissing = (code: 'invoice-missing' | 'entry-missing' | 'document-missing') => ({
  problems: [{ kind: 'setup', code } satisfies Problem],
})

/** An amount in cents, as decimal text. */
export const amountOf = (value: number | string | undefined): string | undefined =>
  value === undefined ? undefined : (fromJsonNumber(value, 2) ?? undefined)

/** Posted, and said aloud when the books came to another total than ours; without a total it is not known to agree. */
export function postedAs(receipt: Receipt, draft: Draft): Outcome {
  const ours = draft.expects?.gross
  if (ours === undefined) return { is: 'posted', receipt }
  if (receipt.gross === undefined) return unread()
  if (receipt.gross === ours) return { is: 'posted', receipt }
  return { is: 'posted', receipt, differs: { gross: ours, theirs: receipt.gross } }
}

/** Names of what differs: `date, gross`; nothing when it is the same. */
export const namesOf = (differences: Readonly<Record<string, boolean>>): string =>
  Object.keys(differences)
    .filter((name) => differences[name])
    .join(', ')

/** Whether our reference stands in a text of theirs as a word of its own. */
export const namesReference = (text: string | undefined, reference: Reference): boolean =>
  (text ?? '').split(/[^A-Z0-9]+/).includes(reference)

/**
 * Looks for each draft; what cannot be found out is `unknown`, never `absent`. `shown` throws when what is there
 * might not have been shown.
 */
export async function findEach(
  drafts: readonly Draft[],
  look: (draft: Draft) => Promise<Found>,
  shown: () => Promise<void>,
): Promise<ReadonlyMap<Reference, Found>> {
  const found = new Map<Reference, Found>()
  for (const draft of drafts) {
    found.set(
      draft.reference,
      await looked(draft).catch((error: unknown): Found => {
        if (isProblem(error)) return { is: 'unknown', problem: error.problem }
        throw error
      }),
    )
  }
  return found

  async function looked(draft: Draft): Promise<Found> {
    const hit = await look(draft)
    if (hit.is === 'absent') await shown()
    return hit
  }
}
