import { useEffect, useRef } from 'react'
import { base, callHeaders } from './api.ts'

export interface ServerEvent {
  readonly type: string
  readonly id?: string
  readonly data: string
}

/** Splits a stream of text into events (HTML standard, 9.2.6); what is not yet complete is `rest`. */
export function readEvents(text: string): { events: ServerEvent[]; rest: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n')
  const rest = blocks.pop() ?? ''
  const events = blocks.flatMap((block) => {
    const fields = block.split('\n').filter((line) => !line.startsWith(':'))
    const fieldOf = (name: string) =>
      fields.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''))
    const data = fieldOf('data')
    if (data.length === 0) return []
    const id = fieldOf('id').at(-1)
    return [{ type: fieldOf('event').at(-1) ?? 'message', data: data.join('\n'), ...(id === undefined ? {} : { id }) }]
  })
  return { events, rest }
}

const pollMs = 3_000
const quietMs = 45_000

interface Follower {
  readonly look: () => unknown
  readonly heard?: (event: ServerEvent) => void
  /** Where looking is costly: so many milliseconds after the first of many events, once for all of them. */
  readonly restMs?: number
}

/** Many calls become one look, `ms` after the first of them; what is called for while it looks becomes the next. */
export function rested(look: () => unknown, ms: number): { readonly call: () => void; readonly end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isWaiting = false
  let isLooking = false
  let isAskedAgain = false
  let isOver = false
  const wait = () => {
    isWaiting = true
    timer = setTimeout(() => void run(), ms)
  }
  async function run(): Promise<void> {
    isWaiting = false
    isLooking = true
    isAskedAgain = false
    try {
      await look()
    } catch {
      // What could not be had says so where it is shown; the next event looks again.
    }
    isLooking = false
    // What came in while it looked may have been missed.
    if (isAskedAgain && !isOver) wait()
  }
  return {
    call: () => {
      if (isLooking) isAskedAgain = true
      else if (!isWaiting) wait()
    },
    end: () => {
      isOver = true
      clearTimeout(timer)
    },
  }
}

interface Stream {
  readonly followers: Set<Follower>
  end(): void
}

/** One stream for all who follow the same in this tab: a browser holds few connections to one place. */
const streams = new Map<string, Stream>()

/**
 * Follows what the server tells (`path` below the API). `look` is called at every event, and every few seconds when
 * the stream cannot be had, so a page needs no other plan: it looks again, and what it finds is the truth.
 */
export function useEvents(path: string | null, follow: Follower): void {
  const latest = useRef(follow)
  latest.current = follow
  const { restMs } = follow
  // Another firm has other events.
  const firm = callHeaders()['Uurwerk-Firm'] ?? ''

  useEffect(() => {
    if (!path) return
    const key = `${firm} ${path}`
    const stream = streams.get(key) ?? openStream(path)
    streams.set(key, stream)
    const look = () => latest.current.look()
    const rests = restMs === undefined ? undefined : rested(look, restMs)
    const follower: Follower = {
      look: rests?.call ?? look,
      heard: (event) => latest.current.heard?.(event),
    }
    stream.followers.add(follower)
    return () => {
      rests?.end()
      stream.followers.delete(follower)
      if (stream.followers.size > 0) return
      stream.end()
      streams.delete(key)
    }
  }, [path, firm, restMs])
}

function openStream(path: string): Stream {
  const headers = callHeaders()
  const followers = new Set<Follower>()
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastId: string | undefined
  const lookAll = () => {
    for (const follower of [...followers]) follower.look()
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
      stop.signal.addEventListener('abort', () => resolve(), { once: true })
    })

  async function listen(): Promise<void> {
    const attempt = new AbortController()
    const end = () => attempt.abort()
    stop.signal.addEventListener('abort', end, { once: true })
    // The server sends a comment now and then; a stream that is silent for longer is a dead connection.
    let silence = setTimeout(end, quietMs)
    try {
      const answer = await fetch(`${base}${path}`, {
        headers: { ...headers, Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
        signal: attempt.signal,
      })
      if (!answer.ok || !answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) return
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        clearTimeout(silence)
        silence = setTimeout(end, quietMs)
        const { events, rest } = readEvents(text + value)
        text = rest
        for (const event of events) {
          lastId = event.id ?? lastId
          for (const follower of [...followers]) follower.heard?.(event)
        }
        if (events.length > 0) lookAll()
      }
    } catch {
      // A stream that breaks is taken up again below; what was missed is found by looking.
    } finally {
      clearTimeout(silence)
      stop.signal.removeEventListener('abort', end)
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await listen()
      if (stop.signal.aborted) return
      await pause(pollMs)
      if (!stop.signal.aborted && document.visibilityState === 'visible') lookAll()
    }
  }
  void run()
  return {
    followers,
    end: () => {
      stop.abort()
      clearTimeout(timer)
    },
  }
}
