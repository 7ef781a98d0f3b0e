import type { Language } from '../http/call.ts'
import { hasWords, say } from '../http/words.ts'
import type { TaskRowDetails } from '../jobs/running.ts'
import type { CarefulField, CarefulValue } from './differences.ts'

/** Why a row came out as it did, or what changed, in the reader's language. */
export function explainRow(
  language: Language,
  { reason, values, fields, proposed, notes }: TaskRowDetails,
): string | null {
  const sentences = [
    ...(reason ? [explainReason(language, reason, values)] : []),
    ...(fields?.length
      ? [say(language, 'import.changed', { fields: fields.map((name) => fieldOf(language, name)).join(', ') })]
      : []),
    ...(proposed ?? []).map((one) =>
      say(language, 'import.proposed', {
        field: fieldOf(language, one.field),
        ours: wordsOfValue(language, one.field, one.ours) || '–',
        theirs: wordsOfValue(language, one.field, one.theirs),
      }),
    ),
    ...(notes ?? []).map((note) => say(language, `import.note.${note.code}`, note.values)),
  ]
  return sentences.length > 0 ? sentences.join(' ') : null
}

/** `why`: what ours and theirs have in common, as codes with a comma between. */
export const explainReason = (
  language: Language,
  reason: string,
  values: Readonly<Record<string, string>> = {},
): string =>
  say(language, `import.reason.${reason}`, {
    ...values,
    ...(values.why ? { why: likenessWords(language, values.why.split(',')) } : {}),
  })

export const likenessWords = (language: Language, why: readonly string[]): string =>
  why.map((one) => say(language, `import.likeness.${one}`)).join(', ')

const fieldOf = (language: Language, name: string): string =>
  hasWords(language, `customer-field.${name}`) ? say(language, `customer-field.${name}`) : name

const wordsOfValue = (language: Language, field: string, text: string): string =>
  field === 'vatCase' && hasWords(language, `vat-case.${text}`) ? say(language, `vat-case.${text}`) : text

/** A careful value as a person reads it. */
export function carefulWords(language: Language, field: CarefulField, value: CarefulValue | null): string | null {
  if (value === null) return null
  if (typeof value === 'string') return wordsOfValue(language, field, value)
  return say(language, value.endOfMonth ? 'import.term.month' : 'import.term.days', { days: value.days })
}
