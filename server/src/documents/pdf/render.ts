import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import pdfmake from 'pdfmake'
import { invoicePaper, type Paper } from './invoice-paper.ts'
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
export const renderPdf = (paper: Paper): Promise<Uint8Array> => pdfmake.createPdf(invoicePaper(paper)).getBuffer()

export const renderStatement = (paper: StatementPaper): Promise<Uint8Array> =>
  pdfmake.createPdf(statementPaper(paper)).getBuffer()
