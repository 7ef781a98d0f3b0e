import type { Role } from '@uurwerk/api/rights.ts'
import { mostBytes } from '@uurwerk/api/route.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetOld } from '../src/jobs/forget-old.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.from('ffd9', 'hex')])
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
const heic = Buffer.concat([Buffer.from('0000001866747970', 'hex'), Buffer.from('heic\0\0\0\0mif1heic')])
const program = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(200)])

let app: TestApp
let firm: TestFirm
beforeAll(async () => {
  app = await testApp((services) => ({
    settings: { ...services.settings, scanCommand: "! grep -q 'EICAR'" },
  }))
})
afterAll(() => app?.close())
beforeEach(async () => {
  firm = await testFirm(app.services)
})

interface Asked {
  readonly as?: Role
  readonly body?: object
  readonly version?: number
}
interface Problem {
  readonly code: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[]
  readonly current?: { readonly version: number }
}
interface Expense {
  readonly id: string
  readonly version: number
  readonly [field: string]: unknown
}
interface Answer<Body> {
  readonly status: number
  readonly body: Body & Problem
}

async function ask<Body = Expense>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { as = 'employee', body, version }: Asked = {},
): Promise<Answer<Body>> {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: {
      'accept-language': 'en',
      ...firm.as(as),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.body ? answer.json() : (null as never) }
}

async function send(bytes: Buffer, type: string, name = 'receipt', as: Role = 'employee') {
  const answer = await app.app.inject({
    method: 'POST',
    url: `/api/v1/files?name=${encodeURIComponent(name)}`,
    headers: { 'accept-language': 'en', 'content-type': type, ...firm.as(as) },
    payload: bytes,
  })
  return { status: answer.statusCode, body: answer.json() as Expense & Problem }
}

const wrongs = (answer: { status: number; body: Problem }) => [
  answer.status,
  ...(answer.body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
]

async function categoryOf(change: object = {}) {
  const made = await ask('POST', '/expense-categories', {
    as: 'finance',
    body: { name: 'Reizen', marginPercent: '5', ...change },
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return made.body.id
}

const train = (categoryId: string, more: object = {}) => ({
  date: '2026-03-10',
  projectId: firm.projectId,
  categoryId,
  gross: '54.50',
  inputVat: '4.50',
  ...more,
})

describe('a receipt', () => {
  it.each([
    ['image/png', png, 'bon.png', 'bon.png'],
    ['image/jpeg', jpeg, 'C:\\Foto’s\\IMG 1.JPG', 'IMG 1.JPG'],
    ['image/jpg', jpeg, 'foto', 'foto.jpg'],
    ['application/pdf', pdf, 'factuur', 'factuur.pdf'],
    ['image/heic', heic, 'IMG_2.HEIC', 'IMG_2.HEIC'],
    ['application/octet-stream', png, 'bon.png', 'bon.png'],
  ])('that is %s is taken, and comes back as it was', async (type, bytes, name, kept) => {
    const made = await send(bytes, type, name)
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(made.body).toMatchObject({ name: kept, sizeBytes: bytes.length })
    const answer = await app.app.inject({
      url: `/api/v1/files/${made.body.id}?firm=${firm.slug}`,
      headers: firm.as('employee'),
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toEqual(bytes)
    expect(answer.headers['content-type']).toBe(made.body.mediaType)
    expect(answer.headers['content-disposition']).toMatch(/^inline; /)
    expect(answer.headers['content-security-policy']).toBe(
      type === 'application/pdf' ? "frame-ancestors 'none'" : "default-src 'none'; sandbox",
    )
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  it('is saved when that is asked', async () => {
    const { body } = await send(pdf, 'application/pdf', 'één.pdf')
    const answer = await app.app.inject({ url: `/api/v1/files/${body.id}?save=true`, headers: firm.as('employee') })
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="__n.pdf"; filename*=UTF-8''%C3%A9%C3%A9n.pdf`,
    )
  })

  it.each([
    ['empty', Buffer.alloc(0), 'image/png', [422, ' file-empty']],
    ['not what it says', jpeg, 'application/pdf', [422, ' file-not-what-it-says']],
    ['a text that says it is a PDF', Buffer.from('hello'), 'application/pdf', [422, ' file-not-what-it-says']],
    ['a program that says it is a picture', program, 'image/png', [422, ' file-not-what-it-says']],
    ['a program', program, 'application/octet-stream', [422, ' file-type-not-allowed']],
    [
      'a web page',
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      'text/html',
      [422, ' file-not-what-it-says'],
    ],
    ['infected', Buffer.concat([pdf, Buffer.from('EICAR')]), 'application/pdf', [422, ' file-infected']],
    ['too large', Buffer.concat([png, Buffer.alloc(mostBytes)]), 'image/png', [413, ' file-too-large']],
  ])('that is %s is refused, in words', async (_, bytes, type, expected) => {
    const answer = await send(bytes as Buffer, type as string)
    expect(wrongs(answer)).toEqual(expected)
    expect(answer.body.errors?.[0]?.message).toMatch(/\w+ \w+/)
  })

  it('is for who sent it, and for who may see an expense that carries it', async () => {
    const categoryId = await categoryOf()
    const { body: file } = await send(png, 'image/png')
    const seenBy = async (as: Role) =>
      (await app.app.inject({ url: `/api/v1/files/${file.id}`, headers: firm.as(as) })).statusCode
    expect([await seenBy('employee'), await seenBy('finance'), await seenBy('manager')]).toEqual([200, 404, 404])
    const { body: made } = await ask('POST', '/expenses', { body: train(categoryId, { fileIds: [file.id] }) })
    expect([await seenBy('finance'), await seenBy('payroll'), await seenBy('manager')]).toEqual([200, 200, 404])
    await firm.within((trx) =>
      trx
        .insertInto('projectMember')
        .values([
          { firmId: firm.id, projectId: firm.projectId, memberId: firm.members.manager, manager: true },
          { firmId: firm.id, projectId: firm.projectId, memberId: firm.members.employee },
        ])
        .execute(),
    )
    expect(await seenBy('manager')).toBe(200)
    await ask('PATCH', `/expenses/${made.id}`, { version: made.version, body: { fileIds: [] } })
    expect([await seenBy('finance'), await seenBy('employee')]).toEqual([404, 200])
  })

  it('of somebody else cannot be hung on an expense of one’s own', async () => {
    const categoryId = await categoryOf()
    const { body: file } = await send(png, 'image/png', 'x', 'finance')
    const answer = await ask('POST', '/expenses', { body: train(categoryId, { fileIds: [file.id] }) })
    expect(wrongs(answer)).toEqual([422, '/fileIds/0 file-unknown'])
  })

  it('that hangs nowhere is forgotten after two days, its bytes when nobody else names them', async () => {
    const categoryId = await categoryOf()
    const bytes = Buffer.concat([png, Buffer.from('only here')])
    const { body: used } = await send(bytes, 'image/png')
    const { body: lost } = await send(bytes, 'image/png')
    const { body: alone } = await send(Buffer.concat([png, Buffer.from('alone')]), 'image/png')
    const { body: made } = await ask('POST', '/expenses', { body: train(categoryId, { fileIds: [used.id] }) })
    await ask('DELETE', `/expenses/${made.id}`, { version: made.version })
    const kept = () =>
      firm.within((trx) => trx.selectFrom('file').select(['id', 'sha256']).where('firmId', '=', firm.id).execute())
    const rows = await kept()
    const hashOf = (id: string) => rows.find((row) => row.id === id)?.sha256 as string
    await forgetOld(app.services)
    expect(await kept()).toHaveLength(3)
    app.clock.forward(2 * 86_400_000 + 1000)
    await forgetOld(app.services)
    // Of a deleted expense it stays, since that may come back.
    expect((await kept()).map(({ id }) => id)).toEqual([used.id])
    expect(await app.services.files.has(firm.id, hashOf(lost.id))).toBe(true)
    expect(await app.services.files.has(firm.id, hashOf(alone.id))).toBe(false)
    app.clock.set('2026-03-31T10:00:00.000Z')
  })
})

describe('an expense', () => {
  it('is what was paid, and what the category proposes', async () => {
    const categoryId = await categoryOf()
    const files = [(await send(png, 'image/png', 'een')).body.id, (await send(pdf, 'application/pdf', 'twee')).body.id]
    const made = await ask('POST', '/expenses', {
      as: 'finance',
      body: train(categoryId, { memberId: firm.members.employee, note: 'naar Utrecht', tags: ['trein'] }),
    })
    expect(made.body).toMatchObject({
      memberId: firm.members.employee,
      projectName: 'Website',
      customerName: 'Bakkerij Zon',
      categoryName: 'Reizen',
      currency: 'EUR',
      gross: '54.50',
      inputVat: '4.50',
      deductiblePercent: '100',
      marginPercent: '5',
      rechargeNet: '52.50',
      billable: true,
      reimbursable: true,
      reimbursement: null,
      files: [],
      state: 'free',
      approval: 'open',
      locked: false,
    })
    const changed = await ask('PATCH', `/expenses/${made.body.id}`, {
      version: made.body.version,
      body: { fileIds: [...files].reverse() },
    })
    expect((changed.body.files as { name: string }[]).map(({ name }) => name)).toEqual(['twee.pdf', 'een.png'])
    // Who may not see prices sees neither margin nor what the customer pays.
    expect(changed.body).toMatchObject({ marginPercent: null, rechargeNet: null, gross: '54.50' })
  })

  it('is not billed without a project that is invoiced, and says so where it was asked', async () => {
    const categoryId = await categoryOf()
    const create = (more: object) => ask('POST', '/expenses', { body: train(categoryId, more) })
    expect((await create({ projectId: null })).body).toMatchObject({ billable: false, projectId: null })
    expect(wrongs(await create({ projectId: null, billable: true }))).toEqual([
      422,
      '/projectId billable-without-project',
    ])
    const own = await firm.addProject({ customerId: null, name: 'Intern', invoicingMethod: 'none' })
    expect((await create({ projectId: own })).body).toMatchObject({ billable: false })
    expect(wrongs(await create({ projectId: own, billable: true }))).toEqual([
      422,
      '/billable project-without-customer',
    ])
    const free = await firm.addProject({ name: 'Gratis', invoicingMethod: 'none' })
    expect(wrongs(await create({ projectId: free, billable: true }))).toEqual([422, '/billable project-not-invoiced'])
  })

  it.each<[string, object, string[]]>([
    ['no amount', { gross: '0.00', inputVat: '0' }, ['/gross gross-zero']],
    ['an amount that is none', { gross: 'veel' }, ['/gross not-understood']],
    ['parts of a cent', { gross: '10.005' }, ['/gross amount-not-in-cents']],
    ['an absurd amount', { gross: '99999999.00' }, ['/gross gross-too-large']],
    ['more VAT than was paid', { inputVat: '60.00' }, ['/inputVat vat-more-than-gross']],
    ['VAT that goes the other way', { inputVat: '-4.50' }, ['/inputVat vat-sign-differs']],
    ['no such day', { date: '2026-02-30' }, ['/date no-such-day']],
    ['a day that has not come', { date: '2026-04-02' }, ['/date expense-in-future']],
    ['no category', { categoryId: undefined }, ['/categoryId required']],
    ['a category of nobody', { categoryId: '01900000-0000-7000-8000-00000000dead' }, ['/categoryId category-unknown']],
    ['a project of nobody', { projectId: '01900000-0000-7000-8000-00000000dead' }, ['/projectId project-unknown']],
    ['a field that does not exist', { amount: '3' }, ['/amount unknown-field']],
    ['too many receipts', { fileIds: Array(11).fill('01900000-0000-7000-8000-00000000dead') }, ['/fileIds too-big']],
  ])('with %s is refused at the field', async (_, more, expected) => {
    const categoryId = await categoryOf()
    expect(wrongs(await ask('POST', '/expenses', { body: train(categoryId, more) }))).toEqual([422, ...expected])
  })

  it('may be written on the last day that is somewhere today', async () => {
    const categoryId = await categoryOf()
    expect((await ask('POST', '/expenses', { body: train(categoryId, { date: '2026-04-01' }) })).status).toBe(201)
  })

  it('takes no archived category, project or person, and no closed day', async () => {
    const archived = await firm.addExpenseCategory({ archivedAt: app.clock.now() })
    expect(wrongs(await ask('POST', '/expenses', { body: train(archived) }))).toEqual([
      422,
      '/categoryId category-archived',
    ])
    const categoryId = await categoryOf()
    const old = await firm.addProject({ archivedAt: app.clock.now() })
    expect(wrongs(await ask('POST', '/expenses', { body: train(categoryId, { projectId: old }) }))).toEqual([
      422,
      '/projectId project-archived',
    ])
    const { body: before } = await ask('POST', '/expenses', { body: train(categoryId) })
    await firm.within((trx) => trx.updateTable('firm').set({ lockedUntil: '2026-03-15' }).execute())
    expect(wrongs(await ask('POST', '/expenses', { body: train(categoryId) }))).toEqual([422, '/date day-locked'])
    const out = { version: before.version, body: { date: '2026-03-20' } }
    expect(wrongs(await ask('PATCH', `/expenses/${before.id}`, out))).toEqual([422, '/date day-locked'])
    expect(wrongs(await ask('DELETE', `/expenses/${before.id}`, { version: before.version }))).toEqual([
      422,
      '/date day-locked',
    ])
  })

  it('leaves margin, deductible share and disbursement to the office', async () => {
    const categoryId = await categoryOf()
    for (const more of [{ marginPercent: '50' }, { deductiblePercent: '0' }, { disbursement: true }]) {
      expect(await ask('POST', '/expenses', { body: train(categoryId, more) })).toMatchObject({
        status: 403,
        body: { code: 'no-right' },
      })
      const { body: made } = await ask('POST', '/expenses', { body: train(categoryId) })
      const changed = await ask('PATCH', `/expenses/${made.id}`, { as: 'finance', version: made.version, body: more })
      expect(changed.status).toBe(200)
    }
    const fee = await ask('POST', '/expenses', { as: 'finance', body: train(categoryId, { disbursement: true }) })
    expect(fee.body).toMatchObject({ rechargeNet: '54.50', marginPercent: '0', deductiblePercent: '0' })
    const withMargin = train(categoryId, { disbursement: true, marginPercent: '5' })
    expect(wrongs(await ask('POST', '/expenses', { as: 'finance', body: withMargin }))).toEqual([
      422,
      '/marginPercent disbursement-with-margin',
    ])
  })

  it('takes over what another category proposes, but not whether it is billed or paid back', async () => {
    const [travel, meals] = [
      await categoryOf(),
      await categoryOf({ name: 'Eten', deductiblePercent: '0', marginPercent: '0' }),
    ]
    const { body: made } = await ask('POST', '/expenses', {
      as: 'finance',
      body: train(travel, { billable: true, reimbursable: false }),
    })
    const changed = await ask('PATCH', `/expenses/${made.id}`, {
      as: 'finance',
      version: made.version,
      body: { categoryId: meals },
    })
    expect(changed.body).toMatchObject({
      deductiblePercent: '0',
      marginPercent: '0',
      rechargeNet: '54.50',
      billable: true,
      reimbursable: false,
    })
    const history = await ask<{ rows: { act: string; before: unknown; after: unknown }[] }>(
      'GET',
      `/history?subjectKind=expense&subjectId=${made.id}`,
      { as: 'finance' },
    )
    expect(history.body.rows[0]).toMatchObject({
      act: 'changed',
      before: { categoryName: 'Reizen', marginPercent: '5' },
      after: { categoryName: 'Eten', marginPercent: '0' },
    })
  })

  it('cannot be changed on what somebody else changed since', async () => {
    const categoryId = await categoryOf()
    const { body: made } = await ask('POST', '/expenses', { body: train(categoryId) })
    const change = (note: string) => ask('PATCH', `/expenses/${made.id}`, { version: made.version, body: { note } })
    const both = await Promise.all([change('een'), change('twee')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const stale = both.find(({ status }) => status === 409)
    expect(stale?.body).toMatchObject({ code: 'stale', current: { version: 2 } })
  })

  it.each([
    ['claimed', { claimed: true }, 'expense-claimed'],
    ['approved', { approval: 'approved' }, 'expense-approved'],
    ['written off', { writtenOffAt: new Date() }, 'expense-written-off'],
  ])('that is %s is neither changed nor deleted', async (_, facts, code) => {
    const id = await firm.addExpense(facts)
    const version = 1
    expect(await ask('PATCH', `/expenses/${id}`, { version, body: { note: 'x' } })).toMatchObject({
      status: 409,
      body: { code },
    })
    expect(await ask('DELETE', `/expenses/${id}`, { version })).toMatchObject({ status: 409, body: { code } })
  })

  it('that was rejected is open again once it is changed', async () => {
    const id = await firm.addExpense({ approval: 'rejected', rejectedReason: 'bon ontbreekt' })
    const { body } = await ask('PATCH', `/expenses/${id}`, { version: 1, body: { note: 'met bon' } })
    expect(body).toMatchObject({ approval: 'open', rejectedReason: null })
  })

  it('is deleted, and comes back with its receipts', async () => {
    const categoryId = await categoryOf()
    const { body: file } = await send(png, 'image/png')
    const { body: made } = await ask('POST', '/expenses', { body: train(categoryId, { fileIds: [file.id] }) })
    expect((await ask('DELETE', `/expenses/${made.id}`, { version: made.version })).status).toBe(204)
    expect((await ask('GET', `/expenses/${made.id}`)).status).toBe(404)
    const back = await ask('POST', `/expenses/${made.id}/restoration`)
    expect(back.body).toMatchObject({ id: made.id, files: [{ id: file.id }] })
    expect((await ask('POST', `/expenses/${made.id}/restoration`)).body.version).toBe(back.body.version)
  })

  it('of somebody else is seen by whom it concerns, and written by the office alone', async () => {
    const id = await firm.addExpense()
    for (const [as, status] of [
      ['employee', 200],
      ['finance', 200],
      ['manager', 404],
      ['payroll', 404],
    ] as const)
      expect((await ask('GET', `/expenses/${id}`, { as })).status, as).toBe(status)
    const categoryId = await categoryOf()
    const others = train(categoryId, { memberId: firm.members.finance })
    expect(await ask('POST', '/expenses', { body: others })).toMatchObject({ status: 403 })
  })
})

describe('the list of expenses', () => {
  interface Page {
    readonly rows: readonly { readonly id: string; readonly gross: string; readonly memberName: string }[]
    readonly next: string | null
  }
  const list = (query: string, as: Role = 'finance') => ask<Page>('GET', `/expenses?${query}`, { as })

  it.each([
    ['date', ['10.00', '-5.00', '300.00', '10.00']],
    ['-date', ['10.00', '300.00', '-5.00', '10.00']],
    ['amount', ['-5.00', '10.00', '10.00', '300.00']],
    ['-amount', ['300.00', '10.00', '10.00', '-5.00']],
    ['person', ['10.00', '-5.00', '10.00', '300.00']],
    ['project', ['300.00', '10.00', '-5.00', '10.00']],
    ['category', ['10.00', '-5.00', '300.00', '10.00']],
    ['customer', ['300.00', '10.00', '-5.00', '10.00']],
  ])('goes by %s, page by page, and misses nothing', async (sort, expected) => {
    const categoryId = await firm.addExpenseCategory()
    const one = { categoryId, inputVat: '0' }
    await firm.addExpense({ ...one, date: '2026-03-01', gross: '10.00' })
    await firm.addExpense({ ...one, date: '2026-03-02', gross: '-5.00' })
    await firm.addExpense({
      ...one,
      date: '2026-03-03',
      gross: '300.00',
      memberId: firm.members.manager,
      projectId: null,
      billable: false,
    })
    await firm.addExpense({ ...one, date: '2026-03-04', gross: '10.00' })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Answer<Page> = await list(`sort=${sort}&limit=1${cursor ? `&cursor=${cursor}` : ''}`)
      expect(page.status, JSON.stringify(page.body)).toBe(200)
      seen.push(...page.body.rows.map(({ gross }) => gross))
      cursor = page.body.next
    } while (cursor)
    expect(seen).toEqual(expected)
  })

  it('finds by category, receipt, reimbursement and text, and shows an employee his own', async () => {
    const [a, b] = [await firm.addExpenseCategory({ name: 'Alpha' }), await firm.addExpenseCategory({ name: 'Beta' })]
    const { body: file } = await send(png, 'image/png')
    const { body: withReceipt } = await ask('POST', '/expenses', {
      body: train(a, { fileIds: [file.id], note: 'taxi' }),
    })
    const other = await firm.addExpense({ categoryId: b, reimbursable: false, memberId: firm.members.manager })
    const found = async (query: string, as?: Role) => (await list(query, as)).body.rows.map(({ id }) => id)
    expect(await found(`categoryId=${a}`)).toEqual([withReceipt.id])
    expect(await found('receipt=true')).toEqual([withReceipt.id])
    expect(await found('receipt=false')).toEqual([other])
    expect(await found('reimbursable=false')).toEqual([other])
    expect(await found('reimbursed=true')).toEqual([])
    expect(await found('search=TAXI')).toEqual([withReceipt.id])
    expect(await found('search=beta')).toEqual([other])
    expect(await found('', 'employee')).toEqual([withReceipt.id])
  })

  it('refuses a place of another order', async () => {
    await firm.addExpense()
    await firm.addExpense()
    const { body } = await list('sort=amount&limit=1')
    expect(wrongs(await list(`sort=date&cursor=${body.next}`))).toEqual([422, '/query/cursor cursor-unknown'])
  })
})

describe('an expense category', () => {
  it('is there from the start, in the language of the firm', async () => {
    const { body } = await ask<{ rows: { name: string; disbursement: boolean }[] }>('GET', '/expense-categories')
    expect(body.rows.length).toBe(7)
    expect(body.rows.filter(({ disbursement }) => disbursement)).toMatchObject([
      { name: 'Doorlopende post (leges, griffierecht)', deductiblePercent: '0', billable: true },
    ])
    const english = await testFirm(app.services, { language: 'en' })
    const answer = await app.app.inject({ url: '/api/v1/expense-categories', headers: english.as('employee') })
    expect(answer.json().rows.map(({ name }: { name: string }) => name)).toContain('Accommodation')
  })

  it.each<[string, object, string[]]>([
    ['no name', { name: ' ' }, ['/name required']],
    ['more than all VAT', { deductiblePercent: '100.01' }, ['/deductiblePercent percent-out-of-range']],
    ['a share of too many decimals', { deductiblePercent: '33.333' }, ['/deductiblePercent not-understood']],
    ['too much margin', { marginPercent: '1000.01' }, ['/marginPercent percent-out-of-range']],
    [
      'a disbursement with margin and VAT',
      { disbursement: true, marginPercent: '5', deductiblePercent: '100' },
      ['/deductiblePercent disbursement-vat-deducted', '/marginPercent disbursement-with-margin'],
    ],
  ])('with %s is refused at the field', async (_, change, expected) => {
    const answer = await ask('POST', '/expense-categories', { as: 'finance', body: { name: 'Iets', ...change } })
    expect(wrongs(answer)).toEqual([422, ...expected])
  })

  it('that was used is archived, not deleted; what was written stays as it was', async () => {
    const categoryId = await categoryOf()
    const { body: made } = await ask('POST', '/expenses', { as: 'finance', body: train(categoryId) })
    const path = `/expense-categories/${categoryId}`
    expect(await ask('DELETE', path, { as: 'finance', version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'category-in-use' },
    })
    const changed = await ask('PATCH', path, {
      as: 'finance',
      version: 1,
      body: { marginPercent: '10', archived: true },
    })
    expect(changed.body).toMatchObject({ archived: true, marginPercent: '10' })
    expect(await ask('PATCH', path, { as: 'finance', version: 1, body: { name: 'x' } })).toMatchObject({ status: 409 })
    expect((await ask('GET', `/expenses/${made.id}`, { as: 'finance' })).body).toMatchObject({ rechargeNet: '52.50' })
    const noted = await ask('PATCH', `/expenses/${made.id}`, { as: 'finance', version: 1, body: { note: 'nog' } })
    expect(noted.body).toMatchObject({ note: 'nog', rechargeNet: '52.50' })
  })

  it('that nobody used is deleted and restored, and its margin is no matter of employees', async () => {
    const id = await categoryOf()
    expect((await ask('DELETE', `/expense-categories/${id}`, { as: 'finance', version: 1 })).status).toBe(204)
    expect((await ask('POST', `/expense-categories/${id}/restoration`, { as: 'finance' })).body).toMatchObject({ id })
    expect((await ask('GET', `/expense-categories/${id}`)).body).toMatchObject({ marginPercent: null })
    expect((await ask('POST', '/expense-categories', { body: { name: 'Mijn' } })).status).toBe(403)
  })
})
