import { sql } from 'kysely'
import type { Services } from '../services.ts'

const daysKept = 2

/** Files that were sent and then hung on nothing: a form that was left, a receipt that was taken off again. */
export async function forgetFiles(
  { store, files, clock }: Pick<Services, 'store' | 'files' | 'clock'>,
  firmId: string,
): Promise<void> {
  const before = new Date(clock.now().getTime() - daysKept * 86_400_000)
  const hangsNowhere = sql<boolean>`not exists (
    select from expense_file x where x.firm_id = file.firm_id and x.file_id = file.id)`
  const found = await store.withFirm(firmId, (trx) =>
    trx
      .selectFrom('file')
      .select(['id', 'sha256'])
      .where('firmId', '=', firmId)
      .where('createdAt', '<', before)
      .where(hangsNowhere)
      .execute(),
  )
  for (const { id, sha256 } of found)
    await store.withFirm(firmId, async (trx) => {
      // Whoever sends the same bytes now waits, and then finds that they are gone and puts them back.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`file ${firmId} ${sha256}`}, 1))`.execute(trx)
      const row = await trx
        .selectFrom('file')
        .select('id')
        .where('firmId', '=', firmId)
        .where('id', '=', id)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (!row) return
      await trx.deleteFrom('file').where('firmId', '=', firmId).where('id', '=', id).where(hangsNowhere).execute()
      const named = await trx
        .selectFrom('file')
        .select('id')
        .where('firmId', '=', firmId)
        .where('sha256', '=', sha256)
        .executeTakeFirst()
      const ofInvoice = await trx
        .selectFrom('invoiceDocument')
        .select('id')
        .where('firmId', '=', firmId)
        .where('sha256', '=', sha256)
        .executeTakeFirst()
      if (!named && !ofInvoice) await files.remove(firmId, sha256)
    })
}
