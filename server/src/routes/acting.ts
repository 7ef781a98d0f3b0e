import type { FirmCall } from '../http/call.ts'
import type { Acting } from '../postings/actions.ts'

/** A person who acts on postings, at the one instant of the request. */
export function actingFor({ services, actor, now }: Pick<FirmCall<never>, 'services' | 'actor' | 'now'>): Acting {
  const { ids, random, wake, notify, customerLinked, told = {} } = services.engine
  return { clock: { now: () => now }, ids, random, wake, notify, customerLinked, told, by: actor.memberId }
}
