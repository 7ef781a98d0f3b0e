import { z } from 'zod'
import { task } from './connections.ts'
import { routes } from './route.ts'
import { byId, country, explained, flag, id, instant, page, paging, vatCase, version } from './shapes.ts'

export const leader = z.enum(['package', 'uurwerk'])

export const importSettings = z
  .object({
    /** Whether the package can be imported from at all. */
    offered: z.boolean(),
    nightlyImport: z.boolean(),
    /** HH:MM on the wall of the firm. */
    nightlyAt: z.string(),
    timeZone: z.string(),
    leader,
    nextAt: instant.nullable(),
    lastRun: task.nullable(),
    openConflicts: z.int(),
    openProposals: z.int(),
    vatCasesToConfirm: z.int(),
    version,
  })
  .meta({ id: 'ImportSettings' })

const customerNamed = z.object({ id, number: z.string().nullable(), name: z.string() })

export const importConflict = z
  .object({
    id,
    connectionId: id,
    packageName: z.string(),
    /** What the package has. */
    theirs: z.object({
      code: z.string(),
      name: z.string(),
      city: z.string().nullable(),
      country: z.string().nullable(),
      vatId: z.string().nullable(),
      kvk: z.string().nullable(),
      email: z.string().nullable(),
    }),
    reason: z.string(),
    /** Why nobody but a person can decide, in the reader's language. */
    text: z.string(),
    /** Who it may be, the likeliest first, and why. */
    candidates: z.array(
      customerNamed.extend({
        city: z.string().nullable(),
        vatId: z.string().nullable(),
        kvk: z.string().nullable(),
        email: z.string().nullable(),
        why: z.string(),
        /** What else happens when it is this one, in the reader's language. */
        consequence: z.string().nullable(),
      }),
    ),
    /** Whether a new customer can be made of it, and what has to be said for that. */
    mayBeNew: z.boolean(),
    needs: z.array(z.enum(['country', 'vatCase'])),
    state: z.enum(['open', 'resolved', 'left', 'passed']),
    openedAt: instant,
    settledAt: instant.nullable(),
    settledBy: z.string().nullable(),
    version,
  })
  .meta({ id: 'ImportConflict' })

export const proposal = z
  .object({
    id,
    connectionId: id,
    packageName: z.string(),
    customer: customerNamed,
    field: z.enum(['vatId', 'vatCase', 'term', 'email']),
    /** In the reader's language; null where nothing is filled in here. */
    ours: z.string().nullable(),
    theirs: z.string(),
    state: z.enum(['open', 'accepted', 'rejected', 'withdrawn']),
    openedAt: instant,
    decidedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    version,
  })
  .meta({ id: 'Proposal' })

const vatCaseToConfirm = z.object({
  customerId: id,
  number: z.string().nullable(),
  name: z.string(),
  country,
  vatId: z.string().nullable(),
  vatCase,
  version,
})

const several = z.array(z.object({ id, version })).min(1).max(500)
const decided = z.object({
  done: z.int(),
  leftOut: z.array(z.object({ id, name: z.string(), problem: explained })),
})

export const importRoutes = routes({
  importCustomers: {
    id: 'import-customers',
    method: 'POST',
    path: '/connections/{id}/imports',
    summary: 'Import customers from the package, matched on customer number',
    tag: 'Imports',
    access: 'connections:write',
    params: byId,
    status: 202,
    body: z.object({ full: z.boolean().default(false) }),
    answer: task,
  },
  readImportSettings: {
    id: 'read-import-settings',
    method: 'GET',
    path: '/connections/{id}/import-settings',
    summary: 'When a connection imports by itself, which side leads, and what waits for a person',
    tag: 'Imports',
    access: 'connections:read',
    params: byId,
    answer: importSettings,
  },
  changeImportSettings: {
    id: 'change-import-settings',
    method: 'PATCH',
    path: '/connections/{id}/import-settings',
    summary: 'Switch the nightly import, choose its time and which side leads',
    tag: 'Imports',
    access: 'connections:write',
    versioned: true,
    params: byId,
    body: z
      .object({
        nightlyImport: z.boolean(),
        nightlyAt: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
          .meta({ description: 'HH:MM in the time zone of the firm', example: '04:00' }),
        leader: leader.meta({ description: 'Whose fields replace the other’s: the package’s, or nobody’s' }),
      })
      .partial(),
    answer: importSettings,
  },
  listImportConflicts: {
    id: 'list-import-conflicts',
    method: 'GET',
    path: '/connections/{id}/import-conflicts',
    summary: 'Customers of the package that nobody but a person can tell whose they are',
    tag: 'Imports',
    access: 'customers:read',
    params: byId,
    query: z.object({
      ...paging,
      settled: flag.optional().meta({ description: 'Those that were decided about or settled themselves' }),
      search: z.string().max(100).optional(),
    }),
    answer: page(importConflict),
  },
  resolveImportConflict: {
    id: 'resolve-import-conflict',
    method: 'POST',
    path: '/import-conflicts/{id}/resolution',
    summary: 'Say which customer it is, make a new one of it, or leave it',
    tag: 'Imports',
    access: 'customers:write',
    versioned: true,
    params: byId,
    body: z.object({
      as: z.enum(['customer', 'new', 'leave']),
      customerId: id.optional().meta({ description: 'With `customer`: which of ours it is' }),
      vatCase: vatCase.optional().meta({ description: 'With `new`, where it cannot be derived' }),
      country: country.optional().meta({ description: 'With `new`, where the package has none' }),
    }),
    answer: importConflict,
  },
  listProposals: {
    id: 'list-proposals',
    method: 'GET',
    path: '/connections/{id}/proposals',
    summary: 'Changes of the package that wait for a person, because work is under way',
    tag: 'Imports',
    access: 'customers:read',
    params: byId,
    query: z.object({
      ...paging,
      settled: flag.optional().meta({ description: 'Those that were decided about or withdrawn' }),
      customerId: id.optional(),
    }),
    answer: page(proposal),
  },
  acceptProposal: {
    id: 'accept-proposal',
    method: 'POST',
    path: '/proposals/{id}/acceptance',
    summary: 'Take the value of the package over',
    tag: 'Imports',
    access: 'customers:write',
    versioned: true,
    params: byId,
    answer: proposal,
  },
  rejectProposal: {
    id: 'reject-proposal',
    method: 'POST',
    path: '/proposals/{id}/rejection',
    summary: 'Keep our value; it is not proposed again until theirs changes',
    tag: 'Imports',
    access: 'customers:write',
    versioned: true,
    params: byId,
    answer: proposal,
  },
  decideProposals: {
    id: 'decide-proposals',
    method: 'POST',
    path: '/connections/{id}/proposals/decisions',
    summary: 'Accept or reject several proposals, as they were seen',
    tag: 'Imports',
    access: 'customers:write',
    params: byId,
    body: z.object({ accept: z.boolean(), proposals: several }),
    answer: decided,
  },
  listVatCasesToConfirm: {
    id: 'list-vat-cases-to-confirm',
    method: 'GET',
    path: '/vat-cases',
    summary: 'Customers whose VAT case was derived from country and VAT id and nobody confirmed',
    tag: 'Imports',
    access: 'customers:read',
    query: z.object({ ...paging, search: z.string().max(100).optional() }),
    answer: page(vatCaseToConfirm),
  },
  confirmVatCases: {
    id: 'confirm-vat-cases',
    method: 'POST',
    path: '/vat-cases/confirmation',
    summary: 'Confirm the VAT case of several customers, or say another',
    tag: 'Imports',
    access: 'customers:write',
    body: z.object({
      customers: z.array(z.object({ id, version, vatCase })).min(1).max(500),
    }),
    answer: decided,
  },
  unlinkCustomer: {
    id: 'unlink-customer',
    method: 'DELETE',
    path: '/customers/{id}/package-link',
    summary: 'Cut the link of a customer that was deleted in the package; the next posting makes it there anew',
    tag: 'Imports',
    access: 'customers:write',
    versioned: true,
    params: byId,
    status: 204,
  },
})
