import { randomUUID } from 'node:crypto'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { FileStore } from './file-store.ts'

const named = 'file-store'

/**
 * The store and the database know each other by a mark, so that a process that was given another folder or bucket than
 * the others is found before somebody misses a receipt. Whoever comes first sets it.
 */
export async function markStore({ store, files }: Pick<Services, 'store' | 'files'>): Promise<void> {
  await store.withDirectory(async (trx) => {
    if (await markIn(trx)) return
    const mark = (await files.readMark()) ?? randomUUID()
    // Who comes at the same moment waits here until this is committed.
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('directory.program')
      .values({ name: named, value: JSON.stringify(mark) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows) await files.writeMark(mark)
  })
}

export async function isSameStore({ store, files }: { store: Services['store']; files: FileStore }): Promise<boolean> {
  const ours = await store.withDirectory(markIn)
  return ours !== undefined && ours === (await files.readMark())
}

async function markIn(trx: Trx): Promise<string | undefined> {
  const row = await trx.selectFrom('directory.program').select('value').where('name', '=', named).executeTakeFirst()
  return row && String(row.value)
}
