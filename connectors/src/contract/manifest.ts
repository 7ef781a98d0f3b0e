import type { Kind } from './documents.ts'
import type { Noun } from './rows.ts'

export type Language = 'en' | 'nl'
export type Bilingual = { readonly [L in Language]: string }

/** A setting of a connection; the form is made from it. */
export interface SettingField {
  readonly name: string
  readonly label: Bilingual
  readonly help: Bilingual
  /** Chosen from the package's own list, or a switch, or a choice of given values. */
  readonly from:
    | { readonly list: Noun; readonly only?: Readonly<Record<string, string>> }
    | 'switch'
    | { readonly choices: readonly { readonly value: string; readonly label: Bilingual }[] }
  readonly required: boolean
  /** What holds until somebody chooses: `true` for a switch that is on. */
  readonly usual?: string
}

/** A limit of the package. `scope` says which calls share one count. */
export interface LimitRule {
  readonly scope: 'app' | 'administration' | 'endpoint'
  readonly span: 'minute' | 'hour' | 'day'
  readonly most: number
  /** Our own use stays below it, since other programs may share the same app. */
  readonly ours: number
  /** Imports stop with this many left, so that postings still go through. */
  readonly reserve: number
}

/** What a package is, as data only. The registry, the settings form and the capability table are made from it. */
export interface Manifest {
  readonly id: string
  readonly name: string
  /** Country code → host of that country. */
  readonly hosts: Readonly<Record<string, string>>
  readonly signIn: 'oauth' | 'credentials'
  readonly settings: readonly SettingField[]
  readonly reads: readonly Noun[]
  /** The right that a user needs there to see a list, as an administrator finds it. */
  readonly rights?: Readonly<Partial<Record<Noun, Bilingual>>>
  readonly posts: readonly Kind[]
  readonly settled: boolean
  readonly payroll: boolean
  readonly webhooks: boolean
  readonly limits: readonly LimitRule[]
  /** Refused calls per endpoint and hour that the package tolerates. */
  readonly errorBudget?: { readonly most: number; readonly statuses: readonly number[] }
  /** How long we wait for an answer to a posting. */
  readonly wireTimeoutMs: number
  /** What its own field for an invoice number holds: a 32-bit integer, or six digits; any text when left out. */
  readonly invoiceNumbers?: 'int32' | 'six-digits'
  readonly lengths: { readonly reference: number; readonly description: number; readonly lineDescription: number }
}
