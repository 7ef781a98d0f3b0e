import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { expect, it } from 'vitest'
import type { Kind } from '../../contract/documents.ts'
import type { Suite } from '../suite.ts'

/** That a connector is what its manifest says. */
export function describeOffers({ open, has, harness, connector }: Suite): void {
  const { manifest } = connector

  it('offers exactly what the manifest says', async () => {
    const { books } = await open()
    expect(Object.keys(books.reads).sort()).toEqual([...manifest.reads].sort())
    expect(Object.keys(books.posts).sort()).toEqual([...manifest.posts].sort())
    for (const offered of [...Object.values(books.reads), ...Object.values(books.posts)]) expect(offered).toBeTruthy()
    expect('settled' in books && books.settled !== undefined).toBe(manifest.settled)
    expect('hints' in books && books.hints !== undefined).toBe(manifest.webhooks)
    expect('openPayroll' in connector).toBe(manifest.payroll)
    expect('hint' in connector).toBe(manifest.webhooks)
    expect(connector.signIn.kind).toBe(manifest.signIn)
    expect(Object.keys(manifest.hosts)).toContain(harness.country)
    expect(harness.simulator.id).toBe(manifest.id)
    const administrations = await books.administrations()
    expect(administrations.filter(({ usable }) => usable).map(({ id }) => id)).toContain(harness.administration)
  })

  it('is met by a harness that can do by hand what belongs to what it offers', () => {
    const { byHand, hints } = harness
    const acts = {
      salesInvoice: [byHand.changeInvoice, byHand.discardInvoice],
      printing: [byHand.printInvoice],
    }
    const wanted = [
      ...Object.entries(acts).flatMap(([kind, each]) => (has(kind as Kind) ? each : [])),
      ...(manifest.settled ? [byHand.pay, byHand.unpay] : []),
      ...(manifest.webhooks ? [hints] : []),
    ]
    expect(wanted).not.toContain(undefined)
  })

  it('names a required setting that is missing', () => {
    const complete = harness.settings as Record<string, unknown>
    for (const { name } of manifest.settings.filter(({ required }) => required)) {
      const { [name]: _, ...rest } = complete
      const problem = problemThrownBy(() => connector.settings(rest))
      expect(problem?.kind).toBe('setup')
      expect(JSON.stringify(problem)).toContain(name)
    }
    expect(() => connector.settings(complete)).not.toThrow()
  })

  it('finds the books in good health, and says so when the currency is another', async () => {
    const { books, clock } = await open()
    const today = dateIn('Europe/Amsterdam', clock.now())
    const good = await books.health({ currency: 'EUR', today })
    expect(good.length).toBeGreaterThan(0)
    expect(good.filter(({ state }) => state === 'bad')).toEqual([])
    const other = await books.health({ currency: 'SEK', today })
    expect(other.find(({ about }) => about === 'currency')?.state).not.toBe('good')
  })
}

function problemThrownBy(work: () => unknown): Problem | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
}
