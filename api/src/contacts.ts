import { z } from 'zod'
import { routes } from './route.ts'
import { byId, email, id, language, optionalText, shortText, version } from './shapes.ts'

export const contactInput = z.object({
  name: shortText(80),
  email: email.nullable().optional(),
  phone: optionalText(30).optional(),
  role: optionalText(60).optional().meta({ description: 'What the person does at the customer' }),
  language: language.nullable().optional().meta({ description: 'As the customer when left out' }),
  receivesInvoices: z.boolean().optional(),
  approvesEntries: z.boolean().optional().meta({ description: 'Is asked to approve hours, expenses and trips' }),
})

export const contact = z
  .object({
    id,
    customerId: id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    role: z.string().nullable(),
    language: language.nullable(),
    receivesInvoices: z.boolean(),
    approvesEntries: z.boolean(),
    archived: z.boolean(),
    version,
  })
  .meta({ id: 'Contact' })

export const contactRoutes = routes({
  listContacts: {
    id: 'list-contacts',
    method: 'GET',
    path: '/contacts',
    summary: 'Contacts of a customer, those in use first',
    tag: 'Customers',
    access: 'customers:read',
    query: z.object({ customerId: id }),
    answer: z.object({ rows: z.array(contact) }),
  },
  createContact: {
    id: 'create-contact',
    method: 'POST',
    path: '/contacts',
    summary: 'Add a contact to a customer',
    tag: 'Customers',
    access: 'customers:write',
    status: 201,
    body: contactInput.extend({ customerId: id }),
    answer: contact,
  },
  changeContact: {
    id: 'change-contact',
    method: 'PATCH',
    path: '/contacts/{id}',
    summary: 'Change a contact, archive or bring back',
    tag: 'Customers',
    access: 'customers:write',
    versioned: true,
    params: byId,
    body: contactInput.extend({ archived: z.boolean() }).partial(),
    answer: contact,
  },
  deleteContact: {
    id: 'delete-contact',
    method: 'DELETE',
    path: '/contacts/{id}',
    summary: 'Delete a contact',
    tag: 'Customers',
    access: 'customers:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreContact: {
    id: 'restore-contact',
    method: 'POST',
    path: '/contacts/{id}/restoration',
    summary: 'Bring back a deleted contact',
    tag: 'Customers',
    access: 'customers:write',
    params: byId,
    answer: contact,
  },
})
