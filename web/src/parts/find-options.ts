import { fold } from '../words/fold.ts'

export interface Option {
  readonly value: string
  readonly label: string
  /** Stands before the label and is searched too: a number, a ledger account, an item code. */
  readonly code?: string
  /** Small, after the label: the customer of a project. */
  readonly hint?: string
  /** Cannot be chosen, and why; greyed but readable. */
  readonly why?: string
  readonly group?: string
}

/** Every word that was typed must be found, in any order; what begins with it comes first. */
export function findOptions(options: readonly Option[], typed: string): readonly Option[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return options
  const textOf = (option: Option) => fold(`${option.code ?? ''} ${option.label} ${option.hint ?? ''}`)
  const found = options.filter((option) => words.every((word) => textOf(option).includes(word)))
  const first = words[0] ?? ''
  const rank = (option: Option) =>
    fold(option.code ?? '').startsWith(first) || fold(option.label).startsWith(first) ? 0 : 1
  return found.toSorted((a, b) => rank(a) - rank(b))
}
