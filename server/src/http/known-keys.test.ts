import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type TestApp, testApp } from '../testing/app.ts'
import { testFirm } from '../testing/firm.ts'
import { findKey } from './known-keys.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

it('asks the directory once for a key, and each time for one that nobody knows', async () => {
  const { services } = test
  const firm = await testFirm(services)
  const asked = vi.spyOn(services.store, 'readDirectory')
  try {
    for (let time = 0; time < 3; time++)
      expect(await findKey(firm.keys.finance, services)).toMatchObject({ firmId: firm.id })
    expect(asked).toHaveBeenCalledTimes(1)
    for (let time = 0; time < 2; time++) expect(await findKey('uwk_nobody', services)).toBeUndefined()
    expect(asked).toHaveBeenCalledTimes(3)
  } finally {
    asked.mockRestore()
  }
})
