import { describe, expect, it } from 'vitest'
import { localAddress } from './local-address.ts'

describe('the address after signing in', () => {
  it.each([
    ['/f/noordkade/invoices?state=sent', '/f/noordkade/invoices?state=sent'],
    [undefined, '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['/sign-in?next=/', '/'],
  ])('of %s is %s', (next, address) => {
    expect(localAddress(next)).toBe(address)
  })
})
