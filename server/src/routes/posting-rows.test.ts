import { connectors } from '@uurwerk/connectors/registry.gen.ts'
import { describe, expect, it } from 'vitest'
import { type PostingRow, toStep } from './posting-rows.ts'

const posting = { package: 'exact-online' } as PostingRow
const stepOf = (what: string, notes: readonly object[] = []) =>
  toStep(
    { connectors },
    { id: 's', at: new Date('2026-03-31T10:00:00Z'), what, details: { receipt: { number: '26700042', notes } } },
    posting,
    'en',
  )
const note = (code: string, values: Readonly<Record<string, string>>) => ({ kind: 'refused', code, values })

describe('the timeline of what stands in the books', () => {
  it('says no more than that where there is no more to say', () => {
    expect(stepOf('posted')).toMatchObject({ tone: 'done', detail: 'Gross in Exact Online equals ours.' })
  })

  const cases: [string, object, RegExp][] = [
    ['another number than ours', note('number-replaced', { ours: '42', theirs: '26700042' }), /26700042 instead of 42/],
    ['the same invoice a second time', note('booked-twice', { theirs: '26700043' }), /once more: 26700043/],
    ['a document that was not made', note('printing-incomplete', { words: 'Layout missing' }), /Layout missing/],
  ]
  it.each(cases)('tells of %s, and what to do', (_, one, words) => {
    const { tone, detail } = stepOf('adopted', [one])
    expect(tone).toBe('needs')
    expect(detail).toMatch(words)
    expect(detail).toMatch(/Exact Online\.$|same\.$|description\.$|mail\.$/)
  })

  it('tells of all of them', () => {
    const both = [note('number-replaced', { ours: '42', theirs: '43' }), note('booked-twice', { theirs: '44' })]
    expect(stepOf('posted', both).detail).toMatch(/43 instead of 42.*once more: 44/)
  })
})
