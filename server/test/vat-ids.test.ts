import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import type { vatIdCheck, vatIdChecks } from '@uurwerk/api/vat-ids.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { createLog } from '../src/log.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { type SimulatedVies, simulateVies } from '../src/testing/vies.ts'
import { createVies } from '../src/vat-ids/vies.ts'

type Check = z.output<typeof vatIdCheck>
type Checks = z.output<typeof vatIdChecks>

let vies: SimulatedVies
let test: TestApp
beforeAll(async () => {
  vies = await simulateVies()
  test = await testApp(() => ({ vies: createVies({ viesUrl: vies.url }, createLog('silent')) }))
})
beforeEach(() => vies.says(null))
afterAll(async () => {
  await test.close()
  await vies.close()
})

async function ask<Body = Check>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  {
    body,
    version,
    as = 'administrator',
    language = 'en',
  }: { body?: object; version?: number; as?: 'administrator' | 'manager' | 'employee'; language?: string } = {},
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      'accept-language': language,
      ...firm.as(as),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as Body }
}

const belgian = { country: 'BE', vatCase: 'eu-business', vatId: 'BE0123456749' } as const
const unknown = { country: 'DE', vatCase: 'eu-business', vatId: 'DE811907980' } as const
const check = (firm: TestFirm, id: string, language?: string) =>
  ask(firm, 'POST', `/customers/${id}/vat-id-checks`, { body: {}, ...(language ? { language } : {}) })
const checks = (firm: TestFirm, id: string) => ask<Checks>(firm, 'GET', `/customers/${id}/vat-id-checks`)

describe('a VAT id is looked up in VIES', () => {
  it('with the VAT id of the firm, and what it answers is kept with its consultation number', async () => {
    const firm = await testFirm(test.services)
    const id = await firm.addCustomer(belgian)
    const { status, body } = await check(firm, id)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      vatId: 'BE0123456749',
      outcome: 'valid',
      consultation: expect.stringMatching(/^WAPIAAAAtest/),
      name: 'Bakkerij Zon BV',
      address: 'Dorpsstraat 1\n2000 Antwerpen',
      code: null,
      words: null,
      checkedBy: 'administrator',
      checkedAt: '2026-03-31T10:00:00.000Z',
    })
    expect(vies.asked.at(-1)).toEqual({
      countryCode: 'BE',
      vatNumber: '0123456749',
      requesterMemberStateCode: 'NL',
      requesterNumber: '123456782B01',
    })
    expect((await checks(firm, id)).body).toEqual({ works: true, vatId: 'BE0123456749', standing: body, rows: [body] })
    const kept = await firm.within((trx) => trx.selectFrom('vatIdCheck').select('answer').executeTakeFirstOrThrow())
    expect(kept.answer).toMatchObject({
      asker: 'NL123456782B01',
      said: { valid: true, requestDate: '2026-03-31T10:00:00.123Z' },
    })
  })

  it('without one where the firm has none: then there is no consultation number', async () => {
    const firm = await testFirm(test.services, { vatId: null })
    const { body } = await check(firm, await firm.addCustomer(belgian))
    expect(body).toMatchObject({ outcome: 'valid', consultation: null })
    expect(vies.asked.at(-1)).toEqual({ countryCode: 'BE', vatNumber: '0123456749' })
  })

  it('and a country may keep name and address to itself', async () => {
    const firm = await testFirm(test.services)
    const { body } = await check(firm, await firm.addCustomer({ ...belgian, country: 'DE', vatId: 'DE136695976' }))
    expect(body).toMatchObject({ outcome: 'valid', name: null, address: null })
  })

  it('and is not valid when it is not registered there', async () => {
    const firm = await testFirm(test.services)
    const { body } = await check(firm, await firm.addCustomer(unknown))
    expect(body).toMatchObject({ outcome: 'invalid', name: null, code: null, words: null })
  })

  it.each([
    [
      'MS_UNAVAILABLE',
      'MS_UNAVAILABLE',
      'The register of Belgium does not answer now.',
      'Het register van België antwoordt nu niet.',
    ],
    [
      'MS_MAX_CONCURRENT_REQ',
      'MS_MAX_CONCURRENT_REQ',
      'The register of Belgium has too many questions',
      'Het register van België krijgt nu te veel vragen.',
    ],
    [
      'MS_MAX_CONCURRENT_REQ_TIME',
      'MS_MAX_CONCURRENT_REQ_TIME',
      'The register of Belgium has too many',
      'Het register van België krijgt',
    ],
    [
      'GLOBAL_MAX_CONCURRENT_REQ',
      'GLOBAL_MAX_CONCURRENT_REQ',
      'VIES has too many questions now.',
      'VIES krijgt nu te veel vragen.',
    ],
    ['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE', 'VIES is out of order now.', 'VIES ligt nu stil.'],
    ['TIMEOUT', 'TIMEOUT', 'VIES took too long', 'VIES deed te lang'],
    [
      'INVALID_REQUESTER_INFO',
      'INVALID_REQUESTER_INFO',
      'VIES does not accept your own VAT id.',
      'VIES aanvaardt je eigen btw-nummer niet.',
    ],
    ['SOMETHING_NEW', 'SOMETHING_NEW', 'VIES gave no answer: SOMETHING_NEW.', 'VIES gaf geen antwoord: SOMETHING_NEW.'],
    ['503', 'SERVICE_UNAVAILABLE', 'VIES is out of order now.', 'VIES ligt nu stil.'],
    [
      'html',
      'unreadable',
      'VIES gave an answer that Uurwerk does not understand',
      'VIES gaf een antwoord dat Uurwerk niet begrijpt',
    ],
    ['cut', 'unreachable', 'VIES could not be reached.', 'VIES was niet te bereiken.'],
    ['elsewhere', 'unreachable', 'VIES could not be reached.', 'VIES was niet te bereiken.'],
  ])('and %s is no answer, never “invalid”', async (word, code, en, nl) => {
    const firm = await testFirm(test.services)
    const id = await firm.addCustomer(belgian)
    vies.says(word)
    for (const [language, words] of [
      ['en', en],
      ['nl', nl],
    ] as const) {
      const { status, body } = await check(firm, id, language)
      expect(status).toBe(201)
      expect(body).toMatchObject({
        outcome: 'no-answer',
        code,
        consultation: null,
        words: expect.stringContaining(words),
      })
    }
  })

  it('and what VIES calls no VAT id at all is invalid', async () => {
    const firm = await testFirm(test.services)
    vies.says('INVALID_INPUT')
    const { body } = await check(firm, await firm.addCustomer(belgian))
    expect(body).toMatchObject({ outcome: 'invalid', words: 'VIES says that no VAT id of Belgium looks like this.' })
  })

  it('and no answer does not take away what it said before', async () => {
    const firm = await testFirm(test.services)
    const id = await firm.addCustomer(belgian)
    const { body: valid } = await check(firm, id)
    vies.says('MS_UNAVAILABLE')
    await check(firm, id)
    const { body } = await checks(firm, id)
    expect(body.rows.map(({ outcome }) => outcome).sort()).toEqual(['no-answer', 'valid'])
    expect(body.standing).toEqual(valid)
  })

  it('and another VAT id has to be looked up anew', async () => {
    const firm = await testFirm(test.services)
    const id = await firm.addCustomer(belgian)
    await check(firm, id)
    await ask(firm, 'PATCH', `/customers/${id}`, { body: { vatId: 'BE0403170701' }, version: 1 })
    expect((await checks(firm, id)).body).toMatchObject({
      vatId: 'BE0403170701',
      standing: null,
      rows: [{ vatId: 'BE0123456749' }],
    })
  })

  it('and nothing is asked for a customer without one, for whoever may not, or of a customer of another firm', async () => {
    const [firm, other] = [await testFirm(test.services), await testFirm(test.services)]
    const before = vies.asked.length
    const bare = await firm.addCustomer({ country: 'BE', vatCase: 'eu-consumer' })
    expect((await check(firm, bare)).body).toMatchObject({ code: 'vat-id-not-filled' })
    const id = await firm.addCustomer(belgian)
    const asked = { body: {}, as: 'manager' } as const
    expect((await ask(firm, 'POST', `/customers/${id}/vat-id-checks`, asked)).status).toBe(403)
    expect((await check(other, id)).status).toBe(404)
    expect(vies.asked).toHaveLength(before)
  })

  it('and the evidence is out of reach of the program itself', async () => {
    const firm = await testFirm(test.services)
    await check(firm, await firm.addCustomer(belgian))
    const changed = firm.within((trx) => trx.updateTable('vatIdCheck').set({ outcome: 'invalid' }).execute())
    await expect(changed).rejects.toMatchObject({ code: '42501' })
    const deleted = firm.within((trx) => trx.deleteFrom('vatIdCheck').execute())
    await expect(deleted).rejects.toMatchObject({ code: '42501' })
  })
})

describe('an invoice without VAT to a business in another EU country', () => {
  async function draftFor(firm: TestFirm, customerId: string) {
    const made = (await ask<InvoiceAnswer>(firm, 'POST', '/invoices', { body: { customerId, date: '2026-03-31' } }))
      .body
    const line = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: '104' }
    return (await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${made.id}/lines`, { body: line, version: made.version }))
      .body
  }
  const warned = async (firm: TestFirm, { id }: InvoiceAnswer) =>
    (await ask<InvoiceAnswer>(firm, 'GET', `/invoices/${id}`)).body.warnings.map(({ code, cause }) => [code, cause])

  it('warns until VIES has confirmed the VAT id, and is not refused', async () => {
    const firm = await testFirm(test.services)
    const id = await firm.addCustomer({ ...belgian, name: 'Zon' })
    const draft = await draftFor(firm, id)
    const never =
      'VIES has not yet confirmed VAT id BE0123456749 of Zon, and this invoice without VAT stands or falls with it.'
    expect(await warned(firm, draft)).toEqual([['vat-id-never-checked', never]])
    vies.says('MS_UNAVAILABLE')
    await check(firm, id)
    expect(await warned(firm, draft)).toEqual([['vat-id-never-checked', never]])
    vies.says('INVALID_INPUT')
    await check(firm, id)
    expect(await warned(firm, draft)).toEqual([
      ['vat-id-found-invalid', 'VAT id BE0123456749 of Zon is not valid according to VIES (31 March 2026).'],
    ])
    vies.says(null)
    test.clock.forward(60_000)
    await check(firm, id)
    expect(await warned(firm, draft)).toEqual([])
    const sent = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${draft.id}/sending`, {
      body: { how: 'post' },
      version: draft.version,
    })
    expect(sent).toMatchObject({ status: 200, body: { number: '2026-0001', warnings: [] } })
  })

  it('warns nobody about a customer in the own country', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftFor(firm, await firm.addCustomer({ vatId: 'NL123456782B01' }))
    expect(await warned(firm, draft)).toEqual([])
  })
})

describe('where VIES is not set', () => {
  it('nothing is looked up and nobody is warned', async () => {
    const off = await testApp(() => ({ vies: createVies({ viesUrl: null }, createLog('silent')) }))
    try {
      const firm = await testFirm(off.services)
      const id = await firm.addCustomer(belgian)
      const post = await off.app.inject({
        method: 'POST',
        url: `/api/v1/customers/${id}/vat-id-checks`,
        headers: { 'accept-language': 'nl', ...firm.as('administrator') },
        payload: {},
      })
      expect(post.json<ApiProblem>()).toMatchObject({
        code: 'vies-not-set',
        cause: 'Btw-nummers worden op deze installatie niet opgezocht.',
      })
      const get = await off.app.inject({
        url: `/api/v1/customers/${id}/vat-id-checks`,
        headers: firm.as('administrator'),
      })
      expect(get.json()).toEqual({ works: false, vatId: 'BE0123456749', standing: null, rows: [] })
    } finally {
      await off.close()
    }
  })
})
