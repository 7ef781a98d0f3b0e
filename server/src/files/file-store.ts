import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Settings } from '../settings.ts'
import { bucketStore } from './bucket-store.ts'

/**
 * Bytes beside the database, by their hash: the same bytes stand there once per firm, and never change. The rows of
 * `file` say what they are and whose.
 */
export interface FileStore {
  /** Where it is, for the log: a folder or a bucket. */
  readonly place: string
  /** Answers the SHA-256 in hex. Once it answers, the bytes survive a power cut. */
  put(firmId: string, bytes: Uint8Array): Promise<string>
  /** Undefined when there are none, or when they are not what they were. */
  get(firmId: string, sha256: string): Promise<Uint8Array | undefined>
  has(firmId: string, sha256: string): Promise<boolean>
  remove(firmId: string, sha256: string): Promise<void>
  /** Text by which a store is known, the same for every process that uses it. */
  readMark(): Promise<string | undefined>
  writeMark(mark: string): Promise<void>
}

/** Names and bytes, as a folder or a bucket keeps them. A name is `<firm>/<sha256>`, or that of the mark. */
export interface ByteStore {
  readonly place: string
  write(name: string, bytes: Uint8Array): Promise<void>
  read(name: string): Promise<Uint8Array | undefined>
  exists(name: string): Promise<boolean>
  remove(name: string): Promise<void>
}

export const openFileStore = (settings: Pick<Settings, 'dataDir' | 'bucket'>): FileStore =>
  byContent(settings.bucket ? bucketStore(settings.bucket) : folderStore(join(settings.dataDir, 'files')))

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const markName = 'store-mark'

/** Addressed by content, over whatever keeps the bytes. */
export function byContent(bytes: ByteStore): FileStore {
  return {
    place: bytes.place,
    async put(firmId, content) {
      const sha256 = sha256Of(content)
      const name = nameOf(firmId, sha256)
      if (!(await bytes.exists(name))) await bytes.write(name, content)
      return sha256
    },
    async get(firmId, sha256) {
      const content = await bytes.read(nameOf(firmId, sha256))
      return content && sha256Of(content) === sha256 ? content : undefined
    },
    has: (firmId, sha256) => bytes.exists(nameOf(firmId, sha256)),
    remove: (firmId, sha256) => bytes.remove(nameOf(firmId, sha256)),
    async readMark() {
      const mark = await bytes.read(markName)
      return mark && Buffer.from(mark).toString('utf8').trim()
    },
    writeMark: (mark) => bytes.write(markName, Buffer.from(`${mark}\n`)),
  }
}

function nameOf(firmId: string, sha256: string): string {
  assert(/^[0-9a-f-]{36}$/.test(firmId) && /^[0-9a-f]{64}$/.test(sha256), 'a file has a firm and a hash')
  return `${firmId}/${sha256}`
}

/** A folder of this machine, or one that all machines mount. */
export function folderStore(folder: string): ByteStore {
  const at = (name: string) => join(folder, name)
  return {
    place: folder,
    // Beside it first, then renamed: nobody ever reads half of it, and what is there survives a power cut.
    async write(name, bytes) {
      const path = at(name)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const beside = `${path}.${randomBytes(6).toString('hex')}.part`
      try {
        const file = await open(beside, 'wx', 0o600)
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(beside, path)
      } catch (error) {
        await rm(beside, { force: true })
        throw error
      }
      await syncFolder(dirname(path))
    },
    read: (name) => readFile(at(name)).catch(undefinedWhenAbsent),
    exists: async (name) => (await stat(at(name)).catch(undefinedWhenAbsent)) !== undefined,
    remove: (name) => rm(at(name), { force: true }),
  }
}

const undefinedWhenAbsent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}

/** A name that is not on the disk is lost with the power; Windows keeps names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
