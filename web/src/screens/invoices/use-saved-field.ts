import { createContext, useContext, useEffect, useId, useRef, useState } from 'react'
import { useProblemWords } from '../../parts/problem-words.ts'
import { isApiProblem } from '../../problem.ts'

export interface SavedField<Value> {
  readonly value: Value
  readonly type: (value: Value) => void
  /** Saves at once: when the field is left, on Enter, or when something was chosen. */
  readonly commit: (value?: Value) => void
  readonly error: string | null
  /** Typed and not stored, for whoever shows what it comes to. */
  readonly typed: Value | null
  /** What stands in the field is no value at all, such as a date that does not exist: nothing is sent until it is. */
  readonly tellUnclear: (isUnclear: boolean) => void
}

/** Where fields say that what stands in them is not saved; see `useDraft`. */
export const NotSaved = createContext<(field: string, isWrong: boolean) => void>(() => {})

const pauseMs = 900

/**
 * A field that saves itself when it is left or rests. What was typed stays when the server refuses it, with the reason
 * at the field.
 */
export function useSavedField<Value>(stored: Value, save: (value: Value) => Promise<unknown>): SavedField<Value> {
  const wordsOf = useProblemWords()
  const tellNotSaved = useContext(NotSaved)
  const id = useId()
  const [typed, setTyped] = useState<{ readonly value: Value } | null>(null)
  const [error, setError] = useState<string | null>(null)
  const latest = useRef({ typed, stored, save })
  latest.current = { typed, stored, save }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef<{ readonly value: Value } | null>(null)

  const send = async (next: { readonly value: Value }) => {
    clearTimeout(timer.current)
    if (sent.current?.value === next.value) return
    if (next.value === latest.current.stored) {
      setTyped(null)
      setError(null)
      tellNotSaved(id, false)
      return
    }
    sent.current = next
    try {
      await latest.current.save(next.value)
      setError(null)
      tellNotSaved(id, false)
      // Unless more was typed meanwhile, what is stored is what is shown.
      setTyped((now) => (now && now.value !== next.value ? now : null))
    } catch (problem) {
      const words = wordsOf(problem)
      const [field] = isApiProblem(problem) ? (problem.problem.errors ?? []) : []
      setError(field?.message ?? `${words.cause} ${words.remedy}`.trim())
      tellNotSaved(id, true)
    } finally {
      if (sent.current === next) sent.current = null
    }
  }
  const latestSend = useRef(send)
  latestSend.current = send

  // What rests is saved too, so that the totals follow; so is what was typed when the field goes away.
  useEffect(() => {
    if (!typed) return
    timer.current = setTimeout(() => void latestSend.current(typed), pauseMs)
    return () => clearTimeout(timer.current)
  }, [typed])
  useEffect(
    () => () => {
      const left = latest.current.typed
      if (left) void latestSend.current(left)
      tellNotSaved(id, false)
    },
    [tellNotSaved, id],
  )

  return {
    value: typed ? typed.value : stored,
    type: (value) => {
      setError(null)
      setTyped({ value })
    },
    commit: (value) => {
      if (value !== undefined) {
        setTyped({ value })
        void send({ value })
      } else if (typed) void send(typed)
    },
    error,
    typed: typed?.value ?? null,
    tellUnclear: (isUnclear) => tellNotSaved(id, isUnclear),
  }
}
