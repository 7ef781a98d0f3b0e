import { describe, expect, it } from 'vitest'
import { difficultText, generalJournal, isPlainRevenue, newCustomer, readAll, salesEntry } from '../sample-documents.ts'
import { cents, comparable, only, receiptOf, type Suite } from '../suite.ts'

/** That what is posted is what comes back when it is read. */
export function describePosting({ ready, driverOf, postsOf, has, harness }: Suite): void {
  describe('posting', () => {
    it.runIf(has('salesEntry')).each(['invoice', 'credit'] as const)(
      'posts the same customer, date, lines, VAT and cents that come back when read: %s',
      async (kind) => {
        const { bench, chosen, known } = await ready()
        const document = salesEntry(chosen, 'SAME1', { kind })
        const ended = await driverOf(bench).post('salesEntry', [document], known)
        const receipt = receiptOf(ended, 'SAME1')
        expect(ended.get('SAME1')).not.toHaveProperty('differs')
        const [booked] = only(bench.booked(), 'salesEntry', 'SAME1')
        expect(booked).toMatchObject({
          id: receipt.id,
          administration: harness.administration,
          customer: chosen.customer,
          date: document.date,
          currency: 'EUR',
        })
        expect(cents(booked?.gross)).toBe(cents(document.gross))
        expect(booked?.lines.map(comparable)).toEqual(
          document.lines.map((line) => comparable({ ...line, amount: line.net })),
        )
        const read = await postsOf(bench, 'salesEntry').read?.([receipt.id])
        if (read) {
          expect(read.get(receipt.id)).toMatchObject({ id: receipt.id, hash: receipt.hash })
          harness.byHand.changeEntry(bench, receipt.id)
          const changed = (await postsOf(bench, 'salesEntry').read?.([receipt.id]))?.get(receipt.id)
          expect(changed).not.toMatchObject({ hash: receipt.hash })
        }
      },
    )

    it.runIf(has('customer'))('creates the same customer that comes back when read', async () => {
      const { bench, known } = await ready()
      const document = newCustomer('CUST1', { number: '987654' })
      const ended = await driverOf(bench).post('customer', [document], known)
      const { id } = receiptOf(ended, 'CUST1')
      const row = (await readAll(bench.books, 'customers')).find((each) => each.id === id)
      expect(row).toMatchObject({
        code: '987654',
        name: document.name,
        address: document.address,
        email: document.email,
        isCustomer: true,
        isBlocked: false,
      })
    })

    it.runIf(has('generalJournal'))('posts the same journal lines that come back when read', async () => {
      const { bench, lists, known } = await ready()
      const document = generalJournal(lists, 'MEMO1')
      await driverOf(bench).post('generalJournal', [document], known)
      const [booked] = only(bench.booked(), 'generalJournal', 'MEMO1')
      expect(booked?.date).toBe(document.date)
      expect(booked?.lines.map(comparable)).toEqual(document.lines.map(comparable))
    })

    it.runIf(has('salesEntry'))('keeps é, ß, € and & intact', async () => {
      const { bench, chosen, known } = await ready()
      await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'SIGNS', { description: difficultText })], known)
      const [booked] = only(bench.booked(), 'salesEntry', 'SIGNS')
      expect(booked?.lines.map(({ description }) => description)).toContain(`Overleg ${difficultText}`)
      if (!has('customer')) return
      const name = 'Café Straßburg & Söhne € "é"'
      const ended = await driverOf(bench).post('customer', [newCustomer('SIGNS2', { name })], known)
      const row = (await readAll(bench.books, 'customers')).find(({ id }) => id === receiptOf(ended, 'SIGNS2').id)
      expect(row?.name).toBe(name)
    })

    it.runIf(has('salesEntry'))('posts as many as it was given, each once, over several requests', async () => {
      const { bench, chosen, known } = await ready()
      const references = Array.from({ length: 60 }, (_, index) => `N${index + 1}`)
      const documents = references.map((reference) => salesEntry(chosen, reference))
      const before = bench.seen.length
      const ended = await driverOf(bench).post('salesEntry', documents, known)
      expect([...new Set([...ended.values()].map(({ is }) => is))]).toEqual(['posted'])
      expect(
        bench
          .booked()
          .filter(({ kind }) => kind === 'salesEntry')
          .map(({ reference }) => reference)
          .sort(),
      ).toEqual([...references].sort())
      const { most } = postsOf(bench, 'salesEntry').batch
      const posted = bench.seen.slice(before).filter(({ method }) => method === 'POST').length
      expect(posted).toBe(Math.ceil(60 / most))
    })

    it.runIf(has('salesEntry'))('judges each document of a request by itself, by reference', async () => {
      const { bench, chosen, known, lists } = await ready()
      const otherAccount = lists.ledgerAccounts?.find(
        (row) => row.id !== chosen.ledgerAccount && isPlainRevenue(row),
      )?.id
      const documents = [
        salesEntry(chosen, 'P1'),
        salesEntry(chosen, 'P2', { ledgerAccount: otherAccount ?? '' }),
        salesEntry(chosen, 'P3', { kind: 'credit' }),
      ]
      harness.byHand.removeLedgerAccount(bench, otherAccount ?? '')
      const ended = await driverOf(bench).post('salesEntry', documents, known)
      expect([...ended].map(([reference, { is }]) => `${reference} ${is}`).sort()).toEqual([
        'P1 posted',
        'P2 refused',
        'P3 posted',
      ])
      for (const reference of ['P1', 'P3'])
        expect(only(bench.booked(), 'salesEntry', reference)[0]?.id).toBe(receiptOf(ended, reference).id)
    })
  })
}
