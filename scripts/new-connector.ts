import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { copySkeleton } from './copy-skeleton.ts'

// `npm run new:connector -- snelstart "SnelStart"`: a working connector with a simulator, to be changed one thing after the other.
const root = join(import.meta.dirname, '..')
const [id = '', name] = process.argv.slice(2)
try {
  for (const file of await copySkeleton({ sources: join(root, 'connectors/src'), id, name }))
    console.log(`wrote connectors/src/${file}`)
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\nnpm run new:connector -- snelstart "SnelStart"`)
  process.exit(1)
}
// Names of another length break lines elsewhere.
spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', `connectors/src/${id}`], {
  cwd: root,
  stdio: 'inherit',
})
console.log(`
Run the suite:            npx vitest run --project conformance connectors/src/${id}
Put it in the registry:   npm run generate
Read what comes next in:  connectors/src/${id}/README.md`)
