import type { VatCodeRow } from '@uurwerk/connectors/contract/rows.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { Decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import { fittingCode } from './mapping.ts'

const code = (id: string, more: Partial<VatCodeRow>): VatCodeRow => ({
  id,
  code: id,
  name: id,
  percentage: '0',
  kind: 'excluding',
  side: 'sales',
  reverseCharge: false,
  ...more,
})

const codes = [
  code('none', { kind: 'none', side: 'both' }),
  code('21', { percentage: '21' }),
  code('21-old', { percentage: '21', unusable: 'blocked' }),
  code('21-in', { percentage: '21', kind: 'including', unusable: 'including' }),
  code('21-bought', { percentage: '21', side: 'purchase', unusable: 'purchase' }),
  code('9', { percentage: '9.0' }),
  code('world', { kind: 'base-only' }),
  code('eu', { kind: 'base-only', euListing: 'services', reverseCharge: true }),
  code('shifted', { kind: 'base-only', reverseCharge: true }),
]

const fitting = (treatment: VatTreatment, rate: string | null, of = codes) =>
  fittingCode(of, treatment, rate as Decimal | null)?.id

describe('the VAT code that a treatment can mean', () => {
  it.each([
    ['domestic-standard', '21', '21'],
    ['domestic-reduced', '9', '9'],
    ['domestic-exempt', '0', 'none'],
    ['eu-business', '0', 'eu'],
    ['outside-eu', '0', 'world'],
    ['domestic-reverse-charge', '0', 'shifted'],
    ['eu-consumer-standard', '21', '21'],
    // A zero rate and what is outside the Union look alike here: nobody guesses.
    ['domestic-zero', '0', undefined],
    ['domestic-intermediate', null, undefined],
  ] as const)('%s at %s is %s', (treatment, rate, expected) => expect(fitting(treatment, rate)).toBe(expected))

  it('is none when two fit', () => {
    expect(fitting('domestic-standard', '21', [...codes, code('21-b', { percentage: '21' })])).toBeUndefined()
  })
})
