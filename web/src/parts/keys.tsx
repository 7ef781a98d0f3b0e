import { useEffect, useRef, useSyncExternalStore } from 'react'
import { matches } from './key-match.ts'

export interface Key {
  /** `N`, `Escape`, `mod+Enter`, `alt+1`; `mod` is Ctrl, or ⌘ on a Mac. */
  readonly keys: string
  /** What it does, for the list of keys; a key without is not listed. */
  readonly does?: string
  readonly run: (event: KeyboardEvent) => void
  readonly disabled?: boolean
  /** Also while typing in a field. Combinations with `mod` always are. */
  readonly whileTyping?: boolean
}

interface Layer {
  readonly id: symbol
  current: readonly Key[]
}

const layers: Layer[] = []
const listeners = new Set<() => void>()
let listed: ReadonlyArray<{ keys: string; does: string }> = []

function changed() {
  const all = layers.flatMap((layer) => layer.current).filter((key) => key.does && !key.disabled)
  listed = [...new Map(all.map((key) => [key.keys, { keys: key.keys, does: key.does ?? '' }])).values()]
  for (const listener of listeners) listener()
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])'))

/** An open dialog has the keyboard for itself. */
const dialogOpen = () => document.querySelector('[role=dialog][aria-modal=true], [data-keys=own]') !== null

/** A menu or a filter that is open: Escape closes that, and nothing behind it. */
const inPopup = (target: EventTarget | null) =>
  target instanceof Element && target.closest('[role=menu], [role=listbox], [role=dialog]') !== null

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return
  if (event.key === 'Escape' && inPopup(event.target)) return
  const typing = isField(event.target)
  const inDialog = dialogOpen()
  // The page that came last goes first.
  for (const layer of layers.toReversed()) {
    for (const key of layer.current) {
      if (key.disabled || !matches(key.keys, event)) continue
      const hasMod = /(^|\+)mod\+/i.test(key.keys)
      if (typing && !hasMod && !key.whileTyping) continue
      if (inDialog && !key.whileTyping) continue
      event.preventDefault()
      key.run(event)
      return
    }
  }
}

/** Keys of a page or part, for as long as it is there. They show themselves in the list behind `?`. */
export function useKeys(keys: readonly Key[]): void {
  const layer = useRef<Layer>(null)
  layer.current ??= { id: Symbol('keys'), current: keys }
  layer.current.current = keys
  const shown = keys.map((key) => `${key.keys} ${key.does} ${key.disabled}`).join('\n')
  useEffect(() => {
    const mine = layer.current
    if (!mine) return
    if (layers.length === 0) window.addEventListener('keydown', onKeyDown)
    layers.push(mine)
    changed()
    return () => {
      layers.splice(layers.indexOf(mine), 1)
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown)
      changed()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the keys stands for the keys
  useEffect(changed, [shown])
}

/** All keys that work now. */
export const useListedKeys = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => listed,
  )
