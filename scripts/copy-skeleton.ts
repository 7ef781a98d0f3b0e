import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

export interface NewConnector {
  /** The folder that holds all connectors: `connectors/src`. */
  readonly sources: string
  /** Folder and id of the package: `twin-field`. */
  readonly id: string
  /** As people know it; made from the id when left out. */
  readonly name?: string | undefined
}

/** Copies the skeleton of the suite to a folder of its own; gives the files written, relative to `sources`. */
export async function copySkeleton({ sources, id, name = titled(id) }: NewConnector): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    throw new TypeError(`"${id}" is no name for a folder: small letters, digits and hyphens, such as "snelstart"`)
  const target = join(sources, id)
  if (await stat(target).catch(() => null)) throw new TypeError(`${target} is already there`)
  const skeleton = join(sources, 'conformance/skeleton')
  const entries = await readdir(skeleton, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(skeleton, join(entry.parentPath, entry.name)))
    .sort()
  const written: string[] = []
  for (const file of files) {
    const path = join(id, file.replace('skeleton', id))
    const text = await readFile(join(skeleton, file), 'utf8')
    await mkdir(dirname(join(sources, path)), { recursive: true })
    await writeFile(join(sources, path), renamed(moved(text, file), id, name))
    written.push(path)
  }
  return written
}

/** The skeleton stands one folder deeper, inside the suite. */
function moved(text: string, file: string): string {
  const depth = file.split('/').length
  const up = '../'.repeat(depth)
  return text
    .replaceAll(`'${up}../contract/`, `'${up}contract/`)
    .replaceAll(`'${up}../kit/`, `'${up}kit/`)
    .replaceAll(new RegExp(`from '${up}(?!contract/|kit/)`, 'g'), `from '${up}conformance/`)
}

function renamed(text: string, id: string, name: string): string {
  const pascal = id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1)
  return text
    .replaceAll('Skeleton Books', name)
    .replaceAll('Skeleton', pascal)
    .replaceAll(/'skeleton'|'(?:https:\/\/)?books\.skeleton\.example'|(?<=src\/)skeleton/g, (found) =>
      found.replace('skeleton', id),
    )
    .replaceAll('skeleton', camel)
}

const titled = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
