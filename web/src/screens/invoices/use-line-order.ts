import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import type { Invoice, InvoiceLine } from './invoice.ts'
import type { Draft } from './use-draft.ts'

export interface LineOrder {
  /** As they stand now, also while one is carried. */
  readonly lines: readonly InvoiceLine[]
  readonly carried: string | null
  /** Said to who does not see it. */
  readonly told: string
  readonly move: (id: string, to: number) => void
  /** Of the handle of a line: drawn with the pointer, or moved with the arrow keys. */
  readonly handle: (id: string) => {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  }
}

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
}

/** The order of the lines of a draft: what is moved stands there at once, and is saved when it is put down. */
export function useLineOrder(invoice: Invoice, draft: Draft): LineOrder {
  const t = useT()
  const [order, setOrder] = useState<readonly string[] | null>(null)
  const [carried, setCarried] = useState<string | null>(null)
  const [told, setTold] = useState('')
  const saved = invoice.lines.map(({ id }) => id)
  const ids = order ?? saved
  const latest = useRef({ ids, saved })
  latest.current = { ids, saved }
  // Lines that came or went meanwhile: the order of before is of no use any more.
  const known = saved.toSorted().join()
  const before = useRef(known)
  useEffect(() => {
    if (before.current === known) return
    before.current = known
    setOrder(null)
    setCarried(null)
  }, [known])

  const save = (lineIds: readonly string[]) => {
    if (lineIds.join() === latest.current.saved.join()) return setOrder(null)
    void draft
      .save({
        run: (version) =>
          answer(
            api.PUT('/invoices/{id}/lines/order', {
              params: { path: { id: invoice.id } },
              headers: ifMatch(version),
              body: { lineIds: [...lineIds] },
            }),
          ),
      })
      .catch(sayProblem)
      .finally(() => setOrder((now) => (now === lineIds ? null : now)))
  }
  const moved = (id: string, to: number) => {
    const others = latest.current.ids.filter((one) => one !== id)
    const place = Math.max(0, Math.min(to, others.length))
    const next = others.toSpliced(place, 0, id)
    latest.current.ids = next
    setOrder(next)
    setTold(t('invoices.line.movedTo', { place: place + 1, count: next.length }))
    return next
  }
  const move = (id: string, to: number) => save(moved(id, to))
  const rows = useRef<HTMLElement | null>(null)
  const carry = useRef({ over: (_y: number) => {}, put: () => {} })
  carry.current = {
    over: (y) => {
      if (carried === null) return
      const at = latest.current.ids.indexOf(carried)
      const to = placeAt([...(rows.current?.children ?? [])], { y, at })
      if (to !== at) moved(carried, to)
    },
    put: () => {
      setCarried(null)
      save(latest.current.ids)
    },
  }
  // On the window: a line that moves in the page would lose a pointer that it holds.
  useEffect(() => {
    if (carried === null) return
    const over = (event: globalThis.PointerEvent) => carry.current.over(event.clientY)
    const put = () => carry.current.put()
    window.addEventListener('pointermove', over)
    window.addEventListener('pointerup', put)
    window.addEventListener('pointercancel', put)
    return () => {
      window.removeEventListener('pointermove', over)
      window.removeEventListener('pointerup', put)
      window.removeEventListener('pointercancel', put)
    }
  }, [carried])
  return {
    lines: ids.flatMap((id) => invoice.lines.find((line) => line.id === id) ?? []),
    carried,
    told,
    move,
    handle: (id) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.focus()
        rows.current = event.currentTarget.closest('ul')
        setCarried(id)
      },
      onKeyDown: (event) => {
        const step = steps[event.key]
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return
        event.preventDefault()
        event.stopPropagation()
        const at = latest.current.ids.indexOf(id)
        const to = step(at, latest.current.ids.length - 1)
        if (to !== at && to >= 0 && to < latest.current.ids.length) move(id, to)
      },
    }),
  }
}

/** Where what is carried goes: past the middle of what lies under it, so that a high line and a low one do not jump to and fro. */
function placeAt(rows: readonly Element[], { y, at }: { readonly y: number; readonly at: number }): number {
  const boxes = rows.map((row) => row.getBoundingClientRect())
  const under = boxes.findIndex(({ top, bottom }) => y >= top && y < bottom)
  const to = under === -1 ? (y < (boxes[0]?.top ?? 0) ? 0 : boxes.length - 1) : under
  const box = boxes[to]
  if (!box || to === at) return at
  const middle = box.top + box.height / 2
  return (to > at ? y > middle : y < middle) ? to : at
}
