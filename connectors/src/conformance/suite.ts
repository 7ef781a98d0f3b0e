import { compare, type Decimal, decimal } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { afterEach, expect } from 'vitest'
import type { Attempt, Connector, Draft, Known, Packed, Posts, Reference, TheirId } from '../contract/contract.ts'
import type { Doc, Kind } from '../contract/documents.ts'
import type { Language } from '../contract/manifest.ts'
import { wordsOf } from '../contract/messages.ts'
import type { Noun } from '../contract/rows.ts'
import { type Bench, type BenchSettings, openBench } from './bench.ts'
import type { BookedDocument } from './books.ts'
import type { FaultName, Harness } from './harness.ts'
import { type Driver, type DriverSettings, type Ended, type KnownOf, referenceDriver } from './reference-driver.ts'
import {
  archived,
  attachment,
  type Chosen,
  chooseFrom,
  generalJournal,
  knownFrom,
  type Lists,
  newCustomer,
  ourCustomer,
  printing,
  readLists,
  salesEntry,
  salesInvoice,
} from './sample-documents.ts'

/** What every chapter of the suite works with, for one connector at its simulator. */
export interface Suite {
  readonly connector: Connector<unknown>
  readonly harness: Harness
  /** Whether a connector offers this kind. */
  has(kind: Kind): boolean
  canFail(name: FaultName, kind: Kind): boolean
  open(settings?: BenchSettings): Promise<Bench>
  /** Opened, with its lists read. */
  ready(settings?: BenchSettings): Promise<Ready>
  driverOf(bench: Bench, more?: Partial<DriverSettings>): Driver
  /** Three documents of a kind, each with what it hangs on already in the books. */
  documentsOf<K extends Kind>(kind: K, at: Ready): Promise<Samples<K>>
  postsOf<K extends Kind>(bench: Bench, kind: K): Posts<Doc[K]>
  freeze<K extends Kind>(bench: Bench, kind: K, document: Doc[K], known: Known): Promise<Frozen<K>>
  /** Cause and remedy in both languages, with nothing left to fill in. */
  expectWords(problem: Problem | undefined): void
  /** Rules of the package that this test breaks on purpose. */
  allow(...breaches: readonly string[]): void
}

export interface Samples<K extends Kind> {
  readonly documents: readonly Doc[K][]
  readonly knownOf: KnownOf
  readonly hungOf: (reference: Reference) => Hung
}

export interface Frozen<K extends Kind> {
  readonly posts: Posts<Doc[K]>
  readonly draft: Draft
  readonly attempt: Attempt
  readonly packed: Packed
}

export function suiteOf<S>(connector: Connector<S>, harness: Harness): Suite {
  const { manifest, messages } = connector
  const benches: Bench[] = []
  /** Breaches of the package's rules that a test causes on purpose. */
  let allowed: readonly string[] = []

  afterEach(() => {
    for (const { world } of benches.splice(0)) {
      const breached = Object.keys(world.state.breaches).filter((name) => !allowed.includes(name))
      expect(breached, 'rules of the package that were broken').toEqual([])
    }
    allowed = []
  })

  async function open(settings?: BenchSettings): Promise<Bench> {
    const bench = await openBench(connector, harness, settings)
    benches.push(bench)
    return bench
  }

  async function ready(settings?: BenchSettings): Promise<Ready> {
    const bench = await open(settings)
    const lists = await readLists(bench.books)
    const chosen = chooseFrom(lists)
    const known = knownFrom(lists, { [`customer/${ourCustomer}`]: chosen.customer })
    return { bench, lists, chosen, known }
  }

  const driverOf = (bench: Bench, more: Partial<DriverSettings> = {}) =>
    referenceDriver({ books: bench.books, clock: bench.clock, wireTimeoutMs: manifest.wireTimeoutMs, ...more })

  /** Three documents of a kind, each with what it hangs on already in the books. */
  async function documentsOf<K extends Kind>(kind: K, at: Ready): Promise<Samples<K>> {
    const { lists, chosen } = at
    const makers: { readonly [M in Kind]: (reference: Reference) => Doc[M] } = {
      customer: (reference) => newCustomer(reference, { name: `Timmerwerken ${reference}` }),
      salesInvoice: (reference) => salesInvoice(chosen, reference),
      printing,
      salesEntry: (reference) => salesEntry(chosen, reference),
      generalJournal: (reference) => generalJournal(lists, reference),
      document: (reference) => archived(chosen, reference),
      attachment,
    }
    const documents = ['D1', 'D2', 'D3'].map(makers[kind])
    const knownOf = await hungOn(kind, at)
    const hungOf = (reference: Reference): Hung => {
      const file = documents.find((document) => document.reference === reference)
      return { parent: knownOf(reference).parent?.id, fileName: file && 'fileName' in file ? file.fileName : undefined }
    }
    return { documents, knownOf, hungOf }
  }

  /** Posts three documents of each kind that `kind` hangs on. */
  async function hungOn(kind: Kind, at: Ready): Promise<KnownOf> {
    const above = parentOf(kind)
    if (!above) return () => at.known
    const { documents, knownOf } = await documentsOf(above, at)
    const ended = await driverOf(at.bench).post(above, documents, knownOf)
    const parents = new Map(documents.map(({ reference }) => [reference, receiptOf(ended, reference)]))
    return (reference) => {
      const parent = parents.get(reference)
      return parent ? { ...at.known, parent } : at.known
    }
  }

  function parentOf(kind: Kind): Kind | undefined {
    if (kind === 'printing') return 'salesInvoice'
    if (kind === 'document') return 'salesEntry'
    if (kind === 'attachment') return has('document') ? 'document' : 'salesEntry'
    return undefined
  }

  const postsOf = <K extends Kind>(bench: Bench, kind: K): Posts<Doc[K]> => {
    const posts = bench.books.posts[kind]
    if (!posts) throw new Error(`${manifest.id} does not post ${kind}`)
    return posts as Posts<Doc[K]>
  }

  /** Draft and request of one document, as an engine freezes them. */
  async function freeze<K extends Kind>(bench: Bench, kind: K, document: Doc[K], known: Known) {
    const posts = postsOf(bench, kind)
    const number = await posts.numbers?.next?.(posts.numbers.scope(document))
    const draft = posts.draft(document, number === undefined ? known : { ...known, number })
    if ('problems' in draft) throw new Error(`no draft: ${JSON.stringify(draft.problems)}`)
    const attempt: Attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'key-a', at: bench.clock.now() }
    return { posts, draft, attempt, packed: posts.pack([draft], attempt) }
  }

  const has = (kind: Kind) => manifest.posts.includes(kind)
  const canFail = (name: FaultName, kind: Kind) => harness.fault(name, { post: kind }) !== undefined

  function expectWords(problem: Problem | undefined): void {
    for (const language of ['nl', 'en'] satisfies Language[]) {
      const words = problem && wordsOf(messages, problem, language)
      expect(words?.cause, `cause of ${problem?.code} in ${language}`).toMatch(/\S/)
      expect(words?.remedy, `remedy of ${problem?.code} in ${language}`).toMatch(/\S/)
      expect(`${words?.cause} ${words?.remedy}`, 'a placeholder without a value').not.toMatch(/\{\w+\}/)
    }
  }

  return {
    connector: connector as Connector<unknown>,
    harness,
    has,
    canFail,
    open,
    ready,
    driverOf,
    documentsOf,
    postsOf,
    freeze,
    expectWords,
    allow(...breaches) {
      allowed = breaches
    },
  }
}

export interface Ready {
  readonly bench: Bench
  readonly lists: Lists
  readonly chosen: Chosen
  readonly known: Known
}

export function readsOf(bench: Bench, noun: 'customers') {
  const reads = bench.books.reads[noun]
  if (!reads) throw new Error(`${noun} cannot be read`)
  return reads
}

interface AnyPage {
  readonly rows: readonly { readonly id: string; readonly name: string }[]
  readonly gone: readonly string[]
  readonly mark?: string
}

export async function pagesOf(bench: Bench, noun: Noun, since: string | null): Promise<readonly AnyPage[]> {
  const pages: AnyPage[] = []
  for await (const page of bench.books.reads[noun]?.changes(since) ?? []) {
    if (page === 'reset') throw new Error('reset')
    pages.push(page)
  }
  return pages
}

/** What a document is known by where the package keeps no reference of ours: a file by its name, a printing by its invoice. */
export interface Hung {
  readonly parent?: TheirId | undefined
  readonly fileName?: string | undefined
}

export function only(
  booked: readonly BookedDocument[],
  kind: Kind,
  reference: Reference,
  { parent, fileName }: Hung = {},
): readonly BookedDocument[] {
  return booked.filter((document) => {
    if (document.kind !== kind) return false
    if (document.reference !== '' || parent === undefined) return document.reference === reference
    return document.parent === parent && document.fileName === fileName
  })
}

export function expectEachOnce(
  booked: readonly BookedDocument[],
  kind: Kind,
  ended: ReadonlyMap<Reference, Ended>,
  hungOf: (reference: Reference) => Hung = () => ({}),
): void {
  for (const [reference, end] of ended) {
    expect(end.is, JSON.stringify(end)).toBe('posted')
    const ids = only(booked, kind, reference, hungOf(reference)).map(({ id }) => id)
    expect(ids).toEqual([end.is === 'posted' ? end.receipt.id : ''])
  }
}

export function receiptOf(ended: ReadonlyMap<Reference, Ended>, reference: Reference) {
  const end = ended.get(reference)
  if (end?.is !== 'posted') throw new Error(`${reference} was not posted: ${JSON.stringify(end)}`)
  return end.receipt
}

export const cents = (amount: string | undefined): string => (amount === undefined ? 'none' : plain(decimal(amount)))
/** `1.50` and `1.5` are the same amount. */
const plain = (amount: Decimal): string => (compare(amount, decimal('0')) === 0 ? '0' : amount)

export function comparable(line: {
  readonly ledgerAccount: string
  readonly description: string
  readonly amount: string
  readonly vatCode?: string
  readonly vat?: string
}) {
  const { ledgerAccount, description, amount, vatCode, vat } = line
  // A package without a field for the price has quantity × price at the end of the text.
  const text = description.replace(/ \(-?[\d.]+ × -?[\d.]+\)$/, '')
  return { ledgerAccount, description: text, amount: cents(amount), vatCode, vat: cents(vat) }
}

export async function problemOf(work: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
}
