import type { InvoicingMethod } from '@uurwerk/core/projects/invoicing-method.ts'
import { type DatedRate, rateFor } from '@uurwerk/core/projects/rates.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hourRows } from '../src/entries/hour-rows.ts'
import { hourRateJoins, rateAmountSql, rateCurrencySql } from '../src/overviews/hour-rates.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

const methods = [
  'hourly-activity',
  'hourly-user',
  'hourly-project',
  'hourly-customer',
  'fixed-price',
  'subscription',
  'none',
] as const satisfies readonly InvoicingMethod[]

const scopes = {
  activity: 'activity',
  user: 'user',
  project: 'project',
  customer: 'customer',
  'project-activity': 'projectActivity',
  'project-user': 'projectUser',
} as const satisfies Record<string, DatedRate['scope']>
type Scope = keyof typeof scopes
const scopeNames = Object.keys(scopes) as Scope[]

it('of an entry is the one that core finds: on a page, in totals over everything, and in what is uninvoiced', async () => {
  const firm = await testFirm(test.services)
  const customers = [firm.customerId, await firm.addCustomer({ name: 'Étoile' })]
  const activities = [firm.activityId, await firm.addActivity({ name: 'Bouw' })]
  const people = [firm.members.employee, firm.members.manager]
  const projects: { readonly id: string; readonly customerId: string; readonly method: InvoicingMethod }[] = []
  for (const [index, method] of [...methods, ...methods.slice(0, 4)].entries()) {
    const customerId = customers[index % 2] as string
    projects.push({
      id: await firm.addProject({ name: `${index}`, customerId, invoicingMethod: method }),
      customerId,
      method,
    })
  }
  const day = fc.integer({ min: 1, max: 20 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`)
  const anyRate = fc.record({
    scope: fc.constantFrom(...scopeNames),
    project: fc.constantFrom(...projects),
    activityId: fc.constantFrom(...activities),
    memberId: fc.constantFrom(...people),
    tenThousandths: fc.integer({ min: 0, max: 2_000_000 }),
    currency: fc.constantFrom('EUR', 'EUR', 'GBP'),
    fromDate: day,
    deleted: fc.nat(9).map((one) => one === 0),
  })
  type AnyRate = typeof anyRate extends fc.Arbitrary<infer One> ? One : never
  const subjectOf = ({ scope, project, activityId, memberId }: AnyRate) => ({
    projectId: scope.startsWith('project') ? project.id : null,
    activityId: scope.endsWith('activity') ? activityId : null,
    memberId: scope.endsWith('user') ? memberId : null,
    customerId: scope === 'customer' ? project.customerId : null,
  })
  const keyOf = (rate: AnyRate) => JSON.stringify([rate.scope, subjectOf(rate), rate.fromDate])
  const anyEntry = fc.record({
    project: fc.constantFrom(...projects),
    activityId: fc.constantFrom(...activities),
    memberId: fc.constantFrom(...people),
    date: day,
    billable: fc.nat(4).map((one) => one > 0),
  })
  const stamps = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyRate, { minLength: 10, maxLength: 60, selector: keyOf }),
      fc.array(anyEntry, { minLength: 20, maxLength: 40 }),
      async (someRates, someEntries) => {
        const rates = someRates.map((rate) => ({ ...rate, id: test.services.ids.next() }))
        const entries = someEntries.map((entry) => ({ ...entry, id: test.services.ids.next() }))
        const core = rates
          .filter(({ deleted }) => !deleted)
          .map((rate): DatedRate => {
            const { memberId, ...subject } = subjectOf(rate)
            return {
              id: rate.id,
              scope: scopes[rate.scope],
              ...subject,
              userId: memberId,
              amount: decimal((rate.tenThousandths / 10_000).toFixed(4)),
              currency: rate.currency,
              from: calendarDate(rate.fromDate),
            }
          })
        const expected = entries.map(({ id, project, memberId, date, billable, activityId }) => {
          const work = { date: calendarDate(date), activityId, userId: memberId, projectId: project.id, ...project }
          const rate = billable ? rateFor(work, core) : undefined
          return [id, rate ? `${rate.amount} ${rate.currency}` : null] as const
        })
        await firm.within(async (trx) => {
          await trx.deleteFrom('rate').where('firmId', '=', firm.id).execute()
          await trx.deleteFrom('hourEntry').where('firmId', '=', firm.id).execute()
          await trx
            .insertInto('rate')
            .values(
              rates.map((rate) => ({
                firmId: firm.id,
                id: rate.id,
                scope: rate.scope,
                ...subjectOf(rate),
                amount: (rate.tenThousandths / 10_000).toFixed(4),
                currency: rate.currency,
                fromDate: rate.fromDate,
                deletedAt: rate.deleted ? test.clock.now() : null,
                ...stamps,
              })),
            )
            .execute()
          await trx
            .insertInto('hourEntry')
            .values(
              entries.map(({ id, project, memberId, date, billable, activityId }) => ({
                firmId: firm.id,
                id,
                memberId,
                date,
                minutes: 60,
                projectId: project.id,
                activityId,
                billable,
                ...stamps,
              })),
            )
            .execute()
          const text = (rate: string | null, currency: string | null) => rate && `${decimal(rate)} ${currency}`
          const onPage = await hourRows(trx, { firmId: firm.id, where: sql`` })
          expect(new Map(onPage.map(({ id, rate, rateCurrency }) => [id, text(rate, rateCurrency)]))).toEqual(
            new Map(expected),
          )
          const { rows: inTotals } = await sql<{ id: string; rate: string | null; currency: string | null }>`
            select e.id, ${rateAmountSql} as rate, ${rateCurrencySql} as currency
            from hour_entry e left join project p on p.firm_id = e.firm_id and p.id = e.project_id
            ${hourRateJoins(firm.id)} where e.firm_id = ${firm.id}::uuid and e.deleted_at is null`.execute(trx)
          expect(inTotals).toHaveLength(entries.length)
          expect(new Map(inTotals.map(({ id, rate, currency }) => [id, text(rate, currency)]))).toEqual(
            new Map(expected),
          )
        })
        found += expected.filter(([, rate]) => rate).length
      },
    ),
    { seed: 20260331, numRuns: 40 },
  )
  // Enough of them have a rate for this to say something.
  expect(found).toBeGreaterThan(200)
})
