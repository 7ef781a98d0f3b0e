import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createIntl, createIntlCache, type IntlShape } from '@formatjs/intl'
import type { Language } from './call.ts'

const folder = join(import.meta.dirname, '../words')

/** All words of the server in a language; one file per area, keys are unique over all of them. */
export function readWords(language: Language): Record<string, string> {
  const words: Record<string, string> = {}
  for (const file of readdirSync(join(folder, language)).sort()) {
    if (!file.endsWith('.json')) continue
    Object.assign(words, JSON.parse(readFileSync(join(folder, language, file), 'utf8')))
  }
  return words
}

const cache = createIntlCache()
const intls: Partial<Record<Language, IntlShape<string>>> = {}

const intlOf = (language: Language): IntlShape<string> => {
  intls[language] ??= createIntl(
    { locale: language, messages: readWords(language), defaultLocale: language, onError: fail },
    cache,
  )
  return intls[language]
}

/** A word that is missing is a mistake of ours: it stops a test, but no request of a user. */
function fail(error: Error): void {
  if (process.env.VITEST) throw error
}

export const hasWords = (language: Language, id: string): boolean => id in intlOf(language).messages

/** Words by key, placeholders filled. An unknown key is a mistake of ours and throws. */
export const say = (language: Language, id: string, values: Readonly<Record<string, string | number>> = {}): string =>
  intlOf(language).formatMessage({ id }, values) as string
