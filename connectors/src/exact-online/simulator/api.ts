import { createHash } from 'node:crypto'
import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import {
  countCall,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  type World,
} from '../../contract/simulator.ts'
import { BadRequest, error, gatewayPage, nothing, unauthorized } from './answers.ts'
import { closePeriod } from './bookkeeper.ts'
import { type Call, notFound, readCall } from './call.ts'
import { type FaultKind, strikes } from './faults.ts'
import { answerHasRights } from './has-rights.ts'
import { blockedAnswer, bucketOf, countAgainstLimits, countError, limitAnswer, limitHeaders } from './limits.ts'
import { read } from './reading.ts'
import type { View } from './resource.ts'
import { divisionsOf, userHasRights } from './resources/system.ts'
import { type Bearer, bearerOf, expireAll, withdrawAll } from './tokens.ts'
import type { Place } from './wire.ts'
import { type Language, stateOf } from './world-state.ts'
import { write } from './writing.ts'

/** Faults that end a call before it is carried out, in the order in which they would show. */
function struckBefore(world: World, call: Call, now: Date, bucket: string): SimulatorAnswer | null {
  const hit = (kind: FaultKind) => strikes(world, kind, call.name)
  if (hit('loseRequestBefore')) return { ...nothing(0), fate: 'unreached' }
  const broken = hit('serverError')
  if (broken) return gatewayPage(Number(broken.value ?? 502))
  const silent = hit('emptyServerError')
  if (silent) return nothing(Number(silent.value ?? 503))
  const limited = hit('tooManyRequests')
  if (limited) return limitAnswer(world, bucket, now, limited.value === 'day' ? 'day' : 'minute', call.wantsJson)
  if (hit('htmlUnauthorized')) return unauthorized(call.request.base)
  const inactive = hit('inactiveUser')
  if (inactive) return forbidden(call, String(inactive.value ?? 'InactiveUser'))
  if (hit('scopeViolated')) {
    const act = call.request.method === 'GET' ? 'read' : 'write'
    return error(403, `Forbidden - Application Scope Violated. Cannot ${act}`, call.wantsJson)
  }
  return null
}

const forbidden = (call: Call, reason?: string) => error(403, 'Forbidden', call.wantsJson, reason ? { reason } : {})

/** The number by which Exact finds a call again: one of its own for each answer (recorded). */
function correlationId(world: World): string {
  const state = stateOf(world)
  state.answers = (state.answers ?? 0) + 1
  const hex = createHash('sha1').update(`${state.seed}|${state.answers}`).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Answers a call of `/api/v1`, and numbers the answer. */
export function answerApi(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  const answer = answerCall(request, world, clock, random)
  return { ...answer, headers: { ...answer.headers, 'x-exact-correlation-id': correlationId(world) } }
}

/** Who calls, limits, faults, rights, and then the act itself. */
function answerCall(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  const now = clock.now()
  const call = readCall(request)
  if (typeof call === 'string') return notFound(call, true)
  countCall(world, call.name)
  if (strikes(world, 'withdrawAccess', call.name)) withdrawAll(world)
  if (strikes(world, 'expireAccess', call.name)) expireAll(world)
  const bearer = bearerOf(request, world, now)
  if (!bearer) return unauthorized(request.base)

  const bucket = bucketOf(bearer.grant.client, call.division)
  const budget = [bearer.grant.client, bearer.user.UserID, call.division, call.resource.path].join('|')
  const hasDivision = call.resource.path !== 'current/Me'
  const early =
    struckBefore(world, call, now, bucket) ??
    blockedAnswer(world, budget, now, call.wantsJson) ??
    (bearer.alive && hasDivision ? countAgainstLimits(world, bucket, now, call.wantsJson) : null)
  const answer = early ?? carryOut(call, bearer, { world, now, random })
  countError(world, budget, now, answer.status)
  if (answer.status === 429 || answer.fate === 'unreached' || !hasDivision || early) return late(world, call, answer)
  const withLimits = { ...answer, headers: { ...answer.headers, ...limitHeaders(world, bucket, now) } }
  return late(world, call, withLimits)
}

/** Faults that strike after the act: slowness and lost answers. */
function late(world: World, call: Call, answer: SimulatorAnswer): SimulatorAnswer {
  if (answer.fate) return answer
  const slow = strikes(world, 'slow', call.name)
  const lost = strikes(world, 'loseAnswerAfter', call.name)
  return {
    ...answer,
    ...(slow && { delayMs: Number(slow.value ?? 35_000) }),
    ...(lost && { fate: 'lost' as const }),
  }
}

interface Moment {
  readonly world: World
  readonly now: Date
  readonly random: Random
}

function carryOut(call: Call, bearer: Bearer, moment: Moment): SimulatorAnswer {
  const { world, now } = moment
  if (!bearer.alive) return unauthorized(call.request.base)
  if (bearer.user.inactive) return forbidden(call, 'InactiveUser')
  const reason = divisionReason(call, bearer, world)
  if (reason) return forbidden(call, reason)
  const closing = strikes(world, 'closePeriod', call.name)
  if (closing) closePeriod(world, { month: String(closing.value) })

  const { divisions: granted, client, redirectUri } = bearer.grant
  const user = { ...bearer.user, granted, client, redirectUri }
  const view: View = {
    ...moment,
    division: call.division,
    language: languageOf(bearer.user, world),
    user,
    site: call.request.base,
    ...descriptionsIn(call),
  }
  const lacks = lacksRight(bearer.user, call) || strikes(world, 'missingRight', call.name)
  const refusal = refusedRight(bearer.user, call)
  const root = `${call.request.base}/api/v1${call.division ? `/${call.division}` : ''}`
  const place: Place = { resource: call.resource, view, root, url: `${root}/${call.resource.path}` }
  if (!(call.resource.verbs as readonly string[]).includes(call.request.method))
    return error(405, `The method ${call.request.method} is not allowed.`, call.wantsJson, {
      allow: call.resource.verbs.join(', '),
    })
  if (refusal !== undefined) return forbidden(call, refusal || undefined)
  if (call.resource === userHasRights) return answerHasRights(call, (asked) => isWithout(world, bearer.user, asked))
  if (lacks && call.request.method !== 'GET') return forbidden(call)
  try {
    return call.request.method === 'GET' ? read(call, place, Boolean(lacks)) : write(call, place, now)
  } catch (thrown) {
    if (thrown instanceof BadRequest) return error(thrown.status, thrown.message, call.wantsJson)
    throw thrown
  }
}

/** Complaints and some words are in the language of the connected user: their own, else that of the world. */
const languageOf = ({ language }: SimulatorRow, world: World): Language =>
  language === 'nl' || language === 'en' ? language : stateOf(world).language

/** `CustomDescriptionLanguage: NL`, `NL-BE` or another one; every language that is not Dutch here is English. */
function descriptionsIn({ request }: Call): { descriptions?: Language } {
  const asked = request.headers.customdescriptionlanguage
  return asked ? { descriptions: /^nl\b/i.test(asked) ? 'nl' : 'en' } : {}
}

/** `system/Divisions` and `current/Me` take any number; everything else a division of the user that the app was given: R-division. */
function divisionReason(call: Call, { user, grant }: Bearer, world: World): string | null {
  if (call.resource.anyDivision) return null
  const division = divisionsOf({ world, user }, grant.divisions).find((row) => row.Code === call.division)
  if (!division) return 'NoDivisionAccess'
  return Number(division.BlockingStatus) > 0 ? 'DivisionBlocked' : null
}

/** A list is then empty, and writing refused without a reason: R-empty-list. */
const lacksRight = (user: SimulatorRow, { resource }: Call) =>
  Array.isArray(user.denied) && user.denied.some((start: string) => resource.path.toLowerCase().includes(start))

/** The same looked at from outside: no fault is used up by asking. */
const isWithout = (world: World, user: SimulatorRow, call: Call): boolean =>
  lacksRight(user, call) ||
  refusedRight(user, call) !== undefined ||
  world.state.faults.some(({ kind, on }) => kind === 'missingRight' && (!on || on === call.name))

/** Where the right is refused instead: the `Reason`, empty when none is given; undefined when it is not. */
function refusedRight(user: SimulatorRow, { resource }: Call): string | undefined {
  const refused = Object.entries((user.refused ?? {}) as Record<string, string>)
  return refused.find(([start]) => resource.path.toLowerCase().includes(start))?.[1]
}
