import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// WCAG 2.2 AA: text 4.5 : 1 (1.4.3), marks and controls 3 : 1 (1.4.11).
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const declaration =
  /--([\w-]+):\s*(?:light-dark\(\s*(#[0-9a-f]{3,6})\s*,\s*(#[0-9a-f]{3,6})\s*\)|(#[0-9a-f]{3,6}))\s*;/g

const tokens = new Map<string, readonly [light: string, dark: string]>()
for (const [, name, light, dark, both] of css.matchAll(declaration)) {
  tokens.set(String(name), [String(light ?? both), String(dark ?? both)])
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1)
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

const texts = ['text', 'text-muted', 'text-faint', 'accent']
const grounds = ['canvas', 'surface', 'surface-sunken', 'surface-raised', 'surface-hover', 'surface-selected', 'input']
const meanings = ['done', 'needs', 'refused', 'progress']

const readable: Array<[string, string]> = [
  ...texts.flatMap((text) => grounds.map((ground): [string, string] => [text, ground])),
  ...meanings.flatMap((meaning) =>
    [
      'surface',
      'surface-sunken',
      'surface-raised',
      'surface-hover',
      'surface-selected',
      'canvas',
      `${meaning}-soft`,
    ].map((ground): [string, string] => [meaning, ground]),
  ),
  ...meanings.flatMap((meaning) =>
    ['text', 'text-muted', 'accent'].map((text): [string, string] => [text, `${meaning}-soft`]),
  ),
  ['on-accent', 'accent-fill'],
  ['on-accent', 'accent-fill-hover'],
  ['accent', 'accent-soft'],
  ['text', 'nav-current'],
  ['text-muted', 'nav-current'],
  ['text-muted', 'accent-soft'],
  ['on-tip', 'tip'],
  ['paper-ink', 'paper'],
  ['paper-muted', 'paper'],
]

const visible: Array<[string, string]> = [
  ...meanings.map((meaning): [string, string] => [`${meaning}-mark`, 'surface']),
  ['line-control', 'surface'],
  ['input-line', 'surface'],
  ['input-line', 'input'],
  ['accent-fill', 'surface'],
  ['accent', 'nav-current'],
  ...['chart-1', 'chart-2', 'chart-3', 'chart-4'].map((mark): [string, string] => [mark, 'surface']),
]

const ratios = (pair: [string, string]) =>
  ([0, 1] as const).map((scheme) => {
    const [front, ground] = pair.map((name) => {
      const colours = tokens.get(name)
      if (!colours) throw new Error(`no token --${name}`)
      return colours[scheme]
    })
    return contrast(String(front), String(ground))
  })

describe('contrast of the tokens, light and dark', () => {
  it.each(readable)('%s is readable on %s', (front, ground) => {
    for (const ratio of ratios([front, ground])) expect(ratio).toBeGreaterThanOrEqual(4.5)
  })
  it.each(visible)('%s is visible on %s', (front, ground) => {
    for (const ratio of ratios([front, ground])) expect(ratio).toBeGreaterThanOrEqual(3)
  })
  it('tells a bad pair from a good one', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5)
  })
})
