import { addMonths, type CalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { writeDuePeriods } from '../due/become-due.ts'
import type { Language } from '../http/call.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { sampleWords } from './sample-words.ts'

const price = 18_000
const parts = 4

/** A project for a price in four parts, of which two are due, and one that is paid by the month; who manages what, and a contact. */
export async function addSampleAgreed(
  trx: Trx,
  services: Services,
  about: {
    readonly firmId: string
    readonly language: Language
    readonly now: Date
    readonly today: CalendarDate
    readonly managerId: string
    readonly customers: { readonly vanDalen: string; readonly kessler: string }
    readonly projects: { readonly portal: string; readonly stock: string }
  },
): Promise<void> {
  const { firmId, language, now, today, managerId, customers, projects } = about
  const words = sampleWords[language].agreed
  const stamps = { createdAt: now, updatedAt: now }
  const [intranet, upkeep] = [services.ids.next(), services.ids.next()]
  const month = startOfMonth(today)
  await trx
    .insertInto('project')
    .values([
      {
        firmId,
        id: intranet,
        customerId: customers.vanDalen,
        code: 'VD-03',
        name: 'Intranet',
        invoicingMethod: 'fixed-price',
        price: String(price),
        ...stamps,
      },
      {
        firmId,
        id: upkeep,
        customerId: customers.kessler,
        code: 'KM-02',
        name: words.upkeep,
        invoicingMethod: 'subscription',
        ...stamps,
      },
    ])
    .execute()
  await trx
    .insertInto('instalment')
    .values(
      Array.from({ length: parts }, (_, index) => ({
        firmId,
        id: services.ids.next(),
        projectId: intranet,
        position: index + 1,
        description: `${words.part} ${index + 1}`,
        amount: String(price / parts),
        dueOn: addMonths(month, index - 1),
        ...stamps,
      })),
    )
    .execute()
  await trx
    .insertInto('subscription')
    .values({
      firmId,
      id: services.ids.next(),
      projectId: upkeep,
      description: words.upkeep,
      amount: '850.00',
      period: 'month',
      fromDate: month,
      ...stamps,
    })
    .execute()
  await writeDuePeriods({ trx, firmId, services, now }, today)
  await trx
    .insertInto('projectMember')
    .values(
      [projects.portal, projects.stock].map((projectId) => ({
        firmId,
        projectId,
        memberId: managerId,
        manager: true,
        writes: false,
      })),
    )
    .execute()
  await trx
    .insertInto('contact')
    .values({
      firmId,
      id: services.ids.next(),
      customerId: customers.vanDalen,
      name: 'Anja van Dalen',
      email: 'anja@vandalen.example',
      role: words.role,
      language: 'nl',
      approvesEntries: true,
      receivesInvoices: true,
      ...stamps,
    })
    .execute()
}
