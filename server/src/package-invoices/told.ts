import { sql } from 'kysely'
import { type Claiming, isEntryKind, tellEntries } from '../invoices/invoice-claims.ts'
import type { Tell, Told } from '../postings/engine.ts'
import type { Firm } from '../postings/posting-rows.ts'
import type { Services } from '../services.ts'
import { freePackageInvoice } from './free.ts'
import { writeReceipt } from './receipt.ts'

type Parts = Pick<Services, 'ids' | 'events' | 'connectors'>

/** What becomes of the postings that make and print documents in the package, written down in the same transaction. */
export function tellPackageInvoices(parts: Parts): { readonly salesInvoice: Tell; readonly printing: Tell } {
  return {
    salesInvoice: async (firm, told) => {
      const { posting, is, receipt, why = '' } = told
      const call = await callOf(parts, firm, told)
      if (is === 'posted') {
        await writeReceipt(call, posting.subjectId, receipt, 'made')
        await tellEntries(call, await heldBy(firm, posting.id), 'invoiced', {
          packageInvoiceId: posting.subjectId,
          postingId: posting.id,
        })
      }
      if (is === 'discarded') await freePackageInvoice(call, posting.subjectId, why, 'released')
    },
    printing: async (firm, told) => {
      if (told.is === 'posted')
        await writeReceipt(await callOf(parts, firm, told), told.posting.subjectId, told.receipt, 'printed')
    },
  }
}

async function heldBy({ trx, firmId }: Firm, postingId: string) {
  const rows = await trx
    .selectFrom('claim')
    .select(['entryKind', 'entryId'])
    .where('firmId', '=', firmId)
    .where('postingId', '=', postingId)
    .where('releasedAt', 'is', null)
    .execute()
  return rows.flatMap(({ entryKind, entryId }) => (isEntryKind(entryKind) ? [{ kind: entryKind, entryId }] : []))
}

/** Who did it: the person who decided, else the package. */
async function callOf(parts: Parts, { trx, firmId }: Firm, { by, posting, now }: Told): Promise<Claiming> {
  const { rows } = await sql<{ package: string; name: string | null }>`
    select c.package, m.name from connection c
    left join member m on m.firm_id = c.firm_id and m.id = ${by ?? null}::uuid
    where c.firm_id = ${firmId}::uuid and c.id = ${posting.connectionId}::uuid`.execute(trx)
  const [{ package: packageId = '', name = null } = {}] = rows
  const actor = { memberId: by ?? null, name: name ?? parts.connectors.get(packageId)?.manifest.name ?? packageId }
  return { trx, firmId, actor, requestId: null, services: parts, now }
}
