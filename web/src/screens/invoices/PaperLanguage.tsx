import { type ReactNode, useMemo } from 'react'
import { IntlProvider } from 'react-intl'
import { makeFormat } from '../../format.ts'
import english from '../../words/en/paper.json' with { type: 'json' }
import { localeOf } from '../../words/languages.ts'
import dutch from '../../words/nl/paper.json' with { type: 'json' }
import type { Invoice } from './invoice.ts'

const words = { en: english, nl: dutch } as const satisfies Record<Invoice['language'], Record<string, string>>
const bold = { b: (chunks: ReactNode[]) => <b>{chunks}</b> }

/** The words of the paper are in the language of the invoice, whatever the language of the person who looks at it. */
export const PaperLanguage = ({ language, children }: { language: Invoice['language']; children: ReactNode }) => (
  <IntlProvider locale={localeOf[language]} messages={words[language]} defaultRichTextElements={bold}>
    {children}
  </IntlProvider>
)

export const paperWord = (language: Invoice['language'], word: keyof typeof english): string => words[language][word]

/** Dates and amounts in the language of the invoice. */
export const usePaperFormat = (language: Invoice['language']) => useMemo(() => makeFormat(language), [language])
