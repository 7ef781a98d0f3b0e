import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { OAuth } from '../../contract/contract.ts'
import { explain } from '../../contract/messages.ts'
import { askForTokens, tokenErrorIn, tokensIn } from '../../kit/form-token.ts'
import { isSuccess, textOf, wordsIn } from '../../kit/json-answer.ts'
import { messages } from './messages.ts'

const day = 86_400_000
const tokenTimeoutMs = 60_000

export const signIn: OAuth = {
  kind: 'oauth',
  authorizeUrl(app, state) {
    const url = new URL(`${app.baseUrl}/sign-in`)
    url.search = new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri, state }).toString()
    return url
  },
  async token(app, grant, wire) {
    const answer = await askForTokens(app, grant, wire, { path: '/token', timeoutMs: tokenTimeoutMs })
    if (isSuccess(answer)) return tokensIn(answer)
    const said = tokenErrorIn(answer) ?? { text: wordsIn(textOf(answer)) }
    throw new ProblemError(explain(messages, { status: answer.status, headers: answer.headers, ...said }))
  },
  timing: {
    refreshNotBeforeMs: 300_000,
    tokenTimeoutMs,
    // A refresh token is good for once, also when its answer was lost.
    reuseGraceMs: 0,
    idleMs: 30 * day,
    keepAliveMs: 7 * day,
  },
}
