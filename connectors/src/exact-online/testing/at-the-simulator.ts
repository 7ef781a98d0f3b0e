import { expect } from 'vitest'
import { type Bench, openBench } from '../../conformance/bench.ts'
import { chooseFrom, knownFrom, ourCustomer, readLists } from '../../conformance/sample-documents.ts'
import type { Attempt, Books, Draft, Found, Known, Page, Posts } from '../../contract/contract.ts'
import type { Doc, Kind, NewCustomer, SalesEntryDoc } from '../../contract/documents.ts'
import type { Noun, Row, Settlement } from '../../contract/rows.ts'
import { exactHarness } from '../harness.ts'
import { exactOnline } from '../index.ts'

export const open = (language: 'nl' | 'en' = 'nl', settings: object = {}) =>
  openBench(exactOnline, exactHarness, { language, stored: { ...(exactHarness.settings as object), ...settings } })
export const division = Number(exactHarness.administration)

export async function ready(language: 'nl' | 'en' = 'nl', settings: object = {}) {
  const bench = await open(language, settings)
  const lists = await readLists(bench.books)
  const chosen = chooseFrom(lists)
  const known = knownFrom(lists, { [`customer/${ourCustomer}`]: chosen.customer })
  const entries = bench.books.posts.salesEntry as Posts<SalesEntryDoc>
  const customers = bench.books.posts.customer as Posts<NewCustomer>
  return { bench, lists, chosen, known, entries, customers }
}

export const attempt = (bench: Bench): Attempt => ({
  id: 'a',
  number: 1,
  repeat: 0,
  idempotencyKey: 'k',
  at: bench.clock.now(),
})

export async function sendOne<D>(bench: Bench, posts: Posts<D>, document: D, known: Known) {
  const draft = posts.draft(document, known) as Draft
  expect(draft).not.toHaveProperty('problems')
  const outcome = (await posts.send(posts.pack([draft], attempt(bench)), [draft], attempt(bench))).get(draft.reference)
  return { draft, outcome }
}

export function postsOf<K extends Kind>({ books }: { readonly books: Books }, kind: K): Posts<Doc[K]> {
  const posts = books.posts[kind]
  if (!posts) throw new Error(`${kind} is not offered`)
  return posts as Posts<Doc[K]>
}

export const find = async <D>(bench: Bench, posts: Posts<D>, draft: Draft): Promise<Found | undefined> =>
  (await posts.find([draft], bench.clock.now())).get(draft.reference)

/** Everything that is still open, from a mark on. */
export async function settledSince({ books }: Bench, mark: string | null) {
  const pages: (Page<Settlement> | 'reset')[] = []
  for await (const page of books.settled?.changes(mark) ?? []) pages.push(page)
  const given = pages.filter((page) => page !== 'reset')
  return {
    reset: pages.includes('reset'),
    rows: given.flatMap(({ rows }) => rows),
    gone: given.flatMap(({ gone }) => gone),
    mark: given.at(-1)?.mark ?? '',
  }
}

/** Everything a reading gives from a mark, with the mark it ends in. */
export async function since<N extends Noun>({ books }: Bench, noun: N, mark: string | null) {
  const pages: (Page<Row[N]> | 'reset')[] = []
  for await (const page of books.reads[noun]?.changes(mark) ?? []) pages.push(page)
  const given = pages.filter((page) => page !== 'reset')
  return {
    reset: pages.includes('reset'),
    rows: given.flatMap(({ rows }) => rows),
    gone: given.flatMap(({ gone }) => gone),
    mark: given.at(-1)?.mark ?? '',
  }
}
