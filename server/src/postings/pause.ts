import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { later } from './retry.ts'

/** After two refusals in a row nothing more of that kind leaves a lane but one probe; a refused probe stops it. */
export interface Pause {
  /** Attempts refused in a row. */
  readonly refused: number
  /** When the probe may go, ISO 8601; absent while not paused, and when stopped. */
  readonly probeAt?: string
  /** Waits for a person: sending one again, or deciding a new one, allows the next probe. */
  readonly stopped?: true
  readonly lastAt: string
  /** Code of the last refusal, for what waits behind it. */
  readonly code: string
}

export type Paused = { readonly [K in Kind]?: Pause }
export type PauseChange = 'paused' | 'stopped' | 'resumed' | 'none'

const mostRefusedInRow = 2
const probeAfterMs = 30_000
const betweenProbesMs = 60_000

export const isPaused = (pause: Pause | undefined): boolean => (pause?.refused ?? 0) >= mostRefusedInRow

/** When waiting ones may go: null is never, undefined is at once. */
export const probeAt = (pause: Pause | undefined): Date | null | undefined => {
  if (pause?.stopped) return null
  return pause?.probeAt ? new Date(pause.probeAt) : undefined
}

export function afterGood(pause: Pause | undefined): PauseChange {
  return isPaused(pause) ? 'resumed' : 'none'
}

export function afterRefusal(
  pause: Pause | undefined,
  code: string,
  now: Date,
): { readonly pause: Pause; readonly change: PauseChange } {
  const refused = (pause?.refused ?? 0) + 1
  const at = { refused, code, lastAt: now.toISOString() }
  if (refused < mostRefusedInRow) return { pause: at, change: 'none' }
  if (isPaused(pause)) return { pause: { ...at, stopped: true }, change: 'stopped' }
  return { pause: { ...at, probeAt: later(now, probeAfterMs).toISOString() }, change: 'paused' }
}

/** A person acted: one probe may go, not sooner than a minute after the last. */
export function allowProbe(pause: Pause, now: Date): Pause {
  const { stopped, ...rest } = pause
  if (!stopped) return pause
  const earliest = later(new Date(pause.lastAt), betweenProbesMs)
  return { ...rest, probeAt: (earliest > now ? earliest : now).toISOString() }
}
