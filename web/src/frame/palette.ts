import { useEffect } from 'react'
import type { IconName } from '../parts/icons.tsx'
import { fold } from '../words/fold.ts'

export interface PaletteItem {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly icon: IconName
  readonly keys?: string
  readonly run: () => unknown
}

/** Finds things by what was typed: customers, projects, invoices. */
export interface PaletteSource {
  readonly id: string
  readonly head: string
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly PaletteItem[]>
}

const actions = new Map<string, readonly PaletteItem[]>()

/** What can be done on the page that is open; found by `Ctrl/⌘ K` as long as it is. */
export function usePaletteActions(id: string, items: readonly PaletteItem[]): void {
  useEffect(() => {
    actions.set(id, items)
    return () => {
      actions.delete(id)
    }
  }, [id, items])
}

export const paletteActions = (): readonly PaletteItem[] => [...actions.values()].flat()

/** Every typed word is found somewhere; what begins with the first one comes first. */
export function findItems(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  const found = items.filter((item) => words.every((word) => fold(`${item.label} ${item.hint ?? ''}`).includes(word)))
  const first = words[0] ?? ''
  return found.toSorted((a, b) => Number(!fold(a.label).startsWith(first)) - Number(!fold(b.label).startsWith(first)))
}
