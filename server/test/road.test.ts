import { addMonths, calendarDate, dateIn, endOfMonth, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestPerson, type TestProgram, testProgram } from '../src/testing/program.ts'

/**
 * The whole road over the API and real HTTP: an empty installation, the sample firm, last month's hours, two invoices,
 * Exact Online in the sandbox, two sales entries in its books.
 */
let program: TestProgram
let sanne: TestPerson

interface Listed<T> {
  readonly rows: readonly T[]
}
interface Task {
  readonly id: string
  readonly state: string
  readonly report: Record<string, number> | null
}
interface Posting {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly theirNumber: string | null
  readonly gross: string | null
  readonly theirGross: string | null
  readonly url: string | null
  readonly problem: { readonly cause: string } | null
}

const lastMonth = startOfMonth(addMonths(dateIn('Europe/Amsterdam', new Date()), -1))
const period = { from: lastMonth, until: endOfMonth(lastMonth) }

beforeAll(async () => {
  program = await testProgram()
  sanne = new TestPerson(program.base)
})
afterAll(() => program?.stop())

async function until<T>(look: () => Promise<T>, good: (found: T) => boolean, what: string): Promise<T> {
  const giveUp = Date.now() + 25_000
  for (;;) {
    const found = await look()
    if (good(found)) return found
    if (Date.now() > giveUp) throw new Error(`${what}: ${JSON.stringify(found)}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

const finished = (task: Task) =>
  until(
    () => sanne.good<Task>('GET', `/tasks/${task.id}`),
    ({ state }) => state === 'done' || state === 'failed',
    'the task does not end',
  )

describe('from an empty installation to the books', () => {
  const invoiceIds: string[] = []
  let connectionId = ''

  it('makes the sample firm and signs its administrator in', async () => {
    expect(await sanne.good('GET', '/setup')).toMatchObject({ needed: true, sandbox: true })
    const session = await sanne.good<{ slug: string; firms: { sample: boolean }[] }>('POST', '/setup', {
      sample: true,
      language: 'nl',
    })
    sanne.firm = session.slug
    expect(session.firms).toMatchObject([{ sample: true }])
    expect(await sanne.ask('POST', '/setup', { sample: true, language: 'nl' })).toMatchObject({ status: 409 })
  })

  it('turns the hours of last month into one draft per customer and claims them', async () => {
    const totals = await sanne.good<{ count: number; uninvoicedMinutes: number }>(
      'GET',
      `/hours/totals?from=${period.from}&until=${period.until}`,
    )
    expect(totals.count).toBeGreaterThan(80)
    const made = await sanne.good<{ invoices: { id: string; customerName: string }[]; leftOut: unknown[] }>(
      'POST',
      '/invoices/from-hours',
      {
        selection: { filter: { ...period, state: ['free'], billable: true } },
        groupBy: 'activity',
        date: period.until,
      },
    )
    expect(made.leftOut).toEqual([])
    expect(made.invoices.map(({ customerName }) => customerName).sort()).toEqual([
      'Kessler Maschinenbau GmbH',
      'Van Dalen Techniek B.V.',
    ])
    invoiceIds.push(...made.invoices.map(({ id }) => id))
    const reserved = await sanne.good<Listed<unknown>>(
      'GET',
      `/hours?from=${period.from}&until=${period.until}&state=reserved&limit=200`,
    )
    expect(reserved.rows.length).toBeGreaterThan(50)
    const again = await sanne
      .good<{ invoices: unknown[] }>('POST', '/invoices/from-hours', {
        selection: { filter: { ...period, state: ['free'], billable: true } },
        groupBy: 'activity',
      })
      .catch((error: Error) => error)
    expect(again instanceof Error || again.invoices.length === 0).toBe(true)
  })

  it('sends both with consecutive numbers', async () => {
    const numbers: (string | null)[] = []
    for (const id of invoiceIds) {
      const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${id}`)
      const sent = await sanne.good<{ number: string; state: string }>(
        'POST',
        `/invoices/${id}/sending`,
        { how: 'other' },
        { 'if-match': `"${version}"` },
      )
      expect(sent.state).toBe('sent')
      numbers.push(sent.number)
    }
    const year = lastMonth.slice(0, 4)
    expect(numbers).toEqual([`${year}-0001`, `${year}-0002`])
  })

  it('connects to Exact Online by its sign-in page', async () => {
    const { id, signInAt } = await sanne.good<{ id: string; signInAt: string }>('POST', '/connections', {
      package: 'exact-online',
      country: 'NL',
      mode: 'sandbox',
    })
    connectionId = id
    const page = await sanne.fetch(signInAt)
    expect(page.status).toBe(200)
    const html = await page.text()
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    expect(action).toBeTruthy()
    const fields = new URLSearchParams()
    for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]+)"/.exec(tag)?.[1]
      const type = /type="([^"]+)"/.exec(tag)?.[1]
      if (!name || ((type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag))) continue
      fields.append(name, (/value="([^"]*)"/.exec(tag)?.[1] ?? '').replaceAll('&amp;', '&'))
    }
    for (const [, attributes = ''] of html.matchAll(/<button([^>]*)>/g)) {
      const name = /name="([^"]+)"/.exec(attributes)?.[1]
      const value = /value="([^"]+)"/.exec(attributes)?.[1]
      if (name && value && /allow/i.test(value)) fields.set(name, value)
    }
    const allowed = await sanne.fetch(new URL(action as string, signInAt).href, {
      method: 'POST',
      body: fields.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(allowed.status).toBeGreaterThanOrEqual(302)
    const back = await sanne.fetch(allowed.headers.get('location') as string)
    expect(back.headers.get('location')).toContain(connectionId)
    const administrations = await sanne.good<Listed<{ id: string; name: string; usable: boolean }>>(
      'GET',
      `/connections/${connectionId}/administrations`,
    )
    expect(administrations.rows.map(({ name, usable }) => [name, usable])).toContainEqual([
      'Noordkade V.O.F. (gearchiveerd)',
      false,
    ])
    const first = administrations.rows.find(({ name }) => name === 'Bureau Noordkade B.V.')
    await sanne.good('PUT', `/connections/${connectionId}/administration`, { administration: first?.id })
    const tasks = await until(
      () => sanne.good<Listed<Task>>('GET', '/tasks'),
      ({ rows }) => rows.length > 0 && rows.every(({ state }) => state === 'done' || state === 'failed'),
      'the lists are not read',
    )
    expect(tasks.rows.map(({ state }) => state)).toEqual(tasks.rows.map(() => 'done'))
  })

  it('takes settings, the proposed posting rules and the cut-off', async () => {
    const list = (noun: string) =>
      sanne.good<Listed<{ id: string; code: string; unusable: string | null }>>(
        'GET',
        `/connections/${connectionId}/lists/${noun}?limit=200`,
      )
    const item = (await list('items')).rows.find(({ code }) => code === 'UREN-ONT')
    const journal = (await list('journals')).rows.find(({ code }) => code === '70')
    const term = (await list('paymentTerms')).rows.find(({ code }) => code === '30')
    const connection = await sanne.good<{ version: number; settingFields: { name: string; list: string }[] }>(
      'GET',
      `/connections/${connectionId}`,
    )
    const field = (noun: string) => connection.settingFields.find((one) => one.list === noun)?.name as string
    await sanne.good(
      'PATCH',
      `/connections/${connectionId}`,
      {
        cutOff: calendarDate(lastMonth),
        settings: { [field('items')]: item?.id, [field('journals')]: journal?.id, [field('paymentTerms')]: term?.id },
      },
      { 'if-match': `"${connection.version}"` },
    )
    const before = await sanne.good<{ needsYou: number; documents: { problems: { code: string }[] }[] }>(
      'POST',
      '/postings/preview',
      { invoiceIds },
    )
    expect(before.needsYou).toBe(2)
    expect(new Set(before.documents.flatMap(({ problems }) => problems.map(({ code }) => code)))).toContain(
      'posting-rule-missing',
    )
    interface Cell {
      item: string
      vatTreatment: string
      state: string
      ledgerAccount: { id: string } | null
      vatCode: { id: string } | null
      waiting: unknown[]
    }
    const rules = await sanne.good<{ cells: Cell[] }>('GET', `/connections/${connectionId}/posting-rules`)
    const accounts = (await list('ledgerAccounts')).rows
    const codes = (await list('vatCodes')).rows
    const wanted = rules.cells.filter(({ state }) => state === 'proposed' || state === 'missing')
    await sanne.good('PUT', `/connections/${connectionId}/posting-rules`, {
      rules: wanted.map((cell) => ({
        item: cell.item,
        vatTreatment: cell.vatTreatment,
        ledgerAccount: cell.ledgerAccount?.id ?? accounts.find(({ code }) => code.startsWith('8'))?.id,
        vatCode:
          cell.vatCode?.id ?? codes.find(({ code }) => code === (cell.vatTreatment === 'eu-business' ? '7' : '2'))?.id,
        version: null,
      })),
    })
  })

  it('imports the customers, matched on their number', async () => {
    const task = await sanne.good<Task>('POST', `/connections/${connectionId}/imports`, {})
    const done = await finished(task)
    expect(done.state).toBe('done')
    expect(done.report).toMatchObject({ skipped: expect.any(Number) })
    const customers = await sanne.good<Listed<{ number: string | null; ledBy: unknown }>>('GET', '/customers')
    expect(customers.rows.filter(({ number }) => number === '10012')).toHaveLength(1)
    expect(customers.rows.find(({ number }) => number === '10012')?.ledBy).toMatchObject({ package: 'exact-online' })
  })

  it('posts both entries, and their gross in Exact equals ours', async () => {
    const preview = await sanne.good<{ ready: number; documents: { problems: unknown[] }[] }>(
      'POST',
      '/postings/preview',
      { invoiceIds },
    )
    expect(preview.documents.map(({ problems }) => problems)).toEqual([[], []])
    expect(preview.ready).toBe(2)
    const posted = await sanne.good<{ postings: Posting[]; leftOut: unknown[] }>('POST', '/postings', { invoiceIds })
    expect(posted.leftOut).toEqual([])
    const settled = await until(
      () => sanne.good<Listed<Posting>>('GET', '/postings?kind=salesEntry'),
      ({ rows }) =>
        rows.length === 2 &&
        rows.every(({ state }) => ['posted', 'refused', 'blocked', 'needs-person'].includes(state)),
      'the postings do not settle',
    )
    expect(settled.rows.map(({ state, problem }) => [state, problem?.cause ?? null])).toEqual([
      ['posted', null],
      ['posted', null],
    ])
    for (const { gross, theirGross, theirNumber, url } of settled.rows) {
      expect(theirGross).toBe(gross)
      expect(theirNumber).toMatch(/^\d+$/)
      expect((await sanne.fetch(url as string)).status).toBe(200)
    }
  })

  it('does not post an invoice twice when asked twice', async () => {
    const again = await sanne.good<{ postings: unknown[]; leftOut: { problem: { code: string } }[] }>(
      'POST',
      '/postings',
      { invoiceIds },
    )
    expect(again.postings).toEqual([])
    expect(again.leftOut.map(({ problem }) => problem.code)).toEqual(['invoice-posted', 'invoice-posted'])
    const connection = await sanne.good<{ sandboxPage: string }>('GET', `/connections/${connectionId}`)
    const books = await (await sanne.fetch(connection.sandboxPage)).text()
    const year = lastMonth.slice(0, 4)
    for (const number of [`${year}-0001`, `${year}-0002`]) expect(books).toContain(number)
  })

  it('tells the timeline, the exact payload and what identities in it stand for', async () => {
    const { rows } = await sanne.good<Listed<Posting>>('GET', '/postings?kind=salesEntry')
    const one = await sanne.good<{ steps: { what: string }[]; payload: string; names: Record<string, string> }>(
      'GET',
      `/postings/${rows[0]?.id}`,
    )
    expect(one.steps.map(({ what }) => what)).toEqual(expect.arrayContaining(['decided', 'posted']))
    expect(one.payload).toContain('SalesEntryLines')
    expect(Object.keys(one.names).length).toBeGreaterThan(0)
  })
})
