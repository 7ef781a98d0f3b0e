import type { Content, TableLayout } from 'pdfmake'

/** Millimetres in points of a PDF. */
export const mm = (millimetres: number): number => (millimetres * 72) / 25.4

// The colours of the screen's paper (web/src/theme/tokens.css).
export const ink = '#161a19'
export const muted = '#5b6360'
export const accent = '#14716a'
export const line = '#e8ebe9'
export const lineStrong = '#c3c9c6'
export const sunken = '#f2f4f3'

// The left edge lies behind the window of a DL or C5/6 envelope, 20 mm from its side with 5 mm of play.
export const margins = [mm(25), mm(25), mm(20), mm(23)] as const
export const innerWidth = mm(210 - 25 - 20)

export const rule = (color: string, width: number, weight = 0.6, above = 0): Content => ({
  margin: [0, above, 0, 0],
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: weight, lineColor: color }],
})

/** A strong line above, a thin one under each row; the outer columns reach the edges. `air` above and below each row. */
const ruledWith = (air: number): TableLayout => ({
  hLineWidth: (at, { table }) => (at === 0 ? 1 : at < (table.headerRows ?? 0) ? 0 : 0.6),
  hLineColor: (at) => (at === 0 ? ink : line),
  vLineWidth: () => 0,
  paddingLeft: (column) => (column === 0 ? 0 : 6),
  paddingRight: (column, { table }) => (column === table.widths.length - 1 ? 0 : 6),
  paddingTop: () => air,
  paddingBottom: () => air,
})
export const ruled = ruledWith(4.5)
/** For long tables: half as many rows again on a page. */
export const ruledClosely = ruledWith(2)

/** Around what stands on a ground of its own. */
export const boxed: TableLayout = {
  vLineWidth: () => 0,
  hLineWidth: () => 0,
  paddingLeft: () => 12,
  paddingRight: () => 12,
  paddingTop: () => 9,
  paddingBottom: () => 9,
}

export const heads = (words: readonly (readonly [text: string, side: 'left' | 'right'])[]): Content[] =>
  words.map(([text, alignment]) => ({ text, alignment, color: muted, fontSize: 8 }))
