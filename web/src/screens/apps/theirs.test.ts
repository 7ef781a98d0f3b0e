import { describe, expect, it } from 'vitest'
import { optionOf, rankTheirs } from './theirs.ts'

const codes = [
  { id: 'a', code: '1', name: 'Btw laag tarief 9 %' },
  { id: 'b', code: '19', name: 'Btw hoog tarief 19 %' },
  { id: 'c', code: '2', name: 'Btw hoog tarief 21 %' },
  { id: '6e5bcd24-d1e6', code: '21', name: 'Inkoop' },
]

describe('rows of the package', () => {
  it('puts the code that was typed before codes and names that only hold it', () => {
    expect(rankTheirs(codes, '2').map(({ code }) => code)).toEqual(['2', '21', '1', '19'])
  })
  it('finds a pasted identity, whatever its case', () => {
    expect(rankTheirs(codes, ' 6E5BCD24-d1e6 ')[0]?.code).toBe('21')
  })
  it('leaves the order alone when nothing was typed', () => {
    expect(rankTheirs(codes, '  ')).toEqual(codes)
  })
  it('says why a row cannot be chosen', () => {
    expect(
      optionOf({ id: 'x', code: 'HW', name: 'Hardware', detail: 'pc', unusable: 'it is not a sales item' }),
    ).toEqual({
      value: 'x',
      code: 'HW',
      label: 'Hardware',
      hint: 'pc',
      why: 'it is not a sales item',
    })
  })
})
