import type { Clock } from '@uurwerk/core/shared/ports.ts'

/** Time that moves only when it is told to. Waiting in a test is `advance`; nothing sleeps. */
export class VirtualClock implements Clock {
  #now: number

  constructor(start: string | Date) {
    this.#now = new Date(start).getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  advance(ms: number): void {
    this.#now += Math.max(0, ms)
  }

  /** Forward to an instant; an instant that has passed changes nothing. */
  advanceTo(instant: Date): void {
    this.#now = Math.max(this.#now, instant.getTime())
  }
}
