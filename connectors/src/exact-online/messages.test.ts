import { describe, expect, it } from 'vitest'
import type { Wire } from '../contract/contract.ts'
import { wordsOf } from '../contract/messages.ts'
import { answerOf, type Recorded, recordedIn } from './fixtures/index.ts'
import { readingProblem, refusalOf } from './judge.ts'
import { beforehand, messages } from './messages.ts'
import { signIn } from './sign-in.ts'

const now = new Date('2026-03-31T10:00:30Z')
async function problemOf(fixture: Recorded) {
  const answer = answerOf(fixture)
  if (!fixture.from) return readingProblem(answer, now)
  const wire: Wire = { clock: { now: () => now }, send: async () => answer }
  const app = {
    clientId: 'id',
    clientSecret: 'secret',
    redirectUri: 'https://uurwerk.test/back',
    baseUrl: 'https://exact.test',
  }
  const grant = fixture.grant === 'code' ? { code: 'c' } : { refresh: 'r' }
  return signIn.token(app, grant, wire).then(
    () => expect.unreachable('the token endpoint refused'),
    (error) => error.problem,
  )
}

for (const language of ['nl', 'en'] as const) {
  const fixtures = recordedIn(language)

  describe(`messages of Exact Online, ${language}`, () => {
    it.each(fixtures.map((fixture) => [fixture.code, fixture] as const))('knows %s', async (code, fixture) => {
      const problem = await problemOf(fixture)
      const rule = messages.find((candidate) => candidate.code === code)
      expect(problem).toMatchObject({ code, kind: rule?.kind, theirStatus: fixture.status })
      const words = wordsOf(messages, problem, language)
      expect(words?.cause).toBeTruthy()
      expect(`${words?.cause} ${words?.remedy}`).not.toMatch(/\{\w+\}/)
    })

    it('has an answer for every row that Exact Online can say', () => {
      const rows = messages.filter(({ when }) => when.code !== beforehand).map(({ code }) => code)
      expect(fixtures.map(({ code }) => code).toSorted()).toEqual(rows.toSorted())
    })

    it('recognises the same text when it stands among others', () => {
      const closed = fixtures.find(({ code }) => code === 'period-closed')
      const text = JSON.parse(closed?.body ?? '').error.message.value
      const body = JSON.stringify({ error: { code: '', message: { lang: '', value: `Iets anders\r\n${text}` } } })
      expect(readingProblem(answerOf({ ...(closed as Recorded), body }), now)).toMatchObject({ code: 'period-closed' })
    })
  })
}

it('has no two rows of one code, so that its words are the ones of the row that matched', () => {
  const codes = messages.map(({ code }) => code)
  expect(codes).toEqual([...new Set(codes)])
})

it('says neither please nor that something went wrong', () => {
  for (const { en, nl, code } of messages) {
    for (const text of [en.cause, en.remedy, nl.cause, nl.remedy]) {
      expect(text, code).not.toMatch(/please|alstublieft|something went wrong|er is iets mis/i)
    }
  }
})

describe('what became of a posting', () => {
  const business = (value: string) => JSON.stringify({ error: { code: '', message: { lang: '', value } } })
  const reset = String(now.getTime() + 20_000)
  const cases: [string, Partial<Recorded>, object | undefined][] = [
    ['is done', { status: 201, body: '{}' }, undefined],
    [
      'is refused by a 500 that explains itself',
      { status: 500, body: business('Ongeldig: Dagboek') },
      { is: 'refused', problem: { code: 'journal-type', theirWords: 'Ongeldig: Dagboek', theirStatus: 500 } },
    ],
    [
      'is refused word for word when the message is unknown',
      { status: 500, body: business('De maanstand deugt niet\r\nVraag het de sterren') },
      {
        is: 'refused',
        problem: { code: 'message-unknown', theirWords: 'De maanstand deugt niet\r\nVraag het de sterren' },
      },
    ],
    [
      'is refused by a 400',
      { status: 400, body: business('Nee') },
      { is: 'refused', problem: { code: 'message-unknown' } },
    ],
    [
      'is in doubt after a page of a gateway',
      { status: 500, body: '<html><h1>Server Error</h1></html>' },
      { is: 'uncertain', problem: { kind: 'uncertain', code: 'package-unavailable', theirWords: 'Server Error' } },
    ],
    ['is in doubt after an empty 502', { status: 502, body: '' }, { is: 'uncertain', problem: { kind: 'uncertain' } }],
    ['is in doubt after an error without words', { status: 500, body: business('') }, { is: 'uncertain' }],
    [
      'waits for access',
      { status: 401, body: '' },
      { is: 'again', problem: { kind: 'reconnect', code: 'access-ended' } },
    ],
    [
      'waits for another user',
      { status: 403, headers: { reason: 'InactiveUser' }, body: '' },
      { is: 'again', problem: { kind: 'reconnect', code: 'user-inactive' } },
    ],
    [
      'is refused without rights',
      { status: 403, body: 'Forbidden' },
      { is: 'refused', problem: { code: 'rights-missing' } },
    ],
    [
      'waits for the minute to end, by the headers of the exhausted window alone',
      {
        status: 429,
        headers: { 'x-ratelimit-minutely-remaining': '0', 'x-ratelimit-minutely-reset': reset },
        body: '',
      },
      { is: 'again', notBefore: new Date(now.getTime() + 21_500) },
    ],
    [
      'waits a little when the minute is already over by our clock',
      { status: 429, headers: { 'x-ratelimit-minutely-reset': String(now.getTime() - 5_000) }, body: '' },
      { is: 'again', notBefore: new Date(now.getTime() + 1_500) },
    ],
    [
      'waits for the day to end',
      {
        status: 429,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-04-01T00:00:00Z')) },
        body: '',
      },
      { is: 'again', notBefore: new Date('2026-04-01T00:00:01.500Z') },
    ],
    [
      'waits a minute when nothing says how long',
      { status: 429, body: '' },
      { is: 'again', notBefore: new Date(now.getTime() + 60_000) },
    ],
  ]
  it.each(cases)('%s', (_, part, expected) => {
    const outcome = refusalOf(answerOf({ status: 200, headers: {}, body: '', ...part }), now)
    if (expected === undefined) expect(outcome).toBeUndefined()
    else expect(outcome).toMatchObject(expected)
  })
})
