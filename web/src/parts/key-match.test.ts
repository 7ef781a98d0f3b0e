import { expect, it } from 'vitest'
import { matches, type Pressed } from './key-match.ts'

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

it('takes Ctrl and ⌘ as the same', () => {
  expect(matches('mod+K', press('k', { ctrlKey: true }))).toBe(true)
  expect(matches('mod+K', press('k', { metaKey: true }))).toBe(true)
  expect(matches('mod+K', press('k'))).toBe(false)
})
it('is no letter while Ctrl, Alt or Shift is held', () => {
  expect(matches('N', press('n'))).toBe(true)
  expect(
    [{ ctrlKey: true }, { altKey: true }, { shiftKey: true }].map((held) => matches('N', press('n', held))),
  ).toEqual([false, false, false])
})
it('takes a sign that needs Shift on some keyboards and not on others', () => {
  expect(matches('?', press('?', { shiftKey: true }))).toBe(true)
  expect(matches('?', press('?'))).toBe(true)
})
it('takes a digit with Alt by its key, whatever sign that makes', () => {
  expect(matches('alt+1', press('¡', { altKey: true, code: 'Digit1' }))).toBe(true)
})
