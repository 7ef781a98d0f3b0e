import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Wire } from '../contract/contract.ts'
import { exactCalls } from './calls.ts'

const row = z.object({ Code: z.string() })
const page = (codes: readonly string[], next?: string) => ({
  d: { results: codes.map((Code) => ({ Code })), ...(next && { __next: next }) },
})

function callsThat(...bodies: readonly object[]) {
  const paths: string[] = []
  const left = [...bodies]
  const wire: Wire = {
    clock: { now: () => new Date('2026-03-31T22:30:00Z') },
    async send({ path }) {
      paths.push(path)
      return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(left.shift())) }
    },
  }
  return { calls: exactCalls('7', wire, 'import'), paths }
}

const next = 'https://start.exactonline.nl/api/v1/7/x/Y?$skiptoken=60'

describe('a list of Exact Online', () => {
  it('is read to its end, each next page as it is named', async () => {
    const { calls, paths } = callsThat(page(['a', 'b'], next), page(['c']))
    expect((await calls.all('x/Y', row)).map(({ Code }) => Code)).toEqual(['a', 'b', 'c'])
    expect(paths).toEqual(['/api/v1/7/x/Y?$select=Code', next])
  })

  it('is read no further than was asked, also where the first page holds more', async () => {
    const { calls, paths } = callsThat(page(['a', 'b'], next))
    expect((await calls.all('x/Y', row, { top: 1 })).map(({ Code }) => Code)).toEqual(['a'])
    expect(paths).toHaveLength(1)
  })

  it('that names the page it stands on as the next is not understood, instead of read for ever', async () => {
    const { calls } = callsThat(page(['a'], next), page(['b'], next))
    await expect(calls.all('x/Y', row)).rejects.toMatchObject({
      problem: { kind: 'defect', code: 'answer-not-understood', values: { endpoint: 'x/Y' } },
    })
  })

  it('is of the day that it is in the Netherlands', () => {
    expect(callsThat().calls.today()).toBe('2026-04-01')
  })
})
