import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { uniqueNames, type ZipEntry, zipChunks } from './zip.ts'

const entry = (name: string, text: string, isPacked = false): ZipEntry => ({
  name,
  bytes: Buffer.from(text),
  at: new Date('2026-03-31T10:00:00Z'),
  isPacked,
})

describe('a ZIP that grows', () => {
  it('holds what was put in, packed or as it is, with any letter in its name', async () => {
    const entries = async function* () {
      yield entry('één.xml', 'a'.repeat(5000))
      yield entry('2026-0001.pdf', 'PDF', true)
      yield entry('leeg.txt', '')
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of zipChunks(entries())) chunks.push(chunk)
    const zip = Buffer.concat(chunks)
    const files = unzipSync(zip)
    expect(Object.keys(files)).toEqual(['één.xml', '2026-0001.pdf', 'leeg.txt'])
    expect(Object.values(files).map((bytes) => Buffer.from(bytes).toString())).toEqual(['a'.repeat(5000), 'PDF', ''])
    expect(zip.length).toBeLessThan(1000)
  })

  it('asks for a file when the one before was taken, and for none when nobody reads any more', async () => {
    let asked = 0
    let ended = false
    const entries = async function* () {
      try {
        for (;;) {
          asked += 1
          yield entry(`${asked}.pdf`, 'PDF', true)
        }
      } finally {
        ended = true
      }
    }
    const zip = zipChunks(entries())
    for (let piece = 0; piece < 4; piece++) await zip.next()
    expect(asked).toBeLessThanOrEqual(4)
    await zip.return(undefined)
    expect(ended).toBe(true)
  })
})

it.each([
  [
    ['a.pdf', 'b.pdf'],
    ['a.pdf', 'b.pdf'],
  ],
  [
    ['a.pdf', 'A.pdf', 'a.pdf', 'a (2).pdf'],
    ['a.pdf', 'A (2).pdf', 'a (3).pdf', 'a (2) (2).pdf'],
  ],
  [
    ['none', 'none', '.txt', '.txt'],
    ['none', 'none (2)', '.txt', '.txt (2)'],
  ],
  [
    ['a.b.pdf', 'a.b.pdf'],
    ['a.b.pdf', 'a.b (2).pdf'],
  ],
])('gives each of the names %j once', (names, unique) => expect(names.map(uniqueNames())).toEqual(unique))
