import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// Everything that can be said about the sources without running them. What this and the tests accept may be merged.
const bin = (name: string) => join(import.meta.dirname, '../node_modules/.bin', name)
const compiler = join(import.meta.dirname, '../node_modules/typescript7/bin/tsc')

const steps: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings', '.']],
  ['types of core, connectors, api, server', process.execPath, [compiler, '-p', 'tsconfig.json']],
  ['types of web', process.execPath, [compiler, '-p', 'web/tsconfig.json']],
  ['dead code', bin('knip'), ['--no-progress']],
  [
    'architecture and words',
    bin('vitest'),
    ['run', '--project', 'unit', 'architecture.test.ts', 'words.test.ts', 'contrast.test.ts'],
  ],
  ['generated files up to date', process.execPath, ['scripts/generate.ts', '--check']],
]

let failed = 0
for (const [name, command, args] of steps) {
  const started = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', cwd: join(import.meta.dirname, '..') })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'good' : 'FAILED'}  ${name} (${seconds} s)`)
  if (status !== 0) failed += 1
}
console.log(failed === 0 ? 'check: all good' : `check: ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
