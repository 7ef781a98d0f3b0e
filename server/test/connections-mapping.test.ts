import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

interface Theirs {
  readonly id: string
  readonly code: string
}
interface Cell {
  readonly item: string
  readonly vatTreatment: string
  readonly state: string
  readonly ledgerAccount: Theirs | null
  readonly vatCode: Theirs | null
  readonly version: number | null
  readonly waiting: { readonly number: string }[]
  readonly itemDiffers: string | null
  readonly problem: { readonly code: string; readonly cause: string } | null
}
interface Matrix {
  readonly items: {
    readonly id: string
    readonly code: string
    readonly usedBy: string[]
    readonly isDefault: boolean
    readonly ownLedgerAccount: { readonly code: string; readonly from: string } | null
  }[]
  readonly treatments: {
    readonly id: string
    readonly label: string
    readonly customers: number
    readonly used: boolean
  }[]
  readonly cells: Cell[]
  readonly missing: number
  readonly code?: string
  readonly errors?: { readonly pointer: string; readonly code: string }[]
  readonly currentVersion?: number
  readonly current?: Matrix
}

async function connected(): Promise<{ at: Office; id: string; items: Record<string, string> }> {
  const at = await office(app)
  const id = await at.connect()
  const { rows } = (await at.ask<{ rows: Theirs[] }>(`/connections/${id}/lists/items`)).body
  return { at, id, items: Object.fromEntries(rows.map((row) => [row.code, row.id])) }
}

/** As many as it misses, the health list says. */
async function rules(at: Office, id: string): Promise<Matrix> {
  const matrix = (await at.ask<Matrix>(`/connections/${id}/posting-rules`)).body
  const { health } = (await at.ask<{ health: { title: string }[] }>(`/connections/${id}`)).body
  const said = health.flatMap(({ title }) => /^(\d+) posting rules? (?:is|are) missing$/.exec(title)?.[1] ?? [])
  expect(said).toEqual(matrix.missing > 0 ? [String(matrix.missing)] : [])
  return matrix
}
const cellOf = (matrix: Matrix, item: string | undefined, vatTreatment: string) =>
  matrix.cells.find((cell) => cell.item === item && cell.vatTreatment === vatTreatment)
const setRules = (at: Office, id: string, list: object[]) =>
  at.ask<Matrix>(`/connections/${id}/posting-rules`, { method: 'PUT', body: { rules: list } })
const setItems = (at: Office, id: string, body: object) =>
  at.ask<Matrix>(`/connections/${id}/items`, { method: 'PUT', body })

const nil = '01a1fc72-0000-7000-8000-000000000000'

interface Items {
  readonly defaultItem: string | null
  readonly subjects: {
    readonly subject: string
    readonly id: string | null
    readonly name: string
    readonly item: (Theirs & { readonly unusable: string | null }) | null
    readonly isUsed: boolean
  }[]
  readonly errors?: { readonly pointer: string; readonly code: string }[]
}

describe('items', () => {
  it('are chosen per activity, expense category and other kind of line, by id or code, and fall back to the default', async () => {
    const { at, id, items } = await connected()
    const travel = await at.firm.addActivity({ name: 'Reizen' })
    const set = (body: object) => at.ask<Items>(`/connections/${id}/items`, { method: 'PUT', body })
    const first = (await at.ask<Items>(`/connections/${id}/items`)).body
    const category = first.subjects.find(({ subject }) => subject === 'expense-category')
    const own = (body: Items) =>
      body.subjects.flatMap(({ subject, name, item }) => (item ? [[subject, name, item.code]] : []))
    expect(own(first)).toEqual([])
    const after = await set({
      defaultItem: 'UREN-ADV',
      subjects: [
        { subject: 'activity', id: travel, item: items['UREN-ONT'] },
        ...(category ? [{ subject: 'expense-category', id: category.id, item: 'UREN-ONT' }] : []),
        { subject: 'trip', item: 'UREN-ONT' },
        { subject: 'instalment', item: 'UREN-ADV' },
        { subject: 'subscription', id: null, item: 'UREN-ADV' },
        { subject: 'free', item: 'UREN-ONT' },
      ],
    })
    expect(after.status).toBe(200)
    expect(after.body.defaultItem).toBe(items['UREN-ADV'])
    expect(own(after.body)).toEqual([
      ['activity', 'Reizen', 'UREN-ONT'],
      ...(category ? [['expense-category', category.name, 'UREN-ONT']] : []),
      ['trip', 'Trips', 'UREN-ONT'],
      ['instalment', 'Instalments', 'UREN-ADV'],
      ['subscription', 'Subscriptions', 'UREN-ADV'],
      ['free', 'Free lines', 'UREN-ONT'],
    ])
    const back = await set({ subjects: [{ subject: 'trip', item: null }] })
    expect(own(back.body).some(([subject]) => subject === 'trip')).toBe(false)

    const wrong = await set({
      defaultItem: 'LIC',
      subjects: [
        { subject: 'activity', id: at.firm.activityId, item: 'nope' },
        { subject: 'activity', id: nil, item: 'UREN-ADV' },
        { subject: 'trip', id: nil, item: 'UREN-ADV' },
      ],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/subjects/0/item', 'theirs-unknown'],
      ['/subjects/1/id', 'activity-unknown'],
      ['/subjects/2/id', 'subject-unknown'],
      ['/defaultItem', 'theirs-unusable'],
    ])
  })
})

describe('posting rules', () => {
  it('are proposed from the item’s account and the one VAT code that fits, and book nothing until they are saved', async () => {
    const { at, id, items } = await connected()
    await at.firm.addCustomer({ name: 'Kessler', country: 'DE', vatCase: 'eu-business', vatId: 'DE136695976' })
    await setItems(at, id, { defaultItem: 'UREN-ONT' })
    const matrix = await rules(at, id)
    expect(matrix.items).toMatchObject([
      { code: 'UREN-ONT', usedBy: ['Advies'], isDefault: true, ownLedgerAccount: { from: 'group' } },
    ])
    const used = Object.fromEntries(
      matrix.cells
        .filter(({ state }) => state !== 'not-used')
        .map((cell) => [cell.vatTreatment, [cell.state, cell.vatCode?.code]]),
    )
    expect(used).toEqual({ 'domestic-standard': ['proposed', '2'], 'eu-business': ['proposed', '7'] })
    expect(matrix.missing).toBe(2)
    expect(matrix.treatments.find(({ id }) => id === 'domestic-standard')).toMatchObject({
      label: 'Domestic, 21\u00a0%',
      customers: 1,
      used: true,
    })
    expect(await app.database.asOwner('select 1 from posting_rule where firm_id = $1', [at.firm.id])).toEqual([])

    const cell = cellOf(matrix, items['UREN-ONT'], 'domestic-standard')
    const saved = await setRules(at, id, [
      {
        item: cell?.item,
        vatTreatment: 'domestic-standard',
        ledgerAccount: cell?.ledgerAccount?.id,
        vatCode: cell?.vatCode?.id,
        version: null,
      },
    ])
    expect(saved.status).toBe(200)
    expect(cellOf(saved.body, items['UREN-ONT'], 'domestic-standard')).toMatchObject({
      state: 'set',
      version: 1,
      problem: null,
    })
    expect(saved.body.missing).toBe(1)
  })

  it('show both when somebody changed one meanwhile, and then change nothing', async () => {
    const { at, id, items } = await connected()
    await setItems(at, id, { defaultItem: 'UREN-ADV' })
    const rule = { item: 'UREN-ADV', vatTreatment: 'domestic-standard', ledgerAccount: '8020', vatCode: '2' }
    expect((await setRules(at, id, [{ ...rule, version: null }])).status).toBe(200)
    const mine = await setRules(at, id, [{ ...rule, ledgerAccount: '8010', version: 1 }])
    expect(cellOf(mine.body, items['UREN-ADV'], 'domestic-standard')).toMatchObject({
      version: 2,
      ledgerAccount: { code: '8010' },
    })
    const other = await setRules(at, id, [
      { ...rule, vatTreatment: 'outside-eu', vatCode: '6', version: null },
      { ...rule, ledgerAccount: '8030', version: 1 },
    ])
    expect(other).toMatchObject({ status: 409, body: { code: 'stale', currentVersion: 2 } })
    expect(cellOf(other.body.current as Matrix, items['UREN-ADV'], 'domestic-standard')?.ledgerAccount?.code).toBe(
      '8010',
    )
    expect(cellOf(await rules(at, id), items['UREN-ADV'], 'outside-eu')).toMatchObject({ version: null })
    // The same again is no conflict: it says what stands there.
    expect((await setRules(at, id, [{ ...rule, ledgerAccount: '8010', version: 1 }])).status).toBe(200)
  })

  it('name every row that is wrong at its own field', async () => {
    const { at, id } = await connected()
    const { status, body } = await setRules(at, id, [
      { item: 'UREN-OUD', vatTreatment: 'domestic-standard', ledgerAccount: '1300', vatCode: '4' },
      { item: 'UREN-ADV', vatTreatment: 'moon', ledgerAccount: '8010', vatCode: '2', costCentre: 'nope' },
    ])
    expect(status).toBe(422)
    expect(body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/rules/0/item', 'theirs-unusable'],
      ['/rules/0/ledgerAccount', 'theirs-unusable'],
      ['/rules/0/vatCode', 'theirs-unusable'],
      ['/rules/1/vatTreatment', 'vat-treatment-unknown'],
      ['/rules/1/costCentre', 'theirs-unknown'],
    ])
  })

  it('say which sent invoices wait for them, and let those go on when they are saved', async () => {
    const { at, id, items } = await connected()
    await setItems(at, id, { defaultItem: 'UREN-ADV' })
    await blockedInvoice(at, id, '2026-007', 'domestic-reverse-charge')
    const before = await rules(at, id)
    expect(cellOf(before, items['UREN-ADV'], 'domestic-reverse-charge')).toMatchObject({
      state: 'proposed',
      waiting: [{ number: '2026-007' }],
    })
    await setRules(at, id, [
      { item: 'UREN-ADV', vatTreatment: 'domestic-reverse-charge', ledgerAccount: '8020', vatCode: '8' },
    ])
    const [posting] = await app.database.asOwner<{ state: string }>('select state from posting where firm_id = $1', [
      at.firm.id,
    ])
    expect(posting?.state).toBe('waiting')
  })

  it('turn red when the package no longer has what they name, or counts another rate', async () => {
    const { at, id, items } = await connected()
    await setItems(at, id, { defaultItem: 'UREN-EU' })
    await setRules(at, id, [
      { item: 'UREN-EU', vatTreatment: 'domestic-standard', ledgerAccount: '8310', vatCode: '2' },
      { item: 'UREN-EU', vatTreatment: 'domestic-reduced', ledgerAccount: '8310', vatCode: '2' },
    ])
    const differs = await rules(at, id)
    expect(cellOf(differs, items['UREN-EU'], 'domestic-standard')).toMatchObject({ itemDiffers: '7', problem: null })
    expect(cellOf(differs, items['UREN-EU'], 'domestic-reduced')?.problem).toMatchObject({
      code: 'rule-vat-rate-differs',
      cause: 'VAT code 2 stands for 21 %, and this case for 9 %.',
    })
    await app.changeWorld(at.firm.id, (world) => {
      const table = world.tables.VATCodes ?? {}
      for (const [key, row] of Object.entries(table))
        if (String(row.Code).trim() === '2' && row.Division === 1234567) {
          delete table[key]
          world.changed.add(`VATCodes/${key}`)
        }
    })
    app.clock.forward(120_000)
    await at.ask(`/connections/${id}/lists`, { method: 'POST' })
    await app.runTasks()
    expect(cellOf(await rules(at, id), items['UREN-EU'], 'domestic-standard')).toMatchObject({
      state: 'set',
      vatCode: { code: '2' },
      problem: { code: 'rule-vat-code-gone' },
    })
  })
})

/** A sent invoice of one line and the posting of it that waits for a rule. */
async function blockedInvoice(at: Office, connectionId: string, number: string, treatment: string): Promise<void> {
  const { ids, clock } = app.services
  const firmId = at.firm.id
  await at.firm.within(async (trx) => {
    const series = await trx.selectFrom('series').select('id').where('firmId', '=', firmId).executeTakeFirstOrThrow()
    const times = { createdAt: clock.now(), updatedAt: clock.now() }
    const id = ids.next()
    const invoice = {
      firmId,
      id,
      customerId: at.firm.customerId,
      seriesId: series.id,
      date: '2026-03-20',
      dueDate: '2026-04-20',
      language: 'nl',
      currency: 'EUR',
      ...times,
    }
    await trx.insertInto('invoice').values(invoice).execute()
    await trx
      .insertInto('invoiceLine')
      .values({
        firmId,
        id: ids.next(),
        invoiceId: id,
        position: 1,
        kind: 'hours',
        description: 'Advies',
        quantity: '1',
        unit: 'hour',
        unitPrice: '100',
        net: '100',
        vatTreatment: treatment,
        vatRate: '0',
        activityId: at.firm.activityId,
      })
      .execute()
    await trx
      .updateTable('invoice')
      .set({ state: 'sent', number })
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .execute()
    const { laneKey } = await trx
      .selectFrom('connection')
      .select('laneKey')
      .where('firmId', '=', firmId)
      .where('id', '=', connectionId)
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('posting')
      .values({
        firmId,
        id: ids.next(),
        connectionId,
        laneKey: laneKey as string,
        kind: 'salesEntry',
        reference: 'UWTEST000002',
        subjectKind: 'invoice',
        subjectId: id,
        label: number,
        state: 'blocked',
        problem: JSON.stringify({ kind: 'setup', code: 'posting-rule-missing' }),
        ...times,
      })
      .execute()
  })
}
