import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../secrets.ts'
import { type TestBucket, testBucket } from '../testing/bucket.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { bucketStore } from './bucket-store.ts'
import { byContent, type FileStore, folderStore, sha256Of } from './file-store.ts'
import { isSameStore, markStore } from './same-store.ts'
import { isClean } from './scan.ts'

const firm = '01900000-0000-7000-8000-000000000001'
const other = '01900000-0000-7000-8000-000000000002'
const bytes = Buffer.from('a receipt of 12,50')
const hash = sha256Of(bytes)

const folder = mkdtempSync(join(tmpdir(), 'uurwerk-store-'))
let bucket: TestBucket
beforeAll(async () => {
  bucket = await testBucket()
})
afterAll(async () => {
  await bucket?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['folder', 'bucket'])('files in a %s', (kind) => {
  let store: FileStore
  beforeAll(() => {
    store = byContent(kind === 'folder' ? folderStore(folder) : bucketStore(bucket.bucket))
  })

  it('come back byte for byte, by their hash, of that firm alone', async () => {
    expect(await store.get(firm, hash)).toBeUndefined()
    expect(await store.put(firm, bytes)).toBe(hash)
    expect(await store.has(firm, hash)).toBe(true)
    expect(Buffer.from((await store.get(firm, hash)) ?? [])).toEqual(bytes)
    expect(await store.has(other, hash)).toBe(false)
    expect(await store.get(other, hash)).toBeUndefined()
  })

  it('stand there once, however often and at once they are put', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, 7)
    const hashes = await Promise.all(Array.from({ length: 5 }, () => store.put(firm, large)))
    expect(new Set(hashes)).toEqual(new Set([sha256Of(large)]))
    const names = kind === 'folder' ? readdirSync(join(folder, firm)) : [...bucket.objects.keys()]
    expect(names.filter((name) => name.endsWith(sha256Of(large)))).toHaveLength(1)
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('that are not what they were are not given', async () => {
    const spoiled = await store.put(firm, Buffer.from('as it was'))
    if (kind === 'folder') writeFileSync(join(folder, firm, spoiled), 'as it is')
    else bucket.objects.set(`${firm}/${spoiled}`, Buffer.from('as it is'))
    expect(await store.get(firm, spoiled)).toBeUndefined()
  })

  it('can be removed, also twice', async () => {
    await store.remove(firm, hash)
    await store.remove(firm, hash)
    expect(await store.has(firm, hash)).toBe(false)
  })

  it('take no name that leads elsewhere', async () => {
    await expect(store.get('../..', hash)).rejects.toThrow('a file has a firm and a hash')
    await expect(store.get(firm, '../../secret.key')).rejects.toThrow('a file has a firm and a hash')
  })
})

describe('a bucket', () => {
  it('is asked with a signature that it can compute itself', async () => {
    expect(bucket.log.length).toBeGreaterThan(10)
    expect(bucket.log.filter((line) => !/^(200|204|404) /.test(line))).toEqual([])
    expect(bucket.log).toContain(`200 PUT /receipts/${firm}/${hash}`)
  })

  it('refuses another secret, and that is told as a problem that may pass', async () => {
    const wrong = byContent(bucketStore({ ...bucket.bucket, secretAccessKey: new Secret('something else') }))
    await expect(wrong.put(firm, bytes)).rejects.toMatchObject({ problem: { kind: 'temporary', code: 'files-away' } })
    expect(bucket.log.at(-1)).toMatch(/^403 /)
  })

  it('is asked again when it is busy', async () => {
    bucket.busy = 1
    const store = byContent(bucketStore(bucket.bucket))
    await store.put(firm, Buffer.from('later'))
    expect(bucket.busy).toBe(0)
    expect(await store.has(firm, sha256Of(Buffer.from('later')))).toBe(true)
  })

  it('that is not there is a problem that may pass', async () => {
    const nowhere = byContent(bucketStore({ ...bucket.bucket, endpoint: 'http://127.0.0.1:9' }))
    await expect(nowhere.has(firm, hash)).rejects.toMatchObject({ problem: { code: 'files-away' } })
  })
})

describe('whether all processes have the same files', () => {
  let database: TestDatabase
  const at = (name: string) => byContent(folderStore(join(folder, name)))
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.close())

  it('is known by a mark that the first of them sets', async () => {
    const { store } = database
    expect(await isSameStore({ store, files: at('shared') })).toBe(false)
    await Promise.all(Array.from({ length: 4 }, () => markStore({ store, files: at('shared') })))
    expect(await isSameStore({ store, files: at('shared') })).toBe(true)
    await markStore({ store, files: at('elsewhere') })
    expect(await isSameStore({ store, files: at('elsewhere') })).toBe(false)
    expect(await isSameStore({ store, files: at('shared') })).toBe(true)
  })

  it('holds for files that were moved with their mark', async () => {
    const moved = byContent(bucketStore(bucket.bucket))
    await moved.writeMark((await at('shared').readMark()) ?? '')
    expect(await isSameStore({ store: database.store, files: moved })).toBe(true)
  })
})

describe('a virus scanner', () => {
  const seen = join(folder, 'seen')
  it('reads the file and lets it through when it ends with 0', async () => {
    expect(await isClean(`cat > '${seen}'`, bytes)).toBe(true)
    expect(readFileSync(seen)).toEqual(bytes)
  })
  it('refuses it when it ends with 1, also before it read everything', async () => {
    expect(await isClean('exit 1', Buffer.alloc(5_000_000))).toBe(false)
  })
  it.each(['exit 2', 'kill -9 $$', '/no/such/scanner'])(
    'gives no answer when it ends otherwise: %s',
    async (command) => {
      await expect(isClean(command, bytes)).rejects.toMatchObject({
        problem: { kind: 'temporary', code: 'scanner-away' },
      })
    },
  )
})
