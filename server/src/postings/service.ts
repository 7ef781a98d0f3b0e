import type { Log } from '../log.ts'
import type { Engine } from './engine.ts'
import { runLane } from './lane.ts'
import { sweepLanes } from './sweep.ts'

/** A second look comes due within seconds, sooner than a sweep would find it. */
const wokenByTimerMs = 15_000
const sweepEveryMs = 15_000

export interface LaneService {
  /** Works through a lane that was woken. */
  run(laneKey: string, signal?: AbortSignal): Promise<void>
  stop(): void
}

/** Runs the lanes of one process: what comes due soon is woken by a timer here, everything else by the sweep. */
export function startLanes(engine: Engine, log: Log): LaneService {
  const timers = new Map<string, NodeJS.Timeout>()
  const wakeLater = (laneKey: string, at: Date): void => {
    const delayMs = Math.max(0, at.getTime() - engine.clock.now().getTime())
    if (delayMs > wokenByTimerMs) return
    clearTimeout(timers.get(laneKey))
    const timer = setTimeout(() => {
      timers.delete(laneKey)
      engine.store
        .withDirectory((trx) => engine.wake(trx, laneKey))
        .catch((error) => log.warn({ err: error, lane: laneKey }, 'waking a lane failed; the sweep will'))
    }, delayMs)
    timers.set(laneKey, timer.unref())
  }
  const sweep = setInterval(() => {
    sweepLanes(engine).catch((error) => log.warn({ err: error }, 'looking for lanes that are due failed'))
  }, sweepEveryMs)
  sweep.unref()
  return {
    async run(laneKey, signal) {
      const result = await runLane(engine, laneKey, signal)
      if (result.is === 'rested' && result.nextAt) wakeLater(laneKey, result.nextAt)
    },
    stop() {
      clearInterval(sweep)
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
