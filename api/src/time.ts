import { z } from 'zod'
import { tags } from './entries.ts'
import { hourEntry } from './hours.ts'
import { routes } from './route.ts'
import { byId, calendarDate, flag, id, instant, longText, many, problem, version } from './shapes.ts'

const timerFields = {
  projectId: id.nullable().optional(),
  activityId: id.nullable().optional(),
  note: longText(1000).optional(),
  tags: tags.optional(),
  billable: z
    .boolean()
    .nullable()
    .optional()
    .meta({ description: 'As the activity and project say when null or left out' }),
}

export const timer = z
  .object({
    id,
    /** A timer that was stopped waits while its hours cannot be written yet; nothing of it is lost. */
    state: z.enum(['running', 'waiting']),
    projectId: id.nullable(),
    projectName: z.string().nullable(),
    customerName: z.string().nullable(),
    activityId: id.nullable(),
    activityName: z.string().nullable(),
    note: z.string(),
    tags: z.array(z.string()),
    billable: z.boolean().nullable(),
    /** The time zone in which it was started; its days are days there. */
    zone: z.string(),
    startedAt: instant,
    /** Null while it runs. */
    stoppedAt: instant.nullable(),
    /** Over twelve hours: perhaps forgotten. Its end must be said before its hours are written. */
    long: z.boolean(),
    /** What is written today on the same project and activity, the timer not counted. */
    todayMinutes: z.int(),
    /** Why the hours of one that waits cannot be written; null while it runs. */
    problem: problem.nullable(),
    version,
  })
  .meta({ id: 'Timer' })

const timers = z
  .object({
    timer: timer.nullable(),
    /** Stopped, and not written yet; the latest first. */
    waiting: z.array(timer),
    /** The time of the server, for a screen whose clock is off. */
    now: instant,
  })
  .meta({ id: 'Timers' })

const timerStart = z.object({
  timer,
  /** False when another tab was first: then `timer` is the one that runs. */
  started: z.boolean(),
  /** Hours of the timer that ran before and is stopped now. */
  written: z.array(hourEntry),
  /** That timer, when its hours cannot be written yet. */
  waiting: timer.nullable(),
})

const timerStop = z.object({
  /** The hours, one for each day. */
  written: z.array(hourEntry),
  /** The timer that waits, with its problem, when they cannot be written yet. */
  waiting: timer.nullable(),
})

export const weekAgainstContract = z.object({
  memberId: id,
  memberName: z.string(),
  year: z.int(),
  week: z.int(),
  monday: calendarDate,
  minutes: z.int(),
  absentMinutes: z.int(),
  contractMinutes: z.int(),
  differenceMinutes: z.int(),
})

export const timeRoutes = routes({
  readTimer: {
    id: 'read-timer',
    method: 'GET',
    path: '/timer',
    summary: 'Your timer that runs, and those that were stopped and wait',
    tag: 'Timer',
    access: 'hours:own',
    answer: timers,
  },
  startTimer: {
    id: 'start-timer',
    method: 'POST',
    path: '/timer',
    summary: 'Start a timer; one that runs is stopped and keeps its time',
    tag: 'Timer',
    access: 'hours:own',
    status: 201,
    body: z.object({
      ...timerFields,
      startedAt: instant.optional().meta({ description: 'Earlier by hand: at most 24 hours ago, now when left out' }),
    }),
    answer: timerStart,
  },
  continueTimer: {
    id: 'continue-timer',
    method: 'POST',
    path: '/timer/continue',
    summary: 'Start a timer for the same work as an hour entry',
    tag: 'Timer',
    access: 'hours:own',
    status: 201,
    body: z.object({ hourEntryId: id }),
    answer: timerStart,
  },
  changeTimer: {
    id: 'change-timer',
    method: 'PATCH',
    path: '/timer',
    summary: 'Change the timer that runs, or the one that waits with this id',
    tag: 'Timer',
    access: 'hours:own',
    versioned: true,
    body: z.object({
      id: id.optional().meta({ description: 'The one that runs when left out' }),
      ...timerFields,
      startedAt: instant.optional(),
      stoppedAt: instant.optional().meta({ description: 'Of one that waits' }),
    }),
    answer: timer,
  },
  stopTimer: {
    id: 'stop-timer',
    method: 'POST',
    path: '/timer/stop',
    summary: 'Stop the timer and write its hours; what cannot be written waits with its problem',
    tag: 'Timer',
    access: 'hours:own',
    body: z.object({
      id: id.optional().meta({ description: 'The one that runs when left out; else one that waits' }),
      stoppedAt: instant
        .optional()
        .meta({ description: 'Now when left out; to be said for a timer of more than twelve hours' }),
    }),
    answer: timerStop,
  },
  discardTimer: {
    id: 'discard-timer',
    method: 'DELETE',
    path: '/timer',
    summary: 'Throw a timer away without hours',
    tag: 'Timer',
    access: 'hours:own',
    query: z.object({ id: id.optional().meta({ description: 'The one that runs when left out' }) }),
    answer: z.object({ id }),
  },
  restoreTimer: {
    id: 'restore-timer',
    method: 'POST',
    path: '/timer/{id}/restoration',
    summary: 'Bring back a timer that was thrown away; beside one that runs it waits',
    tag: 'Timer',
    access: 'hours:own',
    params: byId,
    answer: timer,
  },

  acceptOverlap: {
    id: 'accept-overlap',
    method: 'POST',
    path: '/hours/overlaps',
    summary: 'Say that hours which lie over each other are right, or not; new times of one ask again',
    tag: 'Hours',
    access: 'hours:own',
    body: z.object({ entryIds: z.array(id).min(2).max(50), accepted: z.boolean() }),
    answer: z.object({ accepted: z.boolean() }),
  },
  hoursAgainstContract: {
    id: 'hours-against-contract',
    method: 'GET',
    path: '/hours/against-contract',
    summary: 'Registered and absent against contract, per person and whole week; at most two years',
    tag: 'Hours',
    access: 'hours:own',
    query: z.object({
      from: calendarDate,
      until: calendarDate,
      memberId: many(id),
      everybody: flag.optional().meta({ description: 'All people of the firm, for who may read the hours of all' }),
    }),
    answer: z.object({ rows: z.array(weekAgainstContract) }),
  },
})
