import type { invoicingRoutes } from '@uurwerk/api/invoicing.ts'
import type { reportRoutes } from '@uurwerk/api/reports.ts'
import type { uninvoicedRoutes } from '@uurwerk/api/uninvoiced.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const invoicingSamples: SamplesOf<
  keyof typeof invoicingRoutes | keyof typeof uninvoicedRoutes | keyof typeof reportRoutes
> = {
  reportBudgets: ({ project }) => [{}, { query: { projectId: project.used } }],
  reportRevenue: () => [{ query: { from: '2026-01-01', until: '2026-12-31' } }],
  readUninvoiced: ({ customer, project, firm }) => [
    {},
    {
      query: {
        asAt: '2026-02-28',
        until: '2026-02-28',
        customerId: customer.used,
        projectId: project.used,
        managerId: firm.members.manager,
      },
    },
  ],
  exportUninvoiced: ({ customer }) => [{ query: { customerId: customer.used } }, { query: { format: 'xlsx' } }],
  invoiceEntries: ({ hours, expense, trip, due, customer, project, activity, category, firm, vehicle }) => {
    const filter = { customerId: [customer.used], projectId: [project.used], memberId: [firm.members.employee] }
    const never = { from: '2030-01-01', ...filter }
    return [
      // One by one: what a wrong id leaves out must not show by what became of the others.
      { body: { hours: { ids: [hours.free] }, date: '2026-03-31' } },
      { body: { expenses: { ids: [expense.free] } } },
      { body: { trips: { ids: [trip.free] } } },
      { body: { instalmentIds: [due.instalment.due] } },
      { body: { subscriptionPeriodIds: [due.period.due] } },
      {
        body: {
          hours: { filter: { ...never, activityId: [activity.used] } },
          expenses: { filter: { ...never, categoryId: [category.used] } },
          trips: { filter: { ...never, vehicleId: [vehicle.used] } },
        },
      },
    ]
  },
  listInstalments: ({ due }) => [byId(due.priced)],
  changePrice: ({ due, activity }) => [
    ofRow(['project', due.priced], { activities: [{ activityId: activity.used, price: '1000' }] }),
  ],
  createInstalment: ({ due, activity, word }) => [
    {
      params: { id: due.priced },
      body: { activityId: activity.used, amount: '100', dueOn: '2026-05-31', description: `${word} extra` },
    },
  ],
  changeInstalment: ({ due, word }) => [
    {
      params: { id: due.priced, instalmentId: due.instalment.free },
      row: ['instalment', due.instalment.free],
      body: { description: `${word} anders`, dueOn: '2026-04-15' },
    },
  ],
  deleteInstalment: ({ due }) => [
    {
      params: { id: due.priced, instalmentId: due.instalment.unused },
      row: ['instalment', due.instalment.unused],
    },
  ],
  splitPrice: ({ due, activity }) => [
    {
      params: { id: due.undivided },
      body: { activityId: activity.used, by: { parts: 2 }, dueOn: '2026-04-30' },
    },
  ],
  correctInstalments: ({ due, activity }) => [{ params: { id: due.undivided }, body: { activityId: activity.used } }],
  createClosingInvoice: ({ due, series }) => [
    { params: { id: due.closable }, body: { seriesId: series, date: '2026-05-31' } },
  ],
  listSubscriptions: ({ due }) => [byId(due.subscribed)],
  createSubscription: ({ due, word }) => [
    {
      params: { id: due.subscribed },
      body: { description: `${word} hulp`, amount: '100', period: 'quarter', from: '2026-01-01' },
    },
  ],
  changeSubscription: ({ due }) => [
    {
      params: { id: due.subscribed, subscriptionId: due.subscription.used },
      row: ['subscription', due.subscription.used],
      body: { amount: '900' },
    },
  ],
  deleteSubscription: ({ due }) => [
    {
      params: { id: due.subscribed, subscriptionId: due.subscription.unused },
      row: ['subscription', due.subscription.unused],
    },
  ],
  changeSubscriptionPeriod: ({ due }) => [
    {
      params: { id: due.subscribed, periodId: due.period.other },
      row: ['subscriptionPeriod', due.period.other],
      body: { skipped: true },
    },
  ],
}
