import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import type { Bench } from '../conformance/bench.ts'
import { attachment, knownFrom, ourCustomer, readLists, salesEntry } from '../conformance/sample-documents.ts'
import type { Draft, Receipt } from '../contract/contract.ts'
import type { ArchivedDoc, SalesInvoiceDoc } from '../contract/documents.ts'
import { packOne } from './posting.ts'
import { toExactSalesInvoice } from './sales-invoices.ts'
import {
  blockAccount,
  blockItem,
  blockJournal,
  changeInvoice,
  closePeriod,
  discardInvoice,
  editAccount,
  editRow,
  endItem,
  findRow,
  makeProspect,
  payEntry,
  printInvoice,
  takeRight,
  typeEntryByHand,
} from './simulator/bookkeeper.ts'
import { addFault } from './simulator/faults.ts'
import { attempt, division, find, postsOf, ready, sendOne, settledSince, since } from './testing/at-the-simulator.ts'

type At = Awaited<ReturnType<typeof ready>>

const invoiceOf = (at: At, reference: string, part: Parameters<typeof salesEntry>[2] = {}): SalesInvoiceDoc => {
  const { invoiceNumber: _, ...entry } = salesEntry(at.chosen, reference, part)
  return { ...entry, orderNumber: 'PO 4711', projectReference: 'Rooster 2026' }
}

async function make(at: At, reference: string, part: Parameters<typeof salesEntry>[2] = {}) {
  const document = invoiceOf(at, reference, part)
  const posts = postsOf(at.bench, 'salesInvoice')
  const { draft, outcome } = await sendOne(at.bench, posts, document, at.known)
  if (outcome?.is !== 'posted') throw new Error(`${reference} was ${JSON.stringify(outcome)}`)
  return { document, draft, posts, outcome, receipt: outcome.receipt }
}

const print = async (at: At, parent: Receipt, reference = 'PR1') =>
  (
    await sendOne(
      at.bench,
      postsOf(at.bench, 'printing'),
      { reference, date: calendarDate('2026-03-31') },
      { ...at.known, parent },
    )
  ).outcome

const lastInvoice = ({ world }: Bench) => Object.values(world.tables.SalesInvoices ?? {}).at(-1)

describe('an invoice made in Exact Online', () => {
  it.each(['invoice', 'credit'] as const)('holds what we asked for: %s', async (kind) => {
    const at = await ready()
    const { receipt, outcome, document } = await make(at, 'I1', { kind })
    expect(outcome).not.toHaveProperty('differs')
    expect(receipt).toMatchObject({ gross: document.gross, vat: document.vat, shows: { state: 'open' } })
    expect(receipt).not.toHaveProperty('number')
    expect(lastInvoice(at.bench)).toMatchObject({
      Type: kind === 'credit' ? 8021 : 8020,
      Status: 20,
      OrderedBy: at.chosen.customer,
      OrderDate: '2026-03-31',
      Description: 'Rooster 2026',
      YourRef: 'PO 4711',
      Remarks: 'I1',
    })
    expect(Object.values(at.bench.world.tables.SalesEntries ?? {})).toEqual([])
    expect(at.bench.world.state.breaches).toEqual({})
  })

  it('takes one call', async () => {
    const at = await ready()
    const before = at.bench.seen.length
    await make(at, 'C1')
    expect(at.bench.seen.length - before).toBe(1)
  })

  it('says aloud that Exact Online came to another total, which is the truth of it', async () => {
    const at = await ready()
    const { draft, posts } = await make(at, 'T1')
    const body = { ...(draft.body as object), Remarks: 'T2' }
    const other: Draft = { ...draft, reference: 'T2', body, expects: { gross: '999.99', vat: '1.00', currency: 'EUR' } }
    const outcome = (await posts.send(posts.pack([other], attempt(at.bench)), [other], attempt(at.bench))).get('T2')
    const theirs = draft.expects?.gross
    expect(outcome).toMatchObject({ is: 'posted', receipt: { gross: theirs }, differs: { gross: '999.99', theirs } })
  })

  it('is found again by our key, also when its answer was lost, and is there once', async () => {
    const at = await ready()
    const posts = postsOf(at.bench, 'salesInvoice')
    const draft = posts.draft(invoiceOf(at, 'L1'), at.known) as Draft
    expect(await find(at.bench, posts, draft)).toEqual({ is: 'absent' })
    addFault(at.bench.world, 'loseAnswerAfter', { on: 'POST salesinvoice/SalesInvoices', times: 1 })
    const outcomes = await posts.send(posts.pack([draft], attempt(at.bench)), [draft], attempt(at.bench))
    expect(outcomes.get('L1')).toMatchObject({ is: 'uncertain' })
    await make(at, 'L2')
    expect(await find(at.bench, posts, draft)).toMatchObject({ is: 'same', receipt: { gross: draft.expects?.gross } })
    const id = Object.values(at.bench.world.tables.SalesInvoices ?? {}).find(
      ({ Remarks }) => Remarks === 'L1',
    )?.InvoiceID
    changeInvoice(at.bench, String(id), { OrderDate: '2026-03-30' })
    expect(await find(at.bench, posts, draft)).toMatchObject({ is: 'different', why: 'date', receipt: { id } })
  })

  it('is gone when it is discarded, which the log of deletions tells', async () => {
    const at = await ready()
    const one = await make(at, 'D1')
    const two = await make(at, 'D2')
    discardInvoice(at.bench, one.receipt.id)
    const read = await one.posts.read?.([one.receipt.id, two.receipt.id])
    expect(read?.get(one.receipt.id)).toBe('gone')
    expect(read?.get(two.receipt.id)).toEqual(two.receipt)
  })

  it('is not said to be gone when invoices may not be seen', async () => {
    const at = await ready()
    const { receipt, posts } = await make(at, 'N1')
    addFault(at.bench.world, 'missingRight', { on: 'GET salesinvoice/SalesInvoices' })
    await expect(posts.read?.([receipt.id])).rejects.toMatchObject({ problem: { code: 'disappeared-unexplained' } })
  })
})

describe('printing', () => {
  it('books the invoice: it has a number, and money is settled against its entry', async () => {
    const at = await ready()
    const { receipt, posts } = await make(at, 'P1')
    const outcome = await print(at, receipt)
    expect(outcome).toMatchObject({ is: 'posted', receipt: { id: receipt.id, shows: { state: 'processed' } } })
    const printed = outcome?.is === 'posted' ? outcome.receipt : receipt
    expect(printed.number).toMatch(/^\d+$/)
    expect(printed.hash).toBe(receipt.hash)
    const [entry] = Object.values(at.bench.world.tables.SalesEntries ?? {})
    expect(printed.openItem).toBe(entry?.EntryID)
    payEntry(at.bench, String(entry?.YourRef))
    expect((await settledSince(at.bench, null)).rows).toContainEqual(
      expect.objectContaining({ document: printed.openItem, outstanding: '0.00' }),
    )
    expect((await posts.read?.([receipt.id]))?.get(receipt.id)).toEqual(printed)
  })

  it('is found again when its answer was lost, and is absent while the invoice is open', async () => {
    const at = await ready()
    const { receipt } = await make(at, 'P2')
    const posts = postsOf(at.bench, 'printing')
    const draft = posts.draft(
      { reference: 'PR2', date: calendarDate('2026-03-31') },
      { ...at.known, parent: receipt },
    ) as Draft
    expect(await find(at.bench, posts, draft)).toEqual({ is: 'absent' })
    addFault(at.bench.world, 'loseAnswerAfter', { on: 'POST salesinvoice/PrintedSalesInvoices', times: 1 })
    const outcomes = await posts.send(posts.pack([draft], attempt(at.bench)), [draft], attempt(at.bench))
    expect(outcomes.get('PR2')).toMatchObject({ is: 'uncertain' })
    expect(await find(at.bench, posts, draft)).toMatchObject({ is: 'same', receipt: { number: expect.any(String) } })
  })

  it.each(['salesinvoice/SalesInvoices', 'bulk/Cashflow/Receivables'])(
    'is in doubt when %s could not be read after it, and then found whole and never printed twice',
    async (resource) => {
      const at = await ready()
      const { receipt } = await make(at, 'P6')
      const posts = postsOf(at.bench, 'printing')
      addFault(at.bench.world, 'tooManyRequests', { on: `GET ${resource}`, times: 1 })
      const document = { reference: 'PR6', date: calendarDate('2026-03-31') }
      const { draft, outcome } = await sendOne(at.bench, posts, document, { ...at.known, parent: receipt })
      expect(outcome).toMatchObject({ is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-incomplete' } })
      const [entry] = Object.values(at.bench.world.tables.SalesEntries ?? {})
      at.bench.clock.advance(60_000)
      expect(await find(at.bench, posts, draft)).toMatchObject({
        is: 'same',
        receipt: { number: String(entry?.InvoiceNumber), gross: receipt.gross, openItem: entry?.EntryID },
      })
      expect(Object.keys(at.bench.world.tables.SalesEntries ?? {})).toHaveLength(1)
    },
  )

  it('by hand is what was wanted', async () => {
    const at = await ready()
    const { receipt } = await make(at, 'P3')
    printInvoice(at.bench, receipt.id)
    expect(await print(at, receipt)).toMatchObject({ is: 'posted', receipt: { shows: { state: 'processed' } } })
    expect(Object.keys(at.bench.world.tables.SalesEntries ?? {})).toHaveLength(1)
  })

  it('is posted with a note when the document could not be made', async () => {
    const at = await ready()
    const { receipt } = await make(at, 'P4')
    addFault(at.bench.world, 'documentFails', { on: 'POST salesinvoice/PrintedSalesInvoices', times: 1 })
    expect(await print(at, receipt)).toMatchObject({
      is: 'posted',
      receipt: { notes: [{ code: 'printing-incomplete', values: { words: expect.stringMatching(/\w/) } }] },
    })
  })

  it('is refused in a closed period, and the invoice stays open', async () => {
    const at = await ready()
    const { receipt } = await make(at, 'P5')
    closePeriod(at.bench.world, { month: '2026-03' })
    expect(await print(at, receipt)).toMatchObject({ is: 'refused', problem: { code: 'period-closed' } })
    expect(lastInvoice(at.bench)).toMatchObject({ Status: 20 })
  })
})

describe('the PDF of an entry', () => {
  const archived = (at: At, invoiceNumber: string): ArchivedDoc => ({
    reference: 'DOC1',
    kind: 'invoice',
    invoiceNumber,
    customer: ourCustomer,
    date: calendarDate('2026-03-31'),
    currency: 'EUR',
    gross: decimal(salesEntry(at.chosen, 'E1').gross),
  })

  it('stands in the archive, linked to the entry, and both are found again', async () => {
    const at = await ready()
    const document = salesEntry(at.chosen, 'E1')
    const entry = (await sendOne(at.bench, at.entries, document, at.known)).outcome
    const parent = entry?.is === 'posted' ? entry.receipt : undefined
    if (!parent) throw new Error('no entry')
    const documents = postsOf(at.bench, 'document')
    const archive = await sendOne(at.bench, documents, archived(at, document.invoiceNumber), { ...at.known, parent })
    expect(archive.outcome).toMatchObject({ is: 'posted' })
    const holder = archive.outcome?.is === 'posted' ? archive.outcome.receipt : parent
    expect(at.bench.world.tables.Documents?.[holder.id]).toMatchObject({
      Type: 10,
      Subject: `Factuur ${document.invoiceNumber} (DOC1)`,
      Account: at.chosen.customer,
      FinancialTransactionEntryID: parent.id,
    })
    expect(await find(at.bench, documents, archive.draft)).toEqual({ is: 'same', receipt: holder })

    const files = postsOf(at.bench, 'attachment')
    const file = await sendOne(at.bench, files, attachment('FILE1'), { ...at.known, parent: holder })
    expect(file.outcome).toMatchObject({ is: 'posted' })
    const [stored] = Object.values(at.bench.world.tables.DocumentAttachments ?? {})
    expect(stored).toMatchObject({ Document: holder.id, FileName: attachment('FILE1').fileName })
    expect(stored?.Attachment).toBe(attachment('FILE1').bytesBase64)
    expect(await find(at.bench, files, file.draft)).toMatchObject({ is: 'same', receipt: { id: stored?.ID } })
  })

  it('waits for the right to documents, while the entry stands', async () => {
    const at = await ready()
    const document = salesEntry(at.chosen, 'E2')
    const entry = (await sendOne(at.bench, at.entries, document, at.known)).outcome
    const email = String(Object.values(at.bench.world.tables.Users ?? {})[0]?.Email)
    takeRight(at.bench, email, { path: 'documents/', as: 'refused' })
    const parent = entry?.is === 'posted' ? entry.receipt : undefined
    if (!parent) throw new Error('no entry')
    const archive = await sendOne(at.bench, postsOf(at.bench, 'document'), archived(at, document.invoiceNumber), {
      ...at.known,
      parent,
    })
    expect(archive.outcome).toMatchObject({ is: 'refused', problem: { code: 'rights-missing' } })
  })
})

describe('our own number', () => {
  const numbered = (at: At, reference: string, invoiceNumber: string) => ({
    ...salesEntry(at.chosen, reference),
    invoiceNumber,
  })

  it('is the number of the entry, when that is set', async () => {
    const at = await ready('nl', { ownNumber: 'true' })
    const { outcome } = await sendOne(at.bench, at.entries, numbered(at, 'O1', '26709042'), at.known)
    expect(outcome).toMatchObject({ is: 'posted', receipt: { number: '26709042' } })
    expect(outcome?.is === 'posted' && outcome.receipt.notes).toBeUndefined()
  })

  it('is not sent when it is not set, or is no number', async () => {
    const at = await ready('nl', { ownNumber: 'true' })
    const { outcome } = await sendOne(at.bench, at.entries, numbered(at, 'O2', '2026-0042'), at.known)
    expect(outcome).toMatchObject({ is: 'posted', receipt: { shows: { reference: '2026-0042' } } })
    const plain = await ready()
    const { draft } = await sendOne(plain.bench, plain.entries, numbered(plain, 'O3', '26709042'), plain.known)
    expect(draft.body).not.toHaveProperty('EntryNumber')
  })

  it('is refused and explained when somebody typed an entry with it, and doubles nothing', async () => {
    const at = await ready('nl', { ownNumber: 'true' })
    const customer = String(at.bench.world.tables.Accounts?.[at.chosen.customer]?.Code)
    const ledgerAccount = String(at.bench.world.tables.GLAccounts?.[at.chosen.ledgerAccount]?.Code)
    typeEntryByHand(at.bench, {
      customer,
      reference: 'anders',
      date: '2026-03-31',
      number: 26709042,
      lines: [{ ledgerAccount, net: '1', vatCode: '0' }],
    })
    const { outcome, draft } = await sendOne(at.bench, at.entries, numbered(at, 'O4', '26709042'), at.known)
    expect(outcome).toMatchObject({ is: 'refused', problem: { code: 'number-in-use' } })
    expect(await find(at.bench, at.entries, draft)).toEqual({ is: 'absent' })
    expect(Object.keys(at.bench.world.tables.SalesEntries ?? {})).toHaveLength(1)
  })
})

describe('a preview of an invoice agrees with Exact Online', () => {
  interface Case {
    readonly happen?: (at: At) => void
    readonly part?: (at: At) => Partial<SalesInvoiceDoc>
  }
  const firstLine = (part: object) => (at: At) => ({
    lines: invoiceOf(at, 'A1').lines.map((line, index) => (index === 0 ? { ...line, ...part } : line)),
  })
  const codeIn = (at: At, table: string, id: string) => String(at.bench.world.tables[table]?.[id]?.Code)
  const cases: readonly (readonly [code: string, there: string, Case])[] = [
    ['customer-not-customer', 'customer-not-customer', { happen: (at) => void makeProspect(at.bench, '10012') }],
    ['customer-blocked', 'customer-blocked', { happen: (at) => void blockAccount(at.bench, '10012') }],
    [
      'customer-ended',
      'customer-ended',
      { happen: (at) => void editAccount(at.bench, '10012', { EndDate: '2026-01-31' }) },
    ],
    ['journal-type', 'journal-type', { part: () => ({ journal: '90' }) }],
    ['journal-blocked', 'journal-blocked', { happen: (at) => void blockJournal(at.bench, '70') }],
    [
      'payment-condition-unknown',
      'payment-condition-unknown',
      {
        happen: (at) => void editAccount(at.bench, '10012', { PaymentConditionSales: null }),
        part: () => ({ paymentTerm: '99' }),
      },
    ],
    ['vat-code-unknown', 'vat-code-unknown', { part: firstLine({ vatCode: 'X' }) }],
    ['vat-code-blocked', 'vat-code-blocked', { part: firstLine({ vatCode: '19' }) }],
    ['vat-code-not-allowed', 'vat-code-not-allowed', { part: firstLine({ vatCode: '5' }) }],
    ['cost-centre-unknown', 'cost-centre-unknown', { part: firstLine({ costCentre: 'NIETS' }) }],
    [
      'cost-centre-missing',
      'cost-centre-missing',
      {
        happen: (at) =>
          void editRow(at.bench, 'GLAccounts', codeIn(at, 'GLAccounts', at.chosen.ledgerAccount), { UseCostcenter: 1 }),
      },
    ],
  ]

  it.each(cases)('on %s', async (code, there, { happen, part }) => {
    const at = await ready()
    const customer = String(findRow(at.bench, 'Accounts', '10012').ID)
    const { mark } = await since(at.bench, 'customers', null)
    happen?.(at)
    const changed = (await since(at.bench, 'customers', mark)).rows
    const lists = await readLists(at.bench.books)
    const customers = [...changed, ...(lists.customers ?? []).filter(({ id }) => !changed.some((row) => row.id === id))]
    const known = knownFrom({ ...lists, customers }, { [`customer/${ourCustomer}`]: customer })
    const document = { ...invoiceOf(at, 'A1'), ...part?.(at) }
    const posts = postsOf(at.bench, 'salesInvoice')
    const draft = posts.draft(document, known)
    expect('problems' in draft && [...new Set(draft.problems.map((problem) => problem.code))]).toEqual([code])

    // Sent all the same, past the preview.
    const body = toExactSalesInvoice(document, { customer, paymentTerm: document.paymentTerm })
    const bare = { reference: 'A1', group: '', body, units: 1, expects: null, key: '', notes: [] }
    const packed = packOne(String(division), 'salesinvoice/SalesInvoices', [bare])
    const outcome = (await posts.send(packed, [bare], attempt(at.bench))).get('A1')
    expect(outcome).toMatchObject({ is: 'refused', problem: { code: there } })
    expect(at.bench.world.state.breaches).toEqual({})
  })

  it.each([
    ['is no longer sold', blockItem, 'item-blocked'],
    ['has ended', endItem, 'item-ended'],
  ] as const)('names an item that %s after it was chosen', async (_, happen, code) => {
    const at = await ready()
    happen(at.bench, codeIn(at, 'Items', at.chosen.item))
    const known = knownFrom(await readLists(at.bench.books), { [`customer/${ourCustomer}`]: at.chosen.customer })
    const draft = postsOf(at.bench, 'salesInvoice').draft(invoiceOf(at, 'B1'), known)
    expect('problems' in draft && [...new Set(draft.problems.map((problem) => problem.code))]).toEqual([code])
  })
})
