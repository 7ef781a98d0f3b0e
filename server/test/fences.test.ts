import { type Right, rightsOfRole, roles } from '@uurwerk/api/rights.ts'
import type { Route } from '@uurwerk/api/route.ts'
import { api, type RouteName } from '@uurwerk/api/routes.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendOnlyTables } from '../src/store/migrations/index.ts'
import { testOrigin } from '../src/testing/app.ts'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'
import { ifMatch, type Sample, samples } from '../src/testing/route-samples.ts'

/**
 * Every route of the table × every role × own firm and other firm, over the real app and database. A new route is
 * tested without a line here; it only needs its sample.
 */
let app: FurnishedApp
/** Asks. */
let ours: FurnishedFirm
/** Is never to be seen, and never to change. */
let theirs: FurnishedFirm
/** Shows that the samples are good where they belong. */
let third: FurnishedFirm
let idsOfTheirs: ReadonlySet<string>
let theirsBefore: string
let theirsWoken: number

const names = Object.keys(api) as RouteName[]
const routeOf = (name: RouteName): Route => api[name]
const isRight = (access: Route['access']): access is Right => access !== 'anyone' && access !== 'user'
const fenced = names.filter((name) => isRight(routeOf(name).access))
const stranger = '01900000-0000-7000-8000-00000000dead'
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

beforeAll(async () => {
  app = await furnishedApp()
  ours = await furnishedFirm(app, 'Kwartel')
  theirs = await furnishedFirm(app, 'Zeearend')
  third = await furnishedFirm(app, 'Houtduif')
  const tables = await firmTables()
  const own = await idsOf(ours, tables)
  idsOfTheirs = new Set([...(await idsOf(theirs, tables))].filter((id) => !own.has(id)))
  // A key notes the day of its use, once; their own key is used below.
  await ask('readFirm', { headers: theirs.firm.as('administrator') })
  theirsBefore = await fingerprint(theirs, tables)
  theirsWoken = wokenForTheirs()
})
afterAll(() => app?.close())

const wokenForTheirs = () => app.woken.filter((key) => key === theirs.connection.lane).length

interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly sample?: Sample
}
interface Answer {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
}

/** Whoever asks, and whatever for: nothing of the other firm is in the answer. */
async function ask(name: RouteName, { headers = {}, sample = {} }: Asked): Promise<Answer> {
  const route = routeOf(name)
  const path = route.path.replace(/\{(\w+)\}/g, (_, part: string) =>
    encodeURIComponent(sample.params?.[part] ?? stranger),
  )
  const query = new URLSearchParams(sample.query).toString()
  const answer = await app.app.inject({
    method: route.method,
    url: `/api/v1${path}${query ? `?${query}` : ''}`,
    headers: { 'accept-language': 'en', ...(sample.bytes ? { 'content-type': 'image/png' } : {}), ...headers },
    ...(sample.bytes ? { payload: Buffer.from(sample.bytes) } : {}),
    ...(sample.body === undefined ? {} : { payload: sample.body as object }),
  })
  const text = answer.body
  if (!headers.authorization?.includes(theirs.firm.keys.administrator)) {
    expect(text, `${name} tells a name of the other firm`).not.toContain(theirs.word)
    const asked = JSON.stringify(sample)
    const leaked = (text.match(uuid) ?? []).filter((id) => idsOfTheirs.has(id) && !asked.includes(id))
    expect(leaked, `${name} tells an id of the other firm`).toEqual([])
  }
  return { status: answer.statusCode, text, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

const firmTables = async (): Promise<readonly string[]> =>
  (
    await app.database.asOwner<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
       where n.nspname in ('public', 'directory', 'sandbox') and c.relkind = 'r' order by 1`,
    )
  ).map(({ name }) => name)

async function rowsOf({ firm }: FurnishedFirm, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await Promise.all(
    tables.map((table) =>
      app.database.asOwner<{ row: string }>(
        `select '${table} ' || t::text as row from ${table} t where firm_id = $1 order by 1`,
        [firm.id],
      ),
    ),
  )
  return rows.flat().map(({ row }) => row)
}
const idsOf = async (firm: FurnishedFirm, tables: readonly string[]) =>
  new Set((await rowsOf(firm, tables)).flatMap((row) => row.match(uuid) ?? []))
const fingerprint = async (firm: FurnishedFirm, tables: readonly string[]) => (await rowsOf(firm, tables)).join('\n')

/** With the sample's own If-Match. */
async function askFor(firm: FurnishedFirm, name: RouteName, sample: Sample, headers: Record<string, string>) {
  const match = routeOf(name).versioned ? await ifMatch(app.services.store, firm.firm.id, sample.row) : {}
  return ask(name, { sample, headers: { ...headers, ...match } })
}

describe('who asks', () => {
  it.each(names.filter((name) => routeOf(name).access !== 'anyone'))(
    '%s answers nobody who is not known',
    async (name) => {
      const [sample] = samples[name](ours)
      expect(await ask(name, { sample })).toMatchObject({ status: 401, body: { code: 'sign-in-needed' } })
      if (routeOf(name).access === 'user') return
      const headers = { authorization: `Bearer uwk_${'0'.repeat(40)}` }
      expect(await ask(name, { sample, headers })).toMatchObject({ status: 401, body: { code: 'key-unknown' } })
    },
  )

  it('refuses each role what it has no right to, and then nothing has changed', async () => {
    const before = await fingerprint(ours, await firmTables())
    const seen: string[] = []
    for (const name of fenced) {
      const right = routeOf(name).access as Right
      const [sample] = samples[name](ours)
      for (const role of roles.filter((one) => !rightsOfRole[one].includes(right))) {
        const answer = await askFor(ours, name, sample, ours.firm.as(role))
        seen.push(`${name} ${role}: ${answer.status} ${answer.body.code}`)
        expect(seen.at(-1)).toBe(`${name} ${role}: 403 no-right`)
      }
    }
    expect(seen.length).toBeGreaterThan(100)
    expect(await fingerprint(ours, await firmTables())).toBe(before)
  })

  it('lets each role read what it has a right to', async () => {
    for (const name of fenced.filter((one) => routeOf(one).method === 'GET' && !routeOf(one).stream)) {
      const right = routeOf(name).access as Right
      for (const role of roles.filter((one) => rightsOfRole[one].includes(right)))
        for (const sample of samples[name](ours)) {
          const { status, body } = await ask(name, { sample, headers: ours.firm.as(role) })
          // Hours of somebody else are there only for who may read all.
          const isOthers = right === 'hours:own' && role !== 'employee' && !rightsOfRole[role].includes('hours:read')
          if (isOthers && status >= 400) expect([403, 404, 422], `${name} as ${role}`).toContain(status)
          else expect(`${name} as ${role}: ${status} ${body.code ?? ''}`).toBe(`${name} as ${role}: 200 `)
        }
    }
  })

  it('lets a key do no more than its scopes, whoever made it', async () => {
    const made = await ours.ask<{ key: string }>('/keys', {
      method: 'POST',
      body: { name: 'klein', scopes: ['payroll:read'] },
    })
    const headers = { authorization: `Bearer ${made.body.key}` }
    for (const name of fenced) {
      const [sample] = samples[name](ours)
      const { status, body } = await askFor(ours, name, sample, headers)
      expect(`${name}: ${status} ${body.code}`).toBe(`${name}: 403 no-right`)
    }
  })

  it('knows no key any more that was revoked, and no member who has left', async () => {
    const made = await ours.ask<{ id: string; key: string }>('/keys', {
      method: 'POST',
      body: { name: 'weg', scopes: ['hours:own'] },
    })
    const headers = { authorization: `Bearer ${made.body.key}` }
    expect(await ask('readFirm', { headers })).toMatchObject({ status: 200 })
    await ask('revokeKey', { sample: { params: { id: made.body.id } }, headers: ours.firm.as('administrator') })
    expect(await ask('readFirm', { headers })).toMatchObject({ status: 401, body: { code: 'key-unknown' } })
    const change = (archivedAt: Date | null) =>
      ours.firm.within((trx) =>
        trx.updateTable('member').set({ archivedAt }).where('id', '=', ours.firm.members.payroll).execute(),
      )
    await change(app.clock.now())
    expect(await ask('readFirm', { headers: ours.firm.as('payroll') })).toMatchObject({
      status: 403,
      body: { code: 'not-a-member' },
    })
    await change(null)
  })

  it('refuses a cookie that a page of another origin sends, and one whose origin is not told', async () => {
    const { cookie } = ours.headers as { cookie: string }
    for (const name of names.filter((one) => routeOf(one).method !== 'GET')) {
      const [sample] = samples[name](ours)
      const told: readonly Record<string, string>[] = [
        { cookie, 'uurwerk-firm': ours.firm.id, origin: 'https://elsewhere.example' },
        { cookie, 'uurwerk-firm': ours.firm.id, 'sec-fetch-site': 'cross-site' },
        { cookie, 'uurwerk-firm': ours.firm.id },
      ]
      for (const headers of told) {
        const { status, body } = await askFor(ours, name, sample, headers)
        expect(`${name}: ${status} ${body.code}`).toBe(`${name}: 403 foreign-origin`)
      }
    }
  })
})

/** Where an id stands in a request: `params.id`, `query.customerId`, `body.selection.ids.0`. */
interface Place {
  readonly path: readonly (string | number)[]
  readonly ours: string
  readonly theirs: string
}

function placesOf(own: unknown, other: unknown, path: readonly (string | number)[] = []): Place[] {
  if (typeof own === 'string' && typeof other === 'string') {
    const isId = own.match(uuid)?.[0] === own && own !== other && path[0] !== 'row'
    return isId ? [{ path, ours: own, theirs: other }] : []
  }
  if (own === null || typeof own !== 'object') return []
  return Object.entries(own).flatMap(([key, value]) =>
    placesOf(value, (other as Record<string, unknown>)[key], [...path, Array.isArray(own) ? Number(key) : key]),
  )
}

function withAt<T>(value: T, path: readonly (string | number)[], put: string): T {
  const [key, ...rest] = path
  if (key === undefined) return put as T
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>
  copy[key] = withAt(copy[key], rest, put)
  return copy as T
}

/** These answer for each row by itself: what is not there is named and left out. */
const rowByRow: Partial<Record<RouteName, (body: Record<string, unknown>) => number>> = {
  invoiceHours: ({ invoices }) => (invoices as unknown[]).length,
  invoiceEntries: ({ invoices }) => (invoices as unknown[]).length,
  previewPostings: ({ ready }) => ready as number,
  createPostings: ({ postings }) => (postings as unknown[]).length,
  sendAgain: ({ postings }) => (postings as unknown[]).length,
  actOnEntries: ({ report }) => (report as { updated?: number }).updated ?? 0,
  // Nothing is done yet; each row is told when its turn comes.
  sendInvoices: ({ done }) => done as number,
  remindInvoices: ({ done }) => done as number,
  payInvoices: ({ paid }) => paid as number,
  undoPayments: ({ undone }) => undone as number,
  readNotifications: ({ read }) => read as number,
  discardPostings: ({ postings }) => (postings as unknown[]).length,
  previewPackageInvoices: ({ documents }) => (documents as unknown[]).length,
  createPackageInvoices: ({ rows }) => (rows as unknown[]).length,
  attachFiles: ({ postings }) => (postings as unknown[]).length,
  decideProposals: ({ done }) => done as number,
  markInBooks: ({ marked }) => (marked as unknown[]).length,
  confirmVatCases: ({ done }) => done as number,
  askToSubmit: ({ asked }) => asked as number,
}

describe('whose it is', () => {
  it('would see a name or an id of the other firm: its own key shows both', async () => {
    const { text } = await ask('listCustomers', { headers: theirs.firm.as('administrator') })
    expect(text).toContain(theirs.word)
    expect((text.match(uuid) ?? []).filter((id) => idsOfTheirs.has(id)).length).toBeGreaterThan(2)
  })

  it('answers an id of another firm as one that nobody has, wherever it stands', async () => {
    const tried: string[] = []
    for (const name of fenced) {
      const [own, other] = [samples[name](ours), samples[name](theirs)]
      for (const [index, sample] of own.entries())
        for (const place of placesOf(sample, other[index])) {
          const at = `${name} ${place.path.join('/')}`
          const asked = withAt(sample, place.path, place.theirs)
          const headers = ours.firm.as('administrator')
          const [given, unknown] = [
            await askFor(ours, name, asked, headers),
            await askFor(ours, name, withAt(sample, place.path, stranger), headers),
          ]
          const same = ({ text }: Answer, id: string) =>
            text
              .replaceAll(id, '…')
              .replace(/"request":"[^"]*"/, '')
              // A task that was made for each of the two.
              .replace(/"id":"[^"]*","kind":"(act-on-entries|send-invoices|remind-invoices)"/, '')
          expect(`${given.status} ${same(given, place.theirs)}`, at).toBe(
            `${unknown.status} ${same(unknown, stranger)}`,
          )
          if (place.path[0] === 'params') expect(given, at).toMatchObject({ status: 404, body: { code: 'not-found' } })
          if (place.path[0] === 'body' && rowByRow[name] && given.status < 300)
            expect(rowByRow[name](given.body), at).toBe(0)
          else if (place.path[0] === 'body') {
            expect(given.status, `${at}: ${given.text}`).toBe(422)
            const pointers = (given.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)
            expect(pointers, at).toContain(`/${place.path.slice(1).join('/')}`)
          }
          tried.push(at)
        }
    }
    expect(tried.length).toBeGreaterThan(80)
  })

  it('opens no other firm to who names it in the header', async () => {
    const { cookie } = ours.headers as { cookie: string }
    for (const name of fenced)
      for (const firm of [theirs.firm.id, theirs.firm.slug]) {
        const [sample] = samples[name](theirs)
        const headers = { cookie, origin: testOrigin, 'uurwerk-firm': firm }
        const { status, body } = await ask(name, { sample, headers })
        expect(`${name}: ${status} ${body.code}`).toBe(`${name}: 404 firm-unknown`)
      }
  })

  it('lets a key ask for its own firm alone, whatever the header says', async () => {
    const headers = { ...ours.firm.as('administrator'), 'uurwerk-firm': theirs.firm.id }
    expect(await ask('readFirm', { headers })).toMatchObject({ status: 200, body: { id: ours.firm.id } })
    for (const name of fenced.filter((one) => routeOf(one).method === 'GET' && !routeOf(one).stream))
      for (const sample of samples[name](theirs)) {
        const { status } = await ask(name, { sample, headers })
        expect([200, 404, 422], name).toContain(status)
      }
  })

  it('carries every sample out where it belongs, and answers what the table promises', async () => {
    // What takes something away comes last, so that each finds what it is about.
    const late: readonly RouteName[] = ['reconnect', 'disconnect']
    const inOrder = [...fenced.filter((name) => !late.includes(name)), ...late]
    const expected: Partial<Record<RouteName, string>> = {
      createConnection: '409 already-connected',
      makeResetLink: '409 person-invited',
      // This firm asks no customer.
      createApprovalRequest: '422 input-wrong',
    }
    const headers = third.headers as Record<string, string>
    for (const name of inOrder.filter((one) => !routeOf(one).stream)) {
      // What the package allows in a minute is not asked of it at once.
      if (routeOf(name).tag === 'Connections') app.clock.set(new Date(app.clock.now().getTime() + 61_000).toISOString())
      for (const sample of samples[name](third)) {
        const { status, body, text } = await askFor(third, name, sample, headers)
        const wanted = expected[name] ?? `${routeOf(name).status ?? 200} `
        expect(`${name}: ${status} ${body.code && status >= 400 ? body.code : ''}`, text).toBe(`${name}: ${wanted}`)
        const promised = status < 300 ? routeOf(name).answer?.safeParse(body) : undefined
        expect(promised?.error?.issues ?? [], `${name} answers what the table says`).toEqual([])
      }
    }
  })

  it('has changed nothing of the other firm', async () => {
    expect(await fingerprint(theirs, await firmTables())).toBe(theirsBefore)
    expect(wokenForTheirs()).toBe(theirsWoken)
  })
})

describe('the database itself', () => {
  it('works as a role that owns nothing and that no fence steps aside for', async () => {
    const [role] = await app.services.store.withDirectory(async (trx) => {
      const { rows } = await sql<Record<string, boolean>>`
        select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
          exists (select 1 from pg_class where relowner = me.oid) as owns,
          exists (select 1 from pg_auth_members where member = me.oid) as belongs
        from pg_roles me where rolname = current_user`.execute(trx)
      return rows
    })
    expect(Object.values(role ?? {}).length).toBe(7)
    expect(Object.entries(role ?? {}).filter(([, is]) => is)).toEqual([])
  })

  it('forces the fence on every table of a firm', async () => {
    const rows = await app.database.asOwner<{ name: string; enabled: boolean; forced: boolean; policies: number }>(
      `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
         (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`,
    )
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.filter(({ enabled, forced, policies }) => !enabled || !forced || policies !== 1)).toEqual([])
  })

  const inPublic = async () =>
    (await firmTables()).filter((table) => table.startsWith('public.')).map((table) => table.slice('public.'.length))

  it('shows no row to who has not said for which firm, and only its own to who has', async () => {
    const { store } = app.services
    for (const table of await inPublic()) {
      const count = sql<{ all: number; others: number }>`
        select count(*)::int as all, (count(*) filter (where firm_id <> ${ours.firm.id}))::int as others from ${sql.table(table)}`
      const without = await store.withDirectory(async (trx) => (await count.execute(trx)).rows[0])
      expect(without, table).toEqual({ all: 0, others: 0 })
      const within = await store.withFirm(ours.firm.id, async (trx) => (await count.execute(trx)).rows[0])
      expect(within?.others, table).toBe(0)
    }
  })

  it('refuses to write, change or remove a row of another firm', async () => {
    const { store } = app.services
    const now = app.clock.now()
    const theirRow = { firmId: theirs.firm.id, id: app.services.ids.next(), name: 'x', createdAt: now, updatedAt: now }
    await expect(
      store.withFirm(ours.firm.id, (trx) => trx.insertInto('activity').values(theirRow).execute()),
    ).rejects.toThrow(/row-level security/)
    await expect(
      store.withFirm(ours.firm.id, (trx) =>
        trx.updateTable('activity').set({ firmId: theirs.firm.id }).where('id', '=', ours.activity.used).execute(),
      ),
    ).rejects.toThrow(/row-level security/)
    for (const table of (await inPublic()).filter((one) => !appendOnlyTables.some((kept) => kept === one))) {
      const removed = await store
        .withFirm(ours.firm.id, (trx) =>
          sql`delete from ${sql.table(table)} where firm_id = ${theirs.firm.id}`.execute(trx),
        )
        .then(({ numAffectedRows }) => Number(numAffectedRows))
      expect(removed, table).toBe(0)
    }
  })

  it('only adds to what must be kept as it was', async () => {
    const { store } = app.services
    for (const table of appendOnlyTables) {
      const name = sql.table(table)
      for (const change of [sql`update ${name} set firm_id = firm_id`, sql`delete from ${name}`, sql`truncate ${name}`])
        await expect(
          store.withFirm(ours.firm.id, (trx) => change.execute(trx)),
          table,
        ).rejects.toThrow(/permission denied/)
    }
  })

  it('never changes a sent invoice or its lines, whoever asks', async () => {
    const { asOwner } = app.database
    const { sent } = ours.invoice
    await expect(asOwner('update invoice set net = net + 1 where id = $1', [sent])).rejects.toThrow(/never changes/)
    await expect(asOwner('delete from invoice where id = $1', [sent])).rejects.toThrow(/never changes/)
    await expect(asOwner('update invoice_line set net = 0 where invoice_id = $1', [sent])).rejects.toThrow(
      /never changes/,
    )
    await expect(asOwner('delete from invoice_line where invoice_id = $1', [sent])).rejects.toThrow(/never changes/)
  })
})
