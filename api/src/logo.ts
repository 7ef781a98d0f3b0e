import { z } from 'zod'
import { firm } from './people.ts'
import { routes } from './route.ts'

export const logoRoutes = routes({
  changeLogo: {
    id: 'change-logo',
    method: 'PUT',
    path: '/firm/logo',
    summary:
      'Set the logo of this firm: PNG or JPEG, at most 1 MB and 2,500 pixels a side; invoices that were sent keep theirs',
    tag: 'Firms',
    access: 'firm:write',
    takes: 'bytes',
    answer: firm,
  },
  removeLogo: {
    id: 'remove-logo',
    method: 'DELETE',
    path: '/firm/logo',
    summary: 'Take the logo away; invoices that were sent keep theirs',
    tag: 'Firms',
    access: 'firm:write',
    answer: firm,
  },
  readLogo: {
    id: 'read-logo',
    method: 'GET',
    path: '/logos/{sha256}',
    summary: 'A logo that this firm has or had, by the hash of its bytes',
    tag: 'Firms',
    access: 'invoices:read',
    params: z.object({ sha256: z.string().max(64) }),
    query: z.object({
      firm: z
        .string()
        .max(100)
        .optional()
        .meta({ description: 'The browser names the firm here, since a picture carries no header' }),
    }),
    gives: 'bytes',
  },
})
