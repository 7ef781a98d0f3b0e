import { assert } from '@uurwerk/core/shared/assert.ts'
import { postingsChanged } from '../notifications/posting-notices.ts'
import { tellPeople } from '../notifications/tell-people.ts'
import { tellPackageInvoices } from '../package-invoices/told.ts'
import { writeBackNumber } from '../postings/customer-number.ts'
import { type Engine, ourDocuments } from '../postings/engine.ts'
import { invoiceFile } from '../postings/invoice-file.ts'
import { runLane } from '../postings/lane.ts'
import { type ConnectedApp, connectedApp, type Office, office } from './connected.ts'
import { type FurnishedComingBack, furnishComingBack } from './furnished-coming-back.ts'
import { type FurnishedDue, furnishDue } from './furnished-due.ts'
import { type FurnishedImports, furnishImports } from './furnished-imports.ts'
import { type FurnishedTime, furnishTime } from './furnished-time.ts'
import { pngOf } from './picture.ts'

export interface FurnishedApp extends ConnectedApp {
  /** Sends what waits in the lane of a connection, until nothing is due. */
  runLane(laneKey: string): Promise<void>
}

/** The API with packages behind it and an engine that posts. */
export async function furnishedApp(): Promise<FurnishedApp> {
  let engine: Engine | undefined
  const app = await connectedApp((services) => {
    const { store, connectors, connections, clock, ids, random, queue } = services
    engine = {
      store,
      connectors,
      wireFor: (connection, guard) => connections.wireFor(connection, guard),
      clock,
      ids,
      random,
      documents: ourDocuments,
      fileOf: invoiceFile(services),
      customerLinked: writeBackNumber,
      told: tellPackageInvoices(services),
      wake: (trx, laneKey) => queue.wakeLane(trx, laneKey),
      notify: postingsChanged(services),
    }
    return { engine }
  })
  return {
    ...app,
    async runLane(laneKey) {
      assert(engine, 'the services were asked for')
      await runLane(engine, laneKey)
    },
  }
}

/** One transparent dot. */
export const smallestPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

interface Cell {
  readonly item: string
  readonly vatTreatment: string
  readonly ledgerAccount: { readonly id: string } | null
  readonly vatCode: { readonly id: string } | null
}

/** A firm that has a row of everything; each of these is there for one thing to happen to it. */
export interface FurnishedFirm extends Office, FurnishedTime {
  /** Stands in every text of this firm, and in no other's. */
  readonly word: string
  readonly customer: {
    readonly used: string
    readonly unused: string
    readonly deleted: string
    readonly other: string
    /** Deleted in the package. */
    readonly unlinked: string
  }
  readonly contact: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly team: string
  readonly tag: string
  readonly project: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly activity: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly rate: { readonly used: string; readonly unused: string; readonly deleted: string }
  /** All of the employee: `free` may be changed, `unused` deleted, `claimed` stands on the draft. */
  readonly hours: {
    readonly free: string
    readonly unused: string
    readonly deleted: string
    readonly claimed: string
    readonly invoiced: string
  }
  readonly invoice: {
    readonly draft: string
    readonly unused: string
    readonly ready: string
    readonly sent: string
    readonly posted: string
    /** With two lines, whose order nothing else changes. */
    readonly ordered: string
  }
  /** Of the posted invoice; `undone` counts for nothing. */
  readonly payment: { readonly used: string; readonly undone: string }
  /** Of the draft; `ordered` of the invoice of that name. */
  readonly line: {
    readonly ofHours: string
    readonly free: string
    readonly unused: string
    readonly ordered: readonly string[]
  }
  /** Of the sent invoice; each in the state it is named after. */
  readonly letter: {
    readonly waiting: string
    readonly failed: string
    readonly uncertain: string
    readonly sent: string
  }
  /** The firm's own text of invoices in Dutch. */
  readonly mailTemplate: string
  /** Sending many invoices. */
  readonly sendings: string
  readonly comingBack: FurnishedComingBack
  /** An unread one of the administrator. */
  readonly notification: string
  readonly importConflict: string
  readonly proposal: FurnishedImports['proposal']
  readonly series: string
  readonly connection: { readonly used: string; readonly lane: string }
  /** Codes and ids that the package itself gave. */
  readonly theirs: {
    readonly item: string
    readonly journal: string
    readonly ledgerAccount: string
    readonly vatCode: string
  }
  readonly posting: { readonly posted: string; readonly refused: string; readonly doubtful: string }
  /** In the package; its entries may be released. */
  readonly packageInvoice: string
  readonly task: string
  readonly category: { readonly used: string; readonly unused: string; readonly deleted: string }
  /** All of the employee: `free` carries the file, `unused` may be deleted, `paid` was reimbursed. */
  readonly expense: {
    readonly free: string
    readonly unused: string
    readonly deleted: string
    readonly payable: string
    readonly paid: string
  }
  /** A receipt. */
  readonly file: string
  /** The hash of the logo that the firm has. */
  readonly logo: string
  readonly reimbursement: string
  /** All of the employee: `free` may be changed, `unused` deleted. */
  readonly trip: { readonly free: string; readonly unused: string; readonly deleted: string }
  readonly vehicle: { readonly used: string }
  readonly distance: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly kmRate: { readonly used: string; readonly unused: string; readonly deleted: string }
  /** A request of the manager, and hours that are in none. */
  readonly approvalRequest: { readonly open: string; readonly waiting: string }
  /** Acts on entries, of the employee. */
  readonly acts: string
  readonly due: FurnishedDue
  readonly key: string
  readonly view: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly invited: string
}

/** Takes the road a person takes, so that the rows are those of the program itself. */
export async function furnishedFirm(app: FurnishedApp, word: string): Promise<FurnishedFirm> {
  const at = await office(app, { name: `${word} Advies`, email: `kantoor@${word.toLowerCase()}.example` })
  const { firm } = at
  const good = async <T = { id: string; version: number }>(
    path: string,
    asked: NonNullable<Parameters<Office['ask']>[1]> & {
      readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
    } = {},
  ): Promise<T> => {
    const { status, body } = await at.ask<T>(path, asked)
    assert(status < 300, `${asked.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const post = <T = { id: string; version: number }>(path: string, body: unknown, version?: number) =>
    good<T>(path, { method: 'POST', body, ...(version === undefined ? {} : { version }) })
  const address = { line1: `${word}laan 1`, postcode: '1234 AB', city: `${word}stad`, country: 'NL' }
  const vatId = 'NL123456782B01'
  const customer = async (name: string, number: string) =>
    (await post('/customers', { name: `${word} ${name}`, number, country: 'NL', vatId, visitAddress: address })).id

  const customers = {
    used: await customer('Bakkerij', '2001'),
    unused: await customer('Kapper', '2002'),
    other: await customer('Slager', '2003'),
    deleted: await firm.addCustomer({ name: `${word} Weg`, deletedAt: app.clock.now() }),
  }
  const activity = async (name: string) =>
    (
      await post('/activities', {
        name: `${word} ${name}`,
        billable: true,
        vatClass: 'standard',
        rate: { amount: '104.00', currency: 'EUR', from: '2020-01-01' },
      })
    ).id
  const deletedAt = app.clock.now()
  const activities = {
    used: await activity('advies'),
    unused: await activity('zang'),
    deleted: await firm.addActivity({ name: `${word} typewerk`, deletedAt }),
  }
  const project = async (name: string) =>
    (
      await post('/projects', {
        customerId: customers.used,
        name: `${word} ${name}`,
        invoicingMethod: 'hourly-activity',
        invoiceReference: `${word} ${name}`,
      })
    ).id
  const projects = {
    used: await project('website'),
    unused: await project('folder'),
    deleted: await firm.addProject({ name: `${word} oud`, customerId: customers.used, deletedAt }),
  }
  const rates = {
    used: await firm.addRate({ activityId: activities.used, amount: '90', fromDate: '2021-01-01' }),
    unused: await firm.addRate({ activityId: activities.used, amount: '91', fromDate: '2021-02-01' }),
    deleted: await firm.addRate({ activityId: activities.used, amount: '92', fromDate: '2021-03-01', deletedAt }),
  }
  const hour = (date: string, change: Parameters<typeof firm.addHours>[0] = {}) =>
    firm.addHours({ date, projectId: projects.used, activityId: activities.used, note: `${word} gedaan`, ...change })
  const hours = {
    free: await hour('2026-03-02'),
    unused: await hour('2026-03-03'),
    deleted: await hour('2026-03-04', { deletedAt: app.clock.now() }),
    claimed: await hour('2026-03-05'),
    invoiced: await hour('2026-03-06'),
  }
  const hoursThere = await hour('2026-03-09')
  const draftOf = async (ids: readonly string[]) => {
    const made = await post<{ invoices: { id: string }[] }>('/invoices/from-hours', {
      selection: { ids },
      groupBy: 'entry',
      date: '2026-03-31',
    })
    return made.invoices[0]?.id as string
  }
  const draft = await draftOf([hours.claimed])
  const freeLine = { description: `${word} licentie`, quantity: '1', unit: 'piece', unitPrice: '50.00' }
  interface Invoice {
    readonly id: string
    readonly version: number
    readonly lines: readonly { readonly id: string; readonly kind: string }[]
  }
  const withLine = async (id: string) => {
    const { version } = await good(`/invoices/${id}`)
    return post<Invoice>(`/invoices/${id}/lines`, freeLine, version)
  }
  await withLine(draft)
  const { lines } = await withLine(draft)
  const freeLines = lines.filter(({ kind }) => kind === 'free').map(({ id }) => id)
  const empty = async (customerId: string) => withLine((await post('/invoices', { customerId, date: '2026-03-31' })).id)
  const send = async ({ id, version }: { id: string; version: number }) =>
    (await post(`/invoices/${id}/sending`, { how: 'other' }, version)).id
  const ordered = await withLine((await empty(customers.used)).id)
  const unusedDraft = (await empty(customers.used)).id
  const ready = (await empty(customers.used)).id
  const posted = await send(await good(`/invoices/${await draftOf([hours.invoiced])}`))
  const sent = await send(await empty(customers.used))
  const refused = await send(await empty(customers.used))
  const doubtful = await send(await empty(customers.used))
  const goneThere = await send(await empty(customers.used))

  const letterText = { subject: `${word} factuur {number}`, body: `Dag,\n\n${word} stuurt een factuur.` }
  const letter = async (state: string) => {
    const { id } = await post(`/invoices/${sent}/letters`, {
      ...letterText,
      to: [{ address: `boeken@${word.toLowerCase()}.example` }],
      attach: { ubl: false, hours: false, receipts: [] },
    })
    await firm.within((trx) => trx.updateTable('letter').set({ state }).where('id', '=', id).execute())
    return id
  }
  const letters = {
    waiting: await letter('waiting'),
    failed: await letter('failed'),
    uncertain: await letter('uncertain'),
    sent: await letter('sent'),
  }
  const pdf = await app.services.files.put(firm.id, Buffer.from(`%PDF ${word}`))
  await firm.within((trx) =>
    trx
      .insertInto('letterAttachment')
      .values({
        firmId: firm.id,
        letterId: letters.sent,
        position: 0,
        kind: 'pdf',
        fileName: `${word}.pdf`,
        mediaType: 'application/pdf',
        sha256: pdf,
        sizeBytes: 12,
      })
      .execute(),
  )
  await good('/mail-templates/invoice/nl', { method: 'PUT', version: 0, body: letterText })
  const [template] = await firm.within((trx) =>
    trx.selectFrom('mailTemplate').select('id').where('firmId', '=', firm.id).execute(),
  )
  const sendings = await post('/invoices/sendings', { selection: { ids: [sent] }, how: 'other' })

  const pay = async (amount: string) => {
    const { version } = await good(`/invoices/${posted}`)
    const body = { date: '2026-03-31', amount, way: 'bank', note: `${word} betaalt` }
    return (await post<{ payment: { id: string; version: number } }>(`/invoices/${posted}/payments`, body, version))
      .payment
  }
  const payments = { used: (await pay('1.00')).id, undone: (await pay('2.00')).id }
  await good(`/payments/${payments.undone}`, { method: 'DELETE', version: 1 })

  const connection = await at.connect()
  const list = async (noun: string) =>
    (await good<{ rows: { id: string; code: string }[] }>(`/connections/${connection}/lists/${noun}?limit=200`)).rows
  const coded = async (noun: string, code: string) => {
    const row = (await list(noun)).find((one) => one.code === code)
    assert(row, `${noun} has ${code}`)
    return row.id
  }
  const item = await coded('items', 'UREN-ONT')
  const journal = await coded('journals', '70')
  const ledgerAccount = await coded('ledgerAccounts', '8010')
  const vatCode = await coded('vatCodes', '2')
  const { version, settingFields } = await good<{ version: number; settingFields: { name: string; list: string }[] }>(
    `/connections/${connection}`,
  )
  const named = (noun: string) => settingFields.find((field) => field.list === noun)?.name as string
  await good(`/connections/${connection}`, {
    method: 'PATCH',
    version,
    body: { cutOff: '2026-01-01', settings: { [named('items')]: item, [named('journals')]: journal } },
  })
  await good(`/connections/${connection}/items`, {
    method: 'PUT',
    body: { subjects: [{ subject: 'activity', id: activities.used, item }] },
  })
  const { cells } = await good<{ cells: Cell[] }>(`/connections/${connection}/posting-rules`)
  const cell = cells.find((one) => one.vatTreatment === 'domestic-standard' && one.item === item)
  assert(cell, 'the item is used at the standard rate')
  await good(`/connections/${connection}/posting-rules`, {
    method: 'PUT',
    body: { rules: [{ item, vatTreatment: 'domestic-standard', ledgerAccount, vatCode, version: null }] },
  })
  const task = await post(`/connections/${connection}/imports`, {})
  await app.runTasks()
  const made = await post<{ postings: { id: string; kind: string; subjectId: string }[] }>('/postings', {
    invoiceIds: [posted, refused, doubtful],
  })
  const there = await post<{ rows: { id: string }[] }>('/package-invoices', {
    hours: { ids: [hoursThere] },
    date: '2026-03-31',
  })
  const packageInvoice = there.rows[0]?.id
  assert(packageInvoice, 'the package is to make an invoice')
  const postingOf = (invoiceId: string) => {
    const found = made.postings.find(({ subjectId }) => subjectId === invoiceId)
    assert(found, 'each invoice has its posting')
    return found.id
  }
  const postings = { posted: postingOf(posted), refused: postingOf(refused), doubtful: postingOf(doubtful) }
  const [lane] = await firm.within((trx) =>
    trx.selectFrom('connection').select('laneKey').where('id', '=', connection).execute(),
  )
  const laneKey = lane?.laneKey as string
  await app.runLane(laneKey)
  // As they stand when the books refused one, and were found to hold two documents for another.
  const problem = { kind: 'refused', code: 'period-closed', values: { period: `${word} 2026-03`, date: '2026-03-31' } }
  const found = [
    { id: `${word}-1`, number: '101', gross: '60.50' },
    { id: `${word}-2`, number: '102', gross: '60.50' },
  ]
  await firm.within(async (trx) => {
    const bare = { theirId: null, theirNumber: null, theirGross: null, url: null, settledAt: null, dueAt: null }
    const receipt = { receipt: null, ...bare }
    await trx
      .updateTable('posting')
      .set({ ...receipt, state: 'refused', problem: JSON.stringify(problem) })
      .where('id', '=', postings.refused)
      .execute()
    await trx
      .updateTable('posting')
      .set({ ...receipt, state: 'needs-person', found: JSON.stringify(found) })
      .where('id', '=', postings.doubtful)
      .execute()
  })
  const key = await post('/keys', { name: `${word} sleutel`, scopes: ['hours:own'] })
  const view = async (name: string) =>
    post('/views', {
      screen: 'hours',
      name: `${word} ${name}`,
      shared: true,
      settings: { filter: { projectId: [projects.used] }, groupBy: [], columns: null, sort: null },
    })
  const goneView = await view('weg')
  await good(`/views/${goneView.id}`, { method: 'DELETE', version: goneView.version })
  const views = { used: (await view('maand')).id, unused: (await view('week')).id, deleted: goneView.id }
  const { member } = await post<{ member: { id: string } }>('/people', {
    name: `${word} Jansen`,
    email: `jansen@${word.toLowerCase()}.example`,
    roles: ['employee'],
  })
  const approval = (flow: 'off' | 'external') =>
    firm.within((trx) => trx.updateTable('firm').set({ approval: flow }).where('firmId', '=', firm.id).execute())
  const submitted = await hour('2026-03-10', { approval: 'submitted', memberId: firm.members.manager })
  await approval('external')
  const asked = await app.app.inject({
    method: 'POST',
    url: '/api/v1/approval-requests',
    headers: firm.as('manager'),
    payload: {
      customerId: customers.used,
      email: `anna@${word.toLowerCase()}.example`,
      entries: [{ kind: 'hours', id: submitted }],
    },
  })
  await approval('off')
  const acts = await app.app.inject({
    method: 'POST',
    url: '/api/v1/entries/acts',
    headers: firm.as('employee'),
    payload: { kind: 'hours', selection: { ids: [hours.free] }, act: 'submit' },
  })
  const category = {
    used: (await post('/expense-categories', { name: `${word} reizen` })).id,
    unused: (await post('/expense-categories', { name: `${word} boeken` })).id,
    deleted: await firm.addExpenseCategory({ name: `${word} faxen`, deletedAt }),
  }
  const receipt = await app.app.inject({
    method: 'POST',
    url: `/api/v1/files?name=${word}.png`,
    headers: { ...at.headers, 'content-type': 'image/png' },
    payload: smallestPng,
  })
  const file = receipt.json<{ id: string }>().id
  const logo = await app.app.inject({
    method: 'PUT',
    url: '/api/v1/firm/logo',
    headers: { ...at.headers, 'content-type': 'image/png' },
    payload: pngOf([...Buffer.from(firm.id.slice(-3))] as [number, number, number]),
  })
  const expense = async (date: string, more: object = {}) =>
    (
      await post('/expenses', {
        memberId: firm.members.employee,
        date,
        projectId: projects.used,
        categoryId: category.used,
        gross: '54.50',
        inputVat: '4.50',
        note: `${word} trein`,
        ...more,
      })
    ).id
  const expenses = {
    free: await expense('2026-03-02', { fileIds: [file] }),
    unused: await expense('2026-03-03'),
    deleted: await firm.addExpense({ categoryId: category.used, projectId: projects.used, deletedAt }),
    payable: await expense('2026-03-04'),
    paid: await expense('2026-03-05'),
  }
  const reimbursement = await post('/reimbursements', {
    memberId: firm.members.employee,
    paidOn: '2026-03-31',
    expenseIds: [expenses.paid],
    note: `${word} maart`,
  })
  const vehicle = { used: (await post('/vehicles', { name: `${word} auto`, plate: 'AB-123-C' })).id }
  const trip = async (date: string) =>
    (
      await post('/trips', {
        memberId: firm.members.employee,
        date,
        from: `${word}stad`,
        to: 'Utrecht',
        distanceKm: '31.5',
        vehicleId: vehicle.used,
        kind: 'business',
        projectId: projects.used,
        note: `${word} langs geweest`,
      })
    ).id
  const trips = {
    free: await trip('2026-03-02'),
    unused: await trip('2026-03-03'),
    deleted: await firm.addTrip({ projectId: projects.used, deletedAt }),
  }
  const distance = async (to: string) =>
    (await post('/distances', { customerId: customers.used, from: `${word}stad`, to, distanceKm: '31.5' })).id
  const distances = {
    used: await distance('Utrecht'),
    unused: await distance('Amersfoort'),
    deleted: await distance('Deventer'),
  }
  const kmRate = async (from: string) =>
    (await post('/km-rates', { purpose: 'billing', scope: 'firm', amount: '0.40', currency: 'EUR', from })).id
  const kmRates = {
    used: await kmRate('2020-01-01'),
    unused: await kmRate('2021-01-01'),
    deleted: await firm.addRate({ scope: 'firm', unit: 'km', amount: '0.30', fromDate: '2021-06-01', deletedAt }),
  }
  await firm.within((trx) =>
    trx.updateTable('distance').set({ deletedAt }).where('id', '=', distances.deleted).execute(),
  )
  const contact = {
    used: (await post('/contacts', { customerId: customers.used, name: `${word} Visser` })).id,
    unused: (await post('/contacts', { customerId: customers.used, name: `${word} Mulder` })).id,
    deleted: (await post('/contacts', { customerId: customers.used, name: `${word} Bos` })).id,
  }
  await firm.within((trx) => trx.updateTable('contact').set({ deletedAt }).where('id', '=', contact.deleted).execute())
  const team = (await post('/teams', { name: `${word} zuid`, memberIds: [firm.members.employee] })).id
  const tag = (await post('/tags', { name: `${word} thuis` })).id
  const series = await good<{ rows: { id: string }[] }>('/series')
  const time = await furnishTime(app.services, {
    firm,
    word,
    projectId: projects.used,
    activityIds: [activities.used, activities.unused],
  })
  const due = await furnishDue(app.services, {
    firm,
    word,
    customerId: customers.used,
    activityId: activities.used,
  })
  const imports = await furnishImports(app.services, {
    firm,
    word,
    connectionId: connection,
    customerId: customers.used,
  })
  const comingBack = await furnishComingBack(app.services, {
    firm,
    word,
    connection: { used: connection, lane: laneKey },
    customerId: customers.used,
    postingId: postings.posted,
    invoiceId: goneThere,
  })
  const notification = await firm.within(async (trx) => {
    const { services } = app
    await tellPeople(
      { trx, firmId: firm.id, services, now: app.clock.now() },
      {
        to: 'connections:write',
        code: 'reconnect',
        values: { package: 'Exact Online', administration: `${word} B.V.` },
        link: `/settings/connections/${connection}`,
        key: `reconnect:${connection}`,
      },
    )
    const told = await trx.selectFrom('notification').select('id').where('firmId', '=', firm.id).executeTakeFirst()
    return told?.id as string
  })
  return {
    ...at,
    due,
    comingBack,
    notification,
    importConflict: imports.importConflict,
    proposal: imports.proposal,
    ...time,
    word,
    contact,
    team,
    tag,
    customer: { ...customers, unlinked: imports.unlinked },
    project: projects,
    activity: activities,
    rate: rates,
    hours,
    invoice: { draft, unused: unusedDraft, ready, sent, posted, ordered: ordered.id },
    letter: letters,
    mailTemplate: template?.id as string,
    sendings: sendings.id,
    payment: payments,
    line: {
      ofHours: lines.find(({ kind }) => kind === 'hours')?.id as string,
      free: freeLines[0] as string,
      unused: freeLines[1] as string,
      ordered: ordered.lines.map(({ id }) => id),
    },
    series: series.rows[0]?.id as string,
    connection: { used: connection, lane: laneKey },
    theirs: { item, journal, ledgerAccount, vatCode },
    posting: postings,
    packageInvoice,
    task: task.id,
    category,
    expense: expenses,
    file,
    logo: logo.json<{ logo: string }>().logo,
    reimbursement: reimbursement.id,
    trip: trips,
    vehicle,
    distance: distances,
    kmRate: kmRates,
    acts: acts.json<{ id: string }>().id,
    approvalRequest: { open: asked.json<{ id: string }>().id, waiting: hours.free },
    key: key.id,
    view: views,
    invited: member.id,
  }
}
