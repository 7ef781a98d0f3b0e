import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Line } from './lines.ts'
import type { Selecting } from './selection.ts'

/**
 * Where somebody is in the table and what is pressed there: arrows move, space selects, shift extends, enter opens or
 * folds; a click opens, and with shift or ctrl selects.
 */
export function useGridMoves<Row>({
  lines,
  idOf,
  selecting,
  onOpen,
  fold,
  scroller,
  page,
  scrollTo,
}: {
  lines: ReadonlyArray<Line<Row>>
  idOf: (row: Row) => string
  selecting: Selecting | undefined
  onOpen: ((row: Row) => void) | undefined
  fold: (key: string, close: boolean) => void
  scroller: RefObject<HTMLElement | null>
  /** How many lines are in sight. */
  page: () => number
  scrollTo: (index: number) => void
}) {
  const [active, setActive] = useState(0)
  const anchor = useRef(0)
  const focusWanted = useRef(false)

  useEffect(() => {
    if (active > lines.length - 1) setActive(Math.max(0, lines.length - 1))
  }, [active, lines.length])

  // Focus follows only what the keyboard did; a page that loads must not steal it.
  useEffect(() => {
    if (!focusWanted.current) return
    const node = scroller.current?.querySelector<HTMLElement>(`[data-line="${active}"]`)
    if (!node) return
    focusWanted.current = false
    node.focus({ preventScroll: true })
  })

  const go = (to: number) => {
    const next = Math.min(lines.length - 1, Math.max(0, to))
    setActive(next)
    focusWanted.current = true
    scrollTo(next)
  }

  const idsOf = (line: Line<Row> | undefined): string[] =>
    line === undefined ? [] : line.kind === 'row' ? [idOf(line.row)] : line.rows.map(idOf)
  const allSelected = (line: Line<Row>) => Boolean(selecting && idsOf(line).every(selecting.has))
  const toggle = (index: number) => {
    const line = lines[index]
    if (!selecting || !line) return
    selecting.set(idsOf(line), !allSelected(line))
    anchor.current = index
  }
  const extend = (from: number, to: number) =>
    selecting?.set(lines.slice(Math.min(from, to), Math.max(from, to) + 1).flatMap(idsOf), true)

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (
      event.target instanceof HTMLElement &&
      event.target.closest('a, button, input, select, textarea') &&
      event.key !== 'Escape'
    ) {
      const inBox = event.target.matches('input[type=checkbox]')
      if (!(inBox && event.key.startsWith('Arrow'))) return
    }
    const line = lines[active]
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page(),
      PageUp: active - page(),
      Home: 0,
      End: lines.length - 1,
    }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (event.shiftKey && selecting) extend(anchor.current, Math.min(lines.length - 1, Math.max(0, step)))
      else anchor.current = Math.min(lines.length - 1, Math.max(0, step))
      go(step)
    } else if (event.key === ' ' && selecting) {
      event.preventDefault()
      toggle(active)
    } else if (event.key === 'Enter' && line) {
      event.preventDefault()
      if (line.kind === 'group') fold(line.key, !line.folded)
      else onOpen?.(line.row)
    } else if (line?.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault()
      fold(line.key, event.key === 'ArrowLeft')
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selecting) {
      event.preventDefault()
      selecting.all()
    } else if (event.key === 'Escape' && selecting && !selecting.isEmpty) {
      event.preventDefault()
      selecting.clear()
    }
  }

  const onRowClick = (event: MouseEvent, index: number, row: Row) => {
    // What is pressed inside a button may be its picture.
    if (event.target instanceof Element && event.target.closest('a, button, input, label')) return
    setActive(index)
    if (selecting && event.shiftKey) {
      event.preventDefault()
      extend(anchor.current, index)
      return
    }
    if (selecting && (event.ctrlKey || event.metaKey)) {
      toggle(index)
      return
    }
    anchor.current = index
    if (window.getSelection()?.toString()) return
    onOpen?.(row)
  }

  const onBoxClick = (event: MouseEvent, index: number) => {
    if (event.shiftKey) extend(anchor.current, index)
    else toggle(index)
    setActive(index)
  }

  return { active, setActive, allSelected, toggle, onKeyDown, onRowClick, onBoxClick }
}
export type GridMoves<Row> = ReturnType<typeof useGridMoves<Row>>
