import { describe, expect, it } from 'vitest'
import type { HintSent } from '../harness.ts'
import { readAll } from '../sample-documents.ts'
import type { Suite } from '../suite.ts'

/** Calls of the package that say "look sooner": checked, and never taken for data. */
export function describeHints({ connector, open, harness }: Suite): void {
  const { hints: seen, byHand, administration, app } = harness
  // Some packages call only the host that they send people back to.
  const callback = new URL('/hints/7f3a', app.redirectUri).href

  /** Somebody renames a customer after we asked to be told. */
  async function afterRenaming() {
    const bench = await open()
    const customer = (await readAll(bench.books, 'customers'))[0]?.id ?? ''
    await bench.books.hints?.start(callback)
    bench.clock.advance(60_000)
    const before = seen?.sent(bench) ?? []
    byHand.renameCustomer(bench, customer, 'Naam die niemand mag horen')
    bench.clock.advance(60_000)
    const after = (seen?.sent(bench) ?? []).slice(before.length)
    return { bench, customer, before, after }
  }

  const heard = ({ raw, headers }: HintSent, secret = seen?.secret ?? '') => connector.hint?.(raw, headers, secret)

  describe.runIf(seen)('hints', () => {
    it('are not started by the package trying the address', async () => {
      const { before } = await afterRenaming()
      expect(before.length).toBeGreaterThan(0)
      for (const sent of before) expect([sent.callback, heard(sent)]).toEqual([callback, 'ignore'])
    })

    it('say where to look, and nothing of what stands there', async () => {
      const { customer, after } = await afterRenaming()
      expect(after.length).toBeGreaterThan(0)
      const told = after.map((sent) => heard(sent))
      expect(told).toContainEqual({ administration, noun: 'customers', id: customer })
      for (const { raw } of after) expect(new TextDecoder().decode(raw)).not.toContain('niemand mag horen')
    })

    it('are refused when the package did not sign them', async () => {
      const { customer, after } = await afterRenaming()
      const other = [...customer].reverse().join('')
      for (const sent of after) {
        expect(heard(sent, 'another secret')).toBe('refuse')
        const forged = new TextDecoder().decode(sent.raw).replaceAll(customer, other)
        expect(heard({ ...sent, raw: new TextEncoder().encode(forged) })).toBe('refuse')
      }
      const unsigned = new TextEncoder().encode(JSON.stringify({ hello: 'world' }))
      for (const raw of [unsigned, new TextEncoder().encode('no json at all'), new Uint8Array([0xff, 0xfe, 0x00])])
        expect(heard({ callback, raw, headers: {} })).toBe('refuse')
    })

    it('come once when they were asked for twice, and no more when they were stopped', async () => {
      const { bench, customer } = await afterRenaming()
      await bench.books.hints?.start(callback)
      bench.clock.advance(60_000)
      const rename = (name: string) => {
        const before = seen?.sent(bench).length ?? 0
        byHand.renameCustomer(bench, customer, name)
        bench.clock.advance(60_000)
        return (seen?.sent(bench) ?? []).slice(before)
      }
      expect(rename('Eerste naam')).toHaveLength(1)
      await bench.books.hints?.stop(callback)
      await bench.books.hints?.stop(callback)
      expect(rename('Tweede naam')).toEqual([])
    })
  })
}
