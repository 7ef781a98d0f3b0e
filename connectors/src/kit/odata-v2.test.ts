import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { allOf, anyOf, errorTextIn, field, listOf, literal, singleOf, withQuery } from './odata-v2.ts'

describe('what is asked in OData', () => {
  it('writes literals by their type, quotes doubled', () => {
    expect(literal.text("'t Hoekje & zo")).toBe("'''t Hoekje & zo'")
    expect(literal.guid('8b1f')).toBe("guid'8b1f'")
    expect(literal.int64('24000000001')).toBe('24000000001L')
    expect(literal.date(calendarDate('2026-03-31'))).toBe("datetime'2026-03-31T00:00:00'")
  })

  it('joins conditions, with brackets only where they are needed', () => {
    expect(allOf([anyOf(['a eq 1', 'a eq 2']), 'b eq 3'])).toBe('(a eq 1 or a eq 2) and b eq 3')
    expect(anyOf(['a eq 1'])).toBe('a eq 1')
  })

  it('encodes what stands in an address', () => {
    const path = withQuery('crm/Accounts', { select: ['ID', 'Name'], filter: "Name eq 'Ü & Zn'", top: 1 })
    expect(path).toBe("crm/Accounts?$filter=Name%20eq%20'%C3%9C%20%26%20Zn'&$top=1&$select=ID%2CName")
    expect(new URL(path, 'https://x.test').searchParams.get('$filter')).toBe("Name eq 'Ü & Zn'")
  })
})

describe('what OData answers', () => {
  const row = z.object({ Code: field.code })
  it.each([
    [
      'a page with a next one',
      { d: { results: [{ Code: '2  ' }], __next: 'https://x.test/next' } },
      'https://x.test/next',
    ],
    ['the last page', { d: { results: [{ Code: '2  ' }] } }, undefined],
    ['a list without pages', { d: [{ Code: '2  ' }] }, undefined],
  ])('reads %s', (_, body, next) => {
    expect(listOf(row).parse(body)).toEqual({ rows: [{ Code: '2' }], next })
  })

  it('reads one, and ignores what we do not use', () => {
    expect(singleOf(row).parse({ d: { __metadata: {}, Code: '70', Other: 1 } })).toEqual({ Code: '70' })
  })

  it.each([{}, { d: null }, { d: { results: null } }, [], null])('refuses %o', (body) => {
    expect(listOf(row).safeParse(body).success).toBe(false)
  })

  it('finds the words of an error, and none where there are none', () => {
    expect(errorTextIn({ error: { code: '', message: { lang: '', value: 'Verplicht: Naam' } } })).toBe(
      'Verplicht: Naam',
    )
    expect(errorTextIn({ error: { message: 'kort' } })).toBe('kort')
    for (const body of [undefined, {}, { error: {} }, { error: { message: { value: ' ' } } }, 'x'])
      expect(errorTextIn(body)).toBeUndefined()
  })
})

describe('fields as they come', () => {
  it.each([
    ['/Date(1774915200000)/', '2026-03-31'],
    ['/Date(-86400000)/', '1969-12-31'],
    ['2026-03-31T00:00:00', '2026-03-31'],
    [null, undefined],
    ['', undefined],
  ])('the date %s', (text, date) => {
    expect(field.maybeDate.parse(text)).toBe(date)
  })

  it('no date is not a date', () => {
    expect(field.maybeDate.safeParse('gisteren').success).toBe(false)
  })

  it('a row version keeps every digit', () => {
    expect(field.rowVersion.parse('9007199254740993')).toBe('9007199254740993')
    expect(field.rowVersion.parse(24_000_000_001)).toBe('24000000001')
    expect(field.rowVersion.safeParse(2 ** 53).success).toBe(false)
  })

  it('padding, blanks and nothing', () => {
    expect(field.code.parse('                25')).toBe('25')
    expect(field.text.parse('   ')).toBeUndefined()
    expect(field.text.parse(undefined)).toBeUndefined()
    expect(field.whole.parse('128')).toBe(128)
    expect(field.flag.parse(null)).toBe(false)
  })
})
