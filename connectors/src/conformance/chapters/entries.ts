import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { salesEntry } from '../sample-documents.ts'
import { cents, comparable, expectEachOnce, only, receiptOf, type Suite } from '../suite.ts'

/** What a sales entry can be beside an invoice in euros, booked in its own month. */
export function describeEntries({ ready, driverOf, freeze, has, expectWords, harness }: Suite): void {
  const { byHand, settingsWithOwnNumber } = harness

  describe.runIf(has('salesEntry'))('a sales entry', () => {
    it('is booked in another currency with its own amounts', async ({ skip }) => {
      const { bench, chosen, known, lists } = await ready()
      const journal = lists.journals?.find(
        ({ kind, unusable, allowsOtherCurrency }) => kind === 'sales' && !unusable && allowsOtherCurrency,
      )
      if (!journal) return skip('no sales journal takes another currency')
      const document = salesEntry(chosen, 'DOLLARS', {
        journal: journal.id,
        currency: { code: 'USD', rate: '0.92' },
      })
      const ended = await driverOf(bench).post('salesEntry', [document], known)
      const receipt = receiptOf(ended, 'DOLLARS')
      expect(ended.get('DOLLARS')).not.toHaveProperty('differs')
      const [booked] = only(bench.booked(), 'salesEntry', 'DOLLARS')
      expect(booked).toMatchObject({ id: receipt.id, currency: 'USD', date: document.date })
      expect([booked?.gross, receipt.gross].map(cents)).toEqual([document.gross, document.gross].map(cents))
      expect(booked?.lines.map(comparable)).toEqual(
        document.lines.map((line) => comparable({ ...line, amount: line.net })),
      )
    })

    it('is booked in the first open period with its own date', async () => {
      const { bench, chosen, known } = await ready()
      byHand.closePeriod(bench, '2026-03-31')
      const document = salesEntry(chosen, 'LATER', { bookIn: calendarDate('2026-04-01') })
      const ended = await driverOf(bench).post('salesEntry', [document], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
      const [booked] = only(bench.booked(), 'salesEntry', 'LATER')
      expect(booked).toMatchObject({ date: '2026-03-31', period: '2026-04' })
    })

    it('goes through once when what it was refused for is mended', async () => {
      const { bench, chosen, known } = await ready()
      const document = salesEntry(chosen, 'MENDED')
      byHand.closePeriod(bench, '2026-03-31')
      const driver = driverOf(bench)
      expect((await driver.post('salesEntry', [document], known)).get('MENDED')?.is).toBe('refused')
      byHand.reopenPeriod(bench, '2026-03-31')
      const ended = await driver.post('salesEntry', [document], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
    })

    it.runIf(byHand.takeNumber)(
      'is refused with an explanation, or booked once under another number, when its number was taken by hand',
      async () => {
        const own = settingsWithOwnNumber === undefined ? {} : { stored: settingsWithOwnNumber }
        const { bench, chosen, known } = await ready(own)
        const document = { ...salesEntry(chosen, 'TAKEN'), invoiceNumber: '20260042' }
        const { posts, draft, attempt, packed } = await freeze(bench, 'salesEntry', document, known)
        byHand.takeNumber?.(bench, draft)
        let outcome = (await posts.send(packed, [draft], attempt)).get('TAKEN')
        if (outcome?.is === 'accepted') {
          bench.clock.advanceTo(outcome.followAt)
          outcome = await posts.follow?.(outcome.ticket)
        }
        const booked = only(bench.booked(), 'salesEntry', 'TAKEN')
        if (outcome?.is === 'posted') expect(booked.map(({ number }) => number)).toEqual([outcome.receipt.number])
        else {
          expect(outcome?.is).toBe('refused')
          expectWords(outcome?.is === 'refused' ? outcome.problem : undefined)
          expect(booked).toEqual([])
        }
      },
    )

    it('stands there once as a credit note when the answer was lost', async () => {
      const { bench, chosen, known } = await ready()
      bench.fault('loseAnswerAfter', { post: 'salesEntry' })
      const ended = await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'LOST', { kind: 'credit' })], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
    })
  })
}
