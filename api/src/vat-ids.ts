import { z } from 'zod'
import { routes } from './route.ts'
import { byId, id, instant } from './shapes.ts'

/** What VIES answered once, kept as evidence. `no-answer`: it did not say, and that is not «invalid». */
export const vatIdCheck = z
  .object({
    id,
    vatId: z.string(),
    outcome: z.enum(['valid', 'invalid', 'no-answer']),
    /** The consultation number, by which the check can be proved; only when the firm's own VAT id was told. */
    consultation: z.string().nullable(),
    /** As registered there; a country may keep them to itself. */
    name: z.string().nullable(),
    address: z.string().nullable(),
    /** Their word for why there is no answer: `MS_UNAVAILABLE`. */
    code: z.string().nullable(),
    /** The same in the language of whoever asks. */
    words: z.string().nullable(),
    checkedBy: z.string().nullable(),
    checkedAt: instant,
  })
  .meta({ id: 'VatIdCheck' })

export const vatIdChecks = z
  .object({
    /** Whether this installation asks VIES. */
    works: z.boolean(),
    vatId: z.string().nullable(),
    /** The last answer about the VAT id that the customer has now. */
    standing: vatIdCheck.nullable(),
    /** All of them, the newest first; at most a hundred. */
    rows: z.array(vatIdCheck),
  })
  .meta({ id: 'VatIdChecks' })

export const vatIdRoutes = routes({
  listVatIdChecks: {
    id: 'list-vat-id-checks',
    method: 'GET',
    path: '/customers/{id}/vat-id-checks',
    summary: 'What VIES said about the VAT ids of a customer, and when',
    tag: 'Customers',
    access: 'customers:read',
    params: byId,
    answer: vatIdChecks,
  },
  checkVatId: {
    id: 'check-vat-id',
    method: 'POST',
    path: '/customers/{id}/vat-id-checks',
    summary: 'Ask VIES about the VAT id of a customer, and keep what it answers',
    tag: 'Customers',
    access: 'customers:write',
    status: 201,
    params: byId,
    body: z.object({}),
    answer: vatIdCheck,
  },
})
