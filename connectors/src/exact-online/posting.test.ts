import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { describe, expect, it } from 'vitest'
import type { Answer, Call, Connection, Draft, Outcome, Posts, Wire } from '../contract/contract.ts'
import { customerPosts } from './customers.ts'
import { salesEntryPosts } from './sales-entries.ts'
import { salesInvoicePosts } from './sales-invoices.ts'
import { type ExactSettings, readSettings } from './settings.ts'

const id = 'c0de0000-0000-4000-8000-000000000001'
const customer = '8b1f0c3e-0000-4000-8000-000000000001'
const now = new Date('2026-03-31T10:00:30Z')

const at: Connection<ExactSettings> = {
  id: 'c',
  country: 'NL',
  administration: '1234567',
  settings: readSettings({ defaultItem: id, salesJournal: '70' }),
  language: 'nl',
}

const answer = (status: number, body: unknown = ''): Answer => ({
  status,
  headers: {},
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
})
const made = (row: object) => answer(201, { d: row })
const list = (...rows: readonly object[]) => answer(200, { d: { results: rows } })

/** A wire that answers in turn, and remembers what it was asked. */
function wireThat(...answers: readonly (Answer | ProblemError)[]) {
  const calls: Call[] = []
  const left = [...answers]
  const wire: Wire = {
    clock: { now: () => now },
    async send(call) {
      calls.push(call)
      const next = left.shift()
      if (next === undefined) throw new Error(`nobody expected ${call.method} ${call.path}`)
      if (next instanceof ProblemError) throw next
      return next
    },
  }
  return { wire, calls }
}

const draftOf = (body: object, gross = '121.00'): Draft => ({
  reference: 'UW1',
  group: 'g',
  body,
  units: 1,
  expects: { gross, vat: '21.00', currency: 'EUR' },
  key: 'k',
  notes: [],
})

async function send<D>(posts: Posts<D>, draft: Draft): Promise<Outcome | undefined> {
  const attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'k', at: now }
  return (await posts.send(posts.pack([draft], attempt), [draft], attempt)).get(draft.reference)
}

const entryDraft = draftOf({ YourRef: 'F-1', Customer: customer, EntryDate: '2026-03-31' })
const invoiceDraft = draftOf({ OrderedBy: customer, OrderDate: '2026-03-31', Remarks: 'UW1', SalesInvoiceLines: [{}] })
const entry = (part: object = {}) => ({
  EntryID: id,
  EntryNumber: 26700001,
  Customer: customer,
  AmountFC: 121,
  ...part,
})
const invoice = (part: object = {}) => ({
  InvoiceID: id,
  OrderedBy: customer,
  AmountFC: 121,
  AmountFCExclVat: 100,
  ...part,
})
const limit = answer(429)
const lost = new ProblemError({ kind: 'uncertain', code: 'answer-lost' })
const unreached = new ProblemError({ kind: 'temporary', code: 'package-unreachable' })
const noAccess = new ProblemError({ kind: 'reconnect', code: 'access-ended' })

describe('what became of a posting', () => {
  const entries = (wire: Wire) => salesEntryPosts(at, wire)
  const invoices = (wire: Wire) => salesInvoicePosts(at, wire)
  const cases: [string, (wire: Wire) => Posts<never>, Draft, (Answer | ProblemError)[], object][] = [
    ['an entry with our total', entries, entryDraft, [made(entry())], { is: 'posted', receipt: { gross: '121.00' } }],
    [
      'an entry with another total',
      entries,
      entryDraft,
      [made(entry({ AmountFC: 121.01 }))],
      { is: 'posted', differs: { gross: '121.00', theirs: '121.01' } },
    ],
    [
      'an entry whose total stands in the books only',
      entries,
      entryDraft,
      [made(entry({ AmountFC: null })), list(entry())],
      { is: 'posted', receipt: { gross: '121.00' } },
    ],
    [
      'an entry whose total could not be read: it is never taken for ours',
      entries,
      entryDraft,
      [made(entry({ AmountFC: null })), limit],
      { is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-incomplete' } },
    ],
    [
      'an entry whose total is not there either',
      entries,
      entryDraft,
      [made(entry({ AmountFC: null })), list(entry({ AmountFC: null }))],
      { is: 'uncertain' },
    ],
    [
      'an invoice whose totals could not be read for want of access: it was made, so it is not sent again',
      invoices,
      invoiceDraft,
      [made(invoice({ AmountFC: null })), noAccess],
      { is: 'uncertain', problem: { code: 'answer-incomplete' } },
    ],
    [
      'an invoice whose VAT stands in the books only',
      invoices,
      invoiceDraft,
      [made(invoice({ AmountFCExclVat: null })), list(invoice({ VATAmountFC: 21 }))],
      { is: 'posted', receipt: { gross: '121.00', vat: '21.00' } },
    ],
    [
      'a success that cannot be read',
      entries,
      entryDraft,
      [made({ EntryID: 'no guid' })],
      { is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-not-understood' } },
    ],
    ['a success with nothing in it', entries, entryDraft, [answer(204)], { is: 'uncertain' }],
    ['an answer that was lost', entries, entryDraft, [lost], { is: 'uncertain', problem: { code: 'answer-lost' } }],
    ['nobody reached', entries, entryDraft, [unreached], { is: 'again', problem: { kind: 'temporary' } }],
    ['no access', entries, entryDraft, [noAccess], { is: 'again', problem: { kind: 'reconnect' } }],
    ['a limit', entries, entryDraft, [limit], { is: 'again', problem: { code: 'limit-reached' } }],
    ['a file that a gateway finds too large', entries, entryDraft, [answer(413)], { is: 'refused' }],
  ]
  it.each(cases)('%s', async (_, posts, draft, answers, expected) => {
    const { wire, calls } = wireThat(...answers)
    expect(await send(posts(wire), draft)).toMatchObject(expected)
    expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(calls).toHaveLength(answers.length)
  })
})

describe('an entry whose number is taken', () => {
  const taken = answer(500, { error: { code: '', message: { lang: '', value: 'In gebruik: Boekstuknummer' } } })
  const typed = entry({
    YourRef: 'F-1',
    EntryDate: `/Date(${Date.parse('2026-03-31')})/`,
    Currency: 'EUR',
    Description: 'met de hand',
  })
  const asked = { is: 'uncertain', problem: { kind: 'refused', code: 'number-in-use' } }
  const cases: [string, (Answer | ProblemError)[], object][] = [
    [
      'by the same invoice, typed by hand, is that one',
      [list(typed)],
      { is: 'posted', receipt: { id, number: '26700001' } },
    ],
    ['by another invoice is refused', [list()], { is: 'refused', problem: { code: 'number-in-use' } }],
    ['by one that differs is looked for, and asked about', [list({ ...typed, AmountFC: 120 })], asked],
    ['by two of them is looked for, and asked about', [list(typed, { ...typed, EntryID: customer })], asked],
    ['is refused when nobody can look', [limit], { is: 'refused', problem: { code: 'number-in-use' } }],
  ]
  it.each(cases)('%s', async (_, answers, expected) => {
    const { wire, calls } = wireThat(taken, ...answers)
    expect(await send(salesEntryPosts(at, wire), entryDraft)).toMatchObject(expected)
    expect(calls.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })
})

describe('a customer that was made', () => {
  const body = draftOf({ Name: 'Voorbeeld BV', Status: 'C', Country: 'NL' })
  const account = { ID: customer, Code: '               217', Name: 'Voorbeeld BV' }
  const cases: [string, Answer[], string | undefined][] = [
    ['has the number of the answer', [made(account)], '217'],
    ['has the number of the books where the answer has none', [made({ ...account, Code: null }), list(account)], '217'],
    ['is made all the same when its number cannot be read', [made({ ...account, Code: null }), limit], undefined],
  ]
  it.each(cases)('%s', async (_, answers, number) => {
    const outcome = await send(customerPosts(at, wireThat(...answers).wire), body)
    expect(outcome).toMatchObject({ is: 'posted', receipt: { id: customer } })
    expect(outcome?.is === 'posted' && outcome.receipt.number).toBe(number)
  })
})

describe('what was posted, read again', () => {
  it('leaves the reserve of the day to postings', async () => {
    const entries = wireThat(list(entry()))
    await salesEntryPosts(at, entries.wire).read?.([id])
    const invoices = wireThat(list(invoice()))
    await salesInvoicePosts(at, invoices.wire).read?.([id])
    expect([...entries.calls, ...invoices.calls].map(({ priority }) => priority)).toEqual(['import', 'import'])
    const looking = wireThat(list(entry()))
    await salesEntryPosts(at, looking.wire).find([entryDraft], now)
    expect(looking.calls.map(({ priority }) => priority)).toEqual(['posting'])
  })
})
