import { useSyncExternalStore } from 'react'

type Layer = 'palette' | 'keys' | 'menu' | null
let open: Layer = null
const listeners = new Set<() => void>()
const set = (next: Layer) => {
  open = next
  for (const listener of listeners) listener()
}

export const openPalette = (): void => set('palette')
export const openKeyHelp = (): void => set('keys')
export const openMenu = (): void => set('menu')
export const closeLayer = (): void => set(null)

/** What lies over the page: at most one thing. */
export const useOpenLayer = (): Layer =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
  )
