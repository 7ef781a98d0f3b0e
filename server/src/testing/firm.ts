import { type Role, rights, roles } from '@uurwerk/api/rights.ts'
import type { Insertable } from 'kysely'
import type { FirmInput } from '../people/firms.ts'
import { createFirm } from '../people/firms.ts'
import { randomToken } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type {
  Activity,
  Customer,
  Expense,
  ExpenseCategory,
  HourEntry,
  Project,
  Rate,
  Trip,
  Vehicle,
} from '../store/schema.gen.ts'
import { testOrigin } from './app.ts'

type Row<T> = Partial<Insertable<T>>

export interface TestFirm {
  readonly id: string
  readonly slug: string
  /** One member of each role. */
  readonly members: Readonly<Record<Role, string>>
  /** An API key of that member with every scope. */
  readonly keys: Readonly<Record<Role, string>>
  /** Bakkerij Zon, domestic. */
  readonly customerId: string
  /** Website, of that customer, by the rate of the activity. */
  readonly projectId: string
  /** Advies, standard rate, 104.00 an hour since 2020. */
  readonly activityId: string
  /** The header of a request with the key of that role. */
  as(role: Role): { readonly authorization: string }
  /** Headers of a browser in which the member of that role is signed in. */
  signedInAs(role: Role): Promise<{ readonly cookie: string; readonly origin: string; readonly 'uurwerk-firm': string }>
  /** An hour of the employee on the project; answers its id. */
  addHours(change?: Row<HourEntry>): Promise<string>
  /** 121.00 of the employee on the project, 21.00 of it VAT, billable and reimbursable; answers its id. */
  addExpense(change?: Row<Expense>): Promise<string>
  /** Parking; everything as it stands. */
  addExpenseCategory(change?: Row<ExpenseCategory>): Promise<string>
  /** 18.4 km of the employee there and back on 2 March for the project, billable and reimbursable; answers its id. */
  addTrip(change?: Row<Trip>): Promise<string>
  /** A vehicle of the firm. */
  addVehicle(change?: Row<Vehicle>): Promise<string>
  addCustomer(change?: Row<Customer>): Promise<string>
  addProject(change?: Row<Project>): Promise<string>
  addActivity(change?: Row<Activity>): Promise<string>
  addRate(change: Row<Rate>): Promise<string>
  addTag(name: string): Promise<string>
  /** A transaction within this firm. */
  within<Result>(work: (trx: Trx) => Promise<Result>): Promise<Result>
}

/** A firm with a member of each role, a customer, a project and an activity with a rate. Each test makes its own. */
export async function testFirm(services: Services, change: Partial<FirmInput> = {}): Promise<TestFirm> {
  const { store, ids, seals, people, clock } = services
  const id = ids.next()
  const within = <Result>(work: (trx: Trx) => Promise<Result>) => store.withFirm(id, work)
  const input: FirmInput = {
    name: 'Voorbeeld Advies',
    address: { line1: 'Kade 2', postcode: '4321 BA', city: 'Zwolle', country: 'NL' },
    country: 'NL',
    vatId: 'NL123456782B01',
    currency: 'EUR',
    timeZone: 'Europe/Amsterdam',
    language: 'nl',
    ...change,
  }
  const emailOf = (role: Role) => `${role}.${id}@example.nl`
  const times = () => ({ createdAt: clock.now(), updatedAt: clock.now() })
  const members = {} as Record<Role, string>
  const keys = {} as Record<Role, string>

  const slug = await within(async (trx) => {
    const founder = { userId: ids.next(), name: 'administrator', email: emailOf('administrator') }
    const firm = await createFirm(trx, services, {
      firmId: id,
      input,
      founder,
      roles: ['administrator'],
      sample: false,
    })
    members.administrator = firm.memberId
    for (const role of roles) {
      if (role !== 'administrator') {
        members[role] = ids.next()
        await trx
          .insertInto('member')
          .values({ firmId: id, id: members[role], name: role, email: emailOf(role), roles: [role], ...times() })
          .execute()
      }
      keys[role] = await addKey(trx, role)
    }
    return firm.slug
  })

  async function addKey(trx: Trx, role: Role): Promise<string> {
    const [keyId, key] = [ids.next(), randomToken('uurwerk_').reveal()]
    await trx
      .insertInto('apiKey')
      .values({
        firmId: id,
        id: keyId,
        name: 'test',
        prefix: key.slice(0, 12),
        scopes: [...rights],
        memberId: members[role],
        createdAt: clock.now(),
      })
      .execute()
    await trx
      .insertInto('directory.apiKey')
      .values({ keyHash: seals.hashToken(key), firmId: id, keyId })
      .execute()
    return key
  }

  const add = async (work: (trx: Trx, rowId: string) => Promise<unknown>): Promise<string> => {
    const rowId = ids.next()
    await within((trx) => work(trx, rowId))
    return rowId
  }
  const addCustomer: TestFirm['addCustomer'] = (more) =>
    add((trx, rowId) =>
      trx
        .insertInto('customer')
        .values({
          firmId: id,
          id: rowId,
          name: 'Bakkerij Zon',
          visitAddress: JSON.stringify({ line1: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Utrecht', country: 'NL' }),
          country: 'NL',
          vatCase: 'domestic',
          language: 'nl',
          currency: 'EUR',
          ...times(),
          ...more,
        })
        .execute(),
    )
  const addExpenseCategory: TestFirm['addExpenseCategory'] = (more) =>
    add((trx, rowId) =>
      trx
        .insertInto('expenseCategory')
        .values({ firmId: id, id: rowId, name: 'Parkeren', ...times(), ...more })
        .execute(),
    )
  const addActivity: TestFirm['addActivity'] = (more) =>
    add((trx, rowId) =>
      trx
        .insertInto('activity')
        .values({ firmId: id, id: rowId, name: 'Advies', ...times(), ...more })
        .execute(),
    )
  const addRate: TestFirm['addRate'] = (more) =>
    add((trx, rowId) =>
      trx
        .insertInto('rate')
        .values({
          firmId: id,
          id: rowId,
          scope: 'activity',
          amount: '104',
          currency: 'EUR',
          fromDate: '2020-01-01',
          ...times(),
          ...more,
        })
        .execute(),
    )
  const customerId = await addCustomer({ number: '1001' })
  const activityId = await addActivity()
  await addRate({ activityId })
  const addProject: TestFirm['addProject'] = (more) =>
    add((trx, rowId) =>
      trx
        .insertInto('project')
        .values({
          firmId: id,
          id: rowId,
          customerId,
          name: 'Website',
          invoicingMethod: 'hourly-activity',
          ...times(),
          ...more,
        })
        .execute(),
    )
  const projectId = await addProject({ code: 'WEB' })

  return {
    id,
    slug,
    members,
    keys,
    customerId,
    projectId,
    activityId,
    within,
    addCustomer,
    addActivity,
    addExpenseCategory,
    async addExpense(more) {
      const categoryId = more?.categoryId ?? (await addExpenseCategory())
      return add((trx, rowId) =>
        trx
          .insertInto('expense')
          .values({
            firmId: id,
            id: rowId,
            memberId: members.employee,
            date: '2026-03-02',
            projectId,
            categoryId,
            currency: 'EUR',
            gross: '121.00',
            inputVat: '21.00',
            rechargeNet: '100.00',
            billable: true,
            reimbursable: true,
            ...times(),
            ...more,
          })
          .execute(),
      )
    },
    addTrip: (more) =>
      add((trx, rowId) =>
        trx
          .insertInto('trip')
          .values({
            firmId: id,
            id: rowId,
            memberId: members.employee,
            date: '2026-03-02',
            fromPlace: 'Zwolle',
            toPlace: 'Utrecht',
            distanceKm: '18.4',
            returnTrip: true,
            kind: 'business',
            projectId,
            billable: true,
            reimbursable: true,
            ...times(),
            ...more,
          })
          .execute(),
      ),
    addVehicle: (more) =>
      add((trx, rowId) =>
        trx
          .insertInto('vehicle')
          .values({ firmId: id, id: rowId, name: 'Bestelbus', ...times(), ...more })
          .execute(),
      ),
    addProject,
    addRate,
    addTag: (name) =>
      add((trx, rowId) =>
        trx
          .insertInto('tag')
          .values({ firmId: id, id: rowId, name, ...times() })
          .execute(),
      ),
    as: (role) => ({ authorization: `Bearer ${keys[role]}` }),
    async signedInAs(role) {
      const person = { email: emailOf(role), password: `password of ${role}` }
      const known = await people.findByEmail(person.email)
      const { userId, setCookies } = await (known ? people.signIn(person) : people.signUp({ ...person, name: role }))
      if (!known) {
        await within(async (trx) => {
          await trx.deleteFrom('directory.membership').where('memberId', '=', members[role]).execute()
          await trx
            .updateTable('member')
            .set({ userId })
            .where('firmId', '=', id)
            .where('id', '=', members[role])
            .execute()
          await trx.insertInto('directory.membership').values({ userId, firmId: id, memberId: members[role] }).execute()
        })
      }
      const cookie = setCookies.map((one) => one.split(';')[0]).join('; ')
      return { cookie, origin: testOrigin, 'uurwerk-firm': id }
    },
    addHours: (more) =>
      add((trx, rowId) =>
        trx
          .insertInto('hourEntry')
          .values({
            firmId: id,
            id: rowId,
            memberId: members.employee,
            date: '2026-03-02',
            minutes: 60,
            projectId,
            activityId,
            billable: true,
            ...times(),
            ...more,
          })
          .execute(),
      ),
  }
}
