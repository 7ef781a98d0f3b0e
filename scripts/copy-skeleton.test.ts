import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copySkeleton } from './copy-skeleton.ts'

const run = promisify(execFile)
const repository = join(import.meta.dirname, '..')

describe('a new connector', () => {
  let folder: string
  let sources: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'new-connector-'))
    sources = join(folder, 'connectors/src')
    for (const part of ['contract', 'kit', 'conformance'])
      await cp(join(repository, 'connectors/src', part), join(sources, part), { recursive: true })
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('passes the suite at once', { timeout: 120_000 }, async () => {
    await copySkeleton({ sources, id: 'twin-field', name: 'Twinfield & Co' })
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const { VITEST, VITEST_POOL_ID, VITEST_WORKER_ID, ...env } = process.env
    const report = join(folder, 'report.json')
    const asked = ['--root', folder, '--reporter', 'json', '--outputFile', report, 'connectors/src/twin-field']
    await run(process.execPath, [vitest, 'run', ...asked], { cwd: folder, env })
    const told: { success: boolean; numPassedTests: number } = JSON.parse(await readFile(report, 'utf8'))
    expect(told.success).toBe(true)
    expect(told.numPassedTests).toBeGreaterThan(50)
  })

  it('has its own name everywhere, and nothing of the skeleton', async () => {
    const files = await copySkeleton({ sources, id: 'twin-field', name: 'Twinfield & Co' })
    expect(files).toContain('twin-field/twin-field.conformance.test.ts')
    expect(files).toContain('twin-field/simulator/index.ts')
    const texts = await Promise.all(files.map((file) => readFile(join(sources, file), 'utf8')))
    expect(texts.filter((text) => /skeleton books|Skeleton[A-Z ]|skeleton[A-Z]|'skeleton/i.test(text))).toEqual([])
    const index = texts[files.indexOf('twin-field/index.ts')]
    expect(index).toContain('export const twinField: Connector<TwinFieldSettings>')
    expect(texts[files.indexOf('twin-field/simulator/index.ts')]).toContain('export const simulateTwinField: Simulator')
    expect(texts[files.indexOf('twin-field/manifest.ts')]).toContain("id: 'twin-field',\n  name: 'Twinfield & Co'")
  })

  it.each(['Twin Field', '../twin', 'kit', ''])('is not written under the name %j', async (id) => {
    const before = await readdir(sources)
    await expect(copySkeleton({ sources, id })).rejects.toThrow(TypeError)
    expect(await readdir(sources)).toEqual(before)
  })
})
