import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Answer, App, OAuth, Wire } from '../contract/contract.ts'
import { explain, type Said } from '../contract/messages.ts'
import { askForTokens, tokenErrorIn, tokensIn } from '../kit/form-token.ts'
import { isSuccess, textOf, wordsIn } from '../kit/json-answer.ts'
import { reasonIn } from './judge.ts'
import { gateway, messages, refusedGrant, tooEarly } from './messages.ts'

/** A gateway that fell over needs this long at least before the same token is tried again. */
const gatewayPauseMs = 30_000
const tokenTimeoutMs = 100_000

export const signIn: OAuth = {
  kind: 'oauth',

  authorizeUrl({ baseUrl, clientId, redirectUri }: App, state: string): URL {
    const url = new URL(`${baseUrl}/api/oauth2/auth`)
    url.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      state,
      force_login: '0',
    }).toString()
    return url
  },

  async token(app, grant, wire) {
    const answer = await askForTokens(app, grant, wire, { path: '/api/oauth2/token', timeoutMs: tokenTimeoutMs })
    if (isSuccess(answer)) return tokensIn(answer)
    throw new ProblemError(tokenProblem(answer, 'code' in grant ? 'code' : 'refresh', wire))
  },

  timing: {
    // 570 s is refused as too early; two more for clocks that differ.
    refreshNotBeforeMs: 572_000,
    tokenTimeoutMs,
    // One more try with the same refresh token when no answer came, never more.
    reuseGraceMs: tokenTimeoutMs + gatewayPauseMs,
    idleMs: 30 * 24 * 60 * 60 * 1000,
    keepAliveMs: 7 * 24 * 60 * 60 * 1000,
    // Token calls were seen to take 35 s around 01:00: an answer lost there is a connection lost.
    quietHours: { from: '00:45', until: '02:30', zone: 'Europe/Amsterdam' },
  },
}

function tokenProblem(answer: Answer, grant: 'code' | 'refresh', wire: Wire): Problem {
  const problem = explain(messages, tokenSaid(answer, grant))
  if (problem.kind !== 'temporary') return problem
  return { ...problem, notBefore: new Date(wire.clock.now().getTime() + gatewayPauseMs).toISOString() }
}

/** What an answer of the token endpoint says, as messages are recognised by it. */
function tokenSaid(answer: Answer, grant: 'code' | 'refresh'): Said {
  const { status, headers } = answer
  const error = tokenErrorIn(answer)
  const text = error?.text ?? wordsIn(textOf(answer))
  const said = { status, headers, text, ...(error && { code: error.code }) }
  // Documented as 401, seen as 400; never a reason to reconnect.
  if (reasonIn(answer) === 'TooEarlyToRefreshTokens' || /access[_ ]token not expired/i.test(text))
    return { ...said, code: tooEarly }
  // Only these turn a grant down; whatever else answers is in between, and knows nothing of grants.
  if (![400, 401, 403, 429].includes(status)) return { ...said, code: gateway }
  const exact = explain(messages, said)
  // What stands in the body of a refused grant varies; that it was refused is enough.
  const isGrant = ['message-unknown', 'access-ended', 'rights-missing'].includes(exact.code)
  return isGrant ? { ...said, code: refusedGrant[grant] } : said
}
