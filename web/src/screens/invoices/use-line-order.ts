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
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void
    readonly onPointerUp: () => void
    readonly onPointerCancel: () => void
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
  const put = () => {
    if (carried === null) return
    setCarried(null)
    save(latest.current.ids)
  }
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
        event.currentTarget.setPointerCapture(event.pointerId)
        setCarried(id)
      },
      onPointerMove: (event) => {
        if (carried !== id) return
        const rows = [...(event.currentTarget.closest('ul')?.children ?? [])]
        const over = rows.findIndex((row) => {
          const { top, bottom } = row.getBoundingClientRect()
          return event.clientY >= top && event.clientY < bottom
        })
        const first = rows[0]?.getBoundingClientRect().top ?? 0
        const to = over === -1 ? (event.clientY < first ? 0 : rows.length - 1) : over
        const at = latest.current.ids.indexOf(id)
        // Past the middle of what lies under it, so that a high line and a low one do not jump to and fro.
        const row = rows[to]?.getBoundingClientRect()
        const isPast =
          row === undefined ||
          (to > at ? event.clientY > row.top + row.height / 2 : event.clientY < row.top + row.height / 2)
        if (to !== at && isPast) moved(id, to)
      },
      onPointerUp: put,
      onPointerCancel: put,
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
