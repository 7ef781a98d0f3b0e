import { compare, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Draft, Found, Known, Outcome, Posts, Receipt, Wire } from '../../contract/contract.ts'
import type { SalesEntryDoc } from '../../contract/documents.ts'
import { fingerprint } from '../../kit/fingerprint.ts'
import { isSuccess, jsonOf } from '../../kit/json-answer.ts'
import { parse } from '../../kit/parse.ts'
import { ask, problemOf } from './calls.ts'
import { entries, entry, entryBody, rights, type SkeletonEntry, type SkeletonEntryBody } from './wire.ts'

const resource = 'sales-entries'

export function toSkeletonEntry(document: SalesEntryDoc, customer: string): SkeletonEntryBody {
  return {
    reference: document.reference,
    invoice: document.invoiceNumber,
    journal: document.journal,
    customer,
    date: document.date,
    due: document.dueDate,
    period: (document.bookIn ?? document.date).slice(0, 7),
    currency: document.currency,
    ...(document.rate !== undefined && { rate: document.rate }),
    text: document.description,
    lines: document.lines.map((line) => ({
      account: line.ledgerAccount,
      text: line.description,
      net: toCents(line.net),
      vatCode: line.vatCode,
      vat: toCents(line.vat),
    })),
  }
}

function draft(document: SalesEntryDoc, known: Known): Draft | { problems: readonly Problem[] } {
  const customer = known.id('customer', document.customer)
  if (customer === undefined)
    return { problems: [{ kind: 'setup', code: 'customer-missing', values: { customer: document.customerName } }] }
  return {
    reference: document.reference,
    group: resource,
    body: toSkeletonEntry(document, customer),
    units: document.lines.length,
    expects: { gross: toCents(document.gross), vat: toCents(document.vat), currency: document.currency },
    key: document.reference,
    notes: [],
  }
}

export function fromSkeletonEntry(found: SkeletonEntry): Receipt {
  const { id, number, customer, journal, date, due, currency, invoice, gross, vat } = found
  const lines = found.lines.flatMap((line) => [line.account, line.text, line.net, line.vatCode, line.vat])
  return {
    id,
    number: String(number),
    gross,
    vat,
    hash: fingerprint([customer, journal, date, due, currency, invoice, gross, vat, ...lines]),
    shows: { customer, journal, date, dueDate: due, currency, reference: invoice, gross, vat },
  }
}

export function salesEntryPosts(wire: Wire, company: string): Posts<SalesEntryDoc> {
  const path = `/companies/${company}/${resource}`
  const booked = (which: string) => ask(wire, `${path}?${which}`, resource, entries, 'posting')

  /** Throws when the user of this access may not see entries: a list that is empty then means nothing. */
  async function expectRight(): Promise<void> {
    const { withheld } = await ask(wire, `/companies/${company}/rights`, 'rights', rights, 'posting')
    if (withheld.includes(resource)) throw new ProblemError({ kind: 'refused', code: 'rights-missing' })
  }

  async function look(sought: Draft): Promise<Found> {
    try {
      const { rows } = await booked(`reference=${sought.reference}`)
      if (rows.length === 0) await expectRight()
      return compared(rows, sought)
    } catch (error) {
      if (isProblem(error)) return { is: 'unknown', problem: error.problem }
      throw error
    }
  }

  return {
    draft,
    pack: ([first]) => ({
      method: 'POST',
      path,
      endpoint: resource,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(first?.body),
    }),
    async send(packed, [sent]) {
      const answer = await wire.send({ ...packed, safe: false, priority: 'posting' })
      if (!sent) return new Map()
      const outcome: Outcome = isSuccess(answer)
        ? postedAs(fromSkeletonEntry(parse(entry, jsonOf(answer), resource)), sent)
        : outcomeOf(problemOf(answer, wire.clock.now()))
      return new Map([[sent.reference, outcome]])
    },
    async find(drafts) {
      const found = new Map<string, Found>()
      for (const sought of drafts) found.set(sought.reference, await look(sought))
      return found
    },
    async read(ids) {
      const { rows, gone } = await booked(`ids=${ids.join(',')}`)
      const read = new Map<string, Receipt | 'gone'>(rows.map((row) => [row.id, fromSkeletonEntry(row)]))
      for (const id of gone) read.set(id, 'gone')
      if (ids.every((id) => read.has(id))) return read
      await expectRight()
      throw new ProblemError({ kind: 'defect', code: 'answer-not-understood', values: { endpoint: resource } })
    },
    batch: { most: 1, bytes: 1_000_000, sameGroup: true },
    // Nothing is unique at the package: what became of a lost answer is found by looking, twice.
    retry: { sameAttemptMs: 0, settleMs: [2_000, 15_000], guard: 'none' },
  }
}

const sameAmount = (ours: string, theirs: string) => compare(decimal(ours), decimal(theirs)) === 0

function postedAs(receipt: Receipt, { expects }: Draft): Outcome {
  const { gross } = receipt
  if (!expects || gross === undefined || sameAmount(expects.gross, gross)) return { is: 'posted', receipt }
  return { is: 'posted', receipt, differs: { gross: expects.gross, theirs: gross } }
}

/** An outage after sending is doubt, not a promise that nothing happened. */
function outcomeOf(problem: Problem): Outcome {
  if (problem.code === 'package-unavailable') return { is: 'uncertain', problem: { ...problem, kind: 'uncertain' } }
  if (problem.kind === 'temporary' || problem.kind === 'reconnect')
    return { is: 'again', problem, ...(problem.notBefore && { notBefore: new Date(problem.notBefore) }) }
  return { is: 'refused', problem }
}

function compared(rows: readonly SkeletonEntry[], sought: Draft): Found {
  const [hit] = rows
  if (!hit) return { is: 'absent' }
  if (rows.length > 1) return { is: 'several', receipts: rows.map(fromSkeletonEntry) }
  const body = parse(entryBody, sought.body, resource)
  const receipt = fromSkeletonEntry(hit)
  const why = (['customer', 'journal', 'date', 'currency'] as const).find((field) => body[field] !== hit[field])
  if (why) return { is: 'different', receipt, why }
  const isSame = sameAmount(sought.expects?.gross ?? '0', hit.gross)
  return isSame ? { is: 'same', receipt } : { is: 'different', receipt, why: 'gross' }
}
