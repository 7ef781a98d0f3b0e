import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

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
      if (!(await isNamed(trx, firmId, sha256))) await files.remove(firmId, sha256)
    })
}

/** Bytes by which a receipt, a document of an invoice, a letter or a logo of the firm stands, old ones too. */
async function isNamed(trx: Trx, firmId: string, sha256: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from file where firm_id = ${firmId}::uuid and sha256 = ${sha256}
    union all select 1 from invoice_document where firm_id = ${firmId}::uuid and sha256 = ${sha256}
    union all select 1 from letter_attachment where firm_id = ${firmId}::uuid and sha256 = ${sha256}
    union all select 1 from firm_logo where firm_id = ${firmId}::uuid and sha256 = ${sha256}
    limit 1`.execute(trx)
  return rows.length > 0
}
