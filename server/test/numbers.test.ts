import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { connectors } from '@uurwerk/connectors/registry.gen.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenLink, canonicalBytes } from '../src/invoices/sent-chain.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { sendInvoice } from '../src/routes/invoice-sending.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp(() => ({ connectors }))
})
afterAll(() => test.close())

async function ask<Body = InvoiceAnswer>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  version?: number,
): Promise<{ status: number; body: Body }> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...firm.as('administrator'), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

/** A draft of one line that may be sent. */
async function draft(firm: TestFirm, date = '2026-03-31'): Promise<InvoiceAnswer> {
  const made = await ask(firm, 'POST', '/invoices', { customerId: firm.customerId, date })
  const line = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: '104' }
  return (await ask(firm, 'POST', `/invoices/${made.body.id}/lines`, line, made.body.version)).body
}

async function drafts(firm: TestFirm, count: number, date?: string): Promise<InvoiceAnswer[]> {
  const made: InvoiceAnswer[] = []
  for (let index = 0; index < count; index++) made.push(await draft(firm, date))
  return made
}

/** As many drafts like this one, written at once. */
async function copiesOf(firm: TestFirm, { id, version }: InvoiceAnswer, count: number) {
  const ids = Array.from({ length: count }, () => test.services.ids.next())
  const columnsOf = async (table: string, own: readonly string[]) => {
    const rows = await test.database.asOwner<{ name: string }>(
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and column_name <> all($2)`,
      [table, own],
    )
    return {
      to: sql.join(rows.map(({ name }) => sql.id(name))),
      from: sql.join(rows.map(({ name }) => sql.id('o', name))),
    }
  }
  const invoice = await columnsOf('invoice', ['id'])
  const line = await columnsOf('invoice_line', ['id', 'invoice_id'])
  await firm.within(async (trx) => {
    await sql`insert into invoice (id, ${invoice.to}) select copy, ${invoice.from}
      from invoice o, unnest(${ids}::uuid[]) copy where o.firm_id = ${firm.id}::uuid and o.id = ${id}::uuid`.execute(
      trx,
    )
    await sql`insert into invoice_line (id, invoice_id, ${line.to}) select gen_random_uuid(), copy, ${line.from}
      from invoice_line o, unnest(${ids}::uuid[]) copy
      where o.firm_id = ${firm.id}::uuid and o.invoice_id = ${id}::uuid`.execute(trx)
  })
  return ids.map((copy) => ({ id: copy, version }))
}

const send = ({ id, version }: Pick<InvoiceAnswer, 'id' | 'version'>, firm: TestFirm) =>
  ask(firm, 'POST', `/invoices/${id}/sending`, { how: 'post' }, version)

const numbersOf = async (firm: TestFirm) => {
  const rows = await firm.within((trx) =>
    trx.selectFrom('invoice').select('number').where('number', 'is not', null).orderBy('number').execute(),
  )
  return rows.map(({ number }) => number)
}

const upTo = (count: number, year = '2026') =>
  Array.from({ length: count }, (_, index) => `${year}-${String(index + 1).padStart(4, '0')}`)

describe('numbers of invoices', () => {
  // Each waits for the number of the one before, on a slow machine for a minute in all.
  it('follow each other without gap or double when 200 are sent at once', { timeout: 120_000 }, async () => {
    const firm = await testFirm(test.services)
    const first = await draft(firm)
    const made = [first, ...(await copiesOf(firm, first, 199))]
    const sent = await Promise.all(made.map((one) => send(one, firm)))
    expect(sent.filter(({ status }) => status !== 200)).toEqual([])
    expect(sent.map(({ body }) => body.number).sort()).toEqual(upTo(200))
    expect(await numbersOf(firm)).toEqual(upTo(200))
    const kept = await firm.within((trx) =>
      trx.selectFrom('sentDocument').select('position').orderBy('position').execute(),
    )
    expect(kept.map(({ position }) => position)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(await firm.within((trx) => brokenLink(trx, firm.id))).toBeNull()
  })

  it('give one number when one invoice is sent by many at once', async () => {
    const firm = await testFirm(test.services)
    const one = await draft(firm)
    const all = await Promise.all(Array.from({ length: 10 }, () => send(one, firm)))
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    expect(await numbersOf(firm)).toEqual(upTo(1))
  })

  it.each([1, 2, 3])('leave no gap where sending failed, at whatever moment (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const firm = await testFirm(test.services)
    const made = await drafts(firm, 30)
    const fates = made.map((one) => ({ one, fate: Math.floor(random.next() * 4) }))
    const crash = async ({ id, version }: InvoiceAnswer) => {
      await firm.within(async (trx) => {
        const answer = await sendInvoice(callOf(firm, trx, id, version))
        expect(answer.number).toMatch(/^2026-\d{4}$/)
        throw new Error('died before the commit')
      })
    }
    const outcomes = await Promise.all(
      fates.map(async ({ one, fate }) => {
        if (fate === 0) return expect(crash(one)).rejects.toThrow('died before the commit')
        if (fate === 1) return expect((await send({ ...one, version: 99 }, firm)).status).toBe(409)
        return expect((await send(one, firm)).status).toBe(200)
      }),
    )
    expect(outcomes).toHaveLength(30)
    const sent = fates.filter(({ fate }) => fate > 1).length
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(30)
    expect(await numbersOf(firm)).toEqual(upTo(sent))
    expect(await firm.within((trx) => brokenLink(trx, firm.id))).toBeNull()
    // Those that failed are drafts still, and go on from there.
    const again = fates.filter(({ fate }) => fate <= 1).map(({ one }) => send(one, firm))
    expect((await Promise.all(again)).every(({ status }) => status === 200)).toBe(true)
    expect(await numbersOf(firm)).toEqual(upTo(30))
  })

  it('go by the year of the invoice date, never back in time', async () => {
    const firm = await testFirm(test.services)
    const last = await draft(firm, '2025-12-31')
    const first = await draft(firm, '2026-01-02')
    const before = await draft(firm, '2026-01-01')
    expect((await send(first, firm)).body.number).toBe('2026-0001')
    expect((await send(last, firm)).body.number).toBe('2025-0001')
    const refused = await send(before, firm)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({
      code: 'date-before-previous',
      errors: [{ pointer: '/date', code: 'date-before-previous' }],
    })
    expect((await ask(firm, 'GET', `/invoices/${before.id}`)).body.problems).toMatchObject([
      { code: 'date-before-previous', values: { previous: '2026-01-02' } },
    ])
  })
})

function callOf(
  firm: TestFirm,
  trx: Parameters<typeof sendInvoice>[0]['trx'],
  id: string,
  version: number,
): Parameters<typeof sendInvoice>[0] {
  return {
    services: test.services,
    params: { id },
    query: {},
    body: { how: 'post' },
    language: 'nl',
    requestId: 'request',
    now: test.clock.now(),
    cookie: undefined,
    ip: '127.0.0.1',
    setCookies: () => {},
    firmId: firm.id,
    firm: {
      id: firm.id,
      slug: firm.slug,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      country: 'NL',
      language: 'nl',
    },
    actor: { memberId: firm.members.finance, userId: null, name: 'finance', keyId: null, rights: new Set() },
    trx,
    version,
    afterCommit: () => {},
  }
}

interface SeriesAnswer {
  readonly rows: {
    id: string
    name: string
    pattern: string
    firstNumber: number
    next: string
    used: boolean
    version: number
    isDefault: boolean
  }[]
}

const seriesOf = async (firm: TestFirm) => {
  const { body } = await ask<SeriesAnswer>(firm, 'GET', '/series')
  expect(body.rows).toHaveLength(1)
  return body.rows[0] as SeriesAnswer['rows'][number]
}

describe('a number series', () => {
  it('is there from the start and changes until it is used', async () => {
    const firm = await testFirm(test.services)
    const series = await seriesOf(firm)
    expect(series).toMatchObject({
      name: 'Facturen',
      pattern: '{year}-{0000}',
      next: '2026-0001',
      used: false,
      isDefault: true,
    })
    const change = (body: object, version: number) =>
      ask<ApiProblem & { next: string; version: number }>(firm, 'PATCH', `/series/${series.id}`, body, version)
    const changed = await change({ pattern: '{yy}{0000}', firstNumber: 42 }, series.version)
    expect(changed).toMatchObject({ status: 200, body: { next: '260042', version: series.version + 1 } })
    expect((await change({ firstNumber: 1 }, series.version)).body.code).toBe('stale')
    for (const [pattern, code] of [
      ['{year}', 'series-counter-missing'],
      ['{0}{0}', 'series-counter-twice'],
      ['{month}{0}', 'series-token-unknown'],
      ['é{0}', 'series-character'],
      ['ABCDEFGHIJKLMNOPQRST{0}', 'series-too-long'],
    ]) {
      const wrong = await change({ pattern }, changed.body.version)
      expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/pattern', code }] } })
    }
    expect((await send(await draft(firm), firm)).body.number).toBe('260042')
    expect(await seriesOf(firm)).toMatchObject({ next: '260043', used: true })
    const used = await change({ firstNumber: 1 }, changed.body.version)
    expect(used).toMatchObject({ status: 409, body: { code: 'series-used' } })
    const renamed = await change({ name: 'Verkoop' }, changed.body.version)
    expect(renamed).toMatchObject({ status: 200, body: { next: '260043' } })
  })

  it('may change in a new year, but never gives a number twice', async () => {
    const firm = await testFirm(test.services)
    const noon = test.clock.now().toISOString()
    expect((await send(await draft(firm), firm)).body.number).toBe('2026-0001')
    test.clock.set('2027-01-02T10:00:00.000Z')
    try {
      const series = await seriesOf(firm)
      expect(series).toMatchObject({ next: '2027-0001', used: false })
      const twice = await ask<ApiProblem>(firm, 'PATCH', `/series/${series.id}`, { pattern: '2026-{0000}' }, 1)
      expect(twice.body.errors).toMatchObject([{ pointer: '/firstNumber', code: 'invoice-number-given' }])
    } finally {
      test.clock.set(noon)
    }
  })
})

describe('several number series', () => {
  interface Series {
    readonly id: string
    readonly name: string
    readonly pattern: string
    readonly next: string
    readonly isDefault: boolean
    readonly isCreditDefault: boolean
    readonly archived: boolean
    readonly drafts: number
    readonly notes: { code: string; cause: string }[]
    readonly version: number
  }
  const make = (firm: TestFirm, body: object) => ask<Series & ApiProblem>(firm, 'POST', '/series', body)
  const change = (firm: TestFirm, { id, version }: Series, body: object) =>
    ask<Series & ApiProblem>(firm, 'PATCH', `/series/${id}`, body, version)
  const list = async (firm: TestFirm, query = '') =>
    (await ask<{ rows: Series[] }>(firm, 'GET', `/series${query}`)).body.rows

  it('count each for itself, and are chosen at the draft', async () => {
    const firm = await testFirm(test.services)
    const made = await make(firm, { name: 'Abonnementen', pattern: 'A{yy}{000}', firstNumber: 12 })
    expect(made).toMatchObject({ status: 201, body: { next: 'A26012', isDefault: false, archived: false } })
    const one = await draft(firm)
    const chosen = await ask(firm, 'PATCH', `/invoices/${one.id}`, { seriesId: made.body.id }, one.version)
    expect(chosen.body).toMatchObject({ seriesId: made.body.id, nextNumber: 'A26012' })
    expect((await send(chosen.body, firm)).body.number).toBe('A26012')
    expect((await send(await draft(firm), firm)).body.number).toBe('2026-0001')
    expect((await list(firm)).map(({ name, next }) => `${name}: ${next}`)).toEqual([
      'Facturen: 2026-0002',
      'Abonnementen: A26013',
    ])
  })

  it('number by the date of the invoice, also one that lies before the day of sending', async () => {
    const firm = await testFirm(test.services)
    const series = await make(firm, { name: 'Tweede', pattern: 'T{year}-{00}' })
    const made = await ask(firm, 'POST', '/invoices', {
      customerId: firm.customerId,
      date: '2025-12-31',
      seriesId: series.body.id,
    })
    expect(made.body.nextNumber).toBe('T2025-01')
    const moved = await ask(firm, 'PATCH', `/invoices/${made.body.id}`, { date: '2026-01-01' }, made.body.version)
    expect(moved.body.nextNumber).toBe('T2026-01')
  })

  it('have one default and one for credit notes, whoever takes it', async () => {
    const firm = await testFirm(test.services)
    const credits = (await make(firm, { name: 'Creditfacturen', pattern: 'C{year}-{0000}', isCreditDefault: true }))
      .body
    const invoice = (await send(await draft(firm), firm)).body
    const credit = (await ask(firm, 'POST', `/invoices/${invoice.id}/credit-note`, {})).body
    expect(credit).toMatchObject({ seriesId: credits.id, nextNumber: 'C2026-0001' })
    expect((await send(credit, firm)).body.number).toBe('C2026-0001')
    const taken = await change(firm, credits, { isDefault: true })
    expect(taken.body).toMatchObject({ isDefault: true, isCreditDefault: true })
    const rows = await list(firm)
    expect(rows.filter(({ isDefault }) => isDefault)).toHaveLength(1)
    expect((await draft(firm)).nextNumber).toBe('C2026-0002')
  })

  it('are refused when their names or numbers could be mistaken for each other', async () => {
    const firm = await testFirm(test.services)
    expect((await make(firm, { name: 'facturen', pattern: 'X{00}' })).body.errors).toMatchObject([
      { pointer: '/name', code: 'series-taken' },
    ])
    for (const pattern of ['{year}-{0000}', '{year}-{0}', '2026-{000}'])
      expect((await make(firm, { name: 'Dubbel', pattern })).body.errors).toMatchObject([
        { pointer: '/pattern', code: 'series-clash' },
      ])
    expect((await make(firm, { name: 'Fout', pattern: '{month}{0}' })).body.errors).toMatchObject([
      { pointer: '/pattern', code: 'series-token-unknown' },
    ])
  })

  it('are archived when nothing waits for them, and come back', async () => {
    const firm = await testFirm(test.services)
    const [standard] = await list(firm)
    expect((await change(firm, standard as Series, { archived: true })).body.code).toBe('series-default')
    const other = (await make(firm, { name: 'Oud', pattern: 'O{000}' })).body
    const waiting = await ask(firm, 'POST', '/invoices', { customerId: firm.customerId, seriesId: other.id })
    expect((await change(firm, other, { archived: true })).body).toMatchObject({
      code: 'series-has-drafts',
      cause: '1 concept wacht nog op een nummer van Oud.',
    })
    await ask(firm, 'DELETE', `/invoices/${waiting.body.id}`, undefined, waiting.body.version)
    const archived = (await change(firm, other, { archived: true })).body
    expect(archived).toMatchObject({ archived: true })
    expect((await list(firm)).map(({ name }) => name)).toEqual(['Facturen'])
    expect((await list(firm, '?archived=true')).map(({ name }) => name)).toEqual(['Oud'])
    const refused = await ask<ApiProblem>(firm, 'POST', '/invoices', {
      customerId: firm.customerId,
      seriesId: other.id,
    })
    expect(refused.body.errors).toMatchObject([{ pointer: '/seriesId', code: 'series-unknown' }])
    // Meanwhile another took its numbers.
    await make(firm, { name: 'Nieuw', pattern: 'O{0000}' })
    expect((await change(firm, archived, { archived: false })).body.errors).toMatchObject([{ code: 'series-clash' }])
    expect((await change(firm, archived, { archived: false, pattern: 'OUD{000}' })).body).toMatchObject({
      archived: false,
      next: 'OUD001',
    })
  })

  it('made by two people at once both stand, unless they clash', async () => {
    const firm = await testFirm(test.services)
    const made = await Promise.all(
      ['P{000}', 'P{0000}', 'Q{000}'].map((pattern) => make(firm, { name: `Reeks ${pattern}`, pattern })),
    )
    expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 422])
  })

  it('say what the accounting package in use makes of their numbers', async () => {
    const firm = await testFirm(test.services)
    expect((await list(firm))[0]?.notes).toEqual([])
    await firm.within((trx) =>
      trx
        .insertInto('connection')
        .values({
          firmId: firm.id,
          id: test.services.ids.next(),
          package: 'exact-online',
          purpose: 'sales',
          mode: 'sandbox',
          country: 'NL',
          state: 'connected',
          createdAt: test.clock.now(),
          updatedAt: test.clock.now(),
        })
        .execute(),
    )
    await make(firm, { name: 'Cijfers', pattern: '{yy}{0000}' })
    await make(firm, { name: 'Lang', pattern: 'L9{year}{000000}' })
    await make(firm, { name: 'Krap', pattern: 'K21474836{00}' })
    const notes = (await list(firm)).map(({ name, notes: [note] }) => [name, note?.code, note?.cause])
    expect(notes).toEqual([
      [
        'Facturen',
        'series-not-digits',
        'Het nummerveld van Exact Online bewaart alleen cijfers: 2026-0001 is daar 20260001.',
      ],
      ['Cijfers', undefined, undefined],
      ['Krap', 'series-runs-out', 'Exact Online heeft met dit patroon plaats voor 47 facturen per jaar.'],
      [
        'Lang',
        'series-does-not-fit',
        'Exact Online bewaart een nummer van ten hoogste 2.147.483.647, en L92026000001 past daar niet in.',
      ],
    ])
  })
})

describe('what was sent', () => {
  it('is kept byte for byte, in a chain that shows what was touched', async () => {
    const firm = await testFirm(test.services)
    const made = await drafts(firm, 4)
    for (const one of made) await send(one, firm)
    const rows = await firm.within((trx) => trx.selectFrom('sentDocument').selectAll().orderBy('position').execute())
    const textOf = (row: (typeof rows)[number] | undefined) => row?.bytes.toString('utf8') ?? ''
    const kept = JSON.parse(textOf(rows[0]))
    expect(kept).toMatchObject({ number: '2026-0001', state: 'sent', sentHow: 'post', totals: { gross: '125.84' } })
    expect(canonicalBytes(kept)).toEqual(rows[0]?.bytes)
    expect(rows[0]?.mediaType).toBe('application/vnd.uurwerk.invoice+json')
    expect(rows[1]?.previousHash).toBe(rows[0]?.chainHash)

    const whole = () => firm.within((trx) => brokenLink(trx, firm.id))
    expect(await whole()).toBeNull()
    const asOwner = (statement: string, value: unknown) =>
      test.database.asOwner(`with firm as (select set_config('app.firm', '${firm.id}', false)) ${statement}`, [value])
    await asOwner('select * from firm where $1::int is null', 0)
    const bytes = Buffer.from(textOf(rows[2]).replace('125.84', '125.85'))
    await asOwner(`update sent_document set bytes = $1 where firm_id = '${firm.id}' and position = 3`, bytes)
    expect(await whole()).toBe(3)
    await asOwner(`update sent_document set bytes = $1 where firm_id = '${firm.id}' and position = 3`, rows[2]?.bytes)
    expect(await whole()).toBeNull()
    await asOwner(`delete from sent_document where firm_id = '${firm.id}' and position = $1`, 2)
    expect(await whole()).toBe(2)
  })

  it('is out of reach of the program itself', async () => {
    const firm = await testFirm(test.services)
    await send(await draft(firm), firm)
    const changed = firm.within((trx) => trx.updateTable('sentDocument').set({ sha256: 'x' }).execute())
    await expect(changed).rejects.toMatchObject({ code: '42501' })
    const deleted = firm.within((trx) => trx.deleteFrom('sentDocument').execute())
    await expect(deleted).rejects.toMatchObject({ code: '42501' })
  })
})
