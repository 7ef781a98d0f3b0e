import type { Route } from '@uurwerk/api/route.ts'
import type { FirmCall } from './call.ts'

/** Keeps who did what, when and why. The program's role can add to it and read it, nothing else. */
export async function remember(
  call: Pick<FirmCall<Route>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>,
  subject: { kind: string; id: string },
  act: string,
  facts: { before?: unknown; after?: unknown; why?: string } = {},
): Promise<void> {
  await call.trx
    .insertInto('history')
    .values({
      firmId: call.firmId,
      id: call.services.ids.next(),
      subjectKind: subject.kind,
      subjectId: subject.id,
      act,
      before: facts.before === undefined ? null : JSON.stringify(facts.before),
      after: facts.after === undefined ? null : JSON.stringify(facts.after),
      why: facts.why ?? null,
      actorId: call.actor.memberId,
      actorName: call.actor.name,
      requestId: call.requestId,
      at: call.now,
    })
    .execute()
}
