import type { Manifest, SettingField } from '@uurwerk/connectors/contract/manifest.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Language } from '../http/call.ts'
import type { InFirm } from './connection.ts'
import { listOf, reasonOf } from './describe.ts'
import { rowsOf, whyUnusable } from './package-rows.ts'

/** Rows of the package that somebody names, checked against its lists as last read. */
export interface Chooser {
  /** By id or code, as it was picked or pasted; what is wrong with it is kept under the pointer. */
  choose<N extends Noun>(
    noun: N,
    text: string,
    pointer: string,
    only?: Readonly<Record<string, string>>,
  ): Promise<Row[N] | undefined>
  refuse(field: FieldProblem): void
  /** Throws everything that was wrong, at once. */
  settle(): void
}

export function createChooser(firm: InFirm, connectionId: string, language: Language): Chooser {
  const lists = new Map<Noun, Row[Noun][]>()
  const fields: FieldProblem[] = []
  return {
    async choose(noun, text, pointer, only = {}) {
      const known = lists.get(noun) ?? (await rowsOf(firm, connectionId, noun))
      lists.set(noun, known)
      const wanted = text.trim().toLowerCase()
      const row =
        known.find(({ id }) => id.toLowerCase() === wanted) ?? known.find(({ code }) => code.toLowerCase() === wanted)
      if (!row) {
        fields.push({ pointer, code: 'theirs-unknown', values: { given: text } })
        return undefined
      }
      const unusable = whyUnusable(noun, row)
      if (unusable) {
        fields.push({
          pointer,
          code: 'theirs-unusable',
          values: { name: `${row.code} ${row.name}`, reason: reasonOf(language, unusable) },
        })
        return undefined
      }
      const said = new Map<string, unknown>(Object.entries(row))
      const isOther = Object.entries(only).some(([name, value]) => said.get(name) !== value)
      if (isOther) {
        fields.push({ pointer, code: 'theirs-other-kind', values: { name: `${row.code} ${row.name}` } })
        return undefined
      }
      return row as Row[typeof noun]
    },
    refuse: (field) => void fields.push(field),
    settle() {
      if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
    },
  }
}

/** Settings that somebody changes: names of the manifest, values of the package's lists, `null` to empty one. */
export async function chooseSettings(
  chooser: Chooser,
  manifest: Manifest,
  given: Readonly<Record<string, string | null>>,
): Promise<Record<string, string | null>> {
  const chosen: Record<string, string | null> = {}
  for (const [name, value] of Object.entries(given)) {
    const pointer = `/settings/${name}`
    const field = manifest.settings.find((one) => one.name === name)
    if (!field) chooser.refuse({ pointer, code: 'unknown-field' })
    else if (value === null || value.trim() === '') chosen[name] = null
    else chosen[name] = (await chooseOne(chooser, field, value, pointer)) ?? null
  }
  return chosen
}

async function chooseOne(
  chooser: Chooser,
  field: SettingField,
  value: string,
  pointer: string,
): Promise<string | undefined> {
  const { from } = field
  const list = listOf(field)
  if (list)
    return (
      await chooser.choose(list, value, pointer, typeof from === 'object' && 'only' in from ? from.only : undefined)
    )?.id
  const choices = from === 'switch' ? ['true', 'false'] : choicesOf(field)
  if (choices.includes(value)) return value
  chooser.refuse({ pointer, code: 'not-one-of', values: { choices: choices.join(', ') } })
  return undefined
}

const choicesOf = ({ from }: SettingField): readonly string[] =>
  typeof from === 'object' && 'choices' in from ? from.choices.map(({ value }) => value) : []
