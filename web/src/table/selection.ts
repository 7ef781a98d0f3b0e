import { useCallback, useMemo, useState } from 'react'

/** Rows chosen one by one, or everything that matches the filter except a few. */
export type Selection =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<string> }

export const nothing: Selection = { kind: 'ids', ids: new Set() }

export const isSelected = (selection: Selection, id: string): boolean =>
  selection.kind === 'ids' ? selection.ids.has(id) : !selection.except.has(id)

export function withRows(selection: Selection, ids: readonly string[], selected: boolean): Selection {
  const isAll = selection.kind === 'all'
  const next = new Set(isAll ? selection.except : selection.ids)
  for (const id of ids) {
    if (selected === isAll) next.delete(id)
    else next.add(id)
  }
  return isAll ? { kind: 'all', except: next } : { kind: 'ids', ids: next }
}

/** How many rows that is; `matching` is what the filter finds in all. */
export const countOf = (selection: Selection, matching: number | null): number | null =>
  selection.kind === 'ids' ? selection.ids.size : matching === null ? null : matching - selection.except.size

export interface Selecting {
  readonly selection: Selection
  readonly has: (id: string) => boolean
  readonly set: (ids: readonly string[], selected: boolean) => void
  readonly all: () => void
  readonly clear: () => void
  readonly isEmpty: boolean
}

/**
 * The selection of a table. Give it a key that changes with the filter: what was chosen under one filter is not
 * carried unseen into another.
 */
export function useSelection(filterKey: string): Selecting {
  const [state, setState] = useState({ filterKey, selection: nothing })
  const selection = state.filterKey === filterKey ? state.selection : nothing
  const update = useCallback(
    (change: (before: Selection) => Selection) =>
      setState((before) => ({
        filterKey,
        selection: change(before.filterKey === filterKey ? before.selection : nothing),
      })),
    [filterKey],
  )
  return useMemo(
    () => ({
      selection,
      has: (id) => isSelected(selection, id),
      set: (ids, selected) => update((before) => withRows(before, ids, selected)),
      all: () => update(() => ({ kind: 'all', except: new Set() })),
      clear: () => update(() => nothing),
      isEmpty: selection.kind === 'ids' && selection.ids.size === 0,
    }),
    [selection, update],
  )
}

/** As the API takes it: the ids, or the filter with what was left out, how many were seen and when. */
export const selectionBody = <Filter>(
  selection: Selection,
  seen: { readonly filter: Filter; readonly count: number | null; readonly asOf?: string | null },
): { ids: string[] } | { filter: Filter; except: string[]; count?: number; asOf?: string } =>
  selection.kind === 'ids'
    ? { ids: [...selection.ids] }
    : {
        filter: seen.filter,
        except: [...selection.except],
        ...(seen.count === null ? {} : { count: seen.count }),
        ...(seen.asOf ? { asOf: seen.asOf } : {}),
      }
