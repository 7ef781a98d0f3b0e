import { describe, expect, it } from 'vitest'
import type { Wire } from '../contract/contract.ts'
import { wordsOf } from '../contract/messages.ts'
import { answerOf, type Recorded, recordedIn } from './fixtures/index.ts'
import { readingProblem, refusalOf } from './judge.ts'
import { beforehand, messages } from './messages.ts'
import { signIn } from './sign-in.ts'
import { recordedNow, scenarios } from './testing/scenarios.ts'

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

    it('is recorded as the simulator says it', async () => {
      const now = `${JSON.stringify(
        scenarios.map((scenario) => recordedNow(scenario, language)),
        null,
        2,
      )}\n`
      await expect(now).toMatchFileSnapshot(`./fixtures/messages.${language}.json`)
    }, 60_000)

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

/** Every row of the fact sheet's tables, as it writes them: sign-in, errors, reasons and webhooks. */
const sheet: readonly [said: string, code: string, given?: Partial<Recorded>][] = [
  ['Verplicht: Besteld door', 'customer-missing'],
  ['Verplicht: Factuur voor', 'customer-missing'],
  ['Verplicht: Dagboek', 'journal-unknown'],
  ['Required: Journal', 'journal-unknown'],
  ['Verplicht: Grootboekrekening', 'ledger-account-missing'],
  ['Mandatory: GL account', 'ledger-account-missing'],
  ['Verplicht: Relatie', 'customer-missing'],
  ['Verplicht: Betalingsconditie', 'payment-condition-unknown'],
  ['Required: Payment condition', 'payment-condition-unknown'],
  ['Verplicht: Kostenplaats', 'cost-centre-missing'],
  ['Required: Cost centre', 'cost-centre-missing'],
  ['Ongeldige referentie: Klant', 'customer-unknown'],
  ['Invalid reference: Journal', 'journal-unknown'],
  ['Ongeldige referentie: Btw-code', 'vat-code-unknown'],
  ['Ongeldige referentie: Betalingsconditie', 'payment-condition-unknown'],
  ['Ongeldige referentie: Artikel', 'item-unknown'],
  ['Ongeldig: Grootboekrekeningtype', 'ledger-account-type'],
  ['Wrong type of ledger account', 'ledger-account-type'],
  ['Ongeldig: Klant (Type)', 'customer-not-customer'],
  ['Ongeldig: Factuur voor (Type)', 'customer-not-customer'],
  ['Invalid: Customer (Type)', 'customer-not-customer'],
  ['Geblokkeerd: Klant', 'customer-blocked'],
  ['Ongeldig: Factuur voor (Geblokkeerd)', 'customer-blocked'],
  ['Beëindigd: Relatie', 'customer-ended'],
  ['Invalid: Invoice to (Inactive)', 'customer-ended'],
  ['Ongeldig: Dagboek', 'journal-type'],
  ['Invalid: Journal (type)', 'journal-type'],
  ['In gebruik: Boekstuknummer', 'number-in-use'],
  ['In use: Document number', 'number-in-use'],
  ['Already exists - Entry number: 26700042, Journal: 70', 'number-in-use'],
  ['Gegeven bestaat reeds', 'already-exists'],
  ['Already exists: Code', 'already-exists'],
  ['Periode is afgesloten: 2026 – 3', 'period-closed'],
  ['Period is closed', 'period-closed'],
  ['Onbekend: Boekjaar (Periode-datumtabel)', 'financial-year-missing'],
  ['Unknown: Financial year (Period-date table)', 'financial-year-missing'],
  ['De boeking is niet in evenwicht. Verschil: EUR -0,01', 'out-of-balance'],
  ['The entry is out of balance', 'out-of-balance'],
  ['Ongeldig: Btw-percentage', 'vat-percentage'],
  ['Invalid: VAT percentage', 'vat-percentage'],
  ['Niet toegestaan: Btw-code', 'vat-code-not-allowed'],
  ['Not allowed: VAT code', 'vat-code-not-allowed'],
  ['Niet toegestaan: Btw-bedrag', 'vat-amount-without-vat'],
  ['Het bedrag van de BTW regel met BTW code 4 komt niet overeen', 'vat-code-including'],
  ['Ongeldig: Kostenplaats koppeling', 'cost-centre-link'],
  ['Invalid: Cost center link', 'cost-centre-link'],
  ['De debiteurenrekening van de relatie wijkt af van die van het dagboek', 'receivable-account-differs'],
  ['Ongeldig: Email []', 'email-invalid'],
  ['Reeds verwerkt', 'already-processed'],
  ['Already processed', 'already-processed'],
  [
    'Error processing request stream. The request should be a valid top-level resource object.',
    'request-malformed',
    { status: 400 },
  ],
  ["Error converting the value '8000' for property 'GLAccount' to type 'Guid'.", 'value-type', { status: 400 }],
  [
    "Error converting the value 'x' for property 'Attachment' to type 'Byte[]'.",
    'attachment-malformed',
    { status: 400 },
  ],
  ['Bad Request - Error in query syntax.', 'query-refused', { status: 400 }],
  ['Please add a $select or a $top=1 statement to the query string.', 'query-refused', { status: 400 }],
  ['Invalid: Post to callback URL endpoint returns 404', 'webhook-unreachable'],
  ['Forbidden', 'rights-missing', { status: 403 }],
  ['Forbidden - Application Scope Violated. Cannot read', 'scope-missing', { status: 403 }],
  ['Forbidden', 'user-blocked', { status: 403, headers: { reason: 'BlockedUser' } }],
  ['Forbidden', 'user-inactive', { status: 403, headers: { reason: 'InactiveUser' } }],
  ['Forbidden', 'licence-blocked', { status: 403, headers: { reason: 'BlockedCustomer' } }],
  ['Forbidden', 'licence-expired', { status: 403, headers: { reason: 'LicenseExpired' } }],
  ['Forbidden', 'administration-blocked', { status: 403, headers: { reason: 'DivisionBlocked' } }],
  ['Forbidden', 'administration-no-access', { status: 403, headers: { reason: 'NoDivisionAccess' } }],
  ['Forbidden', 'administration-no-access', { status: 403, headers: { reason: 'NoDivisionAccess: 1234567' } }],
]

it.each(sheet)('knows “%s” of the fact sheet as %s', (said, code, given = {}) => {
  const body = JSON.stringify({ error: { code: '', message: { lang: '', value: said } } })
  const problem = readingProblem(answerOf({ status: 500, headers: {}, body, ...given }), now)
  expect(problem.code).toBe(code)
})

it('passes on the number by which Exact Online finds the call again', () => {
  const headers = { 'x-exact-correlation-id': '130c556f-d910-4ba6-9fb2-e43f66b34530' }
  const body = JSON.stringify({ error: { code: '', message: { lang: '', value: 'Verplicht: Dagboek' } } })
  const problem = readingProblem(answerOf({ status: 500, headers, body }), now)
  expect(problem.theirRequest).toBe('130c556f-d910-4ba6-9fb2-e43f66b34530')
})

const atToken: readonly [what: string, code: string, answer: Partial<Recorded>][] = [
  [
    'refreshed too early, as it was seen',
    'access-still-valid',
    {
      status: 400,
      headers: { reason: 'TooEarlyToRefreshTokens: access_token not expired' },
      body: '{"error":"access_denied","error_description":"Rate limit exceeded: access_token not expired"}',
    },
  ],
  [
    'refreshed too early, as it is documented',
    'access-still-valid',
    { status: 401, body: '{"error":"access_denied","error_description":"Access Token not expired"}' },
  ],
  [
    'refreshed too early, under another code',
    'access-still-valid',
    { status: 401, body: '{"error":"invalid_grant","error_description":"Access Token not expired"}' },
  ],
  [
    'refreshed too early, by its header alone',
    'access-still-valid',
    { status: 401, headers: { reason: 'TooEarlyToRefreshTokens: wait' }, body: '' },
  ],
  ['a page that is not there for a while', 'package-unavailable', { status: 404, body: '<h1>Not Found</h1>' }],
  ['a page to sign in on', 'package-unavailable', { status: 302, body: '' }],
  ['too many calls', 'limit-reached', { status: 429, body: '' }],
  [
    'an old refresh token',
    'refresh-token-old',
    { status: 401, body: '{"error":"unauthorized_client","error_description":"Old refresh token used."}' },
  ],
  [
    'thirty days idle',
    'refresh-token-expired',
    {
      status: 400,
      body: '{"error":"invalid_request","error_description":"The refresh token expired at 2026-03-01 and it is now 2026-04-02"}',
    },
  ],
  ['a code used twice', 'sign-in-code-refused', { status: 400, grant: 'code', body: '{"error":"invalid_grant"}' }],
  ['rights lost', 'access-withdrawn', { status: 403 }],
  [
    'an overloaded gateway',
    'package-unavailable',
    { status: 500, body: 'Failed to execute the ExtractVariables: ExtractAccessToken' },
  ],
]

it.each(atToken)('knows at the token endpoint %s as %s', async (_, code, answer) => {
  const problem = await problemOf({ code, from: 'token', status: 0, headers: {}, body: '', ...answer })
  expect(problem).toMatchObject({ code })
})

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
    [
      'is in doubt after a 503, whatever it says',
      { status: 503, body: business('Service unavailable') },
      { is: 'uncertain', problem: { kind: 'uncertain', code: 'package-unavailable' } },
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
      'waits no longer than a day and a bit, whatever is named',
      { status: 429, headers: { 'x-ratelimit-reset': '9999999999999' }, body: '' },
      { is: 'again', notBefore: new Date(now.getTime() + 86_460_000) },
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
