import type { Invoice, InvoiceLine } from '@uurwerk/core/invoicing/invoice.ts'
import { formatDateShort, formatDecimal } from '@uurwerk/core/shared/format.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { formatDuration } from '@uurwerk/core/time/duration.ts'
import type { Content } from 'pdfmake'
import { say } from '../../http/words.ts'
import type { HourRow, Hours } from './hours.ts'
import { heads, muted, ruled } from './look.ts'

const together = (entries: readonly HourRow[]): number => entries.reduce((total, { minutes }) => total + minutes, 0)

/** The hours behind each line on pages of their own; nothing when there are none. */
export function hourPages(invoice: Invoice, hours: readonly Hours[]): Content[] {
  const { language, number, lines } = invoice
  if (hours.length === 0) return []
  const says = (word: string, values = {}) => say(language, word, values)
  const oneByOne = hours.every(({ entries }) => entries.length === 1)
  const tables = oneByOne
    ? [
        table(
          language,
          null,
          hours.flatMap(({ entries }) => entries),
        ),
      ]
    : hours.map(({ lineId, entries }) => table(language, lines.find(({ id }) => id === lineId) ?? null, entries))
  return [
    { text: says('document.hours'), fontSize: 16, bold: true, pageBreak: 'before' },
    {
      text: number ? says('document.hours.of', { number }) : says('document.hours.ofDraft'),
      color: muted,
      margin: [0, 2, 0, 0],
    },
    ...tables,
    {
      margin: [0, 12, 0, 0],
      columns: [
        { text: says('document.hours.total'), bold: true },
        { text: formatDuration(together(hours.flatMap(({ entries }) => entries))), bold: true, alignment: 'right' },
      ],
    },
  ]
}

function table(language: Language, line: InvoiceLine | null, entries: readonly HourRow[]): Content {
  const says = (word: string, values = {}) => say(language, word, values)
  const title = line?.description.split('\n')[0]
  return {
    margin: [0, 14, 0, 0],
    table: {
      headerRows: title ? 2 : 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: ['auto', 'auto', '*', 'auto'],
      body: [
        ...(title ? [[{ text: title, bold: true, colSpan: 4 }, '', '', '']] : []),
        heads([
          [says('document.hours.date'), 'left'],
          [says('document.hours.person'), 'left'],
          [says('document.hours.work'), 'left'],
          [says('document.hours.time'), 'right'],
        ]),
        ...entries.map(({ date, person, activity, note, minutes }): Content[] => [
          { text: formatDateShort(date, language), noWrap: true },
          { text: person },
          { text: [activity, ...(note ? [{ text: `\n${note}`, color: muted, fontSize: 8 }] : [])] },
          { text: formatDuration(minutes), alignment: 'right' },
        ]),
        ...(line ? [subtotal(language, line, entries)] : []),
      ],
    },
    layout: ruled,
  }
}

function subtotal(language: Language, line: InvoiceLine, entries: readonly HourRow[]): Content[] {
  const billed =
    line.unit === 'hour'
      ? say(language, 'document.hours.billed', { hours: formatDecimal(line.quantity, language, 2) })
      : ''
  return [
    {
      text: [
        { text: say(language, 'document.hours.written') },
        ...(billed ? [{ text: `   ${billed}`, color: muted }] : []),
      ],
      colSpan: 3,
    },
    '',
    '',
    { text: formatDuration(together(entries)), bold: true, alignment: 'right' },
  ]
}
