import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'

/** What imports leave behind, each there for one thing to happen to it. */
export interface FurnishedImports {
  readonly importConflict: string
  readonly proposal: { readonly accepted: string; readonly rejected: string }
  /** A customer that was deleted in the package. */
  readonly unlinked: string
}

export async function furnishImports(
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  about: { readonly firm: TestFirm; readonly word: string; readonly connectionId: string; readonly customerId: string },
): Promise<FurnishedImports> {
  const { firm, word, connectionId, customerId } = about
  const now = clock.now()
  const proposal = { accepted: ids.next(), rejected: ids.next() }
  const importConflict = ids.next()
  const unlinked = await firm.addCustomer({ number: `${word}-weg`.slice(0, 18), name: `${word} Verdwenen B.V.` })
  const seen = { openedAt: now, seenAt: now }
  await firm.within(async (trx) => {
    const proposed = (id: string, field: string, ours: unknown, theirs: unknown) => ({
      firmId: firm.id,
      id,
      connectionId,
      customerId,
      field,
      ours: JSON.stringify(ours),
      theirs: JSON.stringify(theirs),
      ...seen,
    })
    await trx
      .insertInto('customerProposal')
      .values([
        proposed(proposal.accepted, 'term', { days: 30, endOfMonth: false }, { days: 14, endOfMonth: false }),
        proposed(proposal.rejected, 'email', null, `${word}@theirs.example`),
      ])
      .execute()
    await trx
      .insertInto('importConflict')
      .values({
        firmId: firm.id,
        id: importConflict,
        connectionId,
        theirId: `${word}-theirs`,
        theirCode: '77001',
        theirName: `${word} Dubbel B.V.`,
        reason: 'perhaps-same',
        values: JSON.stringify({ ours: `${word} Dubbel`, number: '77001' }),
        candidates: JSON.stringify([{ customerId, why: ['name'] }]),
        fingerprint: word,
        ...seen,
      })
      .execute()
    await trx
      .insertInto('link')
      .values({
        firmId: firm.id,
        connectionId,
        noun: 'customer',
        ourId: unlinked,
        theirId: `${word}-gone`,
        theirCode: `${word}-weg`.slice(0, 18),
        inactive: 'deleted',
        inactiveSince: now,
        createdAt: now,
      })
      .execute()
  })
  return { importConflict, proposal, unlinked }
}
