import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import pdfmake, { type Definition } from 'pdfmake'
import { invoicePaper, type LastLines, levels, type Paper } from './invoice-paper.ts'
import { type StatementPaper, statementPaper } from './statement-paper.ts'

const fonts = { normal: 'Roboto-Regular.ttf', bold: 'Roboto-Medium.ttf' } as const
const { resolve } = createRequire(import.meta.url)
for (const name of Object.values(fonts))
  pdfmake.virtualfs.writeFileSync(name, readFileSync(resolve(`pdfmake/fonts/Roboto/${name}`)))
pdfmake.setFonts({ Roboto: fonts })
// Whatever an invoice says, its PDF is made of nothing but what is given.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy(() => false)

/** PDF/A-3b. Blocks for as long as it takes, so it is called in a thread of its own. */
export async function renderPdf(paper: Paper): Promise<Uint8Array> {
  const definition = invoicePaper(paper)
  const pages = new Map<number | undefined, number>()
  definition.pageBreakBefore = ({ headlineLevel, pageNumbers }) => {
    pages.set(headlineLevel, pageNumbers[0] ?? 0)
    return false
  }
  const bytes = await pdfmake.createPdf(definition).getBuffer()
  const last = pages.get(levels.end) === pages.get(levels.lastLine) ? null : lastLinesOf(paper, definition)
  return last ? pdfmake.createPdf(invoicePaper(paper, last)).getBuffer() : bytes
}

const carried = 3
interface LaidColumn {
  readonly _calcWidth: number
}

/** Sums and payment never stand on a page of their own: the last lines go with them. None where there are few in all. */
function lastLinesOf({ invoice }: Paper, { content }: Definition): LastLines | null {
  if (invoice.lines.length <= carried) return null
  // Laid out, each column knows how wide it became.
  const tables = content.flatMap((one) => (typeof one !== 'string' && 'table' in one ? [one.table] : []))
  const columns = tables.find(({ headerRows }) => headerRows === 1)?.widths ?? []
  return { count: carried, widths: columns.slice(1).map((column) => (column as unknown as LaidColumn)._calcWidth) }
}

export const renderStatement = (paper: StatementPaper): Promise<Uint8Array> =>
  pdfmake.createPdf(statementPaper(paper)).getBuffer()
