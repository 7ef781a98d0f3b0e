import type { mailTemplateKind } from '@uurwerk/api/letters.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import type { z } from 'zod'
import { say } from '../http/words.ts'
import type { Trx } from '../store/database.ts'

export type TemplateKind = z.output<typeof mailTemplateKind>
export const templateKinds = [
  'invoice',
  'credit-note',
  'reminder-1',
  'reminder-2',
  'reminder-3',
  'statement',
] as const satisfies readonly TemplateKind[]

export interface Text {
  readonly subject: string
  readonly body: string
}

const reminders = ['reminder-1', 'reminder-2', 'reminder-3'] as const
const ofInvoice = ['invoice', ...reminders] as const
const ofDocument = ['invoice', 'credit-note', ...reminders] as const

/** Which letters may hold which placeholder. */
export const placeholders = {
  customer: templateKinds,
  contact: templateKinds,
  number: ofDocument,
  date: templateKinds,
  dueDate: ofInvoice,
  amount: ofDocument,
  outstanding: [...ofInvoice, 'statement'],
  daysOverdue: reminders,
  reference: ofDocument,
  orderNumber: ofDocument,
  creditedNumber: ['credit-note'],
  firm: templateKinds,
  iban: templateKinds,
} as const satisfies Readonly<Record<string, readonly TemplateKind[]>>

export type Placeholder = keyof typeof placeholders
export const placeholderNames = Object.keys(placeholders) as Placeholder[]
/** What stands in place of each, written as the reader of the letter writes it. */
export type Values = Readonly<Partial<Record<Placeholder, string>>>

const fits = (name: string, kind: TemplateKind): boolean =>
  Object.hasOwn(placeholders, name) && (placeholders[name as Placeholder] as readonly TemplateKind[]).includes(kind)

const inBraces = /\{\s*([\p{L}\p{N}][\p{L}\p{N} _-]*?)\s*\}/gu

/** Fills in what is known and leaves everything else as it stands; what was filled in is not looked through again. */
export const filled = (text: string, values: Values): string =>
  text.replaceAll(inBraces, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name as Placeholder] ?? whole) : whole,
  )

export const filledText = ({ subject, body }: Text, values: Values): Text => ({
  // A value may have lines of its own, a head may not.
  subject: filled(subject, values)
    .replaceAll(/\s*\p{Cc}+\s*/gu, ' ')
    .trim()
    .slice(0, 250),
  body: filled(body, values),
})

/** Names in braces that a letter of this kind does not know, in their order. */
export function unknownIn(text: string, kind: TemplateKind): string[] {
  const names = [...text.matchAll(inBraces)].map((found) => found[1] as string)
  return [...new Set(names.filter((name) => !fits(name, kind)))]
}

const asThemselves = Object.fromEntries(placeholderNames.map((name) => [name, `{${name}}`]))

/** The text that the program brings. */
export const ours = (kind: TemplateKind, language: Language): Text => ({
  subject: say(language, `letter.template.${kind}.subject`, asThemselves),
  body: say(language, `letter.template.${kind}.body`, asThemselves),
})

/** The firm's own text, else ours. */
export async function templateOf(
  { trx, firmId }: { readonly trx: Trx; readonly firmId: string },
  kind: TemplateKind,
  language: Language,
): Promise<Text> {
  const own = await trx
    .selectFrom('mailTemplate')
    .select(['subject', 'body'])
    .where('firmId', '=', firmId)
    .where('kind', '=', kind)
    .where('language', '=', language)
    .executeTakeFirst()
  return own ?? ours(kind, language)
}
