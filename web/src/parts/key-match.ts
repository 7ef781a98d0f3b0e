export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Is this what was pressed: `mod+Enter`, `alt+1`, `?`, `N`. `mod` is Ctrl, or ⌘ on a Mac. */
export function matches(keys: string, event: Pressed): boolean {
  const parts = keys.toLowerCase().split('+')
  const key = parts.at(-1) ?? ''
  const wants = (name: string) => parts.slice(0, -1).includes(name)
  const mod = event.ctrlKey || event.metaKey
  const typed = event.key === ' ' ? 'space' : event.key.toLowerCase()
  // Alt changes the character on many layouts, so digits with Alt are judged by the key itself.
  const isKey = typed === key || (wants('alt') && event.code.toLowerCase() === `digit${key}`)
  // Shift makes characters such as ? on most layouts: it counts only with letters and named keys.
  const shiftFits = wants('shift') === event.shiftKey || (key.length === 1 && !/[a-z0-9]/.test(key))
  return isKey && wants('mod') === mod && wants('alt') === event.altKey && shiftFits
}
