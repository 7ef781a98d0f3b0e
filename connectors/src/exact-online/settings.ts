import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'

/** Stored as text; absent means what is usual. */
const switched = (usual: boolean) =>
  z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => (text === undefined ? usual : text === 'true'))

const settings = z.object({
  /** Guid of the item that stands on lines without one of their own. */
  defaultItem: z.guid(),
  /** Code of a journal of type 20. */
  salesJournal: z.string().trim().min(1),
  /** Code; without it the customer's own, else the company's, holds. */
  paymentCondition: z.string().trim().min(1).optional(),
  /** The PDF goes along with an entry. */
  attachDocument: switched(true),
  /** Whether invoices made there are printed, and with it booked, at once. */
  salesInvoices: z.enum(['open', 'printed']).default('open'),
  /** The digits of our number are the number of the entry too. */
  ownNumber: switched(false),
})

export type ExactSettings = z.output<typeof settings>

export function readSettings(stored: unknown): ExactSettings {
  const found = settings.safeParse(stored)
  if (found.success) return found.data
  const missing = [...new Set(found.error.issues.map((issue) => String(issue.path[0] ?? '')))]
  throw new ProblemError({
    kind: 'setup',
    code: 'settings-incomplete',
    values: { settings: missing.join(', ') },
    fields: missing.map((name) => ({ pointer: `/${name}`, code: 'required' })),
  })
}
