import type { expenseRoutes } from '@uurwerk/api/expenses.ts'
import type { tripRoutes } from '@uurwerk/api/trips.ts'
import { smallestPng } from '../furnished-expenses.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const expenseSamples: SamplesOf<keyof typeof expenseRoutes | keyof typeof tripRoutes> = {
  listExpenses: ({ customer, project, category, firm }) => [
    {},
    { query: { customerId: customer.used, sort: 'customer' } },
    { query: { projectId: project.used, memberId: firm.members.employee, sort: '-amount' } },
    { query: { categoryId: category.used, receipt: 'true', reimbursed: 'false' } },
  ],
  createExpense: ({ firm, project, category, file, word }) => [
    {
      body: {
        memberId: firm.members.employee,
        date: '2026-03-09',
        projectId: project.used,
        categoryId: category.used,
        gross: '121.00',
        inputVat: '21.00',
        note: `${word} hotel`,
        fileIds: [file],
      },
    },
  ],
  readExpense: ({ expense }) => [byId(expense.free)],
  changeExpense: ({ expense, project, category, file }) => [
    ofRow(['expense', expense.free], {
      gross: '60.50',
      projectId: project.used,
      categoryId: category.used,
      fileIds: [file],
    }),
  ],
  deleteExpense: ({ expense }) => [ofRow(['expense', expense.unused])],
  restoreExpense: ({ expense }) => [byId(expense.deleted)],
  createFile: ({ word }) => [{ query: { name: `${word} bon.png` }, bytes: smallestPng }],
  readFile: ({ file }) => [byId(file), { params: { id: file }, query: { save: 'true' } }],
  listExpenseCategories: () => [{}, { query: { search: 'a', limit: '2' } }],
  createExpenseCategory: ({ word }) => [
    { body: { name: `${word} lunch`, vatClass: 'reduced', deductiblePercent: '0', billable: false } },
  ],
  readExpenseCategory: ({ category }) => [byId(category.used)],
  changeExpenseCategory: ({ category, word }) => [
    ofRow(['expenseCategory', category.used], { name: `${word} vervoer`, marginPercent: '5' }),
  ],
  deleteExpenseCategory: ({ category }) => [ofRow(['expenseCategory', category.unused])],
  restoreExpenseCategory: ({ category }) => [byId(category.deleted)],
  listOpenReimbursements: ({ firm }) => [{}, { query: { memberId: firm.members.employee, until: '2026-03-31' } }],
  exportReimbursements: ({ firm, reimbursement }) => [
    { query: { format: 'csv', memberId: firm.members.employee } },
    { query: { format: 'xlsx' } },
    { query: { format: 'csv', reimbursementId: reimbursement } },
  ],
  listReimbursements: ({ firm }) => [{}, { query: { memberId: firm.members.employee } }],
  createReimbursement: ({ firm, expense }) => [
    { body: { memberId: firm.members.employee, paidOn: '2026-03-31', expenseIds: [expense.payable] } },
  ],
  readReimbursement: ({ reimbursement }) => [byId(reimbursement)],
  undoReimbursement: ({ reimbursement }) => [byId(reimbursement)],
  listTrips: ({ customer, project, vehicle, firm }) => [
    {},
    { query: { customerId: customer.used, sort: 'customer' } },
    { query: { projectId: project.used, memberId: firm.members.employee, sort: '-km' } },
    { query: { vehicleId: vehicle.used, tripKind: 'business', reimbursed: 'false' } },
  ],
  createTrip: ({ firm, project, vehicle, word }) => [
    {
      body: {
        memberId: firm.members.employee,
        date: '2026-03-09',
        from: `${word}stad`,
        to: 'Utrecht',
        distanceKm: '31.5',
        returnTrip: true,
        vehicleId: vehicle.used,
        kind: 'business',
        projectId: project.used,
      },
    },
  ],
  readTrip: ({ trip }) => [byId(trip.free)],
  changeTrip: ({ trip, project, vehicle }) => [
    ofRow(['trip', trip.free], { distanceKm: '19.2', projectId: project.used, vehicleId: vehicle.used }),
  ],
  deleteTrip: ({ trip }) => [ofRow(['trip', trip.unused])],
  restoreTrip: ({ trip }) => [byId(trip.deleted)],
  listPlaces: ({ firm, project }) => [
    {},
    { query: { search: 'a', projectId: project.used, memberId: firm.members.employee } },
  ],
  proposeDistance: ({ firm, project, word }) => [
    { query: { from: 'Utrecht', to: `${word}stad`, projectId: project.used, memberId: firm.members.employee } },
  ],
  listVehicles: ({ firm }) => [
    {},
    { query: { search: 'a', limit: '2' } },
    { query: { memberId: firm.members.employee } },
  ],
  createVehicle: ({ word, firm }) => [{ body: { name: `${word} fiets`, memberId: firm.members.employee } }],
  readVehicle: ({ vehicle }) => [byId(vehicle.used)],
  changeVehicle: ({ vehicle, word, firm }) => [
    ofRow(['vehicle', vehicle.used], { name: `${word} bus`, memberId: firm.members.employee }),
  ],
  listDistances: ({ customer }) => [{}, { query: { customerId: customer.used, search: 'a' } }],
  createDistance: ({ customer, word }) => [
    { body: { customerId: customer.used, from: `${word}stad`, to: 'Zwolle', distanceKm: '88.0' } },
  ],
  changeDistance: ({ distance }) => [ofRow(['distance', distance.used], { distanceKm: '32.0' })],
  deleteDistance: ({ distance }) => [ofRow(['distance', distance.unused])],
  restoreDistance: ({ distance }) => [byId(distance.deleted)],
  listKmRates: ({ customer, project, firm }) => [
    {},
    { query: { purpose: 'billing', customerId: customer.used } },
    { query: { projectId: project.used } },
    { query: { memberId: firm.members.employee } },
  ],
  createKmRate: ({ customer, project, firm }) => {
    const price = { amount: '0.35', currency: 'EUR', from: '2026-02-01' }
    return [
      { body: { purpose: 'billing', scope: 'project', projectId: project.used, ...price } },
      { body: { purpose: 'billing', scope: 'customer', customerId: customer.used, ...price } },
      { body: { purpose: 'reimbursement', scope: 'user', memberId: firm.members.employee, ...price } },
    ]
  },
  changeKmRate: ({ kmRate }) => [ofRow(['rate', kmRate.used], { amount: '0.36' })],
  deleteKmRate: ({ kmRate }) => [ofRow(['rate', kmRate.unused])],
  restoreKmRate: ({ kmRate }) => [byId(kmRate.deleted)],
}
