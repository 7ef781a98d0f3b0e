import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { closingsOver } from '../invoices/closing-rows.ts'
import { type Claiming, releaseEntries } from '../invoices/invoice-claims.ts'
import { rememberPackageInvoice } from './package-invoice-history.ts'

/** How it came to hold nothing: deleted in the package, or given up by a person. */
export type Ended = 'gone' | 'released'

interface Held {
  readonly id: string
  readonly state: string
  readonly postingId: string
}

/**
 * Frees the entries of a document that is not in the package. One that holds nothing any more stays as it is. Changes
 * nothing in the package.
 */
export async function freePackageInvoice(
  call: Claiming,
  packageInvoiceId: string,
  why: string,
  ended: Ended = 'gone',
): Promise<void> {
  const { trx, firmId, now, services } = call
  const { rows } = await sql<Held>`
    select d.id, d.state, c.posting_id as "postingId" from package_invoice d
    join lateral (select id as posting_id from posting p where p.firm_id = d.firm_id and p.subject_id = d.id
      and p.kind = 'salesInvoice' limit 1) c on true
    where d.firm_id = ${firmId}::uuid and d.id = ${packageInvoiceId}::uuid and d.state in ('reserved', 'made', 'printed')
    for update of d`.execute(trx)
  const [held] = rows
  if (!held) return
  await sql`
    update package_invoice set state = ${ended}, ended_why = ${why}, ended_at = ${now}, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = ${held.id}::uuid`.execute(trx)
  await releaseEntries(call, { packageInvoiceId: held.id, postingId: held.postingId })
  await rememberPackageInvoice(call, held.id, ended, { before: { state: held.state }, why })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [held.id] })
}

/** The number of the closing document that takes off what stands on its lines. */
export async function deductedBy(
  { trx, firmId }: Pick<Claiming, 'trx' | 'firmId'>,
  packageInvoiceId: string,
): Promise<string | undefined> {
  const lines = await trx
    .selectFrom('packageInvoiceLine')
    .select('id')
    .where('firmId', '=', firmId)
    .where('packageInvoiceId', '=', packageInvoiceId)
    .execute()
  const [closing] = await closingsOver(
    trx,
    firmId,
    lines.map(({ id }) => id),
  )
  return closing
}

/** A closing document goes before what it takes off. */
export async function refuseDeducted(call: Claiming, packageInvoiceId: string): Promise<void> {
  const closing = await deductedBy(call, packageInvoiceId)
  if (closing) throw new ProblemError({ kind: 'conflict', code: 'package-invoice-deducted', values: { closing } })
}
