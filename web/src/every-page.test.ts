import { describe, expect, it } from 'vitest'
import { everyPage } from './every-page.ts'

describe('every page of a list', () => {
  it('comes one after the other, by the cursor of the page before', async () => {
    const pages: Record<string, { rows: string[]; next: string | null }> = {
      first: { rows: ['a', 'b'], next: 'second' },
      second: { rows: [], next: 'third' },
      third: { rows: ['c'], next: null },
    }
    const asked: (string | undefined)[] = []
    const rows = await everyPage(async (cursor) => {
      asked.push(cursor)
      return pages[cursor ?? 'first'] ?? { rows: [], next: null }
    })
    expect(rows).toEqual(['a', 'b', 'c'])
    expect(asked).toEqual([undefined, 'second', 'third'])
  })

  it('is nothing at all when one of them fails, since a part of it would mislead', async () => {
    const read = async (cursor: string | undefined) => {
      if (cursor) throw new Error('no connection')
      return { rows: [1], next: 'second' }
    }
    await expect(everyPage(read)).rejects.toThrow('no connection')
  })
})
