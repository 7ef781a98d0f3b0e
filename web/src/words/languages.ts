/** Languages of the screens; `pseudo` is English in disguise, to find words that are not in the word lists. */
export const languages = ['en', 'nl'] as const
export type Language = (typeof languages)[number]
export type ShownLanguage = Language | 'pseudo'

/** Dates and figures as people write them: British order and a week from Monday for English. */
export const localeOf = { en: 'en-GB', nl: 'nl-NL', pseudo: 'en-GB' } as const satisfies Record<ShownLanguage, string>

const stored = 'uurwerk.language'

const isShown = (text: string | null): text is ShownLanguage =>
  text === 'pseudo' || languages.some((language) => language === text)

/** First what the address or this browser says, then the browser's own languages, then English. */
export function preferredLanguage(): ShownLanguage {
  const asked = new URLSearchParams(location.search).get('lang')
  if (isShown(asked)) {
    localStorage.setItem(stored, asked)
    return asked
  }
  const kept = localStorage.getItem(stored)
  if (isShown(kept)) return kept
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())
  return languages.find((language) => known.find((tag) => languages.some((l) => l === tag)) === language) ?? 'en'
}

export const hasChosenLanguage = (): boolean => isShown(localStorage.getItem(stored))
export const keepLanguage = (language: ShownLanguage): void => localStorage.setItem(stored, language)
