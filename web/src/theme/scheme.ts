import { useMantineColorScheme } from '@mantine/core'

export const schemes = ['auto', 'light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

const stored = 'uurwerk.scheme'

/** Before anything is drawn: a chosen scheme stands on <html>, so that nothing flashes. */
export function applyKeptScheme(): void {
  const kept = localStorage.getItem(stored)
  if (kept === 'light' || kept === 'dark') document.documentElement.setAttribute('data-mantine-color-scheme', kept)
}
export const schemeKey = stored

export function useScheme(): { readonly scheme: Scheme; readonly choose: (scheme: Scheme) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return { scheme: colorScheme, choose: setColorScheme }
}
