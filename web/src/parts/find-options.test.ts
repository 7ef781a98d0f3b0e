import { expect, it } from 'vitest'
import { findOptions } from './find-options.ts'

const options = [
  { value: '1', code: '8010', label: 'Omzet ontwikkeling' },
  { value: '2', code: '1300', label: 'Debiteuren 8010' },
  { value: '3', code: '8310', label: 'Diensten EU', hint: 'Händlerportal' },
]
const values = (typed: string) => findOptions(options, typed).map(({ value }) => value)

it('shows everything while nothing is typed', () => expect(values(' ')).toEqual(['1', '2', '3']))
it('finds by code, what begins with it first', () => expect(values('8010')).toEqual(['1', '2']))
it('finds every typed word in any order, without accents', () => expect(values('handler eu')).toEqual(['3']))
it('finds nothing when a word is missing', () => expect(values('omzet eu')).toEqual([]))
