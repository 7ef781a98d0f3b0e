import type { RouteName } from '@uurwerk/api/routes.ts'
import { sampleAdministrator } from '../sample/sample-firm.ts'
import type { Store } from '../store/database.ts'
import { type FurnishedFirm, smallestPng } from './furnished.ts'
import { pngOf } from './picture.ts'

export interface Sample {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** A file in place of a body. */
  readonly bytes?: Uint8Array
  /** The row whose version goes into If-Match. */
  readonly row?: VersionedRow
}

const versionedTables = [
  'firm',
  'member',
  'customer',
  'project',
  'activity',
  'rate',
  'hourEntry',
  'timer',
  'absence',
  'absenceKind',
  'expense',
  'expenseCategory',
  'trip',
  'vehicle',
  'distance',
  'series',
  'instalment',
  'subscription',
  'subscriptionPeriod',
  'invoice',
  'letter',
  'mailTemplate',
  'connection',
  'payment',
  'posting',
  'savedView',
  'contact',
  'team',
  'tag',
] as const
type VersionedRow = readonly [table: (typeof versionedTables)[number], id: string]

const firmInput = (word: string) => ({
  name: `${word} Twee`,
  address: { line1: `${word}laan 2`, postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
  country: 'NL',
  vatId: 'NL123456782B01',
  currency: 'EUR',
  timeZone: 'Europe/Amsterdam',
  language: 'nl',
})
const viewSettings = (filter: object) => ({ filter, groupBy: ['customer'], columns: ['date', 'hours'], sort: '-date' })
const noToken = 'a-token-that-nobody-was-given'
const week = { year: '2026', week: '10' }
const byId = (id: string): Sample => ({ params: { id } })
const ofRow = (row: VersionedRow, body?: unknown): Sample => ({
  params: { id: row[1] },
  row,
  ...(body ? { body } : {}),
})

/**
 * Requests that are good in a firm's own hands, at least one for each route; a route without one does not compile.
 * Together they name every id that a route takes.
 */
export const samples: Readonly<Record<RouteName, (own: FurnishedFirm) => readonly [Sample, ...Sample[]]>> = {
  readSetup: () => [{}],
  setUp: () => [
    { body: { sample: true, language: 'nl' } },
    {
      body: {
        firm: firmInput('Nieuw'),
        administrator: { name: 'Nieuw', email: 'nieuw@example.nl', password: 'lang genoeg' },
      },
    },
  ],
  signIn: () => [{ body: { email: sampleAdministrator.email, password: sampleAdministrator.password } }],
  readSession: () => [{}],
  signOut: () => [{}],
  changePassword: () => [{ body: { current: 'password of administrator', next: 'password of administrator' } }],
  askPasswordReset: () => [{ body: { email: 'niemand@example.nl' } }],
  readPasswordReset: () => [{ params: { token: noToken } }],
  resetPassword: () => [{ params: { token: noToken }, body: { password: 'lang genoeg' } }],
  createFirm: ({ word }) => [{ body: { firm: firmInput(word) } }],
  readFirm: () => [{}],
  changeFirm: ({ firm, word }) => [
    { row: ['firm', firm.id], body: { phone: '030 123 45 67', website: `${word}.example` } },
  ],
  readMe: () => [{}],
  changeMe: ({ word }) => [{ body: { name: `${word} ik` } }],
  listPeople: () => [{}, { query: { archived: 'true' } }],
  invitePerson: ({ word }) => [
    { body: { name: `${word} Smit`, email: `smit@${word.toLowerCase()}.example`, roles: ['manager'] } },
  ],
  readPerson: ({ firm }) => [byId(firm.members.employee)],
  changePerson: ({ invited, team, word }) => [
    ofRow(['member', invited], {
      name: `${word} de Boer`,
      roles: ['employee', 'manager'],
      number: '12',
      startsOn: '2026-01-01',
      teamIds: [team],
      contractHours: [{ from: '2026-01-01', minutesPerDay: [480, 480, 480, 480, 0, 0, 0] }],
    }),
  ],
  makeResetLink: ({ invited }) => [byId(invited)],
  listTeams: () => [{}, { query: { archived: 'true' } }],
  createTeam: ({ firm, word }) => [{ body: { name: `${word} noord`, memberIds: [firm.members.employee] } }],
  changeTeam: ({ team, firm, word }) => [
    ofRow(['team', team], { name: `${word} oost`, memberIds: [firm.members.manager] }),
  ],
  listTags: () => [{}, { query: { archived: 'true' } }],
  createTag: ({ word }) => [{ body: { name: `${word} spoed` } }],
  changeTag: ({ tag, word }) => [ofRow(['tag', tag], { name: `${word} extra` })],
  inviteAgain: ({ invited }) => [byId(invited)],
  readInvitation: () => [{ params: { token: noToken } }],
  acceptInvitation: () => [{ params: { token: noToken }, body: { name: 'Iemand', password: 'lang genoeg' } }],
  listKeys: () => [{}],
  createKey: ({ word }) => [{ body: { name: `${word} tweede`, scopes: ['hours:own', 'hours:read'] } }],
  revokeKey: ({ key }) => [byId(key)],
  reportBudgets: ({ project }) => [{}, { query: { projectId: project.used } }],
  reportRevenue: () => [{ query: { from: '2026-01-01', until: '2026-12-31' } }],
  listHistory: ({ customer }) => [{ query: { subjectKind: 'customer', subjectId: customer.used } }],

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

  readWeek: ({ firm }) => [{ params: week, query: { memberId: firm.members.employee } }],
  copyWeek: ({ firm }) => [
    { params: { year: '2026', week: '20' }, body: { fromYear: 2026, fromWeek: 10, memberId: firm.members.employee } },
  ],
  listHours: ({ customer, project, activity, firm }) => [
    {},
    { query: { customerId: customer.used } },
    { query: { projectId: project.used } },
    { query: { activityId: activity.used } },
    { query: { memberId: firm.members.employee } },
  ],
  totalHours: ({ customer, project, activity, firm }) => [
    { query: { groupBy: 'customer' } },
    { query: { customerId: customer.used } },
    { query: { projectId: project.used, activityId: activity.used, memberId: firm.members.employee } },
  ],
  listViews: () => [{ query: { screen: 'hours' } }],
  createView: ({ word }) => [
    { body: { screen: 'hours', name: `${word} vrij`, settings: viewSettings({ state: ['free'] }) } },
  ],
  changeView: ({ view, word }) => [
    ofRow(['savedView', view.used], {
      name: `${word} anders`,
      shared: true,
      settings: viewSettings({ billable: true }),
    }),
  ],
  deleteView: ({ view }) => [ofRow(['savedView', view.unused])],
  restoreView: ({ view }) => [byId(view.deleted)],
  chooseFirstView: ({ view }) => [{ body: { screen: 'hours', viewId: view.used } }],
  totalExpenses: ({ customer, project, firm }) => [
    { query: { groupBy: 'category' } },
    { query: { customerId: customer.used, projectId: project.used, memberId: firm.members.employee } },
  ],
  exportExpenses: ({ customer, project, firm }) => [
    {},
    { query: { customerId: customer.used, projectId: project.used, memberId: firm.members.employee } },
  ],
  totalTrips: ({ customer, project, firm }) => [
    { query: { groupBy: 'vehicle' } },
    { query: { customerId: customer.used, projectId: project.used, memberId: firm.members.employee } },
  ],
  exportTrips: ({ customer, project, firm }) => [
    {},
    { query: { customerId: customer.used, projectId: project.used, memberId: firm.members.employee } },
  ],
  exportHours: ({ customer, project, activity, firm, hours }) => [
    {},
    { query: { format: 'xlsx', columns: 'date,person', customerId: customer.used } },
    { query: { projectId: project.used, activityId: activity.used, memberId: firm.members.employee, ids: hours.free } },
    { query: { except: hours.claimed } },
  ],
  createHour: ({ firm, project, activity, word }) => [
    {
      body: {
        memberId: firm.members.employee,
        date: '2026-03-09',
        minutes: 90,
        projectId: project.used,
        activityId: activity.used,
        note: `${word} nog iets`,
      },
    },
  ],
  readHour: ({ hours }) => [byId(hours.free)],
  changeHour: ({ hours, project, activity }) => [
    ofRow(['hourEntry', hours.free], { minutes: 75, projectId: project.used, activityId: activity.used }),
  ],
  deleteHour: ({ hours }) => [ofRow(['hourEntry', hours.unused])],
  restoreHour: ({ hours }) => [byId(hours.deleted)],

  actOnEntries: ({ hours, customer, project, activity, firm }) => [
    { body: { kind: 'hours', selection: { ids: [hours.free] }, act: 'write-off', reason: 'gaat niet door' } },
    { body: { kind: 'hours', selection: { ids: [hours.free] }, act: 'undo-write-off' } },
    {
      body: {
        kind: 'hours',
        selection: {
          filter: {
            customerId: [customer.used],
            projectId: [project.used],
            activityId: [activity.used],
            memberId: [firm.members.employee],
          },
          except: [hours.deleted],
        },
        act: 'approve',
      },
    },
    { body: { kind: 'expense', selection: { filter: { until: '2000-01-01' } }, act: 'submit' } },
    { body: { kind: 'trip', selection: { filter: { until: '2000-01-01' } }, act: 'submit' } },
  ],
  readEntryActs: ({ acts }) => [byId(acts)],
  listEntryActRows: ({ acts }) => [byId(acts)],
  submitWeek: ({ firm }) => [{ params: week, body: { memberId: firm.members.employee } }],
  withdrawWeek: ({ firm }) => [{ params: week, query: { memberId: firm.members.employee } }],

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
  changeLogo: () => [{ bytes: pngOf([20, 113, 106], 64, 24) }],
  removeLogo: () => [{}],
  readLogo: ({ logo }) => [{ params: { sha256: logo } }],
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

  readTimer: () => [{}],
  startTimer: ({ project, activity, word }) => [
    { body: { projectId: project.used, activityId: activity.used, note: `${word} bezig` } },
  ],
  continueTimer: ({ hours }) => [{ body: { hourEntryId: hours.free } }],
  changeTimer: ({ timer, project, activity, word }) => [
    {
      row: ['timer', timer.waiting],
      body: { id: timer.waiting, projectId: project.used, activityId: activity.used, note: `${word} toch` },
    },
  ],
  stopTimer: ({ timer }) => [{ body: { id: timer.waiting } }, { body: {} }],
  discardTimer: ({ timer }) => [{ query: { id: timer.unused } }],
  restoreTimer: ({ timer }) => [byId(timer.discarded)],
  listFavourites: () => [{}],
  addFavourite: ({ project, activity }) => [{ body: { projectId: project.used, activityId: activity.used } }],
  orderFavourites: ({ favourite }) => [{ body: { ids: [favourite.unused, favourite.used] } }],
  removeFavourite: ({ favourite }) => [byId(favourite.unused)],
  listAbsenceKinds: () => [{}, { query: { archived: 'true' } }],
  createAbsenceKind: ({ word }) => [{ body: { name: `${word} ouderschap`, counts: 'less-contract' } }],
  changeAbsenceKind: ({ absenceKind, word }) => [
    ofRow(['absenceKind', absenceKind.unused], { name: `${word} prikactie`, counts: 'as-worked' }),
  ],
  listAbsences: ({ firm }) => [
    { query: { from: '2026-03-01', until: '2026-03-31', memberId: firm.members.employee } },
    { query: { from: '2026-03-01', until: '2026-03-31' } },
  ],
  createAbsence: ({ firm, absenceKind, word }) => [
    {
      body: {
        memberId: firm.members.employee,
        kindId: absenceKind.used,
        from: '2026-03-16',
        minutes: 480,
        note: `${word} verhuist weer`,
      },
    },
  ],
  changeAbsence: ({ absence, absenceKind }) => [
    ofRow(['absence', absence.free], { kindId: absenceKind.used, minutes: 300 }),
  ],
  deleteAbsence: ({ absence }) => [ofRow(['absence', absence.unused])],
  restoreAbsence: ({ absence }) => [byId(absence.deleted)],
  readHolidays: () => [{ query: { year: '2026' } }],
  chooseHolidays: () => [{ query: { year: '2026' }, body: { choices: [{ rule: 'easter -2', free: true }] } }],
  acceptOverlap: ({ hours }) => [{ body: { entryIds: [hours.free, hours.claimed], accepted: true } }],
  hoursAgainstContract: ({ firm }) => [
    { query: { from: '2026-03-02', until: '2026-03-29', memberId: firm.members.employee } },
    { query: { from: '2026-03-02', until: '2026-03-29' } },
  ],
  listApprovalWeeks: () => [{}],
  countApprovalWeeks: () => [{}],
  readApprovalWeek: ({ firm }) => [{ params: { memberId: firm.members.employee, monday: '2026-03-02' } }],
  listApprovalRequests: ({ customer }) => [{}, { query: { customerId: customer.used, state: 'open' } }],
  previewApprovalRequests: () => [{}],
  createApprovalRequest: ({ customer, word, approvalRequest }) => [
    {
      body: {
        customerId: customer.used,
        email: `anna@${word.toLowerCase()}.example`,
        entries: [{ kind: 'hours', id: approvalRequest.waiting }],
      },
    },
  ],
  readApprovalRequest: ({ approvalRequest }) => [byId(approvalRequest.open)],
  sendApprovalRequest: ({ approvalRequest }) => [{ ...byId(approvalRequest.open), body: { expiresInDays: 7 } }],
  withdrawApprovalRequest: ({ approvalRequest }) => [byId(approvalRequest.open)],
  readApproval: () => [{ params: { token: noToken } }],
  answerApproval: () => [{ params: { token: noToken }, body: { name: 'Anna', decisions: 'approve-all' } }],

  listInvoices: ({ customer }) => [
    {},
    { query: { customerId: customer.used } },
    { query: { paymentState: 'open', overdue: 'true', sort: '-outstanding' } },
  ],
  listPayments: ({ invoice }) => [byId(invoice.posted), byId(invoice.draft)],
  createPayment: ({ invoice }) => [
    ofRow(['invoice', invoice.sent], { date: '2026-03-31', amount: '5.00', way: 'bank', note: 'deel' }),
  ],
  undoPayment: ({ payment }) => [ofRow(['payment', payment.used])],
  undoPayments: ({ payment }) => [{ body: { ids: [payment.used] } }],
  restorePayment: ({ payment }) => [{ params: { id: payment.undone }, body: { allowOver: true } }],
  payInvoices: ({ invoice, customer }) => [
    { body: { selection: { ids: [invoice.sent] }, date: '2026-03-31', way: 'bank' } },
    {
      body: {
        selection: { filter: { customerId: [customer.used], until: '2000-01-01' }, except: [invoice.draft] },
        date: '2026-03-31',
      },
    },
  ],
  reportOutstanding: () => [{}],
  totalInvoices: () => [{}],
  invoiceHours: ({ hours, customer, project, activity, firm }) => {
    const filter = {
      customerId: [customer.used],
      projectId: [project.used],
      activityId: [activity.used],
      memberId: [firm.members.employee],
    }
    const [none, by] = [{ from: '2030-01-01' }, { groupBy: 'user' }]
    return [
      { body: { selection: { ids: [hours.free] }, groupBy: 'activity', date: '2026-03-31' } },
      { body: { selection: { filter }, ...by } },
      { body: { selection: { filter: none, except: [hours.deleted] }, ...by } },
    ]
  },
  readUninvoiced: ({ customer, project, firm }) => [
    {},
    {
      query: {
        asAt: '2026-02-28',
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
  createInvoice: ({ customer, series }) => [
    { body: { customerId: customer.used, date: '2026-03-31', seriesId: series } },
  ],
  readInvoice: ({ invoice }) => [byId(invoice.draft), byId(invoice.posted)],
  changeInvoice: ({ invoice, word }) => [
    ofRow(['invoice', invoice.draft], { reference: `${word} 7`, closing: `${word} groet` }),
  ],
  deleteInvoice: ({ invoice }) => [ofRow(['invoice', invoice.unused])],
  addLine: ({ invoice, activity, project, word }) => [
    ofRow(['invoice', invoice.draft], {
      description: `${word} extra`,
      quantity: '2',
      unit: 'hour',
      unitPrice: '10.00',
      activityId: activity.used,
      projectId: project.used,
    }),
  ],
  changeLine: ({ invoice, line, activity, project }) => [
    {
      params: { id: invoice.draft, lineId: line.free },
      row: ['invoice', invoice.draft],
      body: { quantity: '3', activityId: activity.used, projectId: project.used },
    },
  ],
  removeLine: ({ invoice, line }) => [
    { params: { id: invoice.draft, lineId: line.unused }, row: ['invoice', invoice.draft] },
  ],
  regroupInvoice: ({ invoice }) => [ofRow(['invoice', invoice.draft], { groupBy: 'project' })],
  sendInvoice: ({ invoice }) => [ofRow(['invoice', invoice.ready], { how: 'other' })],
  creditInvoice: ({ invoice, series }) => [
    { params: { id: invoice.sent }, body: { seriesId: series } },
    { params: { id: invoice.posted }, body: { release: true } },
  ],
  readReminderSettings: () => [{}],
  changeReminderSettings: ({ firm }) => [{ row: ['firm', firm.id], body: { days: [5, 12, 20] } }],
  listReminders: ({ customer }) => [{}, { query: { customerId: customer.used, due: 'true' } }],
  totalReminders: () => [{}],
  remindInvoices: ({ invoice, customer }) => [
    { body: { selection: { ids: [invoice.posted] } } },
    { body: { selection: { filter: { customerId: [customer.used], from: '2030-01-01' } } } },
  ],
  readInvoiceReminders: ({ invoice }) => [byId(invoice.posted)],
  holdReminders: ({ invoice }) => [byId(invoice.posted)],
  releaseReminders: ({ invoice }) => [byId(invoice.posted)],
  readStatement: ({ customer }) => [byId(customer.used), { ...byId(customer.used), query: { kind: 'all' } }],
  readStatementDocument: ({ customer }) => [{ ...byId(customer.used), query: { save: 'true' } }],
  readStatementLetter: ({ customer }) => [byId(customer.used)],
  writeStatementLetter: ({ customer, word }) => [
    {
      ...byId(customer.used),
      body: {
        to: [{ address: `boeken@${word.toLowerCase()}.example` }],
        subject: `${word} overzicht`,
        body: `${word} {outstanding}`,
        asOf: '2026-03-31',
      },
    },
  ],
  listInvoiceEntries: ({ invoice }) => [byId(invoice.posted)],
  listInvoiceDocuments: ({ invoice }) => [byId(invoice.posted), byId(invoice.draft)],
  exportInvoices: ({ invoice, customer }) => [
    {},
    { query: { format: 'xlsx', columns: 'number,gross', customerId: customer.used, sort: 'number' } },
    { query: { format: 'ubl-zip', except: invoice.draft } },
    { query: { format: 'pdf-zip', ids: invoice.posted } },
    { query: { format: 'xaf', from: '2026-01-01', until: '2026-12-31' } },
  ],
  readInvoiceDocument: ({ invoice }) => [
    { params: { id: invoice.posted, kind: 'pdf-with-hours' }, query: { save: 'true' } },
    { params: { id: invoice.draft, kind: 'pdf' } },
  ],
  readLetterDraft: ({ invoice }) => [
    byId(invoice.draft),
    { params: { id: invoice.posted }, query: { kind: 'reminder', step: '2' } },
  ],
  writeLetter: ({ invoice, word }) => [
    {
      params: { id: invoice.posted },
      body: {
        to: [{ address: `boeken@${word.toLowerCase()}.example`, name: `${word} boekhouding` }],
        bcc: [`archief@${word.toLowerCase()}.example`],
        subject: 'Factuur {number}',
        body: `Nogmaals de factuur van ${word}.`,
        attach: { ubl: true, hours: true, receipts: [] },
      },
    },
  ],
  listLetters: ({ customer, invoice }) => [{}, { query: { customerId: customer.used, invoiceId: invoice.sent } }],
  readLetter: ({ letter }) => [byId(letter.sent)],
  readLetterAttachment: ({ letter }) => [{ params: { id: letter.sent, position: '0' } }],
  sendLetterAgain: ({ letter, word }) => [
    ofRow(['letter', letter.failed], { to: [{ address: `kas@${word.toLowerCase()}.example` }] }),
  ],
  letterArrived: ({ letter }) => [ofRow(['letter', letter.uncertain])],
  withdrawLetter: ({ letter }) => [ofRow(['letter', letter.waiting])],
  sendInvoices: ({ invoice }) => [{ body: { selection: { ids: [invoice.draft] }, how: 'post' } }],
  readInvoiceTask: ({ sendings }) => [byId(sendings)],
  listInvoiceTaskRows: ({ sendings }) => [{ params: { id: sendings }, query: { outcome: 'waiting' } }],
  listMailTemplates: () => [{}],
  changeMailTemplate: ({ mailTemplate, word }) => [
    {
      params: { kind: 'invoice', language: 'nl' },
      row: ['mailTemplate', mailTemplate],
      body: { subject: 'Factuur {number}', body: `Beste {contact}, ${word}` },
    },
  ],
  deleteMailTemplate: ({ mailTemplate }) => [
    { params: { kind: 'invoice', language: 'nl' }, row: ['mailTemplate', mailTemplate] },
  ],
  previewMailTemplate: ({ invoice, word }) => [
    {
      body: {
        kind: 'invoice',
        language: 'nl',
        subject: '{number}',
        body: `${word} {amount}`,
        invoiceId: invoice.posted,
      },
    },
  ],
  readMailSettings: () => [{}],
  changeMailSettings: ({ firm, word }) => [
    {
      row: ['firm', firm.id],
      body: { senderName: `${word} facturen`, bcc: [`archief@${word.toLowerCase()}.example`] },
    },
  ],
  sendTrialLetter: () => [{}],
  listSeries: () => [{}, { query: { archived: 'true' } }],
  createSeries: ({ word }) => [{ body: { name: `${word} creditfacturen`, pattern: `${word[0]}C{year}-{0000}` } }],
  orderLines: ({ invoice, line }) => [
    ofRow(['invoice', invoice.draft], { lineIds: [line.unused, line.free, line.ofHours] }),
  ],
  discountInvoice: ({ invoice }) => [
    ofRow(['invoice', invoice.draft], { percent: '10' }),
    ofRow(['invoice', invoice.draft], { amount: '5.00' }),
  ],
  readInvoiceTexts: () => [{}],
  changeInvoiceTexts: ({ firm, word }) => [{ row: ['firm', firm.id], body: { nl: { closing: `${word} dankt u.` } } }],
  changeSeries: ({ series, word }) => [ofRow(['series', series], { name: `${word} facturen` })],

  listPackages: () => [{}],
  registerApp: () => [
    {
      params: { package: 'exact-online', country: 'NL' },
      body: { clientId: '0f7b3c1e-7a2e-4f4a-9a55-0c6d0f0b1a2c', clientSecret: 'not a real secret' },
    },
  ],
  createConnection: () => [{ body: { package: 'exact-online', country: 'NL', mode: 'sandbox' } }],
  listConnections: () => [{}],
  readConnection: ({ connection }) => [byId(connection.used)],
  changeConnection: ({ connection }) => [ofRow(['connection', connection.used], { cutOff: '2026-02-01' })],
  listAdministrations: ({ connection }) => [byId(connection.used)],
  chooseAdministration: ({ connection }) => [{ params: { id: connection.used }, body: { administration: '1234567' } }],
  checkConnection: ({ connection }) => [byId(connection.used)],
  reconnect: ({ connection }) => [byId(connection.used)],
  disconnect: ({ connection }) => [byId(connection.used)],
  refreshLists: ({ connection }) => [byId(connection.used)],
  listTheirs: ({ connection }) => [{ params: { id: connection.used, noun: 'items' }, query: { limit: '5' } }],
  readItemMapping: ({ connection }) => [byId(connection.used)],
  changeItemMapping: ({ connection, activity, theirs }) => [
    {
      params: { id: connection.used },
      body: { defaultItem: theirs.item, activities: [{ activityId: activity.used, item: theirs.item }] },
    },
  ],
  readPostingRules: ({ connection }) => [byId(connection.used)],
  changePostingRules: ({ connection, theirs }) => [
    {
      params: { id: connection.used },
      body: {
        rules: [
          {
            item: theirs.item,
            vatTreatment: 'domestic-reduced',
            ledgerAccount: theirs.ledgerAccount,
            vatCode: theirs.vatCode,
            version: null,
          },
        ],
      },
    },
  ],
  importCustomers: ({ connection }) => [{ params: { id: connection.used }, body: { full: true } }],
  listTasks: () => [{}],
  readTask: ({ task }) => [byId(task)],
  listTaskRows: ({ task }) => [byId(task)],

  previewPostings: ({ invoice }) => [{ body: { invoiceIds: [invoice.sent] } }],
  createPostings: ({ invoice }) => [{ body: { invoiceIds: [invoice.sent] } }],
  listPostings: ({ connection, posting }) => [
    {},
    { query: { connectionId: connection.used } },
    { query: { ids: posting.posted } },
  ],
  summarisePostings: () => [{}],
  readPosting: ({ posting }) => [byId(posting.posted), byId(posting.doubtful)],
  sendAgain: ({ posting }) => [{ body: { ids: [posting.refused] } }],
  discardPosting: ({ posting }) => [ofRow(['posting', posting.refused], { why: 'verkeerde klant' })],
  resolvePosting: ({ posting, word }) => [ofRow(['posting', posting.doubtful], { adopt: `${word}-1` })],
  events: () => [{}],
}

/** What If-Match must say for a row as it stands now. */
export async function ifMatch(
  store: Store,
  firmId: string,
  row: VersionedRow | undefined,
): Promise<Record<string, string>> {
  if (!row) return {}
  const [table, id] = row
  const found = await store.withFirm(firmId, (trx) =>
    trx
      .selectFrom(table)
      .select('version')
      .where(table === 'firm' ? 'firmId' : 'id', '=', id)
      .executeTakeFirst(),
  )
  return { 'if-match': `"${found?.version ?? 1}"` }
}
