import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

/** Who did something to a letter. */
export interface By {
  readonly memberId: string | null
  readonly name: string
  readonly requestId: string | null
}

/** What the program does by itself is told under its own name. */
const itself: By = { memberId: null, name: 'Uurwerk', requestId: null }

interface Remembering {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'ids'>
  readonly now: Date
  readonly by: By | null
}

export type LetterAct = 'written' | 'sent' | 'failed' | 'uncertain' | 'withdrawn' | 'again' | 'arrived'

export async function rememberLetter(
  { trx, firmId, services, now, by }: Remembering,
  letterId: string,
  act: LetterAct,
  facts: { readonly before?: unknown; readonly after?: unknown } = {},
): Promise<void> {
  const who = by ?? itself
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'letter',
      subjectId: letterId,
      act,
      before: facts.before === undefined ? null : JSON.stringify(facts.before),
      after: facts.after === undefined ? null : JSON.stringify(facts.after),
      why: null,
      actorId: who.memberId,
      actorName: who.name,
      requestId: who.requestId,
      at: now,
    })
    .execute()
}
