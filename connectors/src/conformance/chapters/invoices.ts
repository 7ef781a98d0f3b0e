import { describe, expect, it } from 'vitest'
import type { Draft, Receipt, Reference } from '../../contract/contract.ts'
import type { Kind, SalesInvoiceDoc } from '../../contract/documents.ts'
import type { Bench } from '../bench.ts'
import type { Ended } from '../reference-driver.ts'
import { type Chosen, difficultText, printing, salesEntry, salesInvoice } from '../sample-documents.ts'
import { cents, comparable, expectEachOnce, only, type Ready, receiptOf, type Suite } from '../suite.ts'

/** Invoices that the package numbers, totals and prints. */
export function describeInvoices(suite: Suite): void {
  const { ready, driverOf, has, canFail, expectWords, harness } = suite
  const { byHand } = harness

  const made = async (at: Ready, document: SalesInvoiceDoc): Promise<Receipt> =>
    receiptOf(await driverOf(at.bench).post('salesInvoice', [document], at.known), document.reference)

  const print = (at: Ready, parent: Receipt, reference = 'PRINT1') =>
    driverOf(at.bench).post('printing', [printing(reference)], { ...at.known, parent })

  const printedAt = (bench: Bench, { id }: Receipt) =>
    bench.booked().find((document) => document.kind === 'salesInvoice' && document.id === id)?.isPrinted

  describe.runIf(has('salesInvoice'))('an invoice that the package makes', () => {
    it.each(['invoice', 'credit'] as const)(
      'has the same customer, date, lines, items, VAT and cents when read: %s',
      async (kind) => {
        const at = await ready()
        const document = salesInvoice(at.chosen, 'MADE1', { kind })
        const ended = await driverOf(at.bench).post('salesInvoice', [document], at.known)
        const receipt = receiptOf(ended, 'MADE1')
        expect(ended.get('MADE1')).not.toHaveProperty('differs')
        const [booked] = only(at.bench.booked(), 'salesInvoice', 'MADE1')
        expect(booked).toMatchObject({
          id: receipt.id,
          administration: harness.administration,
          customer: at.chosen.customer,
          date: document.date,
          currency: 'EUR',
          orderNumber: document.orderNumber,
          isPrinted: false,
        })
        expect([booked?.gross, booked?.vat, receipt.gross].map(cents)).toEqual(
          [document.gross, document.vat, document.gross].map(cents),
        )
        const items = booked?.lines.map(({ item, quantity, unitPrice, ...line }) => {
          const { ledgerAccount, ...rest } = comparable(line)
          return { ...rest, item, quantity: cents(quantity), unitPrice: cents(unitPrice) }
        })
        expect(items).toEqual(
          document.lines.map(({ item, description, quantity, unitPrice, net, vatCode, vat }) => ({
            item,
            description,
            quantity: cents(quantity),
            unitPrice: cents(unitPrice),
            amount: cents(net),
            vatCode,
            vat: cents(vat),
          })),
        )
      },
    )

    it('keeps é, ß, € and & intact', async () => {
      const at = await ready()
      await made(at, salesInvoice(at.chosen, 'SIGNS', { description: difficultText }))
      const [booked] = only(at.bench.booked(), 'salesInvoice', 'SIGNS')
      expect(booked?.lines.map(({ description }) => description)).toContain(`Overleg ${difficultText}`)
    })

    it('stands there once beside its credit when answers were lost', async () => {
      const at = await ready()
      const documents = [salesInvoice(at.chosen, 'TAKEN'), salesInvoice(at.chosen, 'BACK', { kind: 'credit' })]
      if (canFail('loseAnswerAfter', 'salesInvoice'))
        at.bench.fault('loseAnswerAfter', { post: 'salesInvoice' }, { times: 2 })
      const ended = await driverOf(at.bench).post('salesInvoice', documents, at.known)
      expectEachOnce(at.bench.booked(), 'salesInvoice', ended)
    })

    it.runIf(byHand.changeInvoice)('is found as different when somebody changed it', async () => {
      const at = await ready()
      const document = salesInvoice(at.chosen, 'CHANGED')
      const { posts, draft, attempt, packed } = await suite.freeze(at.bench, 'salesInvoice', document, at.known)
      await posts.send(packed, [draft], attempt)
      at.bench.clock.advance(60_000)
      const id = only(at.bench.booked(), 'salesInvoice', 'CHANGED')[0]?.id ?? ''
      const find = async (sought: Draft) => (await posts.find([sought], attempt.at)).get('CHANGED')
      expect(await find(draft)).toMatchObject({ is: 'same', receipt: { id } })
      byHand.changeInvoice?.(at.bench, id)
      expect(await find(draft)).toMatchObject({ is: 'different', receipt: { id } })
    })
  })

  describe.runIf(has('printing'))('printing an invoice', () => {
    it('gives it a number and books it, with what payments are settled against', async () => {
      const at = await ready()
      const document = salesInvoice(at.chosen, 'MADE2')
      const open = await made(at, document)
      expect(printedAt(at.bench, open)).toBe(false)
      const printed = receiptOf(await print(at, open), 'PRINT1')
      expect(printed).toMatchObject({ id: open.id, number: expect.stringMatching(/\d/) })
      expect(printed.openItem).toBeTruthy()
      expect(cents(printed.gross)).toBe(cents(document.gross))
      expect(printedAt(at.bench, open)).toBe(true)
      expect(only(at.bench.booked(), 'salesInvoice', 'MADE2')).toHaveLength(1)
    })

    it.runIf(byHand.printInvoice)('takes what somebody printed there for done', async () => {
      const at = await ready()
      const open = await made(at, salesInvoice(at.chosen, 'MADE3'))
      byHand.printInvoice?.(at.bench, open.id)
      const printed = receiptOf(await print(at, open), 'PRINT1')
      expect(printed).toMatchObject({ id: open.id, openItem: expect.any(String) })
      const printings = at.bench.booked().filter(({ kind }) => kind === 'printing')
      expect(printings.length).toBeLessThanOrEqual(1)
    })

    const refusals: readonly (readonly [string, boolean, (bench: Bench, open: Receipt) => void])[] = [
      [
        'an invoice that was thrown away',
        byHand.discardInvoice !== undefined,
        (bench, { id }) => byHand.discardInvoice?.(bench, id),
      ],
      ['a closed period', true, (bench) => byHand.closePeriod(bench, '2026-03-31')],
    ]
    it.each(refusals.filter(([, can]) => can))('explains %s, and books nothing', async (_, _can, happen) => {
      const at = await ready()
      const open = await made(at, salesInvoice(at.chosen, 'MADE4'))
      happen(at.bench, open)
      const ended = (await print(at, open)).get('PRINT1')
      expect(ended?.is).toBe('refused')
      const problem = ended?.is === 'refused' ? ended.problem : undefined
      expect(problem?.code).not.toBe('message-unknown')
      expectWords(problem)
      expect(printedAt(at.bench, open)).not.toBe(true)
      expect(at.bench.booked().filter(({ kind }) => kind === 'printing')).toEqual([])
    })
  })

  const pairs: readonly { readonly kind: Kind; post(at: Ready): Promise<ReadonlyMap<Reference, Ended>> }[] = [
    {
      kind: 'salesEntry',
      post: (at) => driverOf(at.bench).post('salesEntry', invoiceAndCredit(at, salesEntry), at.known),
    },
    {
      kind: 'salesInvoice',
      post: (at) => driverOf(at.bench).post('salesInvoice', invoiceAndCredit(at, salesInvoice), at.known),
    },
  ]
  it.each(pairs.filter(({ kind }) => has(kind)))(
    'has a credit note in the books that is the negative of its invoice: $kind',
    async ({ kind, post }) => {
      const at = await ready()
      const ended = await post(at)
      const [invoice, credit] = ['INVOICE', 'CREDIT'].map((reference) => only(at.bench.booked(), kind, reference)[0])
      expect(cents(credit?.gross)).toBe(cents(`-${invoice?.gross}`))
      const taken = invoice?.lines.map(({ amount, vat }) => [cents(`-${amount}`), cents(`-${vat}`)])
      expect(credit?.lines.map(({ amount, vat }) => [cents(amount), cents(vat)])).toEqual(taken)
      expectEachOnce(at.bench.booked(), kind, ended)
    },
  )
}

const invoiceAndCredit = <D>(
  { chosen }: Ready,
  make: (chosen: Chosen, reference: string, wished: { kind: 'invoice' | 'credit' }) => D,
): readonly D[] => [make(chosen, 'INVOICE', { kind: 'invoice' }), make(chosen, 'CREDIT', { kind: 'credit' })]
