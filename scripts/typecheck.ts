import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const compiler = join(root, 'node_modules/typescript7/bin/tsc')
const failed = ['tsconfig.json', 'web/tsconfig.json'].filter(
  (project) => spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit', cwd: root }).status !== 0,
)
process.exit(failed.length === 0 ? 0 : 1)
