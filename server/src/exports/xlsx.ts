import { writeXlsxStream } from 'hucre/xlsx'
import { sql } from 'kysely'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Store } from '../store/database.ts'
import { cased } from './csv.ts'
import { cursorRows } from './cursor-rows.ts'
import type { Sheet, SheetColumn } from './sheet.ts'

type Cells = Readonly<Record<string, string | number | boolean | null>>

/** The workbook as bytes while rows are read: figures are numbers, dates are dates, text is never a formula. */
export function xlsxBytes(
  store: Store,
  firmId: string,
  sheet: Sheet,
  language: Language,
): ReadableStream<Uint8Array<ArrayBufferLike>> {
  const names = sheet.columns.map((_, index) => `c${index}`)
  const select = sql.join(
    sheet.columns.map((column, index) => sql`${cell(column, language)} as ${sql.id(`c${index}`)}`),
  )
  const batches = cursorRows(store, firmId, sql<Cells>`select ${select} ${sheet.rows}`)
  return writeXlsxStream(cellsOf(batches, names), {
    name: say(language, sheet.name),
    columns: sheet.columns.map((column) => ({
      header: say(language, column.head),
      width: column.kind === 'text' ? 24 : 14,
      ...(column.kind === 'date' ? { numFmt: 'yyyy-mm-dd' } : {}),
    })),
    freezePane: { rows: 1 },
  })
}

async function* cellsOf(batches: ReadableStream<Cells[]>, names: readonly string[]) {
  for await (const rows of batches) for (const row of rows) yield names.map((name) => row[name] ?? null)
}

/** A workbook counts days from 30 December 1899 and holds figures as floating point, as all spreadsheets do. */
function cell({ kind, value, words = {} }: SheetColumn, language: Language) {
  switch (kind) {
    case 'date':
      return sql`(${value} - date '1899-12-30')`
    case 'decimal':
      return sql`(${value})::float8`
    case 'yes-no':
      return sql`case when ${value} then ${sql.lit(say(language, 'export.yes'))} else ${sql.lit(say(language, 'export.no'))} end`
    case 'word':
      return cased(
        value,
        Object.entries(words).map(([stored, word]) => [stored, say(language, word)]),
      )
    case 'text':
      return value
  }
}
