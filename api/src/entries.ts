import { z } from 'zod'
import { calendarDate, explained, flag, id, many } from './shapes.ts'

/** What hours, expenses and trips have in common. */
export const entryKind = z.enum(['hours', 'expense', 'trip'])
export const entryState = z.enum(['free', 'reserved', 'invoiced', 'written-off'])
export const approvalState = z.enum(['open', 'submitted', 'approved', 'rejected'])

/**
 * What holds something: a draft, an invoice with its number, or, `inPackage`, a document that the accounting package
 * makes, with the number that it has there.
 */
export const held = z.object({ id, number: z.string().nullable(), inPackage: z.boolean() }).nullable()

export const tags = z.array(z.string().trim().min(1).max(30)).max(20)

/** Facts that every entry answers with. */
export const entryFacts = {
  approval: approvalState,
  internalApproved: z.boolean(),
  customerApproved: z.boolean(),
  rejectedReason: z.string().nullable(),
  /** Derived from write-off and claim. */
  state: entryState,
  invoice: held,
  locked: z.boolean(),
}

/** Filters of every overview, in the address. */
export const entryFilter = {
  from: calendarDate.optional(),
  until: calendarDate.optional(),
  customerId: many(id),
  projectId: many(id),
  memberId: many(id),
  teamId: many(id),
  tag: many(z.string().max(30)),
  billable: flag.optional(),
  state: many(entryState),
  approval: many(approvalState),
  search: z.string().max(100).optional(),
}

const some = <T extends z.ZodType>(one: T) => z.array(one).max(200).optional()

/** The same filters in a body, where lists are lists and switches are switches. */
export const entrySelectionFilter = {
  from: calendarDate.optional(),
  until: calendarDate.optional(),
  customerId: some(id),
  projectId: some(id),
  memberId: some(id),
  teamId: some(id),
  tag: some(z.string().max(30)),
  billable: z.boolean().optional(),
  state: some(entryState),
  approval: some(approvalState),
  search: z.string().max(100).optional(),
}

/** An entry that an act left out, with the reason. */
export const leftOut = z.object({ id, label: z.string(), problem: explained })
