import { addDays } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../contract/contract.ts'
import type { Doc, Kind } from '../../contract/documents.ts'
import { printing, salesEntry, salesInvoice } from '../sample-documents.ts'
import { cents, type Ready, receiptOf, type Suite } from '../suite.ts'

/** Posted documents read again: the same, changed and in what, deleted. */
export function describeReconciliation({ ready, driverOf, postsOf, has, harness }: Suite): void {
  const { byHand } = harness
  const changes = { salesEntry: byHand.changeEntry, salesInvoice: byHand.changeInvoice }
  const deletions = { salesEntry: byHand.deleteEntry, salesInvoice: byHand.discardInvoice }
  const kinds = (['salesEntry', 'salesInvoice'] as const satisfies readonly Kind[]).filter(has)

  type Read = ReadonlyMap<string, Receipt | 'gone'>
  interface Posted {
    readonly document: Doc['salesEntry'] | Doc['salesInvoice']
    readonly receipt: Receipt
    readonly other: Receipt
    read(...receipts: readonly Receipt[]): Promise<Read>
  }

  /** Two documents of a kind in the books. */
  async function posted(kind: (typeof kinds)[number], { bench, chosen, known }: Ready): Promise<Posted> {
    const driver = driverOf(bench)
    const documents = ['R1', 'R2'].map((reference) => salesInvoice(chosen, reference))
    const entries = ['R1', 'R2'].map((reference) => salesEntry(chosen, reference))
    const ended =
      kind === 'salesEntry'
        ? await driver.post(kind, entries, known)
        : await driver.post('salesInvoice', documents, known)
    const document = (kind === 'salesEntry' ? entries : documents)[0]
    const { read } = postsOf(bench, kind)
    if (!read || !document) throw new Error(`${kind} cannot be read again`)
    return {
      document,
      receipt: receiptOf(ended, 'R1'),
      other: receiptOf(ended, 'R2'),
      read: (...receipts) => read(receipts.map(({ id }) => id)),
    }
  }

  const shownOf = (read: Read, { id }: Receipt) => {
    const found = read.get(id)
    return found === 'gone' ? undefined : found?.shows
  }

  describe.runIf(kinds.length > 0)('reading posted documents again', () => {
    it.each(kinds)('shows each as it was posted: %s', async (kind) => {
      const at = await ready()
      const { document, receipt, other, read } = await posted(kind, at)
      at.bench.clock.advance(86_400_000)
      const found = await read(receipt, other)
      expect([...found.keys()].sort()).toEqual([receipt.id, other.id].sort())
      for (const each of [receipt, other]) expect(found.get(each.id)).toMatchObject({ id: each.id, hash: each.hash })
      const shows = shownOf(found, receipt)
      expect(shows).toMatchObject({ date: document.date, currency: 'EUR' })
      expect(shows?.gross && cents(shows.gross)).toBe(cents(document.gross))
    })

    it.runIf(has('salesEntry') && byHand.pay)('shows one that was paid as the same', async () => {
      const at = await ready()
      const { receipt, read } = await posted('salesEntry', at)
      byHand.pay?.(at.bench, receipt.openItem ?? receipt.id)
      expect((await read(receipt)).get(receipt.id)).toMatchObject({ id: receipt.id, hash: receipt.hash })
    })

    it.runIf(has('printing'))('shows one that was printed as the same, in another state', async () => {
      const at = await ready()
      const { receipt, read } = await posted('salesInvoice', at)
      const before = shownOf(await read(receipt), receipt)
      const known = { ...at.known, parent: receipt }
      const printed = receiptOf(await driverOf(at.bench).post('printing', [printing('R3')], known), 'R3')
      const found = await read(receipt)
      expect(found.get(receipt.id)).toMatchObject({ hash: receipt.hash, openItem: printed.openItem })
      expect(shownOf(found, receipt)?.state).not.toBe(before?.state)
    })

    it.each(kinds.filter((kind) => changes[kind]))('tells in what one was changed: %s', async (kind) => {
      const at = await ready()
      const { document, receipt, other, read } = await posted(kind, at)
      const before = shownOf(await read(receipt), receipt)
      changes[kind]?.(at.bench, receipt.id)
      const found = await read(receipt, other)
      expect(found.get(receipt.id)).not.toMatchObject({ hash: receipt.hash })
      expect(found.get(other.id)).toMatchObject({ hash: other.hash })
      expect(shownOf(found, receipt)).toEqual({ ...before, date: addDays(document.date, -1) })
    })

    it.each(kinds.filter((kind) => deletions[kind]))('says that one is gone: %s', async (kind) => {
      const at = await ready()
      const { receipt, other, read } = await posted(kind, at)
      deletions[kind]?.(at.bench, receipt.id)
      const found = await read(receipt, other)
      expect(found.get(receipt.id)).toBe('gone')
      expect(found.get(other.id)).toMatchObject({ hash: other.hash })
    })
  })
}
