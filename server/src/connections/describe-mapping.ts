import type { Row } from '@uurwerk/connectors/contract/rows.ts'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import { reasonOf } from './describe.ts'
import type { Subject } from './item-use.ts'

/** An activity and a category by their names, the others by what they are. */
export const nameOfSubject = (language: Language, { kind, name }: Pick<Subject, 'kind' | 'name'>): string =>
  name ?? say(language, `subject.${kind}`)

/** Why an item that was chosen once can no longer stand on a line, in words. */
export function whyItemFails(
  language: Language,
  row: Pick<Row['items'], 'unusable'> & { readonly isGone: boolean },
): string | null {
  if (row.isGone) return reasonOf(language, 'gone')
  return row.unusable ? reasonOf(language, row.unusable) : null
}
