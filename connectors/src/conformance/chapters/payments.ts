import { assert } from '@uurwerk/core/shared/assert.ts'
import { decimal, subtract, sum } from '@uurwerk/core/shared/money.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { describe, expect, it } from 'vitest'
import type { Receipt, TheirId } from '../../contract/contract.ts'
import type { Settlement } from '../../contract/rows.ts'
import type { Bench } from '../bench.ts'
import { printing, salesEntry, salesInvoice } from '../sample-documents.ts'
import { cents, type Ready, receiptOf, type Suite } from '../suite.ts'

/** What is still open of each document, as whoever reads it keeps it. */
class OpenItems {
  readonly #bench: Bench
  #rows = new Map<TheirId, Settlement>()
  #mark: string | null = null
  /** Settlements that came with the last reading. */
  came = 0

  constructor(bench: Bench) {
    this.#bench = bench
  }

  /** Reads what changed; tells whether the mark was worth nothing any more and all was read again. */
  async read(): Promise<'incremental' | 'reset'> {
    const { settled } = this.#bench.books
    assert(settled, 'nothing is told of payments')
    this.came = 0
    for await (const page of settled.changes(this.#mark)) {
      if (page === 'reset') {
        this.#rows = new Map()
        this.#mark = null
        await this.read()
        return 'reset'
      }
      for (const row of page.rows) this.#rows.set(row.id, row)
      for (const id of page.gone) this.#rows.delete(id)
      this.came += page.rows.length + page.gone.length
      this.#mark = page.mark ?? this.#mark
    }
    return 'incremental'
  }

  #of(document: TheirId): readonly Settlement[] {
    return [...this.#rows.values()].filter((row) => row.document === document)
  }

  /** `none` when nothing is told of the document. */
  open(document: TheirId): string {
    const rows = this.#of(document)
    return rows.length === 0 ? 'none' : cents(sum(rows.map(({ outstanding }) => decimal(outstanding))))
  }

  lastPaidOn(document: TheirId): string | undefined {
    const days = this.#of(document).map(({ lastPaidOn }) => lastPaidOn ?? '')
    return days.sort().at(-1) || undefined
  }
}

/** Payments: partly, in full, taken off again, and read from a mark. */
export function describePayments({ connector, ready, driverOf, has, harness }: Suite): void {
  const { pay, unpay, startMarksAnew, deleteEntry, takeRight } = harness.byHand
  const { settled } = connector.manifest

  const entry = async ({ bench, chosen, known }: Ready): Promise<Receipt> =>
    receiptOf(await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'PAY1')], known), 'PAY1')

  const printed = async ({ bench, chosen, known }: Ready): Promise<Receipt> => {
    const driver = driverOf(bench)
    const parent = receiptOf(await driver.post('salesInvoice', [salesInvoice(chosen, 'PAY2')], known), 'PAY2')
    return receiptOf(await driver.post('printing', [printing('PAY3')], { ...known, parent }), 'PAY3')
  }

  const roads = [
    ['a sales entry', has('salesEntry'), entry],
    ['an invoice that the package printed', has('printing'), printed],
  ] as const

  describe.runIf(settled && pay)('payments', () => {
    it.each(roads.filter(([, can]) => can))('are told of %s: open, partly, paid, open again', async (_, _can, post) => {
      const at = await ready()
      const { bench } = at
      const receipt = await post(at)
      const item = receipt.openItem ?? receipt.id
      const gross = decimal(receipt.gross ?? '0')
      const items = new OpenItems(bench)
      await items.read()
      expect(items.open(item)).toBe(cents(gross))
      expect(items.lastPaidOn(item)).toBeUndefined()

      bench.clock.advance(3_600_000)
      pay?.(bench, item, '100.00')
      expect(await items.read()).toBe('incremental')
      expect(items.open(item)).toBe(cents(subtract(gross, decimal('100'))))
      expect(items.lastPaidOn(item)).toBe('2026-03-31')

      bench.clock.advance(86_400_000)
      pay?.(bench, item)
      expect(await items.read()).toBe('incremental')
      expect(items.open(item)).toBe('0')
      expect(items.lastPaidOn(item)).toBe('2026-04-01')

      if (!unpay) return
      unpay(bench, item)
      expect(await items.read()).toBe('incremental')
      expect(items.open(item)).toBe(cents(gross))
    })

    it.runIf(has('salesEntry'))('are told of a credit note as money that goes back', async () => {
      const { bench, chosen, known } = await ready()
      const document = salesEntry(chosen, 'PAY4', { kind: 'credit' })
      const receipt = receiptOf(await driverOf(bench).post('salesEntry', [document], known), 'PAY4')
      const item = receipt.openItem ?? receipt.id
      const items = new OpenItems(bench)
      await items.read()
      expect(items.open(item)).toBe(cents(document.gross))
      pay?.(bench, item)
      await items.read()
      expect(items.open(item)).toBe('0')
    })

    it.runIf(has('salesEntry') && unpay)('come to the same in steps as all at once', async () => {
      const { bench, chosen, known } = await ready()
      const documents = ['S1', 'S2', 'S3'].map((reference) => salesEntry(chosen, reference))
      const ended = await driverOf(bench).post('salesEntry', documents, known)
      const ids = documents.map(({ reference }) => receiptOf(ended, reference).id)
      const items = new OpenItems(bench)
      const random = seededRandom(20260331)
      const upTo = (most: number) => Math.floor(random.next() * most)
      for (let step = 0; step < 24; step += 1) {
        const id = ids[upTo(ids.length)] ?? ''
        const isOpen = items.open(id) !== '0' && items.open(id) !== 'none'
        if (isOpen) pay?.(bench, id, upTo(3) === 0 ? undefined : `${1 + upTo(20)}.${10 + upTo(80)}`)
        else unpay?.(bench, id)
        bench.clock.advance(60_000)
        await items.read()
      }
      const fresh = new OpenItems(bench)
      await fresh.read()
      expect(ids.map((id) => items.open(id))).toEqual(ids.map((id) => fresh.open(id)))
      expect(ids.map((id) => items.lastPaidOn(id))).toEqual(ids.map((id) => fresh.lastPaidOn(id)))
    })

    it('come once: nothing again when nothing has changed', async () => {
      const at = await ready()
      await entry(at)
      const items = new OpenItems(at.bench)
      await items.read()
      expect(items.came).toBeGreaterThan(0)
      await items.read()
      expect(items.came).toBe(0)
    })

    it.runIf(startMarksAnew)('are read anew when the mark is worth nothing any more', async () => {
      const at = await ready()
      const { bench } = at
      const receipt = await entry(at)
      const items = new OpenItems(bench)
      await items.read()
      pay?.(bench, receipt.id, '50.00')
      bench.clock.advance(60_000)
      startMarksAnew?.(bench)
      expect(await items.read()).toBe('reset')
      expect(items.open(receipt.id)).toBe(cents(subtract(decimal(receipt.gross ?? '0'), decimal('50'))))
    })

    it('have nothing open of an entry that was deleted', async () => {
      const at = await ready()
      const receipt = await entry(at)
      const items = new OpenItems(at.bench)
      await items.read()
      deleteEntry(at.bench, receipt.id)
      await items.read()
      expect(items.open(receipt.id)).toBe('none')
    })

    it.each(['empty', 'refused'] as const)(
      'are never told as paid when the right to see them is gone: the list is %s',
      async (how) => {
        const at = await ready()
        const receipt = await entry(at)
        takeRight(at.bench, 'settled', how)
        const items = new OpenItems(at.bench)
        const told = await items.read().catch((error: unknown) => {
          if (isProblem(error)) return error.problem.kind
          throw error
        })
        if (how === 'refused') expect(told).not.toBe('incremental')
        expect(items.open(receipt.id)).not.toBe('0')
      },
    )
  })
}
