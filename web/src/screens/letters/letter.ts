import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { ApiProblem, isApiProblem } from '../../problem.ts'
import type { Word } from '../../words/words.tsx'
import { type Recipient, toKnown } from './addresses.ts'

export type LetterRow = components['schemas']['LetterRow']
export type Letter = components['schemas']['Letter']
export type LetterDraft = components['schemas']['LetterDraft']
export type LetterInput = components['schemas']['LetterInput']
export type LetterKind = LetterRow['kind']
export type TemplateKind = components['schemas']['MailTemplate']['kind']
export type Language = LetterDraft['language']

/** The letter of an invoice as it is proposed; with another version of the draft it may read differently. */
export const letterDraftQuery = (invoice: { readonly id: string; readonly version: number }) =>
  queryOptions({
    queryKey: ['letter-draft', invoice.id, invoice.version],
    queryFn: ({ signal }) =>
      answer(api.GET('/invoices/{id}/letter-draft', { params: { path: { id: invoice.id } }, signal })),
    staleTime: 0,
  })

export const letterQuery = (id: string) =>
  queryOptions({
    queryKey: ['letters', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/letters/{id}', { params: { path: { id } }, signal })),
  })

/** Of one invoice, the newest first: there are never many. */
export const lettersOfInvoiceQuery = (invoiceId: string) =>
  queryOptions({
    queryKey: ['letters', 'of-invoice', invoiceId],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/letters', { params: { query: { invoiceId: [invoiceId], limit: 100 } }, signal }))).rows,
  })

export const lettersChanged = (client: QueryClient) => client.invalidateQueries({ queryKey: ['letters'] })

export const mailSettingsQuery = queryOptions({
  queryKey: ['mail-settings'],
  queryFn: ({ signal }) => answer(api.GET('/mail-settings', { signal })),
})
export type MailSettings = components['schemas']['MailSettings']

export const templatesQuery = queryOptions({
  queryKey: ['mail-templates'],
  queryFn: ({ signal }) => answer(api.GET('/mail-templates', { signal })),
})
export type MailTemplate = components['schemas']['MailTemplate']

export const kindWords = {
  invoice: 'letters.kind.invoice',
  'credit-note': 'letters.kind.creditNote',
  reminder: 'letters.kind.reminder',
  statement: 'letters.kind.statement',
} as const satisfies Record<LetterKind, Word>

export const templateWords = {
  invoice: 'letters.template.invoice',
  'credit-note': 'letters.template.creditNote',
  'reminder-1': 'letters.template.reminder1',
  'reminder-2': 'letters.template.reminder2',
  'reminder-3': 'letters.template.reminder3',
  statement: 'letters.template.statement',
} as const satisfies Record<TemplateKind, Word>

export const languageWords = {
  nl: 'letters.language.nl',
  en: 'letters.language.en',
} as const satisfies Record<Language, Word>

/** Which text a letter is made from. */
export const templateOf = ({
  kind,
  step,
}: {
  readonly kind: LetterKind
  readonly step: number | null
}): TemplateKind =>
  kind === 'reminder' ? (step === 3 ? 'reminder-3' : step === 2 ? 'reminder-2' : 'reminder-1') : kind

/** As it stands in the fields. */
export type LetterValues = {
  readonly to: Recipient[]
  readonly bcc: Recipient[]
  readonly subject: string
  readonly body: string
  readonly ubl: boolean
  readonly hours: boolean
  /** Ids of files. */
  readonly receipts: string[]
}

export const valuesOfDraft = (draft: LetterDraft): LetterValues => ({
  to: toKnown(draft.to),
  bcc: draft.bcc.map((address) => ({ address })),
  subject: draft.subject,
  body: draft.body,
  ubl: draft.attach.ubl && draft.hasUbl,
  hours: draft.attach.hours && draft.hasHours,
  receipts: draft.attach.receipts,
})

export const valuesOfLetter = (letter: Letter): LetterValues => ({
  to: toKnown(letter.to),
  bcc: letter.bcc.map((address) => ({ address })),
  subject: letter.subject,
  body: letter.body,
  ...letter.attach,
})

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * What was typed on a proposal, on the proposal as it is now: a field that nobody touched follows. `outdated` are the
 * texts that were changed by hand and would read otherwise now, with another amount.
 */
export function onProposal(
  typed: LetterValues,
  before: LetterValues,
  now: LetterValues,
): { readonly values: LetterValues; readonly outdated: readonly ('subject' | 'body')[] } {
  const touched = (field: keyof LetterValues) => !isSame(typed[field], before[field])
  const fields = Object.keys(now) as Array<keyof LetterValues>
  return {
    values: Object.fromEntries(fields.map((field) => [field, (touched(field) ? typed : now)[field]])) as LetterValues,
    outdated: (['subject', 'body'] as const).filter((field) => touched(field) && before[field] !== now[field]),
  }
}

export const toLetterInput = ({ to, bcc, subject, body, ubl, hours, receipts }: LetterValues): LetterInput => ({
  to,
  bcc: bcc.map(({ address }) => address),
  subject,
  body,
  attach: { ubl, hours, receipts },
})

const fieldOf = (pointer: string): string => {
  const [first = '', second = ''] = pointer
    .replace(/^\/letter\//, '/')
    .split('/')
    .slice(1)
  return `/${first === 'attach' ? second : first}`
}

/** What the server says of one address, or of a part of the letter, is told at the field that holds it. */
export function atFields(error: unknown): unknown {
  if (!isApiProblem(error) || !error.problem.errors) return error
  const errors = error.problem.errors.map((one) => ({ ...one, pointer: fieldOf(one.pointer) }))
  return new ApiProblem({ ...error.problem, errors }, error)
}
