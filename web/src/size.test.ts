import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const dist = new URL('../dist/', import.meta.url)
const built = existsSync(new URL('index.html', dist))

const read = (file: string) => readFileSync(new URL(file, dist), 'utf8')
/** Files that a script needs before it can run: its own imports, not those it may ask for later. */
function needs(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, name] of read(file).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) needs(`assets/${name}`, seen)
  return seen
}
const assets = built ? readdirSync(new URL('assets/', dist)) : []
const chunk = (name: string) => {
  const found = assets.find((file) => file.startsWith(`${name}-`) && file.endsWith('.js'))
  if (!found) throw new Error(`no chunk of ${name}`)
  return `assets/${found}`
}
const weight = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0)

describe.runIf(built)('weight of the built web app', () => {
  const entry = [...(built ? read('index.html').matchAll(/src="\/(assets\/[^"]+\.js)"/g) : [])].map(([, file]) =>
    String(file),
  )

  it('shows the first screen after sign-in with at most 250 kB of compressed script', () => {
    const files = new Set(
      [...entry, chunk('Frame'), chunk('Time'), chunk('first-en')].flatMap((file) => [...needs(file)]),
    )
    expect(entry.length).toBeGreaterThan(0)
    expect(weight(files)).toBeGreaterThan(50_000)
    expect(weight(files)).toBeLessThanOrEqual(250_000)
  })

  it('leaves the gallery out', () => {
    expect(assets.filter((file) => file.startsWith('Gallery'))).toEqual([])
  })
})
