import { expect, it } from 'vitest'
import { testDatabase } from '../server/src/testing/database.ts'
import { benchApp } from './app.ts'
import { connected } from './database.ts'
import { fill } from './load-set.ts'
import { measurePages } from './measure-pages.ts'

/** Statements of each page over a load set of this size. */
async function statementsAt(scale: number): Promise<Record<string, number>> {
  const database = await testDatabase()
  try {
    await connected(database.ownerUrl.reveal(), (client) => fill(client, scale, () => {}))
    const app = await benchApp(database.appUrl.reveal())
    const measured = await connected(database.appUrl.reveal(), (client) =>
      measurePages(app, client, { runs: 1, said: () => {} }),
    )
    await app.close()
    return Object.fromEntries(measured.map(({ name, statements }) => [name, statements]))
  } finally {
    await database.close()
  }
}

it('asks the database as often for a page of a large firm as for one of a small firm', {
  timeout: 120_000,
}, async () => {
  const small = await statementsAt(0.001)
  expect(Object.keys(small).length).toBeGreaterThan(20)
  expect(await statementsAt(0.005)).toEqual(small)
})
