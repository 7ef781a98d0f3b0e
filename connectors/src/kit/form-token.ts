import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Answer, App, Tokens, Wire } from '../contract/contract.ts'
import { jsonOf } from './json-answer.ts'

/** `expires_in` is a number in the standard and a string at some packages. */
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.union([z.number().int().positive(), z.string().regex(/^\d+$/).transform(Number)]),
})

const tokenError = z.object({ error: z.string(), error_description: z.string().nullish() })

/** One call to a token endpoint with a form body (RFC 6749, 4.1.3 and 6), secrets in the body. */
export function askForTokens(
  app: App,
  grant: { code: string } | { refresh: string },
  wire: Wire,
  at: { path: string; timeoutMs: number },
): Promise<Answer> {
  const form = new URLSearchParams(
    'code' in grant
      ? { grant_type: 'authorization_code', code: grant.code, redirect_uri: app.redirectUri }
      : { grant_type: 'refresh_token', refresh_token: grant.refresh },
  )
  form.set('client_id', app.clientId)
  form.set('client_secret', app.clientSecret)
  return wire.send({
    method: 'POST',
    path: at.path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    endpoint: 'oauth2/token',
    safe: false,
    anonymous: true,
    timeoutMs: at.timeoutMs,
  })
}

/** Not through `parse`: its evidence would carry the tokens. */
export function tokensIn(answer: Answer): Tokens {
  const found = tokenAnswer.safeParse(jsonOf(answer))
  if (!found.success) {
    const field = found.error.issues[0]?.path.join('.') ?? ''
    throw new ProblemError({
      kind: 'defect',
      code: 'answer-not-understood',
      values: { endpoint: 'oauth2/token', field },
      theirStatus: answer.status,
    })
  }
  const { access_token, refresh_token, expires_in } = found.data
  return { access: access_token, refresh: refresh_token, expiresInSeconds: expires_in }
}

/** `error` and `error_description` of a refused token call (RFC 6749, 5.2). */
export function tokenErrorIn(answer: Answer): { code: string; text: string } | undefined {
  const found = tokenError.safeParse(jsonOf(answer))
  if (!found.success) return undefined
  return { code: found.data.error, text: found.data.error_description ?? found.data.error }
}
