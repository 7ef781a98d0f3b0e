import { createHash } from 'node:crypto'
import { compare, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
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
import type { AttachmentDoc, GeneralJournalDoc, NewCustomer, SalesEntryDoc } from '../../contract/documents.ts'
import { type FakeForm, keyHonouredMs, processingMs } from './form.ts'
import { ask, outcomeOf, problemFrom, problemOf, understood } from './talk.ts'
import {
  type AttachmentBody,
  type Booked,
  booked,
  type CustomerBody,
  documentPage,
  type FakeKind,
  type GeneralJournalBody,
  type LedgerlyResult,
  nextNumber,
  type Resource,
  resources,
  results,
  type SalesEntryBody,
  ticketAnswer,
} from './wire.ts'

export interface Place {
  readonly form: FakeForm
  readonly wire: Wire
  readonly company: string
}

export const postsOf = (place: Place) => ({
  customer: posts(place, 'customer', toCustomer),
  salesEntry: { ...posts(place, 'salesEntry', toSalesEntry), ...numbers(place, (document: SalesEntryDoc) => document) },
  generalJournal: {
    ...posts(place, 'generalJournal', toGeneralJournal),
    ...numbers(place, (document: GeneralJournalDoc) => document),
  },
  attachment: posts(place, 'attachment', toAttachment),
})

type Body = CustomerBody | SalesEntryBody | GeneralJournalBody | AttachmentBody
type Mapped = Pick<Draft, 'expects' | 'units' | 'notes'> & { readonly body: Body }

function posts<D extends { readonly reference: Reference }>(
  place: Place,
  kind: FakeKind,
  map: (document: D, known: Known) => Mapped | { readonly problems: readonly Problem[] },
): Posts<D> {
  const { form, wire, company } = place
  const resource = resources[kind]
  // A reserved number is unique at the package, and so guards against doubles by itself.
  const isNumbered = form.numbers === 'reserved' && (kind === 'salesEntry' || kind === 'generalJournal')
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
      const references = drafts.map(({ reference }) => reference).join(',')
      const rows = await documents(place, resource, `references=${references}`)
      return new Map(drafts.map((draft) => [draft.reference, foundFor(draft, rows)]))
    },
    async read(ids) {
      const rows = await documents(place, resource, `ids=${ids.join(',')}`)
      return new Map(
        ids.map((id) => {
          const row = rows.find((candidate) => candidate.id === id)
          return [id, row ? receiptOf(row) : 'gone']
        }),
      )
    },
    ...(form.ticket ? { follow: (ticket) => follow(place, ticket) } : {}),
    batch: { most: form.batch, bytes: 500_000, sameGroup: true },
    retry: {
      sameAttemptMs: form.guard === 'key' ? keyHonouredMs : 0,
      settleMs: form.ticket ? [processingMs + 2_000, 20_000] : [2_000, 15_000],
      guard: form.guard === 'none' && isNumbered ? 'unique' : form.guard,
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

const sameCents = (a: string, b: string): boolean => compare(decimal(a), decimal(b)) === 0

async function documents({ wire, company }: Place, resource: Resource, which: string): Promise<readonly Booked[]> {
  const rows: Booked[] = []
  let after = '0'
  for (;;) {
    const path = `/companies/${company}/${resource}?${which}&after=${after}`
    const page = await ask(wire, path, resource, documentPage)
    rows.push(...page.rows)
    if (!page.more) return rows
    after = page.last
  }
}

function foundFor(draft: Draft, rows: readonly Booked[]): Found {
  const hits = rows.filter(({ reference }) => reference === draft.reference)
  const [hit] = hits
  if (!hit) return { is: 'absent' }
  const receipt = receiptOf(hit)
  if (hits.length > 1) return { is: 'several', receipts: hits.map(receiptOf) }
  const why = differenceOf(draft, hit)
  return why ? { is: 'different', receipt, why } : { is: 'same', receipt }
}

/** The first field in which the books differ from what we sent. */
function differenceOf(draft: Draft, hit: Booked): string | undefined {
  const body = booked.omit({ id: true, reference: true, code: true, number: true }).parse(draft.body)
  const same = (ours: string | undefined, theirs: string | undefined) => (ours ?? '') === (theirs ?? '')
  for (const field of ['customer', 'date', 'currency', 'journal', 'name', 'country', 'entry', 'fileName'] as const)
    if (!same(body[field], hit[field])) return field
  if (draft.expects && !sameCents(draft.expects.gross, hit.gross ?? '0')) return 'gross'
  return fingerprint(body.lines) === fingerprint(hit.lines) ? undefined : 'lines'
}

const fingerprint = (lines: Booked['lines']): string =>
  JSON.stringify((lines ?? []).map(({ account, text, amount, vatCode, vat }) => [account, text, amount, vatCode, vat]))

function receiptOf(row: Booked): Receipt {
  const { id, number, code, gross, vat, customer, date, currency, name, fileName } = row
  const compared = [customer, date, currency, gross, name, fileName, fingerprint(row.lines)]
  const shownNumber = number === undefined ? code : String(number)
  return {
    id,
    ...(shownNumber === undefined ? {} : { number: shownNumber }),
    url: `https://books.ledgerly.example/show/${id}`,
    ...(gross === undefined ? {} : { gross }),
    ...(vat === undefined ? {} : { vat }),
    hash: createHash('sha256').update(JSON.stringify(compared)).digest('hex'),
  }
}

const setup = (code: string, values: Record<string, string>): { problems: Problem[] } => ({
  problems: [{ kind: 'setup', code, values }],
})

function toCustomer(document: NewCustomer): Mapped {
  const { reference, number, name, address, country, email, vatId } = document
  const { line1: street, postcode, city } = address
  const body = { reference, code: number, name, street, postcode, city, country, email, vatNumber: vatId }
  return { body, expects: null, units: 1, notes: [] }
}

export function toSalesEntry(document: SalesEntryDoc, known: Known): Mapped | { problems: readonly Problem[] } {
  const customer = known.id('customer', document.customer)
  if (!customer) return setup('customer-missing', { customer: document.customerName })
  const body: SalesEntryBody = {
    reference: document.reference,
    journal: document.journal,
    number: known.number,
    customer,
    invoice: document.invoiceNumber,
    date: document.date,
    due: document.dueDate,
    period: (document.bookIn ?? document.date).slice(0, 7),
    currency: document.currency,
    rate: document.rate,
    text: document.description,
    lines: document.lines.map((line) => ({
      account: line.ledgerAccount,
      text: line.description,
      amount: toCents(line.net),
      vatCode: line.vatCode,
      vat: toCents(line.vat),
      quantity: line.quantity,
      costCentre: line.costCentre,
      costUnit: line.costUnit,
    })),
  }
  const expects = { gross: toCents(document.gross), vat: toCents(document.vat), currency: document.currency }
  return { body, expects, units: body.lines.length, notes: [] }
}

export function toGeneralJournal(document: GeneralJournalDoc, known: Known): Mapped {
  const body: GeneralJournalBody = {
    reference: document.reference,
    journal: document.journal,
    number: known.number,
    date: document.date,
    period: `${document.year}-${String(document.period).padStart(2, '0')}`,
    currency: document.currency,
    text: document.description,
    lines: document.lines.map((line) => ({
      account: line.ledgerAccount,
      text: line.description,
      amount: toCents(line.amount),
      costCentre: line.costCentre,
      costUnit: line.costUnit,
    })),
  }
  const expects = { gross: '0.00', vat: '0.00', currency: document.currency }
  return { body, expects, units: body.lines.length, notes: [] }
}

function toAttachment(document: AttachmentDoc, known: Known): Mapped | { problems: readonly Problem[] } {
  if (!known.parent) return setup('entry-missing', { file: document.fileName })
  const { reference, fileName, mediaType, title, bytesBase64: content } = document
  return {
    body: { reference, entry: known.parent.id, fileName, mediaType, title, content },
    expects: null,
    units: 1,
    notes: [],
  }
}
