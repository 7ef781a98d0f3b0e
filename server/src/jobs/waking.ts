import type { Services } from '../services.ts'

/** What becomes due within seconds is woken sooner than the next look would find it. */
const wokenByTimerMs = 15_000
const lookEveryMs = 15_000

/** Wakes what waits for its time, in every process that works: a limit of a package, a second look, a wake that was lost. */
export interface Waking {
  /** After work on a lane or a task ended: when it has to go on, null when nothing is due. */
  later(key: string, at: Date | null): void
  stop(): void
}

export function startWaking(
  { store, queue, clock, log }: Pick<Services, 'store' | 'queue' | 'clock' | 'log'>,
  sweeps: readonly (() => Promise<unknown>)[],
): Waking {
  const timers = new Map<string, NodeJS.Timeout>()
  const looking = setInterval(() => {
    for (const sweep of sweeps)
      sweep().catch((error) => log.warn({ err: error }, 'looking for what is due failed; the next look will'))
  }, lookEveryMs)
  looking.unref()
  return {
    later(key, at) {
      if (!at) return
      const delayMs = Math.max(0, at.getTime() - clock.now().getTime())
      if (delayMs > wokenByTimerMs) return
      clearTimeout(timers.get(key))
      const timer = setTimeout(() => {
        timers.delete(key)
        store
          .withDirectory((trx) => queue.wakeLane(trx, key))
          .catch((error) => log.warn({ err: error, key }, 'waking failed; the next look will'))
      }, delayMs)
      timers.set(key, timer.unref())
    },
    stop() {
      clearInterval(looking)
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
