import type { Problem, ProblemKind } from '@uurwerk/core/shared/problem.ts'
import type { Language } from './manifest.ts'

/** A message of a package as data: how it is recognised, what it means, what to do. */
export interface MessageRule {
  readonly when: {
    readonly status?: number | readonly number[]
    /** The package's own code, when it gives one. */
    readonly code?: string
    readonly header?: { readonly name: string; readonly value: string }
    /** On text only when the package gives nothing else. Named groups fill placeholders: `(?<field>.+)`. */
    readonly text?: RegExp
  }
  readonly kind: ProblemKind
  readonly code: string
  readonly en: { readonly cause: string; readonly remedy: string }
  readonly nl: { readonly cause: string; readonly remedy: string }
  /** Address in the package where it is mended, relative to its host. */
  readonly link?: string
}

export interface Words {
  readonly cause: string
  readonly remedy: string
}

/** What a package said, reduced to what messages are recognised by. */
export interface Said {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly code?: string
  readonly text: string
  readonly request?: string
}

/** The first rule that fits gives the problem; without one the package's own words travel on as `message-unknown`. */
export function explain(
  rules: readonly MessageRule[],
  said: Said,
  values: Readonly<Record<string, string>> = {},
): Problem {
  const evidence = {
    theirWords: said.text,
    theirStatus: said.status,
    ...(said.request ? { theirRequest: said.request } : {}),
  }
  for (const rule of rules) {
    const groups = fits(rule, said)
    if (groups) return { kind: rule.kind, code: rule.code, values: { ...values, ...groups }, ...evidence }
  }
  return { kind: 'refused', code: 'message-unknown', values: { ...values, words: said.text }, ...evidence }
}

function fits({ when }: MessageRule, said: Said): Record<string, string> | undefined {
  const statuses = when.status === undefined ? undefined : [when.status].flat()
  if (statuses && !statuses.includes(said.status)) return undefined
  if (when.code !== undefined && when.code !== said.code) return undefined
  if (when.header && said.headers[when.header.name] !== when.header.value) return undefined
  if (!when.text) return {}
  const match = when.text.exec(said.text)
  if (!match) return undefined
  const groups: Record<string, string> = {}
  for (const [name, value] of Object.entries(match.groups ?? {})) if (value !== undefined) groups[name] = value.trim()
  return groups
}

/** Cause and remedy of a problem in a language, placeholders filled. */
export function wordsOf(rules: readonly MessageRule[], problem: Problem, language: Language): Words | undefined {
  const rule = rules.find((candidate) => candidate.code === problem.code)
  if (!rule) return undefined
  const { cause, remedy } = rule[language]
  return { cause: fill(cause, problem.values), remedy: fill(remedy, problem.values) }
}

const fill = (text: string, values: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
