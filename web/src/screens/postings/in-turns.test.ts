import { describe, expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

const many = (count: number) => Array.from({ length: count }, (_, index) => `id ${index}`)
const key = { 'Idempotency-Key': 'act' }

describe('what is asked in turns', () => {
  it.each([
    ['none', 0, []],
    ['one', 1, [[1, 'act']]],
    ['as many as one turn takes', 500, [[500, 'act']]],
    [
      'one more',
      501,
      [
        [500, 'act'],
        [1, 'act-500'],
      ],
    ],
    [
      'very many',
      1200,
      [
        [500, 'act'],
        [500, 'act-500'],
        [200, 'act-1000'],
      ],
    ],
  ])('is everything, each once: %s', async (_, count, turns) => {
    const asked: string[] = []
    const seen: unknown[] = []
    const told: number[] = []
    const answers = await inTurns(
      many(count),
      key,
      async (ids, { 'Idempotency-Key': own }) => {
        asked.push(...ids)
        seen.push([ids.length, own])
        return ids.length
      },
      (done) => told.push(done),
    )
    expect(asked).toEqual(many(count))
    expect(seen).toEqual(turns)
    expect(answers).toEqual(turns.map(([length]) => length))
    expect(told).toEqual(turns.map((_turn, index) => index * 500))
  })

  it('ends at the turn that fails, and begins with the same keys when it is tried again', async () => {
    const keys: string[] = []
    const failing = inTurns(
      many(1200),
      key,
      async (_ids, { 'Idempotency-Key': own }) => {
        keys.push(own)
        if (keys.length === 2) throw new Error('no answer')
      },
      () => {},
    )
    await expect(failing).rejects.toThrow('no answer')
    await inTurns(
      many(1200),
      key,
      async (_ids, own) => void keys.push(own['Idempotency-Key']),
      () => {},
    )
    expect(keys).toEqual(['act', 'act-500', 'act', 'act-500', 'act-1000'])
  })
})
