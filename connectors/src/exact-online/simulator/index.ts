import type { Simulator, SimulatorAnswer } from '../../contract/simulator.ts'
import { countCall } from '../../contract/simulator.ts'
import { gatewayPage, nothing } from './answers.ts'
import { answerApi } from './api.ts'
import { byHand } from './by-hand.ts'
import { strikesNamed } from './faults.ts'
import { answerFile } from './files.ts'
import { booksPage } from './page.ts'
import { answerSignIn } from './sign-in.ts'
import { createSmallFirm } from './small-firm.ts'
import { answerToken, tokenCall } from './tokens.ts'
import { callsOut } from './webhooks.ts'

/** One site per country; tokens and divisions of one are unknown to another. */
const hosts = /^start\.exactonline\.(nl|be|de|co\.uk|com|fr|es)$/

/** Faults of calls that are not of the API itself. */
function around(world: Parameters<Simulator['handle']>[1], call: string, act: () => SimulatorAnswer): SimulatorAnswer {
  countCall(world, call)
  if (strikesNamed(world, 'loseRequestBefore', call)) return { ...nothing(0), fate: 'unreached' }
  const broken = strikesNamed(world, 'serverError', call)
  if (broken) return gatewayPage(Number(broken.value ?? 502))
  const silent = strikesNamed(world, 'emptyServerError', call)
  if (silent) return nothing(Number(silent.value ?? 503))
  const answer = act()
  const slow = strikesNamed(world, 'slow', call)
  const lost = strikesNamed(world, 'loseAnswerAfter', call)
  return {
    ...answer,
    ...(slow && { delayMs: Number(slow.value ?? 35_000) }),
    ...(lost && { fate: 'lost' as const }),
  }
}

export const simulateExactOnline: Simulator = {
  id: 'exact-online',
  create: createSmallFirm,
  booksPage,
  byHand,
  callsOut,
  handle(request, world, clock, random) {
    const path = request.url.pathname.toLowerCase()
    if (!hosts.test(request.url.host)) return nothing(404)
    if (path === '/api/oauth2/auth')
      return around(world, `${request.method} oauth2/auth`, () => answerSignIn(request, world, clock, random))
    if (path === '/api/oauth2/token') return around(world, tokenCall, () => answerToken(request, world, clock, random))
    if (path === '/docs/sysattachment.aspx') return answerFile(request, world, clock.now())
    if (path.startsWith('/api/v1/')) return answerApi(request, world, clock, random)
    return nothing(404)
  },
}
