import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { IntlProvider, useIntl } from 'react-intl'
import type english from './en.ts'
import { keepLanguage, localeOf, preferredLanguage, type ShownLanguage } from './languages.ts'

/** The key of a sentence: screen, place, part. */
export type Word = keyof typeof english

type WordValues = Readonly<Record<string, string | number>>
export type RichValues = Readonly<Record<string, ReactNode | ((chunks: ReactNode[]) => ReactNode)>>

/** Each language is a file of its own, of which only the one in use is loaded. */
const load = {
  en: async () => (await import('./en.ts')).default,
  nl: async () => (await import('./nl.ts')).default,
  pseudo: async () => (await import('./pseudo.ts')).pseudoWords((await import('./en.ts')).default),
} satisfies Record<ShownLanguage, () => Promise<Record<string, string>>>

/** The words of the frame and of My hours, where people begin: a third of all, so that the page is there sooner. */
const loadFirst = {
  en: async () => (await import('./first-en.ts')).default,
  nl: async () => (await import('./first-nl.ts')).default,
  pseudo: load.pseudo,
} satisfies Record<ShownLanguage, () => Promise<Record<string, string>>>

const needsFirstOnly = (pathname: string) => pathname === '/' || /^\/f\/[^/]+(\/time)?\/?$/.test(pathname)

let all: Promise<unknown> = Promise.resolve()

/** Before a page is shown that says more than the first one does. */
export async function wordsFor(pathname: string): Promise<void> {
  if (!needsFirstOnly(pathname)) await all
}

const bold = { b: (chunks: ReactNode[]) => <b>{chunks}</b> }

interface LanguageChoice {
  readonly language: ShownLanguage
  readonly choose: (language: ShownLanguage) => void
}
const LanguageContext = createContext<LanguageChoice | null>(null)

export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferredLanguage)
  const [words, setWords] = useState<{ of: ShownLanguage; messages: Record<string, string> } | null>(null)

  useEffect(() => {
    let wanted = true
    const show = (messages: Record<string, string>) => {
      if (!wanted) return
      document.documentElement.lang = language === 'nl' ? 'nl' : 'en'
      setWords((before) => ({
        of: language,
        messages: before?.of === language ? { ...before.messages, ...messages } : messages,
      }))
    }
    const loading = load[language]().then(show)
    all = loading
    if (needsFirstOnly(window.location.pathname)) {
      loadFirst[language]().then(show)
    }
    return () => {
      wanted = false
    }
  }, [language])

  const choose = useCallback((next: ShownLanguage) => {
    keepLanguage(next)
    setLanguage(next)
  }, [])
  const choice = useMemo(() => ({ language: words?.of ?? language, choose }), [words, language, choose])
  if (!words) return null
  return (
    <LanguageContext value={choice}>
      <IntlProvider locale={localeOf[words.of]} messages={words.messages} defaultRichTextElements={bold} onError={fail}>
        {children}
      </IntlProvider>
    </LanguageContext>
  )
}

// A missing word is a mistake of ours: it is said in the console, where the browser journeys fail on it.
const fail = (error: unknown) => console.error(error)

export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext)
  if (!choice) throw new Error('useLanguage outside WordsProvider')
  return choice
}

export type Say = (word: Word, values?: WordValues) => string

/** Plain text: the word, and the values its placeholders ask for. */
export function useT(): Say {
  const intl = useIntl()
  return useCallback((word, values) => String(intl.formatMessage({ id: word }, values)), [intl])
}

/** Text with elements in it: values may be elements, and <b> in a message needs no value. */
export function T({ id, values }: { id: Word; values?: RichValues }) {
  const intl = useIntl()
  return <>{intl.formatMessage({ id }, values as Record<string, ReactNode>)}</>
}
