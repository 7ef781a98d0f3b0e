import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { needsYou } from '../postings/posting-state.tsx'
import type { PackageInvoiceRow } from './package-invoice.ts'

interface Shown {
  readonly is: Meaning
  readonly icon: IconName
  readonly word: Word
}

export const stateWords = {
  reserved: 'package-invoices.state.reserved',
  made: 'package-invoices.state.made',
  printed: 'package-invoices.state.printed',
  gone: 'package-invoices.state.gone',
  released: 'package-invoices.state.released',
} as const satisfies Record<PackageInvoiceRow['state'], Word>

const usual = {
  reserved: { is: 'progress', icon: 'clock' },
  made: { is: 'done', icon: 'check' },
  printed: { is: 'done', icon: 'check' },
  gone: { is: 'wait', icon: 'trash' },
  released: { is: 'wait', icon: 'minus' },
} as const satisfies Record<PackageInvoiceRow['state'], Omit<Shown, 'word'>>

/** What somebody has to look at goes before how far it came. */
export function shownOf({ state, posting, printing, differs }: PackageInvoiceRow): Shown {
  const holds = state === 'reserved' || state === 'made' || state === 'printed'
  if (holds && (needsYou(posting.state) || (printing && needsYou(printing.state))))
    return { is: 'needs', icon: 'warning', word: 'package-invoices.state.needsYou' }
  if (holds && differs) return { is: 'needs', icon: 'warning', word: 'package-invoices.state.differs' }
  return { ...usual[state], word: stateWords[state] }
}

/** Icon and word, in a row or beside a title. */
export function PackageInvoiceState({ invoice, pill }: { invoice: PackageInvoiceRow; pill?: boolean }) {
  const t = useT()
  const { is, icon, word } = shownOf(invoice)
  const Shape = pill ? Pill : State
  return (
    <Shape is={is} icon={icon}>
      {t(word)}
    </Shape>
  )
}
