import { rechargeNet } from '@uurwerk/core/expenses/expense.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, addMonths, type CalendarDate, dayOfWeek, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { defaultCategories } from '../entries/default-categories.ts'
import type { Language } from '../http/call.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { receiptPdf, receiptPng } from './sample-receipts.ts'

type Texts = Readonly<Record<Language, string>>

interface SampleExpense {
  readonly person: 0 | 1 | 2
  /** Working days after the first of last month. */
  readonly day: number
  readonly project: 'portal' | 'dealers' | null
  readonly category: keyof typeof defaultCategories
  readonly gross: string
  readonly inputVat: string
  readonly billable: boolean
  readonly reimbursable: boolean
  readonly note: Texts
  readonly receipt: 'pdf' | 'photo' | null
}

const expenses: readonly SampleExpense[] = [
  {
    person: 1,
    day: 2,
    project: 'portal',
    category: 'travel',
    gross: '38.15',
    inputVat: '3.15',
    billable: true,
    reimbursable: true,
    note: { nl: 'Trein naar Van Dalen', en: 'Train to Van Dalen' },
    receipt: 'pdf',
  },
  {
    person: 1,
    day: 9,
    project: 'portal',
    category: 'travel',
    gross: '14.50',
    inputVat: '2.52',
    billable: true,
    reimbursable: true,
    note: { nl: 'Parkeren Industrieweg', en: 'Parking Industrieweg' },
    receipt: 'photo',
  },
  {
    person: 2,
    day: 5,
    project: 'dealers',
    category: 'stay',
    gross: '139.00',
    inputVat: '24.12',
    billable: true,
    reimbursable: true,
    note: { nl: 'Hotel Nordhorn, een nacht', en: 'Hotel Nordhorn, one night' },
    receipt: 'pdf',
  },
  {
    person: 2,
    day: 5,
    project: 'dealers',
    category: 'meals',
    gross: '41.80',
    inputVat: '3.45',
    billable: false,
    reimbursable: true,
    note: { nl: 'Avondeten in Nordhorn', en: 'Dinner in Nordhorn' },
    receipt: 'photo',
  },
  {
    person: 0,
    day: 7,
    project: null,
    category: 'software',
    gross: '60.50',
    inputVat: '10.50',
    billable: false,
    reimbursable: false,
    note: { nl: 'Ontwerpprogramma, betaald van de zaak', en: 'Design tool, paid by the firm' },
    receipt: 'pdf',
  },
  {
    person: 0,
    day: 11,
    project: 'portal',
    category: 'fees',
    gross: '85.00',
    inputVat: '0.00',
    billable: true,
    reimbursable: true,
    note: { nl: 'Leges uittreksel register', en: 'Fee for an extract of the register' },
    receipt: null,
  },
]

export interface SampleExpenses {
  readonly firmId: string
  readonly language: Language
  readonly today: CalendarDate
  /** Ids, in the order of the sample. */
  readonly people: readonly string[]
  readonly projects: Readonly<Record<'portal' | 'dealers', string>>
}

/** What the sample firm spent last month, with the receipts. */
export async function addSampleExpenses(trx: Trx, services: Services, sample: SampleExpenses): Promise<void> {
  const { firmId, language, today, people, projects } = sample
  const now = services.clock.now()
  const stored = await trx
    .selectFrom('expenseCategory')
    .select(['id', 'name', 'deductiblePercent', 'marginPercent', 'disbursement'])
    .where('firmId', '=', firmId)
    .execute()
  for (const one of expenses) {
    const category = stored.find(({ name }) => name === defaultCategories[one.category].name[language])
    assert(category, 'a firm begins with its categories')
    const id = services.ids.next()
    const date = workingDay(startOfMonth(addMonths(today, -1)), one.day)
    const taken = {
      gross: decimal(one.gross),
      inputVat: decimal(one.inputVat),
      deductiblePercent: decimal(category.deductiblePercent),
      marginPercent: decimal(category.marginPercent),
      disbursement: category.disbursement,
    }
    const memberId = people[one.person] as string
    await trx
      .insertInto('expense')
      .values({
        firmId,
        id,
        memberId,
        date,
        projectId: one.project && projects[one.project],
        categoryId: category.id,
        note: one.note[language],
        currency: 'EUR',
        ...taken,
        rechargeNet: rechargeNet(taken),
        billable: one.billable,
        reimbursable: one.reimbursable,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    if (!one.receipt) continue
    const bytes =
      one.receipt === 'pdf'
        ? receiptPdf([
            one.note[language],
            date,
            '',
            `Totaal / Total   € ${one.gross}`,
            `Btw / VAT        € ${one.inputVat}`,
          ])
        : receiptPng([0.7, 0.5, 0, 0.9, 0.6, 0.8, 0, 0.4, 0.5])
    const fileId = services.ids.next()
    await trx
      .insertInto('file')
      .values({
        firmId,
        id: fileId,
        sha256: await services.files.put(firmId, bytes),
        mediaType: one.receipt === 'pdf' ? 'application/pdf' : 'image/png',
        sizeBytes: bytes.length,
        name: one.receipt === 'pdf' ? 'bon.pdf' : 'bon.png',
        createdBy: memberId,
        createdAt: now,
      })
      .execute()
    await trx.insertInto('expenseFile').values({ firmId, expenseId: id, fileId, position: 0 }).execute()
  }
}

/** The n-th working day from a day on, that day being the first when it is one. */
function workingDay(from: CalendarDate, number: number): CalendarDate {
  let date = from
  for (let left = number; left > 1 || dayOfWeek(date) > 5; date = addDays(date, 1)) if (dayOfWeek(date) <= 5) left--
  return date
}
