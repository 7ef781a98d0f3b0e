import { expect, it } from 'vitest'
import { type Column, columnWidths } from './column.ts'

const column = (id: string, width?: Column<unknown>['width']): Column<unknown> => ({
  id,
  head: id,
  cell: () => null,
  ...(width === undefined ? {} : { width }),
})

it('columns share what is left, and the table scrolls below the least they need', () => {
  const columns = [column('number', 90), column('name', 'minmax(180px, 2fr)'), column('note')]
  expect(columnWidths(columns, false)).toEqual({
    template: '90px minmax(180px, 2fr) minmax(120px, 1fr)',
    least: 90 + 180 + 120,
  })
})

it('the box that selects a row stands before them', () => {
  expect(columnWidths([column('number', 90)], true)).toEqual({ template: '50px 90px', least: 140 })
})
