import type { expenseRoutes } from '@uurwerk/api/expenses.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import { visibleSql } from '../entries/visible.ts'
import { isReceipt, isWhatItSays, mediaTypeOf, receiptTypes } from '../files/receipt-type.ts'
import { isClean } from '../files/scan.ts'
import type { Actor, Handlers } from '../http/call.ts'
import { notThere, wrongField } from '../http/problems.ts'

type Names = Extract<keyof typeof expenseRoutes, `${string}File`>

export const fileHandlers: Handlers<Names> = {
  // Scanned and stored outside a transaction: neither is quick.
  createFile: {
    free: async ({ services, firmId, actor, query, body, mediaType: declared, now }) => {
      const mediaType = await mediaTypeOf(body)
      if (!isWhatItSays(declared, mediaType))
        throw wrongField('', 'file-not-what-it-says', { declared: declared ?? '' })
      if (!isReceipt(mediaType)) throw wrongField('', 'file-type-not-allowed')
      const { scanCommand } = services.settings
      if (scanCommand && !(await isClean(scanCommand, body))) throw wrongField('', 'file-infected')
      const sha256 = await services.files.put(firmId, body)
      const id = services.ids.next()
      const row = { id, name: fileName(query.name, mediaType), mediaType, sizeBytes: body.length }
      await services.store.withFirm(firmId, async (trx) => {
        // Whoever removes bytes that nobody names any more holds the same lock.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`file ${firmId} ${sha256}`}, 1))`.execute(trx)
        if (!(await services.files.has(firmId, sha256))) await services.files.put(firmId, body)
        await trx
          .insertInto('file')
          .values({ firmId, sha256, ...row, createdBy: actor.memberId, createdAt: now })
          .execute()
      })
      return row
    },
  },

  readFile: {
    free: async ({ services, firmId, actor, params, query }) => {
      const row = await services.store.withFirm(firmId, (trx) =>
        trx
          .selectFrom('file')
          .select(['sha256', 'mediaType', 'name'])
          .where('firmId', '=', firmId)
          .where('id', '=', params.id)
          .where(mayReadFile(actor))
          .executeTakeFirst(),
      )
      if (!row) throw notThere('file')
      const bytes = await services.files.get(firmId, row.sha256)
      if (!bytes) throw new ProblemError({ kind: 'defect', code: 'file-lost', values: { name: row.name } })
      return { mediaType: row.mediaType, fileName: row.name, inline: !query.save, bytes }
    },
  },
}

/** Of the table `file`: who sent it, who may see an expense that carries it, and who pays it back. */
export function mayReadFile(actor: Actor): RawBuilder<boolean> {
  const pays = actor.rights.has('reimbursements:read') ? sql` or e.reimbursable` : sql``
  return sql<boolean>`(file.created_by = ${actor.memberId}::uuid or exists (
    select from expense_file x join expense e on e.firm_id = x.firm_id and e.id = x.expense_id
    where x.firm_id = file.firm_id and x.file_id = file.id and e.deleted_at is null
      and ((true${visibleSql(actor, 'e')})${pays})))`
}

/** What it was called where it came from, without its folders, ending as its content says. */
function fileName(given: string | undefined, mediaType: keyof typeof receiptTypes): string {
  const ending = receiptTypes[mediaType]
  const name = given?.split(/[/\\]/).at(-1)?.trim() || 'receipt'
  const endings =
    mediaType === 'image/jpeg' ? ['jpg', 'jpeg'] : mediaType === 'application/pdf' ? ['pdf'] : [ending, 'heic', 'heif']
  return endings.some((one) => name.toLowerCase().endsWith(`.${one}`)) ? name : `${name}.${ending}`
}
