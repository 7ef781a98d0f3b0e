import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bench } from '../conformance/bench.ts'
import { salesEntry } from '../conformance/sample-documents.ts'
import type { Settlement } from '../contract/rows.ts'
import {
  changeEntry,
  moveDivision,
  payEntry,
  removeEntry,
  settleWithCredit,
  takeRight,
  unmatchEntry,
  writeEntryOff,
} from './simulator/bookkeeper.ts'
import { addFault } from './simulator/faults.ts'
import { ready, sendOne, settledSince } from './testing/at-the-simulator.ts'

type At = Awaited<ReturnType<typeof ready>>

async function book(at: At, reference: string, part: Parameters<typeof salesEntry>[2] = {}) {
  const document = salesEntry(at.chosen, reference, part)
  const { outcome } = await sendOne(at.bench, at.entries, document, at.known)
  if (outcome?.is !== 'posted') throw new Error(`${reference} was ${outcome?.is}`)
  return { document, receipt: outcome.receipt, ref: document.invoiceNumber }
}

/** What we keep: the terms as last told. */
class Kept {
  readonly terms = new Map<string, Settlement>()
  mark: string | null = null

  async look(bench: Bench): Promise<'looked' | 'reset'> {
    const told = await settledSince(bench, this.mark)
    if (told.reset) {
      this.terms.clear()
      this.mark = null
      return 'reset'
    }
    for (const row of told.rows) this.terms.set(row.id, row)
    for (const id of told.gone) this.terms.delete(id)
    this.mark = told.mark
    return 'looked'
  }

  open(document: string): string {
    const terms = [...this.terms.values()].filter((term) => term.document === document)
    return toCents(sum(terms.map(({ outstanding }) => decimal(outstanding))))
  }

  paidOn(document: string): string | undefined {
    const dates = [...this.terms.values()].flatMap((term) =>
      term.document === document ? (term.lastPaidOn ?? []) : [],
    )
    return dates.sort().at(-1)
  }
}

describe('what is still open of an entry', () => {
  it('is all of it, a part of it, nothing, and all of it again', async () => {
    const at = await ready()
    const kept = new Kept()
    const { receipt, ref, document } = await book(at, 'P1')
    await kept.look(at.bench)
    expect(kept.open(receipt.id)).toBe(document.gross)
    expect(kept.paidOn(receipt.id)).toBeUndefined()

    payEntry(at.bench, ref, { amount: '100.00', date: '2026-04-10' })
    await kept.look(at.bench)
    expect(kept.open(receipt.id)).toBe(toCents(sum([document.gross, decimal('-100')])))
    expect(kept.paidOn(receipt.id)).toBe('2026-04-10')

    payEntry(at.bench, ref, { date: '2026-04-20' })
    await kept.look(at.bench)
    expect(kept.open(receipt.id)).toBe('0.00')
    expect(kept.paidOn(receipt.id)).toBe('2026-04-20')

    unmatchEntry(at.bench, ref)
    await kept.look(at.bench)
    expect(kept.open(receipt.id)).toBe(document.gross)
    expect(kept.paidOn(receipt.id)).toBeUndefined()
  })

  it('is nothing when it is written off or settled with a credit note, and a credit note owes money back', async () => {
    const at = await ready()
    const kept = new Kept()
    const first = await book(at, 'W1')
    const second = await book(at, 'W2')
    const credit = await book(at, 'W3', { kind: 'credit' })
    await kept.look(at.bench)
    expect(kept.open(credit.receipt.id)).toBe(`-${second.document.gross}`)
    writeEntryOff(at.bench, first.ref)
    settleWithCredit(at.bench, second.ref, credit.ref)
    await kept.look(at.bench)
    expect([first, second, credit].map(({ receipt }) => kept.open(receipt.id))).toEqual(['0.00', '0.00', '0.00'])
  })

  it('goes with the entry, and is read anew when the division is moved', async () => {
    const at = await ready()
    const kept = new Kept()
    const { receipt, ref } = await book(at, 'G1')
    const other = await book(at, 'G2')
    await kept.look(at.bench)
    await kept.look(at.bench)
    removeEntry(at.bench, ref)
    await kept.look(at.bench)
    expect([...kept.terms.values()].filter((term) => term.document === receipt.id)).toEqual([])
    moveDivision(at.bench)
    expect(await kept.look(at.bench)).toBe('reset')
    await kept.look(at.bench)
    expect(kept.open(other.receipt.id)).toBe(other.document.gross)
  })

  it('takes three calls when little changed, however many entries there are', async () => {
    const at = await ready()
    const kept = new Kept()
    const booked = [await book(at, 'C1'), await book(at, 'C2'), await book(at, 'C3')]
    await kept.look(at.bench)
    for (const { ref } of booked) payEntry(at.bench, ref)
    const before = at.bench.seen.length
    await kept.look(at.bench)
    expect(at.bench.seen.slice(before).map(({ url }) => url.pathname.split('/').slice(4).join('/'))).toEqual([
      'system/Divisions',
      'sync/Deleted',
      'sync/Cashflow/PaymentTerms',
    ])
    expect(booked.map(({ receipt }) => kept.open(receipt.id))).toEqual(['0.00', '0.00', '0.00'])
  })

  it('is what the books say, whatever a bookkeeper does in between', async () => {
    const at = await ready()
    const booked = [await book(at, 'R1'), await book(at, 'R2')]
    const act = fc.record({
      of: fc.nat(1),
      what: fc.constantFrom('pay a part', 'pay all', 'take back', 'write off', 'look', 'move'),
      cents: fc.integer({ min: 1, max: 9_999 }),
    })
    const openThere = (id: string) =>
      toCents(
        sum(
          Object.values(at.bench.world.tables.PaymentTerms ?? {}).flatMap((term) =>
            term.TransactionEntryID === id && Number(term.Status) < 50 ? [decimal(String(term.AmountFC))] : [],
          ),
        ),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        for (const { ref } of booked) unmatchEntry(at.bench, ref)
        const kept = new Kept()
        for (const { of, what, cents } of acts) {
          const { ref, receipt } = booked[of] as (typeof booked)[number]
          const left = Math.round(Number(openThere(receipt.id)) * 100)
          if (what === 'pay a part' && left > cents) payEntry(at.bench, ref, { amount: (cents / 100).toFixed(2) })
          if (what === 'pay all' && left > 0) payEntry(at.bench, ref)
          if (what === 'take back') unmatchEntry(at.bench, ref)
          if (what === 'write off' && left > 0) writeEntryOff(at.bench, ref)
          if (what === 'move') moveDivision(at.bench)
          if (what === 'look') await kept.look(at.bench)
          at.bench.clock.advance(1_000)
        }
        if ((await kept.look(at.bench)) === 'reset') await kept.look(at.bench)
        for (const { receipt } of booked) expect(kept.open(receipt.id)).toBe(openThere(receipt.id))
      }),
      { seed: 20260331, numRuns: 25 },
    )
  })
})

describe('a posted entry, read again', () => {
  it('shows what was changed in the books', async () => {
    const at = await ready()
    const { receipt, ref, document } = await book(at, 'S1')
    expect(receipt.shows).toEqual({
      customer: at.chosen.customer.toLowerCase(),
      journal: at.chosen.journal,
      date: document.date,
      dueDate: document.dueDate,
      currency: 'EUR',
      reference: document.invoiceNumber,
      gross: document.gross,
      vat: document.vat,
      state: 'open',
    })
    const read = async () => (await at.entries.read?.([receipt.id]))?.get(receipt.id)
    expect(await read()).toEqual(receipt)
    changeEntry(at.bench, ref, { DueDate: addDays(calendarDate(document.dueDate), 14), EntryDate: '2026-03-30' })
    const changed = await read()
    expect(changed).toMatchObject({ shows: { dueDate: '2026-05-14', date: '2026-03-30', gross: document.gross } })
    expect(changed !== 'gone' && changed?.hash).not.toBe(receipt.hash)
  })

  it('is gone when others are listed and it is not', async () => {
    const at = await ready()
    const one = await book(at, 'D1')
    const two = await book(at, 'D2')
    removeEntry(at.bench, one.ref)
    const read = await at.entries.read?.([one.receipt.id, two.receipt.id])
    expect(read?.get(one.receipt.id)).toBe('gone')
    expect(read?.get(two.receipt.id)).toMatchObject({ number: two.receipt.number })
    // Asked alone, the other entry in the books tells that entries may be seen.
    expect((await at.entries.read?.([one.receipt.id]))?.get(one.receipt.id)).toBe('gone')
  })

  it('is not said to be gone when no entry at all may be seen', async () => {
    const at = await ready()
    const { receipt } = await book(at, 'N1')
    addFault(at.bench.world, 'missingRight', { on: 'GET salesentry/SalesEntries' })
    await expect(at.entries.read?.([receipt.id])).rejects.toMatchObject({
      problem: { kind: 'setup', code: 'list-not-shown' },
    })
  })

  it('is not said to be gone when reading is refused', async () => {
    const at = await ready()
    const { receipt } = await book(at, 'N2')
    const email = String(Object.values(at.bench.world.tables.Users ?? {})[0]?.Email)
    takeRight(at.bench, email, { path: 'salesentry/', as: 'refused' })
    await expect(at.entries.read?.([receipt.id])).rejects.toMatchObject({ problem: { code: 'rights-missing' } })
  })
})
