import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FirmCall } from '../http/call.ts'

type Asking = Pick<FirmCall<never>, 'actor'>

/** Somebody else's hours are written and read only with the right to. */
export function ownOr(actor: Asking['actor'], memberId: string | undefined, writing?: string): string {
  if (memberId === undefined || memberId === actor.memberId) return actor.memberId
  if (!actor.rights.has(writing ? 'hours:write' : 'hours:read')) {
    throw new ProblemError({
      kind: 'forbidden',
      code: 'no-right',
      values: { right: writing ? 'hours:write' : 'hours:read' },
    })
  }
  return memberId
}

/** Without the right to read all hours a filter only ever finds one's own. */
export const visible = <Filter extends { readonly memberId?: readonly string[] | undefined }>(
  { actor }: Asking,
  filter: Filter,
): Filter => (actor.rights.has('hours:read') ? filter : { ...filter, memberId: [actor.memberId] })
