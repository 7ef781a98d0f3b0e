import { z } from 'zod'
import { routes } from './route.ts'
import { byId, calendarDate, country, durationMinutes, flag, id, longText, many, shortText, version } from './shapes.ts'

export const absenceCounts = z.enum(['as-worked', 'less-contract']).meta({
  description: 'As worked: fills the contract, as leave and sickness do. Less contract: so much less is expected.',
})

export const absenceKindCode = z.enum(['leave', 'sickness', 'unpaid-leave'])

export const absenceKind = z
  .object({
    id,
    /** Of the kinds that are there from the start; their names are in the reader's language. */
    code: absenceKindCode.nullable(),
    name: z.string(),
    counts: absenceCounts,
    /** Whether an absence is of this kind; then it keeps how it counts. */
    used: z.boolean(),
    archived: z.boolean(),
    version,
  })
  .meta({ id: 'AbsenceKind' })

export const absence = z
  .object({
    id,
    memberId: id,
    memberName: z.string(),
    /** Null, with the word "absent" as its name, for who may see that somebody is away but not why. */
    kindId: id.nullable(),
    kindCode: absenceKindCode.nullable(),
    kindName: z.string(),
    counts: absenceCounts,
    date: calendarDate,
    minutes: z.int(),
    note: z.string(),
    /** The day is closed. */
    locked: z.boolean(),
    version,
  })
  .meta({ id: 'Absence' })

const dayWarning = z.object({
  date: calendarDate,
  code: z.enum(['over-24-hours']),
  minutes: z.int().meta({ description: 'Hours and absences of the day together' }),
})

export const holidayType = z.enum(['public', 'bank', 'school', 'optional', 'observance'])

export const holidays = z
  .object({
    year: z.int(),
    country,
    /** What the firm has chosen; null when it is the country of the firm. */
    chosenCountry: country.nullable(),
    region: z.string().nullable(),
    /** Whether the holidays of this country are known. */
    known: z.boolean(),
    countries: z.array(country),
    regions: z.array(z.object({ code: z.string(), name: z.string() })),
    days: z.array(
      z.object({
        date: calendarDate,
        /** What it is called in choices: the same in every year. */
        rule: z.string(),
        name: z.string(),
        type: holidayType,
        /** Whether nobody has to work on it. */
        free: z.boolean(),
        /** Public holidays are free unless the firm chose otherwise. */
        freeByDefault: z.boolean(),
        /** What the firm chose for every year, and for this day alone. */
        chosen: z.boolean().nullable(),
        chosenThisYear: z.boolean().nullable(),
      }),
    ),
  })
  .meta({ id: 'Holidays' })

const year = z.coerce.number().int().min(1900).max(2200)

export const absenceRoutes = routes({
  listAbsenceKinds: {
    id: 'list-absence-kinds',
    method: 'GET',
    path: '/absence-kinds',
    summary: 'Kinds of absence',
    tag: 'Absences',
    access: 'hours:own',
    query: z.object({ archived: flag.optional() }),
    answer: z.object({ rows: z.array(absenceKind) }),
  },
  createAbsenceKind: {
    id: 'create-absence-kind',
    method: 'POST',
    path: '/absence-kinds',
    summary: 'Make a kind of absence',
    tag: 'Absences',
    access: 'firm:write',
    status: 201,
    body: z.object({ name: shortText(60), counts: absenceCounts }),
    answer: absenceKind,
  },
  changeAbsenceKind: {
    id: 'change-absence-kind',
    method: 'PATCH',
    path: '/absence-kinds/{id}',
    summary: 'Change a kind of absence, archive or bring back; how it counts stays once it is used',
    tag: 'Absences',
    access: 'firm:write',
    versioned: true,
    params: byId,
    body: z.object({ name: shortText(60), counts: absenceCounts, archived: z.boolean() }).partial(),
    answer: absenceKind,
  },

  listAbsences: {
    id: 'list-absences',
    method: 'GET',
    path: '/absences',
    summary: 'Absences of a period, at most two years; yours, or those of the people named',
    tag: 'Absences',
    access: 'hours:own',
    query: z.object({ from: calendarDate, until: calendarDate, memberId: many(id) }),
    answer: z.object({ rows: z.array(absence) }),
  },
  createAbsence: {
    id: 'create-absence',
    method: 'POST',
    path: '/absences',
    summary: 'Write an absence of a day or a period: one for each day that is worked',
    tag: 'Absences',
    access: 'hours:own',
    status: 201,
    body: z.object({
      memberId: id.optional().meta({ description: 'Yourself when left out' }),
      kindId: id,
      from: calendarDate,
      until: calendarDate.optional().meta({ description: 'The same day when left out; at most a year later' }),
      minutes: durationMinutes
        .optional()
        .meta({ description: 'A day; what the contract says for that weekday when left out' }),
      note: longText(500).optional(),
    }),
    answer: z.object({
      created: z.array(absence),
      /** Days of the period on which nothing was written. */
      leftOut: z.array(
        z.object({
          date: calendarDate,
          why: z.enum(['holiday', 'day-off', 'not-employed', 'absent-already']),
          /** The public holiday it is. */
          holiday: z.string().nullable(),
        }),
      ),
      warnings: z.array(dayWarning),
    }),
  },
  changeAbsence: {
    id: 'change-absence',
    method: 'PATCH',
    path: '/absences/{id}',
    summary: 'Change the absence of a day that is not closed',
    tag: 'Absences',
    access: 'hours:own',
    versioned: true,
    params: byId,
    body: z.object({ kindId: id, date: calendarDate, minutes: durationMinutes, note: longText(500) }).partial(),
    answer: absence,
  },
  deleteAbsence: {
    id: 'delete-absence',
    method: 'DELETE',
    path: '/absences/{id}',
    summary: 'Delete the absence of a day that is not closed',
    tag: 'Absences',
    access: 'hours:own',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreAbsence: {
    id: 'restore-absence',
    method: 'POST',
    path: '/absences/{id}/restoration',
    summary: 'Bring back a deleted absence',
    tag: 'Absences',
    access: 'hours:own',
    params: byId,
    answer: absence,
  },

  readHolidays: {
    id: 'read-holidays',
    method: 'GET',
    path: '/holidays',
    summary: 'Holidays of a year in the country of the firm, and which of them are free',
    tag: 'Absences',
    access: 'hours:own',
    query: z.object({ year }),
    answer: holidays,
  },
  // Without a version: each choice says what one day shall be, so that two people who choose at once lose nothing.
  chooseHolidays: {
    id: 'choose-holidays',
    method: 'PATCH',
    path: '/holidays',
    summary: 'Choose the country and region whose holidays count, and which days are free',
    tag: 'Absences',
    access: 'firm:write',
    query: z.object({ year }),
    body: z.object({
      country: country.nullable().optional().meta({ description: 'Null: that of the firm' }),
      region: z.string().min(1).max(20).nullable().optional(),
      choices: z
        .array(
          z.object({
            rule: z.string().min(1).max(300),
            free: z.boolean().nullable().meta({ description: 'Null: as the country says' }),
            onlyThisYear: z.boolean().optional(),
          }),
        )
        .min(1)
        .max(200)
        .optional(),
    }),
    answer: holidays,
  },
})
