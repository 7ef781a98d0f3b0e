import type { components } from '@uurwerk/api/generated/schema.d.ts'

export type HourEntry = components['schemas']['HourEntry']
export type Week = components['schemas']['Week']

/** What a row of the week is about. */
export interface RowHead {
  readonly projectId: string
  readonly projectName: string
  readonly activityId: string
  readonly activityName: string
  readonly customerName: string | null
}

export interface WeekRow extends RowHead {
  readonly key: string
  /** Seven days, Monday first; mostly none or one entry, sometimes more. */
  readonly cells: ReadonlyArray<readonly HourEntry[]>
  readonly minutes: number
}

/** One project, activity and day. */
export interface CellPlace {
  readonly head: RowHead
  readonly date: string
}

const none: readonly HourEntry[] = []

export const rowKey = ({ projectId, activityId }: Pick<RowHead, 'projectId' | 'activityId'>): string =>
  `${projectId} ${activityId}`
export const cellKey = ({ head, date }: CellPlace): string => `${rowKey(head)} ${date}`
export const minutesOf = (entries: readonly HourEntry[]): number =>
  entries.reduce((total, entry) => total + entry.minutes, 0)
export const isInCell = (entry: HourEntry, { head, date }: CellPlace): boolean =>
  entry.date === date && entry.projectId === head.projectId && entry.activityId === head.activityId

const headOf = (one: RowHead): RowHead => ({
  projectId: one.projectId,
  projectName: one.projectName,
  activityId: one.activityId,
  activityName: one.activityName,
  customerName: one.customerName,
})

const sameList = (a: readonly HourEntry[], b: readonly HourEntry[]) =>
  a.length === b.length && a.every((entry, at) => entry === b[at])

const nameOrder = (a: RowHead, b: RowHead) =>
  (a.customerName ?? '').localeCompare(b.customerName ?? '') ||
  a.projectName.localeCompare(b.projectName) ||
  a.activityName.localeCompare(b.activityName)

/**
 * The rows of a week. Rows of `before` keep their place, also when their last hours are gone: a row does not vanish
 * under the cursor. What is new comes after them, by name. A row in which nothing changed is the same object as
 * before, so that only changed rows are drawn again.
 */
export function weekRows(
  before: readonly WeekRow[],
  entries: readonly HourEntry[],
  added: readonly RowHead[],
  dates: readonly string[],
): readonly WeekRow[] {
  const byRow = Map.groupBy(entries, rowKey)
  const known = new Set(before.map(({ key }) => key))
  const fresh = new Map<string, RowHead>()
  for (const entry of entries) if (!known.has(rowKey(entry))) fresh.set(rowKey(entry), headOf(entry))
  const chosen = added.filter((head) => !known.has(rowKey(head)) && !fresh.has(rowKey(head)))
  const heads = [...before, ...[...fresh.values()].toSorted(nameOrder), ...chosen]
  const old = new Map(before.map((row) => [row.key, row]))
  const rows = heads.map((head): WeekRow => {
    const key = rowKey(head)
    const mine = byRow.get(key) ?? none
    const last = old.get(key)
    const cells = dates.map((date, day) => {
      const found = mine.filter((entry) => entry.date === date)
      const kept = last?.cells[day]
      return kept && sameList(kept, found) ? kept : found
    })
    if (last && cells.every((cell, day) => cell === last.cells[day])) return last
    return { ...headOf(head), key, cells, minutes: minutesOf(mine) }
  })
  return rows.length === before.length && rows.every((row, at) => row === before[at]) ? before : rows
}

/** Minutes per day over all rows. */
export const dayTotals = (rows: readonly WeekRow[]): readonly number[] =>
  Array.from({ length: 7 }, (_, day) => rows.reduce((total, row) => total + minutesOf(row.cells[day] ?? none), 0))
