import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWords } from '../http/words.ts'

const root = join(import.meta.dirname, '../../..')
const words = { en: readWords('en'), nl: readWords('nl') }

/** Files that say what is wrong to a reader of ours; a package's own messages stand in its `messages.ts`. */
const sources = ['core/src', 'server/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|gen)\.ts$|(^|\/)testing\/|-for-tests\.ts$/.test(file))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') })),
)

interface Found {
  readonly file: string
  readonly code: string
}

const find = (pattern: RegExp): Found[] =>
  sources.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ file, code: match.groups?.code as string })),
  )

const code = `'(?<code>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)'`
// A field problem names its place first; everything else with a kind and a code is the problem of a whole request.
const ofProblem = [
  ...find(new RegExp(String.raw`kind:\s*'[a-z]+'(?:\s*as const)?,\s*code:\s*${code}`, 'g')),
  ...find(new RegExp(String.raw`\b(?:setup|input|conflict)\(\s*${code}`, 'g')),
]
// A code chosen between several, and thrown after that.
const chosen = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/const code =([\s\S]*?)\n\s*throw/g)].flatMap((match) =>
    [...(match[1] as string).matchAll(new RegExp(code, 'g'))].map((one) => ({
      file,
      code: one.groups?.code as string,
    })),
  ),
)
const ofField = [
  ...find(new RegExp(String.raw`pointer:[^{}]*?,\s*code:\s*${code}`, 'g')),
  ...find(new RegExp(String.raw`wrongField\([^()]*?,\s*${code}`, 'g')),
  // What is wrong with a pattern becomes the code of its field.
  ...find(new RegExp(String.raw`\{ problem: ${code}`, 'g')).filter(({ file }) => file.endsWith('/number-series.ts')),
]

/** Values a message needs; what stands alone in the branches of a plural is text. */
const placeholders = (text: string): string[] =>
  [
    ...text
      .replace(/\b(?:zero|one|two|few|many|other) \{[^{}]*\}/g, '')
      .replace(/'\{[^']*'/g, '')
      .matchAll(/\{\s*(\w+)/g),
  ]
    .map((match) => match[1] as string)
    .sort()

/** Keys of all files of a language, so that a key in two files is seen. */
const keysOf = (language: 'en' | 'nl'): string[] => {
  const folder = join(import.meta.dirname, language)
  return readdirSync(folder).flatMap((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
}

describe('words of the server', () => {
  it('finds the codes it looks for', () => {
    const codes = (found: readonly Found[]) => found.map((one) => one.code)
    expect(codes(ofProblem)).toEqual(
      expect.arrayContaining(['rate-missing', 'invoice-not-draft', 'hours-in-future', 'no-right', 'trip-approved']),
    )
    expect(codes(chosen)).toEqual(expect.arrayContaining(['hours-claimed', 'entries-claimed']))
    expect(codes(ofField)).toEqual(
      expect.arrayContaining(['project-unknown', 'day-locked', 'number-taken', 'series-too-long']),
    )
  })

  it.each(['en', 'nl'] as const)('has cause and remedy of every problem (%s)', (language) => {
    const missing = [...ofProblem, ...chosen].filter(({ code }) =>
      // The cause of a message that we do not know is that message.
      (code === 'message-unknown' ? ['remedy'] : ['cause', 'remedy']).some(
        (part) => !words[language][`problem.${code}.${part}`],
      ),
    )
    expect([...new Set(missing.map(({ file, code }) => `${code} in ${file}`))]).toEqual([])
  })

  it.each(['en', 'nl'] as const)('has a message for every wrong field (%s)', (language) => {
    const missing = ofField.filter(
      ({ code }) => !words[language][`field.${code}`] && !words[language][`problem.${code}.cause`],
    )
    expect([...new Set(missing.map(({ file, code }) => `${code} in ${file}`))]).toEqual([])
  })

  it('says the same in both languages', () => {
    expect(Object.keys(words.nl).sort()).toEqual(Object.keys(words.en).sort())
    for (const [key, text] of Object.entries(words.en))
      expect([key, placeholders(words.nl[key] ?? '')]).toEqual([key, placeholders(text)])
  })

  it('says each thing once', () => {
    for (const language of ['en', 'nl'] as const) {
      const keys = keysOf(language)
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    }
  })
})
