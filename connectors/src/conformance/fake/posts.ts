import { createHash } from 'node:crypto'
import { compare, decimal } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import * as z from 'zod'
import type {
  Answer,
  Draft,
  Found,
  Known,
  Outcome,
  Packed,
  Posts,
  Receipt,
  Reference,
  Wire,
} from '../../contract/contract.ts'
import type { GeneralJournalDoc, SalesEntryDoc } from '../../contract/documents.ts'
import { type FakeForm, keyHonouredMs, processingMs } from './form.ts'
import { ask, expectRight, outcomeOf, problemFrom, problemOf, understood } from './talk.ts'
import {
  type Mapped,
  toAttachment,
  toCustomer,
  toDocument,
  toGeneralJournal,
  toPrinting,
  toSalesEntry,
  toSalesInvoice,
} from './to-ledgerly.ts'
import {
  type Booked,
  booked,
  bookedLine,
  documentPage,
  type FakeKind,
  type LedgerlyResult,
  nextNumber,
  type Resource,
  resources,
  results,
  ticketAnswer,
} from './wire.ts'

export interface Place {
  readonly form: FakeForm
  readonly wire: Wire
  readonly company: string
}

export const postsOf = (place: Place) => ({
  customer: posts(place, 'customer', toCustomer),
  ...(place.form.reach === 'whole'
    ? { salesInvoice: posts(place, 'salesInvoice', toSalesInvoice), printing: posts(place, 'printing', toPrinting) }
    : {}),
  salesEntry: { ...posts(place, 'salesEntry', toSalesEntry), ...numbers(place, (document: SalesEntryDoc) => document) },
  generalJournal: {
    ...posts(place, 'generalJournal', toGeneralJournal),
    ...numbers(place, (document: GeneralJournalDoc) => document),
  },
  ...(place.form.files === 'document' ? { document: posts(place, 'document', toDocument) } : {}),
  attachment: posts(place, 'attachment', toAttachment),
})

function posts<D extends { readonly reference: Reference }>(
  place: Place,
  kind: FakeKind,
  map: (document: D, known: Known) => Mapped | { readonly problems: readonly Problem[] },
): Posts<D> {
  const { form, wire, company } = place
  const resource = resources[kind]
  // A reserved number is unique at the package, and so guards against doubles by itself; an invoice is printed once.
  const isNumbered = form.numbers === 'reserved' && (kind === 'salesEntry' || kind === 'generalJournal')
  const isUnique = isNumbered || kind === 'printing'
  const path = `/companies/${company}/${resource}`
  return {
    draft(document, known) {
      const mapped = map(document, known)
      if ('problems' in mapped) return mapped
      const { body, ...rest } = mapped
      // Plain JSON from the first: what is stored and what is sent are the same.
      const plain: unknown = JSON.parse(JSON.stringify(body))
      return { reference: document.reference, group: resource, body: plain, key: document.reference, ...rest }
    },
    pack: (drafts, attempt): Packed => ({
      method: 'POST',
      path,
      endpoint: resource,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(form.guard === 'key' ? { 'idempotency-key': attempt.idempotencyKey } : {}),
      },
      body: JSON.stringify({ documents: drafts.map((draft) => draft.body) }),
    }),
    async send(packed, drafts) {
      const answer = await wire.send({ ...packed, safe: false, priority: 'posting' })
      if (answer.status !== 200 && answer.status !== 202) {
        const problem = problemOf(answer, wire.clock.now())
        return new Map(drafts.map(({ reference }) => [reference, outcomeOf(problem, reference)]))
      }
      const told = heard(answer)
      const outcomes = new Map<Reference, Outcome>()
      for (const draft of drafts) {
        const result = told.find(({ reference }) => reference === draft.reference)
        if (result) outcomes.set(draft.reference, outcomeFrom(result, answer, wire.clock.now(), draft))
      }
      return outcomes
    },
    async find(drafts) {
      // A printing is sought by its invoice, whoever printed it.
      const which = kind === 'printing' ? 'ids' : 'references'
      const { rows } = await documents(place, resource, `${which}=${drafts.map(soughtBy).join(',')}`)
      const found = drafts.map((draft) => [draft.reference, foundFor(draft, rows)] as const)
      const isMissing = found.some(([, { is }]) => is === 'absent')
      const problem = isMissing ? await rightMissing(place, resource) : undefined
      return new Map(
        found.map(([reference, what]) => [
          reference,
          problem && what.is === 'absent' ? { is: 'unknown', problem } : what,
        ]),
      )
    },
    async read(ids) {
      const { rows, gone } = await documents(place, resource, `ids=${ids.join(',')}`)
      const seen = new Map<string, Receipt | 'gone'>()
      for (const row of rows) seen.set(row.id, receiptOf(row))
      for (const id of gone) seen.set(id, 'gone')
      const unseen = ids.filter((id) => !seen.has(id))
      if (unseen.length === 0) return seen
      await expectRight(wire, company, resource)
      throw new ProblemError({ kind: 'defect', code: 'answer-incomplete', values: { ids: unseen.join(', ') } })
    },
    ...(form.ticket ? { follow: (ticket) => follow(place, ticket) } : {}),
    batch: { most: form.batch, bytes: 500_000, sameGroup: true },
    retry: {
      sameAttemptMs: form.guard === 'key' ? keyHonouredMs : 0,
      settleMs: form.ticket ? [processingMs + 2_000, 20_000] : [2_000, 15_000],
      guard: form.guard === 'none' && isUnique ? 'unique' : form.guard,
    },
  }
}

function numbers<D>(
  { form, wire, company }: Place,
  dated: (document: D) => { journal: string; date: string; bookIn?: string },
) {
  if (form.numbers === 'none') return {}
  return {
    numbers: {
      digits: 6,
      scope(document: D): string {
        const { journal, date, bookIn } = dated(document)
        return `${journal}/${(bookIn ?? date).slice(0, 4)}`
      },
      async next(scope: string): Promise<number> {
        const path = `/companies/${company}/numbers?scope=${encodeURIComponent(scope)}`
        return (await ask(wire, path, 'numbers', nextNumber)).next
      },
    },
  }
}

/** What was answered to a posting; an answer we cannot read leaves every document in doubt. */
function heard(answer: Answer): readonly LedgerlyResult[] {
  try {
    return understood(answer, results).results
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}

async function follow(place: Place, ticket: { id: string; reference: Reference }): Promise<Outcome> {
  const { wire, company } = place
  try {
    const told = await ask(wire, `/companies/${company}/tickets/${ticket.id}`, 'tickets', ticketAnswer)
    if (told.state === 'queued') return accepted(ticket.id, ticket.reference, told.followAfterSeconds, wire.clock.now())
    return outcomeFrom({ ...told, state: told.state }, { status: 200, headers: {} }, wire.clock.now())
  } catch (error) {
    if (!isProblem(error) || error.problem.code !== 'ticket-unknown') throw error
    return outcomeOf(error.problem, ticket.reference)
  }
}

const accepted = (id: string, reference: Reference, afterSeconds: number | undefined, now: Date): Outcome => ({
  is: 'accepted',
  ticket: { id, reference },
  followAt: new Date(now.getTime() + (afterSeconds ?? 1) * 1000),
})

function outcomeFrom(
  result: LedgerlyResult,
  answer: { status: number; headers: Readonly<Record<string, string>> },
  now: Date,
  draft?: Draft,
): Outcome {
  const { reference, document, error, ticket } = result
  if (result.state === 'accepted' && ticket) return accepted(ticket, reference, result.followAfterSeconds, now)
  if (error) return outcomeOf(problemFrom(error, answer), reference)
  if (!document) return { is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-incomplete' } }
  const receipt = receiptOf(document)
  const ours = draft?.expects?.gross
  const differs = ours !== undefined && receipt.gross !== undefined && !sameCents(ours, receipt.gross)
  return { is: 'posted', receipt, ...(differs ? { differs: { gross: ours, theirs: receipt.gross } } : {}) }
}

const given = <T extends object>(fields: T): { [F in keyof T]?: NonNullable<T[F]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [F in keyof T]?: NonNullable<T[F]>
  }

const sameCents = (a: string, b: string): boolean => compare(decimal(a), decimal(b)) === 0

async function documents(
  { wire, company }: Place,
  resource: Resource,
  which: string,
): Promise<{ readonly rows: readonly Booked[]; readonly gone: readonly string[] }> {
  const rows: Booked[] = []
  let after = '0'
  for (;;) {
    const path = `/companies/${company}/${resource}?${which}&after=${after}`
    const page = await ask(wire, path, resource, documentPage)
    rows.push(...page.rows)
    if (!page.more) return { rows, gone: page.gone }
    after = page.last
  }
}

async function rightMissing({ wire, company }: Place, resource: Resource): Promise<Problem | undefined> {
  try {
    await expectRight(wire, company, resource)
    return undefined
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
}

const printed = z.object({ salesInvoice: z.string() })
/** What a draft is found by: the invoice that is printed, else our reference. */
const soughtBy = (draft: Draft): string => printed.safeParse(draft.body).data?.salesInvoice ?? draft.reference

function foundFor(draft: Draft, rows: readonly Booked[]): Found {
  const sought = soughtBy(draft)
  const hits = rows.filter(({ id, reference }) => id === sought || reference === sought)
  const [hit] = hits
  if (!hit) return { is: 'absent' }
  const receipt = receiptOf(hit)
  if (hits.length > 1) return { is: 'several', receipts: hits.map(receiptOf) }
  const why = differenceOf(draft, hit)
  return why ? { is: 'different', receipt, why } : { is: 'same', receipt }
}

/** The first field in which the books differ from what we sent. */
function differenceOf(draft: Draft, hit: Booked): string | undefined {
  const body = comparable.parse(draft.body)
  const same = (ours: string | undefined, theirs: string | undefined) => (ours ?? '') === (theirs ?? '')
  // It is printed; on which day, and by whom, is for the package to say.
  if (body.salesInvoice !== undefined) return undefined
  for (const field of comparedFields) if (!same(body[field], hit[field])) return field
  if (body.content !== undefined && Buffer.from(body.content, 'base64').byteLength !== hit.size) return 'size'
  if (draft.expects && !sameCents(draft.expects.gross, hit.gross ?? '0')) return 'gross'
  return fingerprint(body.lines) === fingerprint(hit.lines) ? undefined : 'lines'
}

const comparedFields = [
  'customer',
  'date',
  'currency',
  'journal',
  'name',
  'country',
  'entry',
  'subject',
  'parent',
  'fileName',
] as const
const comparable = z.object({
  ...booked.partial().pick({
    customer: true,
    date: true,
    currency: true,
    journal: true,
    name: true,
    country: true,
    entry: true,
    subject: true,
    parent: true,
    fileName: true,
    salesInvoice: true,
  }).shape,
  content: z.string().optional(),
  lines: z.array(bookedLine.partial()).optional(),
})

/** What was sent of a line: on an invoice of Ledgerly the amounts are its own. */
const fingerprint = (lines: readonly z.infer<ReturnType<typeof bookedLine.partial>>[] | undefined): string =>
  JSON.stringify(
    (lines ?? []).map(({ item, account, text, quantity, price, amount, vatCode, vat }) =>
      item === undefined ? [account, text, amount, vatCode, vat] : [item, text, quantity, price, vatCode],
    ),
  )

function receiptOf(row: Booked): Receipt {
  const { id, number, code, gross, vat, customer, journal, date, due, currency, invoice, state, name, fileName } = row
  const compared = [customer, date, currency, gross, name, fileName, fingerprint(row.lines)]
  const shownNumber = number === undefined ? code : String(number)
  return {
    id,
    ...(shownNumber === undefined ? {} : { number: shownNumber }),
    url: `https://books.ledgerly.example/show/${id}`,
    ...(gross === undefined ? {} : { gross }),
    ...(vat === undefined ? {} : { vat }),
    // What is received for a printed invoice is kept with the entry that printing made.
    ...(row.state === 'printed' && row.entry !== undefined ? { openItem: row.entry } : {}),
    shows: given({ customer, journal, date, dueDate: due, currency, reference: invoice, gross, vat, state }),
    hash: createHash('sha256').update(JSON.stringify(compared)).digest('hex'),
  }
}
