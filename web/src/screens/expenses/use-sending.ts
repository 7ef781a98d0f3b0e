import { useCallback, useEffect, useRef, useState } from 'react'
import { newKey } from '../../new-key.ts'
import type { StoredFile } from './expense.ts'
import { mostBytes, preparePhoto } from './prepare-photo.ts'
import { sendFile } from './send-file.ts'

/** A receipt on its way, or one that was refused and can be tried again. */
export interface Sending {
  readonly key: string
  readonly name: string
  /** 0 to 1; while it is made smaller it has none. */
  readonly part: number | null
  /** Why it did not arrive. */
  readonly problem: unknown
}

export class FileTooLarge extends Error {}
export class FileEmpty extends Error {}

/** Makes photos smaller and sends them, several at a time; what arrives is told by `arrived`. */
export function useSending(arrived: (file: StoredFile) => void) {
  const [sending, setSending] = useState<readonly Sending[]>([])
  const files = useRef(new Map<string, File>())
  const stop = useRef(new Map<string, AbortController>())
  const told = useRef(arrived)
  told.current = arrived

  const change = useCallback(
    (key: string, patch: Partial<Sending>) =>
      setSending((before) => before.map((one) => (one.key === key ? { ...one, ...patch } : one))),
    [],
  )
  const forget = useCallback((key: string) => {
    files.current.delete(key)
    stop.current.get(key)?.abort()
    stop.current.delete(key)
    setSending((before) => before.filter((one) => one.key !== key))
  }, [])

  const send = useCallback(
    async (key: string) => {
      const file = files.current.get(key)
      if (!file) return
      const stopper = new AbortController()
      stop.current.set(key, stopper)
      change(key, { part: null, problem: null })
      try {
        if (file.size === 0) throw new FileEmpty()
        const prepared = await preparePhoto(file)
        if (prepared.size > mostBytes) throw new FileTooLarge()
        stopper.signal.throwIfAborted()
        const stored = await sendFile(prepared, { signal: stopper.signal, progress: (part) => change(key, { part }) })
        forget(key)
        told.current(stored)
      } catch (error) {
        if (!stopper.signal.aborted) change(key, { part: null, problem: error })
      }
    },
    [change, forget],
  )

  const add = useCallback(
    (chosen: Iterable<File>) => {
      for (const file of chosen) {
        const key = newKey()
        files.current.set(key, file)
        setSending((before) => [...before, { key, name: file.name, part: null, problem: null }])
        void send(key)
      }
    },
    [send],
  )

  // Who leaves the form waits for nothing any more.
  useEffect(() => {
    const all = stop.current
    return () => {
      for (const stopper of all.values()) stopper.abort()
    }
  }, [])

  return { sending, add, again: (key: string) => void send(key), forget }
}
