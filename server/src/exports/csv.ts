import { type RawBuilder, sql } from 'kysely'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Store } from '../store/database.ts'
import { cursorRows } from './cursor-rows.ts'
import type { Sheet, SheetColumn } from './sheet.ts'

export interface CsvForm {
  readonly separator: ',' | ';'
  readonly decimal: '.' | ','
}

/** What the spreadsheet of that language opens without asking: Dutch Excel wants `;` and a comma. */
export const csvFormOf = (language: Language, separator?: CsvForm['separator']): CsvForm => {
  const chosen = separator ?? (language === 'nl' ? ';' : ',')
  return { separator: chosen, decimal: language === 'nl' && chosen === ';' ? ',' : '.' }
}

/** Makes Excel read the file as UTF-8. */
const BOM = '\uFEFF'
const END = '\r\n'

/** Signs that make a spreadsheet take text for a formula (OWASP, CSV injection); with a quote before them it stays text. */
const formulaSigns = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']

const signs = sql.join(formulaSigns.map((sign) => sql.lit(sign)))

const quoted = (text: string): string =>
  `"${formulaSigns.includes(text.slice(0, 1)) ? "'" : ''}${text.replaceAll('"', '""')}"`

/**
 * The file line by line. PostgreSQL itself writes the lines, so that a row costs this process one piece of text and
 * not an object with a value per column.
 */
export async function* csvChunks(
  store: Store,
  firmId: string,
  sheet: Sheet,
  language: Language,
  form: CsvForm,
): AsyncGenerator<string> {
  yield `${BOM}${sheet.columns.map(({ head }) => quoted(say(language, head))).join(form.separator)}${END}`
  const line = sql.join(
    sheet.columns.map((column) => csvCell(column, language, form)),
    sql` || ${sql.lit(form.separator)} || `,
  )
  for await (const rows of cursorRows(store, firmId, sql<{ line: string }>`select ${line} as line ${sheet.rows}`)) {
    let chunk = ''
    for (const row of rows) chunk += row.line + END
    yield chunk
  }
}

function csvCell({ kind, value, words = {} }: SheetColumn, language: Language, { decimal }: CsvForm) {
  switch (kind) {
    case 'date':
      return sql`coalesce(to_char(${value}, 'YYYY-MM-DD'), '')`
    case 'decimal':
      return decimal === '.'
        ? sql`coalesce((${value})::text, '')`
        : sql`coalesce(replace((${value})::text, '.', ','), '')`
    case 'yes-no':
      return sql`case when ${value} then ${sql.lit(quoted(say(language, 'export.yes')))} else ${sql.lit(quoted(say(language, 'export.no')))} end`
    case 'word':
      return cased(
        value,
        Object.entries(words).map(([stored, word]) => [stored, quoted(say(language, word))]),
      )
    case 'text':
      return sql`coalesce('"' || case when left(${value}, 1) in (${signs}) then '''' else '' end || replace(${value}, '"', '""') || '"', '')`
  }
}

export const cased = (value: RawBuilder<unknown>, pairs: ReadonlyArray<readonly [string, string]>) =>
  sql`case ${value} ${sql.join(
    pairs.map(([stored, said]) => sql`when ${sql.lit(stored)} then ${sql.lit(said)}`),
    sql` `,
  )} else '' end`
