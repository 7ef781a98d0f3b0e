import { describe, expect, it } from 'vitest'
import { readAll, readLists } from '../sample-documents.ts'
import { pagesOf, readsOf, type Suite } from '../suite.ts'

/** Lists, and what changes in them while and after they are read. */
export function describeReading({ open, harness, connector }: Suite): void {
  const { manifest } = connector

  describe('reading', () => {
    it('lists everything when there is more than one page', async () => {
      const bench = await open()
      const customers = Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index + 1}`)
      const items = Array.from({ length: harness.manyRows }, (_, index) => `Artikel ${index + 1}`)
      harness.byHand.addCustomers(bench, customers)
      harness.byHand.addItems(bench, items)
      for (const [noun, added] of [
        ['customers', customers],
        ['items', items],
      ] as const) {
        const before = bench.seen.length
        const rows: readonly { readonly id: string; readonly name: string }[] = await readAll(bench.books, noun)
        expect(bench.seen.length - before, `pages of ${noun}`).toBeGreaterThan(1)
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
        const names = new Set(rows.map(({ name }) => name))
        expect(added.filter((name) => !names.has(name))).toEqual([])
      }
    })

    it('gives every row an id, a code without padding and a name', async () => {
      const { books } = await open()
      for (const noun of manifest.reads) {
        const rows: readonly { readonly id: string; readonly code: string; readonly name: string }[] = await readAll(
          books,
          noun,
        )
        expect(rows.length, noun).toBeGreaterThan(0)
        for (const { id, code, name } of rows) {
          expect(id).toBeTruthy()
          expect(code).toBe(code.trim())
          expect(name).toBe(name.trim())
        }
      }
    })

    it('gives the mark with the last page only', async () => {
      const bench = await open()
      harness.byHand.addCustomers(
        bench,
        Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`),
      )
      for (const noun of manifest.reads) {
        const marks = (await pagesOf(bench, noun, null)).map(({ mark }) => mark !== undefined)
        expect(marks.slice(0, -1), noun).not.toContain(true)
        expect(marks.at(-1), noun).toBe(true)
      }
    })

    it('gives no row again when nothing has changed', async () => {
      const bench = await open()
      const mark = (await pagesOf(bench, 'customers', null)).at(-1)?.mark ?? null
      const again = await pagesOf(bench, 'customers', mark)
      expect(again.flatMap(({ rows, gone }) => [...rows, ...gone])).toEqual([])
      expect(again.at(-1)?.mark).toBeDefined()
    })

    it('loses nothing that changes while it reads', async () => {
      const bench = await open()
      harness.byHand.addCustomers(
        bench,
        Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`),
      )
      const seen = new Map<string, string>()
      let mark: string | null = null
      let renamed: string | undefined
      for await (const page of readsOf(bench, 'customers').changes(null)) {
        if (page === 'reset') throw new Error('reset without a mark')
        for (const row of page.rows) seen.set(row.id, row.name)
        if (renamed === undefined) {
          renamed = page.rows[0]?.id
          harness.byHand.renameCustomer(bench, renamed ?? '', 'Nieuwe naam tijdens het lezen')
          harness.byHand.addCustomers(bench, ['Nieuwe klant tijdens het lezen'])
        }
        mark = page.mark ?? mark
      }
      for (const { rows } of await pagesOf(bench, 'customers', mark)) for (const row of rows) seen.set(row.id, row.name)
      expect(seen.get(renamed ?? '')).toBe('Nieuwe naam tijdens het lezen')
      expect([...seen.values()]).toContain('Nieuwe klant tijdens het lezen')
    })

    it('has each row once in the end, whatever was added, changed and removed between the pages', async () => {
      const bench = await open()
      const names = Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`)
      harness.byHand.addCustomers(bench, names)
      const ids = (await readAll(bench.books, 'customers')).map(({ id }) => id).slice(-20)
      const held = new Map<string, string>()
      let mark: string | null = null
      let page = 0
      const take = async (move: boolean) => {
        for await (const part of readsOf(bench, 'customers').changes(mark)) {
          if (part === 'reset') throw new Error('reset')
          for (const row of part.rows) held.set(row.id, row.name)
          for (const id of part.gone) held.delete(id)
          if (move && page < 3) {
            page += 1
            const [changed = '', removed = ''] = ids.splice(0, 2)
            harness.byHand.addCustomers(bench, [`Erbij ${page}`])
            harness.byHand.renameCustomer(bench, changed, `Veranderd ${page}`)
            harness.byHand.removeCustomer(bench, removed)
          }
          mark = part.mark ?? mark
        }
      }
      await take(true)
      await take(true)
      await take(false)
      expect(page).toBeGreaterThan(2)
      const there = (await readAll(bench.books, 'customers')).map(({ id, name }) => [id, name] as const)
      expect([...held].sort()).toEqual([...there].sort())
      for (const name of ['Erbij 1', 'Erbij 2', 'Veranderd 1', 'Veranderd 2'])
        expect([...held.values()].filter((each) => each === name)).toEqual([name])
    })

    it('says of an item why it may not stand on our lines', async () => {
      const bench = await open()
      const item = (await readAll(bench.books, 'items')).find(({ unusable }) => !unusable)
      harness.byHand.blockItem(bench, item?.id ?? '')
      const blocked = (await readAll(bench.books, 'items')).find(({ id }) => id === item?.id)
      expect(blocked?.unusable).toBeTruthy()
    })

    it('names what is gone since the mark', async () => {
      const bench = await open()
      const pages = await pagesOf(bench, 'customers', null)
      const lost = pages.flatMap(({ rows }) => rows)[0]?.id ?? ''
      harness.byHand.removeCustomer(bench, lost)
      const later = await pagesOf(bench, 'customers', pages.at(-1)?.mark ?? null)
      expect(later.flatMap(({ gone }) => gone)).toEqual([lost])
    })

    it.runIf(harness.byHand.startMarksAnew)('says reset when a mark is worth nothing any more', async () => {
      const bench = await open()
      const mark = (await pagesOf(bench, 'customers', null)).at(-1)?.mark ?? null
      bench.clock.advance(60_000)
      harness.byHand.startMarksAnew?.(bench)
      const answers: unknown[] = []
      for await (const page of readsOf(bench, 'customers').changes(mark)) answers.push(page)
      expect(answers).toEqual(['reset'])
    })

    it('keeps every limit while it reads more than a minute allows', async () => {
      const bench = await open()
      const startedAt = bench.clock.now().getTime()
      for (let time = 0; time < 12; time += 1) await readLists(bench.books)
      expect(bench.seen.length).toBeGreaterThan(65)
      expect(bench.clock.now().getTime() - startedAt).toBeGreaterThan(60_000)
    })
  })
}
