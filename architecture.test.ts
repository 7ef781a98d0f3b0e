import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Arrows point inward, and no other arrow exists:
 * web → api ← server → connectors → core, server → core, web → what is pure in core.
 * npm links every workspace for every other, so only this test stops a wrong import.
 */
const root = import.meta.dirname
const workspaces = ['core', 'connectors', 'api', 'server', 'web'] as const
type Workspace = (typeof workspaces)[number]

const arrows: Readonly<Record<Workspace, readonly Workspace[]>> = {
  core: [],
  connectors: ['core'],
  api: [],
  server: ['api', 'connectors', 'core'],
  web: ['api', 'core'],
}

/** Of others' packages core takes small pure libraries alone. */
const outsideOfCore = ['big.js', 'temporal-polyfill']
/** What the browser may take of core: pure, and the same arithmetic on both sides. */
const coreForWeb = [
  /^core\/src\/shared\//,
  /^core\/src\/invoicing\/(totals|vat-cases|vat-rates|number-series|becoming-due)\.ts$/,
  /^core\/src\/time\/(duration|billing-rounding)\.ts$/,
]

interface Import {
  readonly file: string
  readonly names: string
  /** Repository path for our own files, else the package's name. */
  readonly to: string
  readonly ours: boolean
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: Import[] = []
  for (const match of text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    const names = match[1] as string
    if (names.startsWith('.')) {
      found.push({ file, names, to: relative(root, resolve(join(root, dirname(file)), names)), ours: true })
    } else if (names.startsWith('@uurwerk/')) {
      const [, workspace, ...rest] = names.split('/')
      found.push({ file, names, to: `${workspace}/src/${rest.join('/')}`, ours: true })
    } else {
      const parts = names.split('/')
      found.push({
        file,
        names,
        to: names.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string),
        ours: false,
      })
    }
  }
  return found
}

const files = workspaces.flatMap((workspace) => sources(workspace))
const imports = files.flatMap(importsOf)
const isTest = (file: string) => /\.test\.tsx?$|\/testing\/|-for-tests\.ts$|^server\/test\//.test(file)
const workspaceOf = (path: string) => path.split('/')[0] as Workspace
const said = (found: readonly Import[]) => found.map(({ file, names }) => `${file} imports ${names}`)

describe('the arrows between the workspaces', () => {
  it('reads imports at all', () => {
    expect(imports.length).toBeGreaterThan(500)
  })

  it.each(workspaces)('%s imports only what its arrows allow', (workspace) => {
    const wrong = imports.filter(({ file, to, ours }) => {
      if (!ours || workspaceOf(file) !== workspace) return false
      const target = workspaceOf(to)
      if (target === workspace) return false
      return workspaces.includes(target)
        ? !arrows[workspace].includes(target)
        : workspace !== 'server' ||
            !(/^(package\.json|web\/dist)/.test(to) || (isTest(file) && to.startsWith('scripts/')))
    })
    expect(said(wrong)).toEqual([])
  })

  it('core takes small pure libraries only', () => {
    const wrong = imports.filter(
      ({ file, to, ours }) => !ours && workspaceOf(file) === 'core' && !isTest(file) && !outsideOfCore.includes(to),
    )
    expect(said(wrong)).toEqual([])
  })

  it('web takes of core only what is pure', () => {
    const wrong = imports.filter(
      ({ file, to, ours }) =>
        ours && workspaceOf(file) === 'web' && workspaceOf(to) === 'core' && !coreForWeb.some((rule) => rule.test(to)),
    )
    expect(said(wrong)).toEqual([])
  })

  it('a connector takes the contract, the kit and its own files', () => {
    const shared = ['contract', 'kit', 'conformance']
    const folderOf = (path: string) => /^connectors\/src\/([^/]+)\//.exec(path)?.[1]
    const wrong = imports.filter(({ file, to, ours }) => {
      const from = folderOf(file)
      const target = folderOf(to)
      if (!ours || !from || !target || from === target || shared.includes(from)) return false
      return !shared.includes(target) || (target === 'conformance' && !isTest(file) && !/harness\.ts$/.test(file))
    })
    expect(said(wrong)).toEqual([])
  })

  it('a simulator knows nothing of its connector, nor the connector of its simulator', () => {
    const within = (path: string) => /^connectors\/src\/[^/]+\/simulator\//.test(path)
    const wrong = imports.filter(({ file, to, ours }) => {
      if (
        !ours ||
        isTest(file) ||
        /harness\.ts$/.test(file) ||
        !file.startsWith('connectors/src/') ||
        file.endsWith('registry.gen.ts')
      )
        return false
      if (within(file)) return !within(to) && !to.startsWith('connectors/src/contract/') && !to.startsWith('core/')
      return within(to) && !file.startsWith('connectors/src/conformance/')
    })
    expect(said(wrong)).toEqual([])
  })

  it('only the store opens connections to the database', () => {
    const allowed = /^server\/src\/(store|jobs\/queue|people\/(auth|sign-in-attempts)|http\/events)/
    const wrong = imports.filter(
      ({ file, to }) => to === 'pg' && !isTest(file) && !allowed.test(file) && !file.startsWith('scripts/'),
    )
    expect(said(wrong)).toEqual([])
  })
})

describe('what core leaves to others', () => {
  it('has no clock of its own', () => {
    const wrong = files.filter(
      (file) =>
        file.startsWith('core/') &&
        !isTest(file) &&
        /new Date\(\)|Date\.now\(/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(wrong).toEqual([])
  })
})
