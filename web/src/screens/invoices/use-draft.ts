import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { hasCode, isApiProblem } from '../../problem.ts'
import { type Invoice, invoiceQuery } from './invoice.ts'

/** One change of a draft, with what a person needs to choose when somebody else changed it meanwhile. */
interface Change {
  readonly run: (version: number) => Promise<Invoice>
  /** The field by name, and what it holds: mine, and in the draft as it is now. */
  readonly field?: string
  readonly mine?: string
  readonly theirs?: (current: Invoice) => string
}

export interface Conflict {
  readonly change: Change
  readonly current: Invoice
  readonly decide: (mine: boolean) => void
}

export interface Draft {
  readonly save: (change: Change) => Promise<Invoice>
  readonly saving: boolean
  readonly savedAt: string | null
  readonly conflict: Conflict | null
  /** When everything that was typed has been saved: the version that is there then. */
  readonly settled: () => Promise<number>
  /** The same, and whether every field holds what is saved. */
  readonly isWhole: () => Promise<boolean>
  /** How many fields hold something that is not saved: refused, or not understood. */
  readonly notSaved: number
  readonly tellNotSaved: (field: string, isWrong: boolean) => void
}

/**
 * Saves a draft piece by piece, one after the other, each on the version that was seen. When somebody else was first,
 * both are shown and the queue waits for the choice.
 */
export function useDraft(invoice: Invoice): Draft {
  const client = useQueryClient()
  const version = useRef(invoice.version)
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const [busy, setBusy] = useState(0)
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  useEffect(() => {
    version.current = invoice.version
  }, [invoice.version])

  const put = useCallback(
    (next: Invoice) => {
      version.current = next.version
      client.setQueryData(invoiceQuery(next.id).queryKey, next)
    },
    [client],
  )

  const attempt = useCallback(
    async (change: Change): Promise<Invoice> => {
      try {
        const next = await change.run(version.current)
        put(next)
        setSavedAt(new Date().toISOString())
        return next
      } catch (error) {
        if (!hasCode(error, 'stale')) throw error
        const told = isApiProblem(error) ? (error.problem.current as Invoice | undefined) : undefined
        const current = told ?? (await answer(api.GET('/invoices/{id}', { params: { path: { id: invoice.id } } })))
        if (current.state !== 'draft') {
          put(current)
          throw error
        }
        const mine = await new Promise<boolean>((decide) => setConflict({ change, current, decide }))
        setConflict(null)
        put(current)
        return mine ? attempt(change) : current
      }
    },
    [put, invoice.id],
  )

  const save = useCallback(
    (change: Change): Promise<Invoice> => {
      setBusy((before) => before + 1)
      const turn = queue.current.then(() => attempt(change))
      queue.current = turn.catch(() => undefined)
      return turn.finally(() => {
        setBusy((before) => before - 1)
        void client.invalidateQueries({ queryKey: ['invoices'] })
      })
    },
    [attempt, client],
  )
  const settled = useCallback(async () => {
    // A field saves when it is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    let last: unknown
    while (last !== queue.current) {
      last = queue.current
      await queue.current
    }
    return version.current
  }, [])
  const wrong = useRef(new Set<string>())
  const [notSaved, setNotSaved] = useState(0)
  const tellNotSaved = useCallback((field: string, isWrong: boolean) => {
    if (isWrong) wrong.current.add(field)
    else wrong.current.delete(field)
    setNotSaved(wrong.current.size)
  }, [])
  const isWhole = useCallback(async () => {
    await settled()
    // A field hears of its refusal after the queue does.
    await new Promise((resolve) => setTimeout(resolve))
    return wrong.current.size === 0
  }, [settled])
  return { save, saving: busy > 0, savedAt, conflict, settled, isWhole, notSaved, tellNotSaved }
}
