import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type Finding, fuzz } from './fuzz/fuzz.ts'

const requests = Number(process.env.FUZZ_REQUESTS ?? 500)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const isLong = requests > 500

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
afterAll(() => app?.close())

/** One of each kind is enough to mend it. */
const eachOnce = (findings: readonly Finding[]) => [
  ...new Map(
    findings.map((one) => [
      `${one.what} ${/: (\w+ [^?\s]*)/.exec(one.asked)?.[1]?.replace(/[0-9a-f-]{36}/g, '…')}`,
      one,
    ]),
  ).values(),
]

it(`finds nothing wrong with the answers to ${requests} requests, seed ${seed}`, {
  timeout: isLong ? 3_600_000 : 60_000,
}, async () => {
  const { findings, statuses, answeredWell } = await fuzz({
    app,
    requests,
    seed,
    ...(isLong ? { onProgress: (done) => console.log(`${done} of ${requests}`) } : {}),
  })
  console.log(`seed ${seed}: ${JSON.stringify(statuses)}, ${answeredWell.size} routes answered well`)
  expect(eachOnce(findings)).toEqual([])
  // Requests that are all refused would find nothing.
  expect(answeredWell.size).toBeGreaterThan(30)
})
