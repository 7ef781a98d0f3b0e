import { decimal, positiveDecimal } from '@uurwerk/api/shapes.ts'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { fieldsOf, problemDocument } from './problems.ts'

const messages = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value)
  if (!error) return []
  const fields = fieldsOf(error, 'body')
  return (['nl', 'en'] as const).map(
    (language) => problemDocument({ kind: 'input', code: 'input-wrong', fields }, language, 'r').errors?.[0]?.message,
  )
}

it('writes dates in the words of a field as people read them', () => {
  const fields = [{ pointer: '/date', code: 'day-locked', values: { date: '2026-11-15' } }]
  const document = problemDocument({ kind: 'input', code: 'input-wrong', fields }, 'nl', 'r')
  expect(document.errors?.[0]?.message).toBe('Dagen tot en met 15 november 2026 zijn afgesloten.')
})

it('says of a number how it is written, and how exact it may be', () => {
  expect(messages(z.object({ amount: positiveDecimal }), { amount: 'tachtig' })).toEqual([
    'Schrijf een getal vanaf 0, zoals 12,50, met hoogstens 4 cijfers achter de komma.',
    'Write a number from 0, such as 12.50, with at most 4 decimals.',
  ])
  expect(messages(z.object({ amount: decimal }), { amount: '1.2.3' })).toEqual([
    'Schrijf een getal zoals 12,50, met hoogstens 8 cijfers achter de komma.',
    'Write a number such as 12.50, with at most 8 decimals.',
  ])
})

it('names in the language of the reader what a found document differs in', () => {
  const different = (why: string) => ({ kind: 'uncertain', code: 'found-different', values: { why } }) as const
  const causes = (why: string) =>
    (['nl', 'en'] as const).map((language) => problemDocument(different(why), language, 'r').cause)
  expect(causes('date, gross')).toEqual([
    'Wat onder dit nummer in de boeken staat, wijkt af van het onze: de datum, het totaal.',
    'What stands in the books under this number differs from ours: the date, the total.',
  ])
  expect(causes('not-customer')[0]).toMatch(/het is daar geen debiteur\.$/)
  expect(causes('shoe size')[1]).toMatch(/shoe size\.$/)
})
