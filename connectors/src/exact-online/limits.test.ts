import { expect, it } from 'vitest'
import { readLimits } from './limits.ts'

const minute = {
  'x-ratelimit-minutely-limit': '60',
  'x-ratelimit-minutely-remaining': '12',
  'x-ratelimit-minutely-reset': '1774951260000',
}

it('reads what is left of the minute and of the day', () => {
  const day = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4988', 'x-ratelimit-reset': '1775001600000' }
  expect(readLimits({ headers: { ...minute, ...day } })).toEqual([
    { span: 'minute', most: 60, remaining: 12, resetsAt: new Date(1774951260000) },
    { span: 'day', most: 5000, remaining: 4988, resetsAt: new Date(1775001600000) },
  ])
})

it('takes a window that is not named as unknown, not as used up', () => {
  expect(readLimits({ headers: minute }).map(({ span }) => span)).toEqual(['minute'])
  expect(readLimits({ headers: { ...minute, 'x-ratelimit-minutely-remaining': '' } })).toEqual([])
  expect(readLimits({ headers: {} })).toEqual([])
})
