import type { ConnectionAt } from '../connections/service.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'inactive' | 'conflict' | 'failed'

export interface RowResult {
  /** The package's own id of it: a row is done once per task. */
  readonly subject: string
  readonly label: string
  readonly outcome: RowOutcome
  readonly details: TaskRowDetails
}

export interface TaskRowDetails {
  readonly subjectId?: string
  /** Why, as a code of words: `no-number`. */
  readonly reason?: string
  readonly values?: Readonly<Record<string, string>>
  /** Our fields that changed. */
  readonly fields?: readonly string[]
  /** What was not applied, and waits for a person. */
  readonly proposed?: readonly { readonly field: string; readonly ours: string; readonly theirs: string }[]
  /** Parts of their row that could not be taken. */
  readonly notes?: readonly { readonly code: string; readonly values?: Readonly<Record<string, string>> }[]
}

export interface Progress {
  readonly total?: number | null
  /** What it is busy with, as a code of words. */
  readonly now?: string
  /** Rows whose result stands elsewhere: those of package lists have none, those of entries were there from the start. */
  readonly done?: number
  readonly rows?: readonly RowResult[]
}

/** One running task, as its work sees it. */
export interface Running {
  readonly services: Services
  readonly firmId: string
  readonly taskId: string
  readonly params: Readonly<Record<string, unknown>>
  readonly createdBy: { readonly memberId: string | null; readonly name: string }
  /** A transaction that is only committed while the task is still ours. */
  step<Result>(work: (trx: Trx) => Promise<Result>): Promise<Result>
  /** Inside a step: stored and told with what was done. */
  progress(trx: Trx, told: Progress): Promise<void>
  /** Ends the work between two steps when the process stops. */
  throwIfStopped(): void
}

/** Work that a package takes part in. */
export interface RunningAtPackage extends Running {
  readonly connection: ConnectionAt
}
