import { z } from 'zod'
import { letter, letterInput } from './letters.ts'
import { routes } from './route.ts'
import { byId, calendarDate, explained, flag, id, language } from './shapes.ts'

/** Open items alone, or everything that happened. */
export const statementKind = z.enum(['open', 'all'])

const asked = {
  kind: statementKind.default('open'),
  asOf: calendarDate.optional().meta({ description: 'Last day; today in the firm’s time zone when left out' }),
  from: calendarDate.optional().meta({ description: 'First day of `all`; from the beginning when left out' }),
}

const document = z.object({
  id,
  kind: z.enum(['invoice', 'credit']),
  number: z.string(),
  date: calendarDate,
  dueDate: calendarDate,
})

const age = z.enum(['not-due', '1-30', '31-60', '61-90', 'over-90', 'credit'])

const inCurrency = z.object({
  currency: z.string(),
  items: z.array(
    z.object({
      document,
      /** Paid before the date of the invoice: the money alone counts. */
      inAdvance: z.boolean(),
      gross: z.string(),
      credited: z.string(),
      paid: z.string(),
      outstanding: z.string(),
      daysLate: z.int(),
      age,
    }),
  ),
  /** By days past the due date; what is below zero is `credit`. */
  byAge: z.array(z.object({ age, amount: z.string() })),
  opening: z.string(),
  movements: z.array(
    z.object({
      kind: z.enum(['invoice', 'credit', 'payment']),
      id,
      date: calendarDate,
      document,
      /** Of a payment. */
      way: z.string().nullable(),
      amount: z.string(),
      balance: z.string(),
    }),
  ),
  balance: z.string(),
})

export const statement = z
  .object({
    customerId: id,
    customerName: z.string(),
    language,
    kind: statementKind,
    asOf: calendarDate,
    from: calendarDate.nullable(),
    /** One for each currency that has anything to tell. */
    currencies: z.array(inCurrency),
  })
  .meta({ id: 'Statement' })

const statementLetter = letterInput.omit({ attach: true })

export const statementRoutes = routes({
  readStatement: {
    id: 'read-statement',
    method: 'GET',
    path: '/customers/{id}/statement',
    summary: 'Where a customer stands at the end of a day: what is open by age, or every movement with the balance',
    tag: 'Statements',
    access: 'invoices:read',
    params: byId,
    query: z.object(asked),
    answer: statement,
  },
  readStatementDocument: {
    id: 'read-statement-document',
    method: 'GET',
    path: '/customers/{id}/statement/document',
    summary: 'The statement of a customer as PDF',
    tag: 'Statements',
    access: 'invoices:read',
    params: byId,
    query: z.object({ ...asked, save: flag.optional().meta({ description: 'To be saved instead of shown' }) }),
    gives: 'bytes',
  },
  readStatementLetter: {
    id: 'read-statement-letter',
    method: 'GET',
    path: '/customers/{id}/statement/letter',
    summary: 'The letter of a statement as it is proposed: recipients, and text from the template',
    tag: 'Statements',
    access: 'invoices:read',
    params: byId,
    query: z.object(asked),
    answer: statementLetter
      .extend({
        to: z.array(z.object({ address: z.string(), name: z.string().nullable() })),
        bcc: z.array(z.string()),
        subject: z.string(),
        body: z.string(),
        language,
        sender: z.object({ name: z.string(), address: z.string().nullable() }),
        replyTo: z.string().nullable(),
        fileName: z.string(),
        /** Why it cannot go out by mail. */
        problems: z.array(explained),
      })
      .meta({ id: 'StatementLetter' }),
  },
  writeStatementLetter: {
    id: 'write-statement-letter',
    method: 'POST',
    path: '/customers/{id}/statement/letter',
    summary: 'Send a customer the statement by mail',
    tag: 'Statements',
    access: 'invoices:send',
    status: 201,
    params: byId,
    body: statementLetter.extend(asked),
    answer: letter,
  },
})
