import { expect, it } from 'vitest'
import { afterGood, afterRefusal, allowProbe, isPaused, probeAt } from './pause.ts'

const now = new Date('2026-03-31T10:00:00Z')
const refusedTimes = (times: number) => {
  let pause: ReturnType<typeof afterRefusal>['pause'] | undefined
  const changes: string[] = []
  for (let count = 0; count < times; count += 1) {
    const after = afterRefusal(pause, 'period-closed', now)
    pause = after.pause
    changes.push(after.change)
  }
  return { pause, changes }
}

it('pauses after the second refusal in a row and stops after a refused probe', () => {
  expect(refusedTimes(3).changes).toEqual(['none', 'paused', 'stopped'])
})

it('lets everything go until it is paused, then one probe after half a minute, and none once it stopped', () => {
  expect(probeAt(undefined)).toBeUndefined()
  expect(probeAt(refusedTimes(1).pause)).toBeUndefined()
  expect(probeAt(refusedTimes(2).pause)).toEqual(new Date('2026-03-31T10:00:30Z'))
  expect(probeAt(refusedTimes(3).pause)).toBeNull()
})

it('resumes after a good probe only', () => {
  expect(afterGood(refusedTimes(2).pause)).toBe('resumed')
  expect(afterGood(refusedTimes(1).pause)).toBe('none')
})

it('allows the next probe when a person acts, a minute after the last at the soonest', () => {
  const { pause } = refusedTimes(3)
  expect(pause && probeAt(allowProbe(pause, now))).toEqual(new Date('2026-03-31T10:01:00Z'))
  const later = new Date('2026-03-31T11:00:00Z')
  const allowed = pause && allowProbe(pause, later)
  expect(probeAt(allowed)).toEqual(later)
  expect(isPaused(allowed)).toBe(true)
})
