import type { Log } from '../log.ts'
import type { Settings } from '../settings.ts'

export interface ViesAnswer {
  /** `no-answer`: it could not or would not say; that tells nothing about the VAT id. */
  readonly outcome: 'valid' | 'invalid' | 'no-answer'
  /** Their word for it where they said no more: `MS_UNAVAILABLE`. Ours are in small letters: `unreachable`, `unreadable`. */
  readonly code: string | null
  readonly consultation: string | null
  readonly name: string | null
  readonly address: string | null
  /** Word for word, for the evidence. */
  readonly said: unknown
}

/** The VAT Information Exchange System of the European Commission. */
export interface Vies {
  readonly works: boolean
  /** Both with their prefix, without spaces: `NL123456782B01`. With `asker` the answer carries a consultation number. */
  check(vatId: string, asker: string | null): Promise<ViesAnswer>
}

const patienceMs = 20_000
const longest = 64 * 1024
// The number breaks a rule of its country, so it was never given out.
const saysInvalid = 'INVALID_INPUT'

/** Speaks its REST service: `POST {VIES_URL}/check-vat-number`. An error comes with status 200, as one of their words. */
export function createVies({ viesUrl }: Pick<Settings, 'viesUrl'>, log: Log): Vies {
  return {
    works: viesUrl !== null,
    async check(vatId, asker) {
      const began = performance.now()
      const answer = await ask(`${viesUrl}/check-vat-number`, {
        countryCode: vatId.slice(0, 2),
        vatNumber: vatId.slice(2),
        ...(asker ? { requesterMemberStateCode: asker.slice(0, 2), requesterNumber: asker.slice(2) } : {}),
      })
      // The id itself stays out of the log: that of a sole trader says who he is.
      const ms = Math.round(performance.now() - began)
      log.info({ country: vatId.slice(0, 2), outcome: answer.outcome, code: answer.code, ms }, 'asked VIES')
      return answer
    },
  }
}

async function ask(url: string, body: object): Promise<ViesAnswer> {
  let status: number
  let text: string
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    })
    status = answer.status
    text = (await answer.text()).slice(0, longest)
  } catch (error) {
    const said = { error: error instanceof Error ? error.name : String(error) }
    return noAnswer(said.error === 'TimeoutError' ? 'TIMEOUT' : 'unreachable', said)
  }
  const said = parsed(text)
  const code = errorIn(said)
  if (code === saysInvalid) return { ...noAnswer(code, said), outcome: 'invalid' }
  if (code) return noAnswer(code, said)
  if (status !== 200)
    return noAnswer(status === 429 || status >= 500 ? 'SERVICE_UNAVAILABLE' : 'unreadable', { status })
  if (typeof said?.valid !== 'boolean') return noAnswer('unreadable', said ?? { text: text.slice(0, 200) })
  return {
    outcome: said.valid ? 'valid' : 'invalid',
    code: null,
    consultation: told(said.requestIdentifier),
    name: told(said.name),
    address: told(said.address),
    said,
  }
}

const noAnswer = (code: string, said: unknown): ViesAnswer => ({
  outcome: 'no-answer',
  code,
  consultation: null,
  name: null,
  address: null,
  said,
})

type Said = Readonly<Record<string, unknown>>

function parsed(text: string): Said | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Said) : null
  } catch {
    return null
  }
}

/** `{"actionSucceed": false, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}`; in older answers `userError`. */
function errorIn(said: Said | null): string | null {
  const [wrapper] = Array.isArray(said?.errorWrappers) ? (said.errorWrappers as unknown[]) : []
  const code = (wrapper as Said | undefined)?.error ?? said?.userError
  const plain = typeof code === 'string' && !['', 'VALID', 'INVALID'].includes(code) ? code.slice(0, 60) : null
  return plain ?? (said?.actionSucceed === false ? 'SERVICE_UNAVAILABLE' : null)
}

/** What a country does not tell comes as dashes, and what there is none of as nothing. */
const told = (value: unknown): string | null =>
  typeof value === 'string' && !/^[\s-]*$/.test(value) ? value.trim().slice(0, 1000) : null
