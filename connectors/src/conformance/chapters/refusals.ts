import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import type { Bench } from '../bench.ts'
import type { ByHand } from '../harness.ts'
import { type Chosen, salesEntry, salesInvoice, type Wished } from '../sample-documents.ts'
import { only, type Ready, type Suite } from '../suite.ts'

/** What the package does not accept, said in both languages. */
export function describeRefusals({ ready, driverOf, has, expectWords, harness }: Suite): void {
  describe.runIf(has('salesEntry')).each(['nl', 'en'] as const)('explains in %s', (language) => {
    const codes = new Set<string>()

    it.for(causes.filter(({ kind, can }) => has(kind) && (can?.(harness.byHand) ?? true)))(
      '$kind: $name',
      async ({ kind, happen, wished }, { skip }) => {
        const at = await ready({ language })
        const { bench, chosen, known } = at
        const wish = wished?.(at) ?? {}
        skip(Object.values(wish).includes(undefined), 'the package has no such row')
        happen?.(harness.byHand, bench, chosen)
        const driver = driverOf(bench)
        const ended =
          kind === 'salesEntry'
            ? await driver.post('salesEntry', [salesEntry(chosen, 'E1', wish)], known)
            : await driver.post('salesInvoice', [salesInvoice(chosen, 'E1', wish)], known)
        const end = ended.get('E1')
        // What the lists that were read tell already is said before anything is sent.
        if (end?.is !== 'refused') expect(wished && end?.is).toBe('blocked')
        const problem = end?.is === 'refused' ? end.problem : end?.is === 'blocked' ? end.problems[0] : undefined
        expect(problem?.code).not.toBe('message-unknown')
        if (end?.is === 'refused') expect(problem?.theirWords).toBeTruthy()
        const code = `${kind} ${problem?.code}`
        expect(codes, 'another cause has the same code').not.toContain(code)
        codes.add(code)
        expectWords(problem)
        expect(only(bench.booked(), kind, 'E1')).toEqual([])
      },
    )

    it('an unknown message, word for word', async () => {
      const { bench, chosen, known } = await ready({ language })
      const words = 'Onverwacht: de kat zat op “Straße” & kostte € 5'
      bench.fault('unknownMessage', { post: 'salesEntry' }, { value: words })
      const ended = (await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'E2')], known)).get('E2')
      const problem = ended?.is === 'refused' ? ended.problem : undefined
      expect(problem).toMatchObject({ kind: 'refused', code: 'message-unknown', theirWords: words, values: { words } })
      expect(only(bench.booked(), 'salesEntry', 'E2')).toEqual([])
    })
  })
}

/** Something a package does not accept: what a person did there, or what we ask that cannot be. */
interface Cause {
  readonly name: string
  readonly kind: 'salesEntry' | 'salesInvoice'
  readonly can?: (byHand: ByHand) => boolean
  readonly happen?: (byHand: ByHand, bench: Bench, chosen: Chosen) => void
  readonly wished?: (at: Ready) => Wished
}

const removeCustomer: Cause['happen'] = (byHand, bench, { customer }) => byHand.removeCustomer(bench, customer)
const makeProspect: Pick<Cause, 'can' | 'happen'> = {
  can: (byHand) => byHand.makeProspect !== undefined,
  happen: (byHand, bench, { customer }) => byHand.makeProspect?.(bench, customer),
}

const causes: readonly Cause[] = [
  { name: 'a closed period', kind: 'salesEntry', happen: (byHand, bench) => byHand.closePeriod(bench, '2026-03-31') },
  {
    name: 'an unknown ledger account',
    kind: 'salesEntry',
    happen: (byHand, bench, { ledgerAccount }) => byHand.removeLedgerAccount(bench, ledgerAccount),
  },
  { name: 'a deleted customer', kind: 'salesEntry', happen: removeCustomer },
  { name: 'a customer that is only a prospect', kind: 'salesEntry', ...makeProspect },
  {
    name: 'a refused VAT code',
    kind: 'salesEntry',
    happen: (byHand, bench, { vatHigh }) => byHand.refuseVatCode(bench, vatHigh),
  },
  {
    name: 'a VAT code for amounts with VAT',
    kind: 'salesEntry',
    wished: ({ lists }) => ({
      vatCode: lists.vatCodes?.find(({ kind }) => kind === 'including')?.id,
    }),
  },
  { name: 'a year that is not there', kind: 'salesEntry', wished: () => ({ date: calendarDate('2031-01-31') }) },
  {
    name: 'a journal of the wrong type',
    kind: 'salesEntry',
    wished: ({ lists }) => ({ journal: lists.journals?.find(({ kind }) => kind === 'general')?.id }),
  },
  { name: 'a deleted customer', kind: 'salesInvoice', happen: removeCustomer },
  { name: 'a customer that is only a prospect', kind: 'salesInvoice', ...makeProspect },
  {
    name: 'an item that was blocked after it was chosen',
    kind: 'salesInvoice',
    happen: (byHand, bench, { item }) => byHand.blockItem(bench, item),
  },
]
