import { newReference } from '@uurwerk/core/shared/reference.ts'
import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'

/** What a comparison with the books leaves behind, each there for one thing to happen to it. */
export interface FurnishedComingBack {
  readonly reconciliation: string
  readonly difference: {
    readonly open: string
    readonly accepted: string
    /** Of an entry that was deleted in the books. */
    readonly deleted: string
    /** Of an invoice that the package made, and that was deleted there. */
    readonly there: string
  }
}

export async function furnishComingBack(
  { ids, clock, random }: Pick<Services, 'ids' | 'clock' | 'random'>,
  about: {
    readonly firm: TestFirm
    readonly word: string
    readonly connection: { readonly used: string; readonly lane: string }
    readonly customerId: string
    readonly postingId: string
    /** Sent, and posted by nobody else. */
    readonly invoiceId: string
  },
): Promise<FurnishedComingBack> {
  const { firm, word, connection, customerId, postingId, invoiceId } = about
  const now = clock.now()
  const reconciliation = ids.next()
  const difference = { open: ids.next(), accepted: ids.next(), deleted: ids.next(), there: ids.next() }
  const seen = { firmId: firm.id, connectionId: connection.used, print: word, firstSeenAt: now, seenAt: now }
  const posting = (kind: string, subjectKind: string, subjectId: string) => ({
    firmId: firm.id,
    id: ids.next(),
    connectionId: connection.used,
    laneKey: connection.lane,
    kind,
    reference: newReference(random),
    subjectKind,
    subjectId,
    label: `${word}-${kind}`,
    customerId,
    state: 'posted',
    currency: 'EUR',
    gross: '60.50',
    theirId: `${word}-${kind}`,
    receipt: JSON.stringify({ id: `${word}-${kind}`, gross: '60.50', hash: word }),
    settledAt: now,
    createdAt: now,
    updatedAt: now,
  })
  const gone = posting('salesEntry', 'invoice', invoiceId)
  const there = posting('salesInvoice', 'package-invoice', ids.next())
  await firm.within(async (trx) => {
    await trx.insertInto('posting').values([gone, there]).execute()
    await trx
      .insertInto('reconciliation')
      .values({
        firmId: firm.id,
        id: reconciliation,
        connectionId: connection.used,
        scope: 'all',
        state: 'done',
        documents: 4,
        differing: 3,
        accepted: 1,
        totals: JSON.stringify([{ currency: 'EUR', documents: 4, gross: '242.00' }]),
        startedAt: now,
        finishedAt: now,
      })
      .execute()
    const fields = JSON.stringify([{ field: 'reference', posted: `${word}-1`, now: `${word}-2` }])
    await trx
      .insertInto('booksDifference')
      .values([
        { ...seen, id: difference.open, postingId, kind: 'changed', fields },
        { ...seen, id: difference.deleted, postingId: gone.id, kind: 'deleted' },
        { ...seen, id: difference.there, postingId: there.id, kind: 'deleted' },
        {
          ...seen,
          id: difference.accepted,
          postingId,
          kind: 'not-attached',
          state: 'accepted',
          reason: `${word} vindt het goed`,
          decidedAt: now,
        },
      ])
      .execute()
  })
  return { reconciliation, difference }
}
