import { z } from 'zod'
import { routes } from './route.ts'
import { byId, explained, flag, id, shortText, version } from './shapes.ts'

export const series = z
  .object({
    id,
    name: z.string(),
    pattern: z.string(),
    firstNumber: z.int(),
    /** For new invoices. */
    isDefault: z.boolean(),
    /** For new credit notes; where no series has it, a credit note takes that of its invoice. */
    isCreditDefault: z.boolean(),
    archived: z.boolean(),
    /** A forecast for an invoice of today. */
    next: z.string(),
    /** What the accounting package in use makes of its numbers. */
    notes: z.array(explained),
    /** This year has a number of it, so that pattern and first number stay. */
    used: z.boolean(),
    /** Drafts that wait for a number of it. */
    drafts: z.int(),
    version,
  })
  .meta({ id: 'Series' })

const pattern = shortText(30).meta({ description: '{year} or {yy}, and {0000} for the counter', example: '{yy}{0000}' })
const firstNumber = z.int().min(1).max(99_999_999)

export const seriesRoutes = routes({
  listSeries: {
    id: 'list-series',
    method: 'GET',
    path: '/series',
    summary: 'Number series of invoices and credit notes',
    tag: 'Invoices',
    access: 'invoices:read',
    query: z.object({ archived: flag.optional() }),
    answer: z.object({ rows: z.array(series) }),
  },
  createSeries: {
    id: 'create-series',
    method: 'POST',
    path: '/series',
    summary: 'Add a number series',
    tag: 'Invoices',
    access: 'firm:write',
    status: 201,
    body: z.object({
      name: shortText(40),
      pattern,
      firstNumber: firstNumber.default(1),
      isDefault: z.boolean().optional(),
      isCreditDefault: z.boolean().optional(),
    }),
    answer: series,
  },
  changeSeries: {
    id: 'change-series',
    method: 'PATCH',
    path: '/series/{id}',
    summary:
      'Change a number series, archive or bring back; pattern and first number as long as the year has no number of it yet',
    tag: 'Invoices',
    access: 'firm:write',
    versioned: true,
    params: byId,
    body: z
      .object({
        name: shortText(40),
        pattern,
        firstNumber,
        isDefault: z.literal(true).meta({ description: 'Takes it from the series that was' }),
        isCreditDefault: z.boolean(),
        archived: z.boolean(),
      })
      .partial(),
    answer: series,
  },
})
