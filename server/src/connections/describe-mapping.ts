import type { completeness } from '@uurwerk/api/connections.ts'
import type { Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import type { MessageRule } from '@uurwerk/connectors/contract/messages.ts'
import type { Row } from '@uurwerk/connectors/contract/rows.ts'
import { isVatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { hasWords, say } from '../http/words.ts'
import type { Gap } from './completeness.ts'
import { reasonOf } from './describe.ts'
import type { Subject } from './item-use.ts'

/** An activity and a category by their names, the others by what they are. */
export const nameOfSubject = (language: Language, { kind, name }: Pick<Subject, 'kind' | 'name'>): string =>
  name ?? say(language, `subject.${kind}`)

/** Why an item that was chosen once can no longer stand on a line, in words. */
export function whyItemFails(
  language: Language,
  row: Pick<Row['items'], 'unusable'> & { readonly isGone: boolean },
): string | null {
  if (row.isGone) return reasonOf(language, 'gone')
  return row.unusable ? reasonOf(language, row.unusable) : null
}

type GapAnswer = z.input<typeof completeness>['gaps'][number]

/** A gap as a screen shows it: what it is about, why, and what mends it. */
export function describeGap(
  language: Language,
  gap: Gap,
  manifest: Manifest,
  messages: readonly MessageRule[],
): GapAnswer {
  const nothing = {
    setting: null,
    subject: null,
    item: null,
    vatTreatment: null,
    customerId: null,
    unconfirmed: null,
    projectId: null,
    usedBy: [],
    waiting: 0,
  }
  const told = {
    ...nothing,
    about: gap.about,
    problem: explainProblem(readable(language, gap.problem, manifest), language, messages),
  }
  switch (gap.about) {
    case 'setting':
      return { ...told, name: settingName(language, gap.setting, manifest), setting: gap.setting }
    case 'item': {
      const { kind, id } = gap.subject
      return { ...told, name: nameOfSubject(language, gap.subject), subject: { subject: kind, id } }
    }
    case 'rule':
      return {
        ...told,
        name: treatmentWords(language, gap.treatment),
        item: gap.item,
        vatTreatment: gap.treatment,
        usedBy: gap.usedBy.map((subject) => nameOfSubject(language, subject)),
        waiting: gap.waiting,
      }
    case 'customer':
      return {
        ...told,
        name: gap.name,
        customerId: gap.id,
        unconfirmed: gap.problem.code === 'vat-case-unconfirmed' ? gap.derived : null,
      }
    case 'project':
      return { ...told, name: gap.name, projectId: gap.id }
  }
}

const settingName = (language: Language, name: string, manifest: Manifest): string =>
  manifest.settings.find((field) => field.name === name)?.label[language] ?? name

/** Codes among the values by the words that a person knows. */
function readable(language: Language, problem: Problem, manifest: Manifest): Problem {
  const { reason, setting, vatTreatment } = problem.values ?? {}
  return {
    ...problem,
    values: {
      ...problem.values,
      package: manifest.name,
      ...(reason ? { reason: hasWords(language, `unusable.${reason}`) ? reasonOf(language, reason) : reason } : {}),
      ...(setting ? { setting: settingName(language, setting, manifest) } : {}),
      ...(vatTreatment && isVatTreatment(vatTreatment) ? { treatment: treatmentWords(language, vatTreatment) } : {}),
    },
  }
}
