import { readdirSync, readFileSync } from 'node:fs'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { describe, expect, it } from 'vitest'
import english from './en.ts'
import dutch from './nl.ts'
import { pseudo } from './pseudo.ts'

const here = new URL('./', import.meta.url)
const source = new URL('../', import.meta.url)

const files = readdirSync(new URL('en/', here)).filter((name) => name.endsWith('.json'))
const read = (language: string, file: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${language}/${file}`, here), 'utf8'))

/** Names of the values a message needs, with the way they are used: `count plural`, `b tag`. */
function placeholders(elements: readonly MessageFormatElement[]): Set<string> {
  const found = new Set<string>()
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue
    found.add(element.type === TYPE.tag ? `<${element.value}>` : element.value)
    if (element.type === TYPE.tag) for (const name of placeholders(element.children)) found.add(name)
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options))
        for (const name of placeholders(option.value)) found.add(name)
    }
  }
  return found
}

const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, source), 'utf8') }))

const words: Record<string, string> = english
const keys = Object.keys(words)

describe('words', () => {
  it.each(files)('%s has the same keys in both languages', (file) => {
    expect(Object.keys(read('nl', file)).sort()).toEqual(Object.keys(read('en', file)).sort())
  })

  it.each(files)('%s holds keys that begin with its name', (file) => {
    const prefix = file.replace(/\.json$/, '.')
    expect(Object.keys(read('en', file)).filter((key) => !key.startsWith(prefix))).toEqual([])
  })

  it('knows every file of words', () => {
    const inFiles = files.flatMap((file) => Object.keys(read('en', file)))
    expect(keys.sort()).toEqual(inFiles.sort())
  })

  it('asks the same values in both languages', () => {
    const different = keys.filter((key) => {
      const [en, nl] = [words[key], (dutch as Record<string, string>)[key]].map((message) =>
        [...placeholders(parse(String(message)))].sort().join(' '),
      )
      return en !== nl
    })
    expect(different).toEqual([])
  })

  it('has no empty message, no exclamation mark and no "please"', () => {
    for (const list of [words, dutch as Record<string, string>]) {
      const bad = Object.entries(list).filter(
        ([, message]) => !message.trim() || /!|\bplease\b|\balstublieft\b/i.test(message),
      )
      expect(bad).toEqual([])
    }
  })

  it('is used, every word of it', () => {
    const quoted = new Set(
      sources.flatMap(({ text }) => [...text.matchAll(/(?<=['"])[\w.-]+(?=['"])/g)].map(([inside]) => inside)),
    )
    const unused = keys.filter((key) => !quoted.has(key))
    expect(unused).toEqual([])
  })

  it('has every word that the screens ask for', () => {
    const asked = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\bt\(\s*['"]([^'"]+)['"]|<T\s[^>]*?\bid=["']([^"']+)["']/g)].map((hit) => ({
        name,
        key: String(hit[1] ?? hit[2]),
      })),
    )
    expect(asked.filter(({ key }) => !(key in words))).toEqual([])
  })

  it('is asked for by whole keys, so that this check can see them', () => {
    const composed = sources.filter(({ text }) => /\bt\(\s*(`|['"][^'"]*['"]\s*\+)/.test(text)).map(({ name }) => name)
    expect(composed).toEqual([])
  })
})

describe('the pseudo-language', () => {
  it('accents the text and leaves arguments and tags alone', () => {
    expect(pseudo('Send {count, plural, one {# invoice} other {# invoices}} <b>now</b>')).toMatch(
      /^\[Šéñđ \{count, plural, one \{# íñṽóíçé\} other \{# íñṽóíçéš\}\} <b>ñóŵ<\/b>~+\]$/,
    )
  })
  it('stays a message that can be formatted', () => {
    for (const message of Object.values(words)) expect(() => parse(pseudo(message))).not.toThrow()
  })
})
