import { z } from 'zod'
import { absence } from './absences.ts'
import { entryFacts, entryFilter, entrySelectionFilter, tags } from './entries.ts'
import { favourite } from './favourites.ts'
import { routes } from './route.ts'
import { byId, calendarDate, durationMinutes, id, instant, longText, many, page, paging, version } from './shapes.ts'

const minuteOfDay = z
  .int()
  .min(0)
  .max(1440)
  .meta({ description: 'Minutes since midnight; an end before the start is on the next day' })

export const hourInput = z.object({
  memberId: id.optional().meta({ description: 'Yourself when left out' }),
  date: calendarDate,
  minutes: durationMinutes.optional().meta({ description: 'Minutes; left out when start and end are given' }),
  startMinute: minuteOfDay.nullable().optional(),
  endMinute: minuteOfDay.nullable().optional(),
  breakMinutes: z.int().min(0).max(1440).optional(),
  projectId: id,
  activityId: id,
  note: longText(1000).optional(),
  tags: tags.optional(),
  billable: z.boolean().optional().meta({ description: 'As the activity and project say when left out' }),
})

export const hourEntry = z
  .object({
    id,
    memberId: id,
    memberName: z.string(),
    date: calendarDate,
    minutes: z.int(),
    startMinute: z.int().nullable(),
    endMinute: z.int().nullable(),
    breakMinutes: z.int(),
    customerId: id.nullable(),
    customerName: z.string().nullable(),
    projectId: id,
    projectName: z.string(),
    activityId: id,
    activityName: z.string(),
    note: z.string(),
    tags: z.array(z.string()),
    billable: z.boolean(),
    ...entryFacts,
    /** Rate at which it would be invoiced, and its amount; null without right, rate or billing. */
    rate: z.string().nullable(),
    amount: z.string().nullable(),
    currency: z.string().nullable(),
    version,
  })
  .meta({ id: 'HourEntry' })

export const hourFilter = z.object({ ...entryFilter, activityId: many(id) })

/** The same filter in a body, where lists are lists and switches are switches. */
export const hourSelectionFilter = z.object({ ...entrySelectionFilter, activityId: z.array(id).max(200).optional() })

const day = z.object({
  date: calendarDate,
  minutes: z.int(),
  /** Leave, sickness and public holidays: what counts as worked. */
  absentMinutes: z.int(),
  /** What is expected: the contract less unpaid leave. */
  contractMinutes: z.int(),
  /** Registered and absent less contract. */
  differenceMinutes: z.int(),
  warnings: z.array(z.object({ code: z.enum(['overlap', 'over-24-hours']), entryIds: z.array(id), minutes: z.int() })),
})

export const week = z
  .object({
    year: z.int(),
    week: z.int(),
    monday: calendarDate,
    memberId: id,
    days: z.array(day).length(7),
    entries: z.array(hourEntry),
    minutes: z.int(),
    absentMinutes: z.int(),
    contractMinutes: z.int(),
    differenceMinutes: z.int(),
    absences: z.array(absence),
    /** Free days of the country, less those on which the firm works. */
    holidays: z.array(z.object({ date: calendarDate, name: z.string() })),
    /** "My week is complete", and when that was said. */
    submission: z.object({ submittedAt: instant }).nullable(),
    /** Of the reader, in his order. */
    favourites: z.array(favourite),
    /** This and the seven weeks before. */
    recent: z.array(
      z.object({
        year: z.int(),
        week: z.int(),
        minutes: z.int(),
        absentMinutes: z.int(),
        contractMinutes: z.int(),
      }),
    ),
    /** Project and activity of the four weeks before that are not in this week yet. */
    suggestions: z.array(
      z.object({
        projectId: id,
        projectName: z.string(),
        customerName: z.string().nullable(),
        activityId: id,
        activityName: z.string(),
      }),
    ),
  })
  .meta({ id: 'Week' })

export const hourRoutes = routes({
  readWeek: {
    id: 'read-week',
    method: 'GET',
    path: '/weeks/{year}/{week}',
    summary: 'One person’s week: entries, totals, contract hours, warnings',
    tag: 'Hours',
    access: 'hours:own',
    params: z.object({
      year: z.coerce.number().int().min(1900).max(2200),
      week: z.coerce.number().int().min(1).max(53),
    }),
    query: z.object({ memberId: id.optional() }),
    answer: week,
  },
  copyWeek: {
    id: 'copy-week',
    method: 'POST',
    path: '/weeks/{year}/{week}/copy',
    summary: 'Take over the rows of another week, with or without its hours',
    tag: 'Hours',
    access: 'hours:own',
    status: 201,
    params: z.object({
      year: z.coerce.number().int().min(1900).max(2200),
      week: z.coerce.number().int().min(1).max(53),
    }),
    body: z.object({
      fromYear: z.int().min(1900).max(2200),
      fromWeek: z.int().min(1).max(53),
      memberId: id.optional(),
    }),
    answer: z.object({ created: z.int(), leftOut: z.int() }),
  },
  listHours: {
    id: 'list-hours',
    method: 'GET',
    path: '/hours',
    summary: 'Hour entries; without the right to read all, only your own',
    tag: 'Hours',
    access: 'hours:own',
    query: hourFilter.extend({
      ...paging,
      sort: z
        .enum(['date', '-date', 'minutes', '-minutes', 'customer', 'project', 'person'])
        .default('-date')
        .meta({ description: 'By customer, project or person: what belongs together stands together, oldest first' }),
      updatedSince: instant.optional(),
    }),
    answer: page(hourEntry),
  },
  createHour: {
    id: 'create-hour',
    method: 'POST',
    path: '/hours',
    summary: 'Write hours',
    tag: 'Hours',
    access: 'hours:own',
    status: 201,
    body: hourInput,
    answer: hourEntry,
  },
  readHour: {
    id: 'read-hour',
    method: 'GET',
    path: '/hours/{id}',
    summary: 'One hour entry',
    tag: 'Hours',
    access: 'hours:own',
    params: byId,
    answer: hourEntry,
  },
  changeHour: {
    id: 'change-hour',
    method: 'PATCH',
    path: '/hours/{id}',
    summary: 'Change hours that are not locked',
    tag: 'Hours',
    access: 'hours:own',
    versioned: true,
    params: byId,
    body: hourInput.omit({ memberId: true }).partial(),
    answer: hourEntry,
  },
  deleteHour: {
    id: 'delete-hour',
    method: 'DELETE',
    path: '/hours/{id}',
    summary: 'Delete hours that are not locked',
    tag: 'Hours',
    access: 'hours:own',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreHour: {
    id: 'restore-hour',
    method: 'POST',
    path: '/hours/{id}/restoration',
    summary: 'Bring back deleted hours',
    tag: 'Hours',
    access: 'hours:own',
    params: byId,
    answer: hourEntry,
  },
})
