import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generated } from './generated.ts'

// Writes every generated file; with --check it only says which are not up to date.
const root = join(import.meta.dirname, '..')
const checking = process.argv.includes('--check')
const stale: string[] = []
for (const { path, text } of await generated()) {
  const file = join(root, path)
  const present = await readFile(file, 'utf8').catch(() => null)
  if (present === text) continue
  if (checking) {
    stale.push(path)
    continue
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  console.log(`wrote ${path}`)
}
if (stale.length > 0) {
  console.error(`not up to date, run "npm run generate": ${stale.join(', ')}`)
  process.exit(1)
}
