import {
  addDays,
  addMonths,
  type CalendarDate,
  calendarDate,
  dateIn,
  dayOfWeek,
  startOfMonth,
  yearOf,
} from '@uurwerk/core/shared/calendar-date.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { Language } from '../http/call.ts'
import { createFirm, type Founder } from '../people/firms.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { freeHolidays } from '../time/holidays.ts'
import { addSampleAgreed } from './sample-agreed.ts'
import { addSampleExpenses } from './sample-expenses.ts'
import { addSampleTime, sampleSickDay } from './sample-time.ts'
import { addSampleTrips } from './sample-trips.ts'
import { sampleWords } from './sample-words.ts'

/** Signs in on one's own machine when the sample firm was chosen without an account of one's own. */
export const sampleAdministrator = {
  name: 'Sanne de Wit',
  email: 'sanne@noordkade.example',
  password: 'noordkade-demo',
}
export const sampleColleagues = [
  { name: 'Joris Bakker', email: 'joris@noordkade.example', roles: ['employee'] },
  { name: 'Noor Haddad', email: 'noor@noordkade.example', roles: ['employee', 'manager'] },
] as const

const timeZone = 'Europe/Amsterdam'

export interface SampleRequest {
  readonly firmId: string
  readonly founder: Founder
  readonly language: Language
  /** Accounts of the colleagues by e-mail address; without one a colleague is shown as invited. */
  readonly accounts?: ReadonlyMap<string, string>
}

/**
 * Bureau Noordkade: two customers, three people, last month's hours and this month's up to yesterday. The customers
 * carry the numbers that the simulators' books know them by. Everything can be edited.
 */
export async function createSampleFirm(
  trx: Trx,
  services: Services,
  { firmId, founder, language, accounts }: SampleRequest,
): Promise<{ slug: string; memberId: string }> {
  const words = sampleWords[language]
  const now = services.clock.now()
  const today = dateIn(timeZone, now)
  const stamps = { createdAt: now, updatedAt: now }
  const made = await createFirm(trx, services, {
    firmId,
    founder,
    roles: ['administrator', 'finance', 'employee'],
    sample: true,
    input: {
      name: 'Bureau Noordkade B.V.',
      address: { line1: 'Kadestraat 12', postcode: '3511 AB', city: 'Utrecht', country: 'NL' },
      country: 'NL',
      vatId: 'NL123456789B13',
      kvk: '12345678',
      iban: 'NL91ABNA0417164300',
      email: 'office@noordkade.example',
      phone: '030 123 45 67',
      website: 'noordkade.example',
      currency: 'EUR',
      timeZone,
      language,
    },
  })
  const colleagues = sampleColleagues.map((colleague) => ({ ...colleague, id: services.ids.next() }))
  for (const { id, name, email, roles } of colleagues) {
    const userId = accounts?.get(email) ?? null
    await trx
      .insertInto('member')
      .values({ firmId, id, userId, name, email, roles: [...roles], ...stamps })
      .execute()
    if (userId) await trx.insertInto('directory.membership').values({ userId, firmId, memberId: id }).execute()
  }
  const people = [made.memberId, ...colleagues.map(({ id }) => id)]
  const start = calendarDate(`${yearOf(addMonths(today, -12))}-01-01`)
  const days = [
    [480, 480, 480, 480, 480, 0, 0],
    [480, 480, 480, 480, 480, 0, 0],
    [480, 480, 480, 480, 0, 0, 0],
  ]
  await trx
    .insertInto('contractHours')
    .values(
      people.map((memberId, index) => ({
        firmId,
        id: services.ids.next(),
        memberId,
        fromDate: start,
        minutesPerDay: days[index] as number[],
      })),
    )
    .execute()

  const activities = Object.fromEntries(
    Object.keys(words.activities).map((key) => [key, services.ids.next()]),
  ) as Record<ActivityKey, string>
  for (const [key, activity] of Object.entries(sampleActivities) as [
    ActivityKey,
    (typeof sampleActivities)[ActivityKey],
  ][]) {
    await trx
      .insertInto('activity')
      .values({
        firmId,
        id: activities[key],
        name: words.activities[key],
        code: activity.code,
        billable: activity.rate !== null,
        ...stamps,
      })
      .execute()
    if (activity.rate === null) continue
    await trx
      .insertInto('rate')
      .values({
        firmId,
        id: services.ids.next(),
        scope: 'activity',
        activityId: activities[key],
        amount: activity.rate,
        currency: 'EUR',
        fromDate: start,
        ...stamps,
      })
      .execute()
  }

  const customers = { vanDalen: services.ids.next(), kessler: services.ids.next() }
  await trx
    .insertInto('customer')
    .values([
      {
        firmId,
        id: customers.vanDalen,
        number: '10012',
        name: 'Van Dalen Techniek B.V.',
        visitAddress: JSON.stringify({
          line1: 'Industrieweg 14',
          postcode: '3542 AD',
          city: 'Utrecht',
          country: 'NL',
        }),
        country: 'NL',
        email: 'facturen@vandalen.example',
        invoiceEmail: 'facturen@vandalen.example',
        vatId: 'NL001234567B29',
        kvk: '90001234',
        paymentDays: 30,
        paymentEndOfMonth: false,
        vatCase: 'domestic',
        language: 'nl',
        currency: 'EUR',
        ...stamps,
      },
      {
        firmId,
        id: customers.kessler,
        number: '10017',
        name: 'Kessler Maschinenbau GmbH',
        visitAddress: JSON.stringify({ line1: 'Werkstraße 8', postcode: '48529', city: 'Nordhorn', country: 'DE' }),
        country: 'DE',
        email: 'rechnung@kessler.example',
        invoiceEmail: 'rechnung@kessler.example',
        vatId: 'DE123456788',
        paymentDays: 14,
        paymentEndOfMonth: false,
        vatCase: 'eu-business',
        language: 'en',
        currency: 'EUR',
        ...stamps,
      },
    ])
    .execute()

  const projects = {
    portal: services.ids.next(),
    stock: services.ids.next(),
    dealers: services.ids.next(),
    internal: services.ids.next(),
  }
  await trx
    .insertInto('project')
    .values([
      {
        firmId,
        id: projects.portal,
        customerId: customers.vanDalen,
        code: 'VD-01',
        name: words.projects.portal,
        invoicingMethod: 'hourly-activity',
        invoiceReference: words.projects.portal,
        orderNumber: 'PO-4417',
        budgetMinutes: 300 * 60,
        budgetWarningPercent: 80,
        ...stamps,
      },
      {
        firmId,
        id: projects.stock,
        customerId: customers.vanDalen,
        code: 'VD-02',
        name: words.projects.stock,
        invoicingMethod: 'hourly-activity',
        ...stamps,
      },
      {
        firmId,
        id: projects.dealers,
        customerId: customers.kessler,
        code: 'KM-01',
        name: 'Händlerportal',
        invoicingMethod: 'hourly-activity',
        invoiceReference: 'Händlerportal',
        budgetAmount: '25000.00',
        budgetWarningPercent: 75,
        ...stamps,
      },
      {
        firmId,
        id: projects.internal,
        customerId: null,
        code: 'INT',
        name: words.projects.internal,
        invoicingMethod: 'none',
        ...stamps,
      },
    ])
    .execute()
  // A project of its own price: the rate of an activity on a project goes before the activity's.
  await trx
    .insertInto('rate')
    .values({
      firmId,
      id: services.ids.next(),
      scope: 'project-activity',
      projectId: projects.dealers,
      activityId: activities.development,
      amount: '110.00',
      currency: 'EUR',
      fromDate: start,
      ...stamps,
    })
    .execute()

  const [from, until] = [addMonths(startOfMonth(today), -1), addDays(today, -1)]
  const free = await freeHolidays(trx, firmId, { from, until, language })
  const isAway = ({ person, date }: SampleHours) =>
    free.some((holiday) => holiday.date === date) || (person === 1 && date === sampleSickDay(today))
  const entries = sampleHours(from, until)
    .filter((hours) => !isAway(hours))
    .map(({ person, project, activity, ...rest }) => ({
      firmId,
      id: services.ids.next(),
      memberId: people[person] as string,
      projectId: projects[project],
      activityId: activities[activity],
      billable: project !== 'internal' && sampleActivities[activity].rate !== null,
      ...rest,
      note: rest.noted ? words.notes[activity] : '',
      ...stamps,
    }))
  const rows = entries.map(({ noted: _, ...entry }) => entry)
  for (let from = 0; from < rows.length; from += 500)
    await trx
      .insertInto('hourEntry')
      .values(rows.slice(from, from + 500))
      .execute()
  await addSampleTime(trx, services, { firmId, language, today, people, entries })
  await addSampleExpenses(trx, services, { firmId, language, today, people, projects })
  await addSampleTrips(trx, services, { firmId, language, today, from: start, people, customers, projects })
  await addSampleAgreed(trx, services, {
    firmId,
    language,
    now,
    today,
    managerId: colleagues[1]?.id ?? made.memberId,
    customers,
    projects,
  })
  return made
}

export const sampleActivities = {
  development: { code: 'ONT', rate: '104.00' },
  advice: { code: 'ADV', rate: '125.00' },
  design: { code: 'OPM', rate: '98.50' },
  meeting: { code: 'OVL', rate: '95.00' },
  training: { code: 'OPL', rate: null },
} as const
type ActivityKey = keyof typeof sampleActivities
type ProjectKey = 'portal' | 'stock' | 'dealers' | 'internal'

interface SampleHours {
  readonly person: 0 | 1 | 2
  readonly project: ProjectKey
  readonly activity: ActivityKey
  readonly date: CalendarDate
  readonly minutes: number
  readonly noted: boolean
}

/** What each person does on a day of the week, Monday first; minutes as people write them. */
const pattern: Readonly<Record<SampleHours['person'], readonly (readonly [ProjectKey, ActivityKey, number][])[]>> = {
  0: [
    [
      ['portal', 'advice', 180],
      ['internal', 'meeting', 90],
    ],
    [['dealers', 'advice', 240]],
    [
      ['stock', 'advice', 90],
      ['portal', 'meeting', 50],
    ],
    [['internal', 'training', 120]],
    [
      ['dealers', 'meeting', 45],
      ['portal', 'advice', 120],
    ],
  ],
  1: [
    [
      ['portal', 'development', 450],
      ['portal', 'meeting', 30],
    ],
    [
      ['portal', 'development', 270],
      ['dealers', 'development', 210],
    ],
    [
      ['stock', 'development', 300],
      ['portal', 'development', 195],
    ],
    [
      ['dealers', 'development', 420],
      ['internal', 'meeting', 60],
    ],
    [
      ['portal', 'development', 240],
      ['internal', 'training', 210],
    ],
  ],
  2: [
    [
      ['stock', 'design', 360],
      ['portal', 'meeting', 60],
    ],
    [
      ['stock', 'design', 300],
      ['portal', 'design', 150],
    ],
    [
      ['dealers', 'design', 270],
      ['stock', 'meeting', 45],
    ],
    [
      ['portal', 'design', 330],
      ['internal', 'meeting', 90],
    ],
    [],
  ],
}

/** The same hours for the same days, always. */
export function sampleHours(from: CalendarDate, until: CalendarDate): SampleHours[] {
  const hours: SampleHours[] = []
  const random = seededRandom(Number(from.replaceAll('-', '')))
  for (let date = from; date <= until; date = addDays(date, 1)) {
    for (const person of [0, 1, 2] as const) {
      for (const [project, activity, minutes] of pattern[person][dayOfWeek(date) - 1] ?? []) {
        const quarters = Math.floor(random.next() * 3) - 1
        hours.push({
          person,
          project,
          activity,
          date,
          minutes: Math.max(15, minutes + quarters * 15),
          noted: random.next() < 0.4,
        })
      }
    }
  }
  return hours
}
