import { type Fault, takeFault, type World } from '../../contract/simulator.ts'

/**
 * What can go wrong, as input. `on` names a call (`POST salesentry/SalesEntries`); without it a fault strikes any call
 * of the API. Sign-in and token calls are struck only when named (`GET oauth2/auth`, `POST oauth2/token`).
 */
export const faultKinds = {
  /** Carried out, but the answer never comes. */
  loseAnswerAfter: 'answer lost',
  /** The request never arrives; nothing happened. */
  loseRequestBefore: 'request lost',
  /** 429, until the reset of that limit; `value` is `minute` (default) or `day`. */
  tooManyRequests: 'limit reached',
  /** A page of HTML instead of an answer; `value` is the status, 502 by default, or 500, 503, 504. Not carried out. */
  serverError: 'gateway error',
  /** A status and nothing else; `value` is the status, 503 by default. Not carried out (seen in client code). */
  emptyServerError: 'gateway silent',
  /** 401 with the HTML page "Object moved". */
  htmlUnauthorized: 'sent to the sign-in page',
  /** The answer takes `value` milliseconds, 35,000 by default. */
  slow: 'slow',
  /** All access tokens are past their time from this call on. Give it `times: 1`. */
  expireAccess: 'access expired',
  /** All tokens die at this call: 401, and refreshing is refused too. Give it `times: 1`, so that a new consent works. */
  withdrawAccess: 'access withdrawn',
  /** 403 with `Reason: InactiveUser`; `value` may name another reason, such as `BlockedUser` or `LicenseExpired`. */
  inactiveUser: 'user inactive',
  /** 403 "Forbidden - Application Scope Violated". */
  scopeViolated: 'scope missing',
  /** The user lacks the right: lists are empty, writing is a 403 without a reason. */
  missingRight: 'right missing',
  /** Printing an invoice books it, but its document could not be made: the answer says so in a field. */
  documentFails: 'document not made',
  /** Subscribing to events: the address was tried and answered `value`, 404 by default. */
  callbackRefused: 'callback not reached',
  /** A number that is sent with an entry is replaced by the next of the series, without a word. */
  replaceNumber: 'number replaced',
  /** Closes a period, `value` is `2026-01`, in every journal, before the call is carried out. */
  closePeriod: 'period closed',
  /** Answer lost, and what was made can be seen only `value` milliseconds later (2,000 by default). */
  lateCommit: 'answer lost, committed late',
  /** Token endpoint: the tokens were rotated, but the answer is lost. */
  dropTokenAnswer: 'token answer lost',
  /** Token endpoint: refreshing too early is refused with 401, as documented, instead of the 400 that is seen. */
  documentedEarlyRefusal: 'too early, as documented',
  /** Token endpoint: 500 with a text of the gateway; nothing was rotated. */
  tokenGateway: 'token gateway overloaded',
} as const

export type FaultKind = keyof typeof faultKinds

/** A fault, with its kind checked by the compiler. */
export const fault = (kind: FaultKind, rest: Omit<Fault, 'kind'> = {}): Fault => ({ kind, ...rest })

export function addFault(world: World, kind: FaultKind, rest: Omit<Fault, 'kind'> = {}): void {
  world.state.faults.push(fault(kind, rest))
}

/** Takes a fault of this kind for this call, counting it down. */
export const strikes = (world: World, kind: FaultKind, call: string): Fault | undefined => takeFault(world, kind, call)

/** The same for sign-in and token calls, which a fault must name. */
export function strikesNamed(world: World, kind: FaultKind, call: string): Fault | undefined {
  const named = world.state.faults.some((known) => known.kind === kind && known.on === call)
  return named ? takeFault(world, kind, call) : undefined
}

export const isSupportedFault = (kind: string): kind is FaultKind => kind in faultKinds
