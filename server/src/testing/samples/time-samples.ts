import type { absenceRoutes } from '@uurwerk/api/absences.ts'
import type { favouriteRoutes } from '@uurwerk/api/favourites.ts'
import type { hourRoutes } from '@uurwerk/api/hours.ts'
import type { overviewRoutes } from '@uurwerk/api/overviews.ts'
import type { timeRoutes } from '@uurwerk/api/time.ts'
import type { viewRoutes } from '@uurwerk/api/views.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

const viewSettings = (filter: object) => ({ filter, groupBy: ['customer'], columns: ['date', 'hours'], sort: '-date' })
const week = { year: '2026', week: '10' }

export const timeSamples: SamplesOf<
  | keyof typeof hourRoutes
  | keyof typeof overviewRoutes
  | keyof typeof viewRoutes
  | keyof typeof timeRoutes
  | keyof typeof favouriteRoutes
  | keyof typeof absenceRoutes
> = {
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
}
