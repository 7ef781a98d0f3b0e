import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  readonly at: Date
  /** Bytes that are packed already, as those of a PDF, are not packed again. */
  readonly isPacked: boolean
}

/** More than this, in files or in bytes, the form of ZIP that every program opens does not hold. */
export const mostInZip = { files: 65_000, bytes: 4_000_000_000 } as const

/** A ZIP as it grows: of its files one at a time is in memory. The next is asked for when this one was taken. */
export async function* zipChunks(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  for await (const { name, bytes, at, isPacked } of entries) {
    const file = isPacked ? new ZipPassThrough(name) : new ZipDeflate(name)
    file.mtime = at
    zip.add(file)
    file.push(bytes, true)
    yield* made.splice(0)
  }
  zip.end()
  yield* made
}

/** Gives each name once: `a.pdf`, then `a (2).pdf`. Names that differ in capitals alone are one file to many systems. */
export function uniqueNames(): (name: string) => string {
  const given = new Set<string>()
  return (name) => {
    const [, stem = name, extension = ''] = /^(.+?)(\.[^.]*)?$/s.exec(name) ?? []
    let unique = name
    for (let count = 2; given.has(unique.toLowerCase()); count++) unique = `${stem} (${count})${extension}`
    given.add(unique.toLowerCase())
    return unique
  }
}
