import type { contactRoutes } from '@uurwerk/api/contacts.ts'
import type { masterDataRoutes } from '@uurwerk/api/master-data.ts'
import type { vatIdRoutes } from '@uurwerk/api/vat-ids.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const masterDataSamples: SamplesOf<
  keyof typeof masterDataRoutes | keyof typeof contactRoutes | keyof typeof vatIdRoutes
> = {
  listCustomers: () => [{}, { query: { search: 'a', limit: '2' } }],
  createCustomer: ({ word, customer }) => [
    { body: { name: `${word} Nieuwe`, number: '2010', country: 'NL', billToId: customer.other } },
  ],
  listVatIdChecks: ({ customer }) => [byId(customer.used)],
  checkVatId: ({ customer }) => [{ ...byId(customer.used), body: {} }],
  readCustomer: ({ customer }) => [byId(customer.used)],
  changeCustomer: ({ customer, word }) => [
    ofRow(['customer', customer.used], { billToId: customer.other, note: `${word} belt altijd` }),
  ],
  deleteCustomer: ({ customer }) => [ofRow(['customer', customer.unused])],
  restoreCustomer: ({ customer }) => [byId(customer.deleted)],
  listContacts: ({ customer }) => [{ query: { customerId: customer.used } }],
  createContact: ({ customer, word }) => [
    { body: { customerId: customer.used, name: `${word} Bakker`, email: 'bakker@example.nl', receivesInvoices: true } },
  ],
  changeContact: ({ contact, word }) => [ofRow(['contact', contact.used], { role: `${word} directeur` })],
  deleteContact: ({ contact }) => [ofRow(['contact', contact.unused])],
  restoreContact: ({ contact }) => [byId(contact.deleted)],
  listProjects: ({ customer }) => [{}, { query: { customerId: customer.used } }],
  createProject: ({ word, customer, activity, firm }) => [
    {
      body: {
        customerId: customer.used,
        name: `${word} project`,
        invoicingMethod: 'hourly-activity',
        activityIds: [activity.used],
        memberIds: [firm.members.employee],
        managerIds: [firm.members.manager],
        budgetMinutes: 6000,
        budgetAmount: '9000.00',
        budgetWarningPercent: 80,
        billingRounding: { stepMinutes: 15, direction: 'up', per: 'day' },
      },
    },
  ],
  readProject: ({ project }) => [byId(project.used)],
  changeProject: ({ project, customer, activity, firm }) => [
    ofRow(['project', project.used], {
      customerId: customer.used,
      activityIds: [activity.used],
      memberIds: [firm.members.employee, firm.members.administrator],
      managerIds: [firm.members.manager],
    }),
  ],
  deleteProject: ({ project }) => [ofRow(['project', project.unused])],
  restoreProject: ({ project }) => [byId(project.deleted)],
  readProjectBudget: ({ project }) => [byId(project.used)],
  listActivities: () => [{}],
  createActivity: ({ word }) => [
    {
      body: {
        name: `${word} nieuw werk`,
        billable: true,
        vatClass: 'standard',
        rate: { amount: '80.00', currency: 'EUR', from: '2026-01-01' },
      },
    },
  ],
  readActivity: ({ activity }) => [byId(activity.used)],
  changeActivity: ({ activity, word }) => [ofRow(['activity', activity.used], { name: `${word} raad` })],
  deleteActivity: ({ activity }) => [ofRow(['activity', activity.unused])],
  restoreActivity: ({ activity }) => [byId(activity.deleted)],
  listRates: ({ activity, project, customer, firm }) => [
    {},
    { query: { activityId: activity.used } },
    { query: { projectId: project.used } },
    { query: { customerId: customer.used } },
    { query: { memberId: firm.members.employee } },
  ],
  previewRate: ({ activity, project, customer, firm, rate }) => {
    const price = { amount: '95.00', currency: 'EUR', from: '2026-02-01' }
    return [
      { body: { scope: 'activity', activityId: activity.used, id: rate.used, ...price } },
      { body: { scope: 'project-user', memberId: firm.members.employee, projectId: project.used, ...price } },
      { body: { scope: 'customer', customerId: customer.used, ...price } },
      { body: { id: rate.used, takenBack: true } },
    ]
  },
  createRate: ({ activity, project, customer, firm }) => {
    const price = { amount: '95.00', currency: 'EUR', from: '2026-02-01' }
    return [
      { body: { scope: 'project-activity', activityId: activity.used, projectId: project.used, ...price } },
      { body: { scope: 'project-user', memberId: firm.members.employee, projectId: project.used, ...price } },
      { body: { scope: 'customer', customerId: customer.used, ...price } },
    ]
  },
  changeRate: ({ rate }) => [ofRow(['rate', rate.used], { amount: '96.00' })],
  deleteRate: ({ rate }) => [ofRow(['rate', rate.unused])],
  restoreRate: ({ rate }) => [byId(rate.deleted)],
}
