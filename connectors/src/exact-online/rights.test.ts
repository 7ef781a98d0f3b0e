import { describe, expect, it } from 'vitest'
import { salesEntry } from '../conformance/sample-documents.ts'
import type { Draft } from '../contract/contract.ts'
import { exactCalls } from './calls.ts'
import { answerOf } from './fixtures/index.ts'
import { maySee, mustBeShown } from './rights.ts'
import { takeRight } from './simulator/bookkeeper.ts'
import { find, ready, sendOne } from './testing/at-the-simulator.ts'

const clock = { now: () => new Date('2026-03-31T10:00:00Z') }

type At = Awaited<ReturnType<typeof ready>>
const email = ({ bench }: At) => String(Object.values(bench.world.tables.Users ?? {})[0]?.Email)
const asked = ({ bench }: At, before: number) =>
  bench.seen.slice(before).map(({ url }) => url.pathname.split('/').slice(4).join('/'))

describe('an entry that is not listed', () => {
  it('is absent when others are listed, and no right is asked for', async () => {
    const at = await ready()
    await sendOne(at.bench, at.entries, salesEntry(at.chosen, 'A1'), at.known)
    const draft = at.entries.draft(salesEntry(at.chosen, 'A2'), at.known) as Draft
    const before = at.bench.seen.length
    expect(await find(at.bench, at.entries, draft)).toEqual({ is: 'absent' })
    expect(asked(at, before)).toEqual(['salesentry/SalesEntries', 'salesentry/SalesEntries'])
  })

  it('is absent in empty books when Exact Online says that the user may see entries', async () => {
    const at = await ready()
    const draft = at.entries.draft(salesEntry(at.chosen, 'B1'), at.known) as Draft
    const before = at.bench.seen.length
    expect(await find(at.bench, at.entries, draft)).toEqual({ is: 'absent' })
    expect(asked(at, before).at(-1)).toBe('users/UserHasRights')
  })

  it('is unknown when the user may not see entries', async () => {
    const at = await ready()
    const draft = at.entries.draft(salesEntry(at.chosen, 'C1'), at.known) as Draft
    takeRight(at.bench, email(at), { path: 'salesentry/', as: 'empty' })
    expect(await find(at.bench, at.entries, draft)).toMatchObject({
      is: 'unknown',
      problem: { kind: 'setup', code: 'list-not-shown', values: { list: 'salesentry/SalesEntries' } },
    })
  })

  it.each([
    ['in a way that is not known', 200, '{"d":{"Rights":"yes"}}'],
    ['as a mistake of ours', 400, '{"error":{"message":{"value":"Bad Request - Error in query syntax."}}}'],
    ['as something that is not there', 404, ''],
  ])('is unknown when the question is answered %s', async (_, status, body) => {
    const calls = exactCalls('7', { clock, send: async () => answerOf({ status, headers: {}, body }) }, 'posting')
    expect(await maySee(calls, 'salesentry/SalesEntries')).toBeUndefined()
    await expect(mustBeShown(calls, 'salesentry/SalesEntries')).rejects.toMatchObject({
      problem: { code: 'list-not-shown' },
    })
  })

  it.each([
    [401, 'access-ended'],
    [429, 'limit-reached'],
    [503, 'package-unavailable'],
  ])('says what keeps it from asking: %i', async (status, code) => {
    const calls = exactCalls('7', { clock, send: async () => answerOf({ status, headers: {}, body: '' }) }, 'posting')
    await expect(mustBeShown(calls, 'salesentry/SalesEntries')).rejects.toMatchObject({ problem: { code } })
  })

  it('is unknown when Exact Online does not answer whether the user may: not knowing is not a no, nor a yes', async () => {
    const at = await ready()
    const draft = at.entries.draft(salesEntry(at.chosen, 'D1'), at.known) as Draft
    takeRight(at.bench, email(at), { path: 'users/', as: 'refused' })
    expect(await find(at.bench, at.entries, draft)).toMatchObject({
      is: 'unknown',
      problem: { code: 'list-not-shown' },
    })
  })
})
