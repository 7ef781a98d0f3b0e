import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'
import { withStatements } from '../src/testing/statements.ts'

/** Many postings of one connection: found, sorted, grouped, sent again, given up and exported. */
let app: FurnishedApp
let at: FurnishedFirm

const months = ['2026-01', '2026-02', '2026-03'] as const
const many = 1200

beforeAll(async () => {
  app = await furnishedApp()
  at = await furnishedFirm(app, 'Merel')
  await at.firm.within((trx) =>
    sql`
      insert into posting (firm_id, id, connection_id, lane_key, kind, reference, subject_kind, subject_id, label, customer_id,
        state, problem, currency, gross, created_at, updated_at)
      select ${at.firm.id}, gen_random_uuid(), ${at.connection.used}, ${at.connection.lane}, 'salesEntry', 'ZZ' || n, 'invoice',
        gen_random_uuid(), 'Z-' || lpad(n::text, 4, '0'), ${at.customer.used},
        case when n <= 10 then 'refused' when n <= 13 then 'blocked' when n % 7 = 0 then 'posted' else 'posted' end,
        case when n <= 10 then ${JSON.stringify({ kind: 'refused', code: 'period-closed', theirWords: 'Periode is afgesloten: 2026 - 2', values: { period: '2026 - 2' } })}::jsonb
          when n <= 13 then ${JSON.stringify({ kind: 'setup', code: 'posting-rule-missing', values: { item: 'Advies', treatment: 'domestic' } })}::jsonb end,
        'EUR', (n % 40) * 10, '2026-01-01T12:00:00Z'::timestamptz + n % 90 * interval '1 day', '2026-03-31T10:00:00Z'
      from generate_series(1, ${many}) n`.execute(trx),
  )
}, 120_000)
afterAll(() => app?.close())

interface Row {
  readonly id: string
  readonly label: string
  readonly state: string
  readonly gross: string | null
  readonly customerName: string | null
  readonly createdAt: string
}
interface Page {
  readonly rows: readonly Row[]
  readonly next: string | null
}

async function all(query: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { status: number; body: Page } = await at.ask(
      `/postings?limit=200&${query}${next ? `&cursor=${next}` : ''}`,
    )
    expect(page.status).toBe(200)
    rows.push(...page.body.rows)
    next = page.body.next
  }
  return rows
}

const mine = 'search=Z-'

describe('the list', () => {
  it.each(['made', '-made', 'moved', '-moved', 'label', '-label', 'customer', '-customer', 'gross', '-gross'])(
    'sorted by %s shows each posting once',
    async (sort) => {
      const rows = await all(`${mine}&sort=${sort}`)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(many)
      expect(rows.length).toBe(many)
    },
  )

  it('sorts amounts as amounts and labels as text', async () => {
    const grosses = (await all(`${mine}&sort=-gross`)).map(({ gross }) => Number(gross))
    expect(grosses).toEqual([...grosses].sort((a, b) => b - a))
    const labels = (await all(`${mine}&sort=label`)).map(({ label }) => label)
    expect(labels).toEqual([...labels].sort())
  })

  it('finds by state, kind, connection, package, customer, period and words, together too', async () => {
    expect((await all(`${mine}&state=refused&state=blocked`)).length).toBe(13)
    expect(await all(`${mine}&kind=attachment`)).toEqual([])
    expect((await all(`${mine}&connectionId=${at.connection.used}&package=exact-online`)).length).toBe(many)
    expect(await all(`${mine}&package=cash`)).toEqual([])
    expect(await all(`${mine}&customerId=${at.customer.unused}`)).toEqual([])
    const found = await Promise.all(months.map((month) => all(`${mine}&from=${month}-01&until=${month}-28`)))
    expect(found.every((rows, index) => rows.every(({ createdAt }) => createdAt.startsWith(months[index] ?? '')))).toBe(
      true,
    )
    expect(found.every((rows) => rows.length > 300)).toBe(true)
    expect((await all('search=Z-0007')).map(({ label }) => label)).toEqual(['Z-0007'])
  })

  it('refuses a cursor of another order', async () => {
    const { body } = await at.ask<Page>(`/postings?${mine}&sort=gross&limit=1`)
    expect((await at.ask(`/postings?sort=made&cursor=${body.next}`)).status).toBe(422)
  })

  it('is exported as it was found', async () => {
    const answer = await app.app.inject({
      url: `/api/v1/postings/export?state=refused&${mine}&sort=label&columns=document,state,says,gross`,
      headers: { ...at.headers, 'accept-language': 'nl' },
    })
    expect(answer.headers['content-disposition']).toContain('boekingen-2026-03-31.csv')
    const [head, first, ...others] = answer.body.replace('\uFEFF', '').replaceAll('"', '').trim().split(/\r?\n/)
    expect(head).toBe('Document;Status;Wat het pakket zegt;Bruto')
    expect(first).toBe('Z-0001;Geweigerd;Periode is afgesloten: 2026 - 2;10,00')
    expect(others.length).toBe(9)
    // A link of a browser carries no headers: the firm stands in the address.
    const { cookie } = at.headers as { cookie: string }
    const xlsx = await app.app.inject({
      url: `/api/v1/postings/export?format=xlsx&firm=${at.firm.slug}`,
      headers: { cookie },
    })
    expect(xlsx.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })
})

interface Summary {
  readonly counts: { readonly needsYou: number; readonly all: number }
  readonly lanes: readonly Record<string, unknown>[]
  readonly groups: readonly {
    readonly key: string
    readonly what: string
    readonly problem: { readonly code: string; readonly remedy: string }
    readonly postings: readonly { readonly id: string; readonly label: string }[]
    readonly gross: string | null
  }[]
}
const summary = async (language: 'nl' | 'en' = 'en') => (await at.ask<Summary>('/postings/summary', { language })).body

describe('the cockpit', () => {
  it('groups refusals by cause, in order of their making, with what they are and come to', async () => {
    const { groups } = await summary()
    const closed = groups.find(({ problem }) => problem.code === 'period-closed')
    expect(closed).toMatchObject({ what: '10 sales entries', gross: '550.00' })
    expect(closed?.postings.map(({ label }) => label)[0]).toBe('Z-0001')
    expect(groups.find(({ problem }) => problem.code === 'posting-rule-missing')?.what).toBe('3 sales entries')
    expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length)
    expect((await summary('nl')).groups.map(({ what }) => what)).toContain('10 verkoopboekingen')
  })

  it('takes few statements, however many there are', async () => {
    const { statements } = await withStatements(at.firm, () => at.ask('/postings/summary'))
    expect(statements.length).toBeLessThan(20)
  })

  it('tells how a lane stands: paused with its probe, resting until when and why, and what is left of its limits', async () => {
    const lane = async () => (await summary()).lanes[0]
    const set = (paused: object, rest: object) =>
      app.services.store.withDirectory(async (trx) => {
        await sql`update directory.lane set paused = ${JSON.stringify(paused)}::jsonb where key = ${at.connection.lane}`.execute(
          trx,
        )
        await sql`update directory.lane_due set rest = ${JSON.stringify(rest)}::jsonb where lane_key = ${at.connection.lane}`.execute(
          trx,
        )
      })
    const state = (to: string) =>
      at.firm.within((trx) =>
        sql`update posting set state = ${to}, due_at = '2026-03-31T10:00:00Z' where firm_id = ${at.firm.id} and label = 'Z-1200'`.execute(
          trx,
        ),
      )
    await state('waiting')
    await set(
      {
        salesEntry: {
          refused: 2,
          lastAt: '2026-03-31T08:50:00Z',
          probeAt: '2026-03-31T09:05:00Z',
          code: 'period-closed',
        },
      },
      {},
    )
    expect(await lane()).toMatchObject({
      state: 'paused',
      detail: expect.stringContaining(
        'Two refusals of sales entries in a row at 10:50. One is tried at 11:05; when it is accepted, the rest follows.',
      ),
      budget: { most: 5000, reserve: 500 },
      minute: { most: 60 },
    })
    await set({}, { all: { until: '2026-03-31T10:01:00Z', failures: 1 } })
    expect(await lane()).toMatchObject({ state: 'waiting', detail: expect.stringContaining('It goes on at 12:01.') })
    await set({}, {})
    await state('sending')
    expect(await lane()).toMatchObject({
      state: 'running',
      detail: expect.stringContaining('Z-1200 is being sent.'),
      underWay: [{ label: 'Z-1200', state: 'sending' }],
    })
    await state('posted')
  })
})

describe('acts on many', () => {
  it('gives up what may be given up, names the rest, and frees the notice when nothing is left', async () => {
    const { groups } = await summary()
    const missing = groups.find(({ problem }) => problem.code === 'posting-rule-missing')?.postings ?? []
    const [posted] = await all('search=Z-0100')
    const { body } = await at.ask<{ postings: Row[]; leftOut: { label: string; problem: { code: string } }[] }>(
      '/postings/discarding',
      { method: 'POST', body: { ids: [...missing.map(({ id }) => id), posted?.id], why: 'dubbel' } },
    )
    expect(body.postings.map(({ state }) => state)).toEqual(['discarded', 'discarded', 'discarded'])
    expect(body.leftOut).toMatchObject([{ label: 'Z-0100', problem: { code: 'posting-not-discardable' } }])
  })

  it('sends a whole group again, and names what it left as it was', async () => {
    const { groups } = await summary()
    const ids = groups.find(({ problem }) => problem.code === 'period-closed')?.postings.map(({ id }) => id) ?? []
    const [posted] = await all('search=Z-0100')
    const stranger = '01a1fc72-0000-7000-8000-000000000000'
    const asked = { ids: [...ids, posted?.id, stranger] }
    const { status, body } = await at.ask<{
      postings: Row[]
      leftOut: { postingId: string; label: string; problem: { code: string } }[]
    }>('/postings/sending', { method: 'POST', body: asked })
    expect(status).toBe(202)
    expect(body.postings.map(({ id, state }) => `${id} ${state}`).toSorted()).toEqual(
      ids.map((id) => `${id} waiting`).toSorted(),
    )
    expect(body.leftOut.map(({ label, problem }) => [label, problem.code])).toEqual([
      ['Z-0100', 'posting-needs-nobody'],
      ['', 'posting-unknown'],
    ])
  })
})
