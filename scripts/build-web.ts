import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build } from 'vite'

// Builds the web when its sources changed since the last time; nothing built is committed.
const root = join(import.meta.dirname, '..')
const stamp = join(root, 'web/dist/.source-hash')

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const place of ['web', 'api/src', 'core/src', 'package-lock.json']) {
    for (const file of await filesBelow(join(root, place)))
      hash.update(file.slice(root.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}

async function filesBelow(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => null)
  if (!entries) return [place]
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (['dist', 'node_modules'].includes(entry.name) || entry.name.endsWith('.test.ts')) continue
    const path = join(place, entry.name)
    if (entry.isDirectory()) found.push(...(await filesBelow(path)))
    else found.push(path)
  }
  return found
}

/** Compressed once here, so that no request waits for it. */
async function compress(folder: string): Promise<void> {
  const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)]
  for (const name of await readdir(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const file = join(folder, name)
    const bytes = await readFile(file)
    await writeFile(`${file}.br`, await brotli(bytes))
    await writeFile(`${file}.gz`, await zip(bytes, { level: 9 }))
  }
}

const hash = await sourceHash()
if ((await readFile(stamp, 'utf8').catch(() => null)) !== hash) {
  console.log('Building the web app …')
  // Built beside it and then put in its place: who serves or builds at the same time never meets half of it.
  const place = join(root, 'web/dist')
  const made = join(root, `.cache/web-${process.pid}`)
  await build({
    root: join(root, 'web'),
    configFile: join(root, 'web/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: made, emptyOutDir: true },
  })
  await compress(join(made, 'assets'))
  await writeFile(join(made, '.source-hash'), hash)
  await rename(place, `${made}-before`).catch(() => undefined)
  await rename(made, place)
  await rm(`${made}-before`, { recursive: true, force: true })
}
