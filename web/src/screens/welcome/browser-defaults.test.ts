import { describe, expect, it } from 'vitest'
import { browserDefaults } from './browser-defaults.ts'

describe('what a new firm starts from', () => {
  it.each([
    ['Europe/Amsterdam', ['en-US'], { country: 'NL', currency: 'EUR', timeZone: 'Europe/Amsterdam' }],
    ['Europe/London', ['en-GB'], { country: 'GB', currency: 'GBP', timeZone: 'Europe/London' }],
    ['America/New_York', ['en-US'], { country: 'US', currency: 'USD', timeZone: 'America/New_York' }],
    ['UTC', ['en-US'], { country: 'NL', currency: 'EUR', timeZone: 'Europe/Amsterdam' }],
    ['Europe/Vilnius', ['nl'], { country: 'NL', currency: 'EUR', timeZone: 'Europe/Vilnius' }],
  ])('with the clock of %s and %j', (timeZone, languages, defaults) => {
    expect(browserDefaults(timeZone, languages)).toEqual(defaults)
  })
})
