import type { Claiming } from '../invoices/invoice-claims.ts'

export type PackageInvoiceAct = 'posted' | 'made' | 'changed' | 'printed' | 'gone' | 'released'

/** Who did what with a document that the package makes; the program has no member. */
export async function rememberPackageInvoice(
  { trx, firmId, actor, requestId, services, now }: Claiming,
  id: string,
  act: PackageInvoiceAct,
  facts: { readonly before?: unknown; readonly after?: unknown; readonly why?: string } = {},
): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'package-invoice',
      subjectId: id,
      act,
      before: json(facts.before),
      after: json(facts.after),
      why: facts.why || null,
      actorId: actor.memberId,
      actorName: actor.name,
      requestId,
      at: now,
    })
    .execute()
}
