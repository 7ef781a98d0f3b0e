import { describe, expect, it } from 'vitest'
import { openBench } from './bench.ts'
import { describeConnector } from './describe-connector.ts'
import { byHand, companyOne, type FakeForm, fakeForms, fakeHarness, fakePackage, nameOf } from './fake/index.ts'
import { referenceDriver } from './reference-driver.ts'
import {
  attachment,
  chooseFrom,
  knownFrom,
  ourCustomer,
  readLists,
  salesEntry,
  salesInvoice,
} from './sample-documents.ts'

async function ready(form: FakeForm) {
  const { connector } = fakePackage(form)
  const bench = await openBench(connector, fakeHarness(form))
  const lists = await readLists(bench.books)
  const chosen = chooseFrom(lists)
  const known = knownFrom(lists, { [`customer/${ourCustomer}`]: chosen.customer })
  const driver = referenceDriver({
    books: bench.books,
    clock: bench.clock,
    wireTimeoutMs: connector.manifest.wireTimeoutMs,
  })
  return { bench, chosen, known, driver }
}

describe.each(fakeForms.map((form) => [nameOf(form), form] as const))('%s', (_, form) => {
  describeConnector(fakePackage(form).connector, fakeHarness(form))

  it('shows the administrations that its token is good for', async () => {
    const { bench } = await ready(form)
    const seen = (await bench.books.administrations()).map(({ id, usable, reason }) => [id, usable, reason])
    const all = [
      [companyOne, true, undefined],
      ['harbour', true, undefined],
      ['attic', false, 'archived'],
    ]
    expect(seen).toEqual(form.companyBound ? all.slice(0, 1) : all)
  })

  it('goes on by itself when access died too early to be renewed', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    bench.fault('expireAccess', { post: 'salesEntry' })
    const ended = await driver.post('salesEntry', [salesEntry(chosen, 'X9')], known)
    expect(ended.get('X9')?.is).toBe('posted')
    expect(bench.world.state.breaches).toEqual({})
  })

  it('tells when the books came to another amount', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    bench.world.state.faults.push({ kind: 'shiftGross', times: 1, value: '0.01' })
    const ended = (await driver.post('salesEntry', [salesEntry(chosen, 'G1')], known)).get('G1')
    const theirs = bench.booked().find(({ reference }) => reference === 'G1')?.gross
    expect(theirs).not.toBe(salesEntry(chosen, 'G1').gross)
    // A ticket tells nothing about what was sent: the engine compares the receipt with the draft.
    if (form.ticket) expect(ended).toMatchObject({ is: 'posted', receipt: { gross: theirs } })
    else expect(ended).toMatchObject({ is: 'posted', differs: { gross: salesEntry(chosen, 'G1').gross, theirs } })
  })

  it.runIf(form.reach === 'whole')('tells when an invoice of its own came to another amount', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    bench.world.state.faults.push({ kind: 'shiftGross', times: 1, value: '-0.01' })
    const ended = (await driver.post('salesInvoice', [salesInvoice(chosen, 'G2')], known)).get('G2')
    const theirs = bench.booked().find(({ reference }) => reference === 'G2')?.gross
    expect(theirs).not.toBe(salesInvoice(chosen, 'G2').gross)
    if (form.ticket) expect(ended).toMatchObject({ is: 'posted', receipt: { gross: theirs } })
    else expect(ended).toMatchObject({ is: 'posted', differs: { gross: salesInvoice(chosen, 'G2').gross, theirs } })
  })

  it.runIf(form.files === 'document')('takes a file on a document only, never on an entry', async () => {
    const { chosen, known, driver } = await ready(form)
    const entry = (await driver.post('salesEntry', [salesEntry(chosen, 'D9')], known)).get('D9')
    if (entry?.is !== 'posted') throw new Error('no entry')
    const ended = await driver.post('attachment', [attachment('D8')], { ...known, parent: entry.receipt })
    expect(ended.get('D8')).toMatchObject({ is: 'refused', problem: { code: 'document-unknown' } })
  })

  it.runIf(form.numbers === 'reserved')('takes the numbers it is given, one after the other', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    const documents = ['R1', 'R2', 'R3'].map((reference) => salesEntry(chosen, reference))
    bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await driver.post('salesEntry', documents, known)
    await driver.post('salesEntry', [salesEntry(chosen, 'R4')], known)
    const numbers = new Map(bench.booked().map(({ reference, number }) => [reference, number]))
    expect([...numbers].sort()).toEqual([
      ['R1', '1'],
      ['R2', '2'],
      ['R3', '3'],
      ['R4', '4'],
    ])
  })

  it.runIf(form.numbers === 'reserved')('refuses a number that somebody else took meanwhile', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    const posts = bench.books.posts.salesEntry
    const first = await driver.post('salesEntry', [salesEntry(chosen, 'T1')], known)
    expect(first.get('T1')?.is).toBe('posted')
    const taken = { ...known, number: 1 }
    const draft = posts?.draft(salesEntry(chosen, 'T2'), taken)
    if (!posts || !draft || 'problems' in draft) throw new Error('no draft')
    const attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'other', at: bench.clock.now() }
    let outcome = (await posts.send(posts.pack([draft], attempt), [draft], attempt)).get('T2')
    if (outcome?.is === 'accepted') {
      bench.clock.advanceTo(outcome.followAt)
      outcome = await posts.follow?.(outcome.ticket)
    }
    expect(outcome).toMatchObject({ is: 'refused', problem: { code: 'number-taken', values: { takenBy: 'T1' } } })
  })

  it('never adopts what a person entered under the same reference', async () => {
    const { bench, chosen, known, driver } = await ready(form)
    await driver.post('salesEntry', [salesEntry(chosen, 'H1')], known)
    const id = bench.booked()[0]?.id ?? ''
    byHand.change(bench.world, 'sales-entries', companyOne, id, { reference: 'H2', date: '2026-03-30' })
    const again = referenceDriver({
      books: bench.books,
      clock: bench.clock,
      wireTimeoutMs: 30_000,
      diesBefore: () => true,
    })
    const ended = (await again.post('salesEntry', [salesEntry(chosen, 'H2')], known)).get('H2')
    expect(ended).toMatchObject({ is: 'needs-person', found: { is: 'different', why: 'date' } })
  })
})
