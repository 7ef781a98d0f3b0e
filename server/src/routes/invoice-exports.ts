import type { invoiceExportRoutes } from '@uurwerk/api/invoice-exports.ts'
import { auditFile } from '../exports/audit-file.ts'
import { documentTurns, exportAnswer, streamedAnswer } from '../exports/export-answer.ts'
import { findInvoices } from '../exports/found-invoices.ts'
import { invoiceSheet } from '../exports/invoice-sheet.ts'
import { invoiceZip } from '../exports/invoice-zip.ts'
import type { Handlers } from '../http/call.ts'
import { say } from '../http/words.ts'

export const invoiceExportHandlers: Handlers<keyof typeof invoiceExportRoutes> = {
  // A download lasts as long as its reader takes: no transaction is held for it here.
  exportInvoices: {
    free: async ({ query, ...call }) => {
      const { format, separator } = query
      if (format === 'csv' || format === 'xlsx') {
        const form =
          separator === undefined ? {} : { separator: separator === 'comma' ? (',' as const) : (';' as const) }
        return exportAnswer(call, invoiceSheet(call, query), { format, ...form })
      }
      const found = await findInvoices(call, query)
      if (format === 'xaf')
        return streamedAnswer(call, {
          name: say(call.language, 'export.auditFile'),
          extension: 'xaf',
          mediaType: 'application/xml; charset=utf-8',
          of: documentTurns,
          chunks: () => auditFile(call, query, found),
        })
      const kind = format === 'pdf-zip' ? 'pdf' : 'ubl'
      return streamedAnswer(call, {
        name: say(call.language, `export.invoices.${kind}`),
        extension: 'zip',
        mediaType: 'application/zip',
        of: documentTurns,
        chunks: () => invoiceZip(call, kind, found),
      })
    },
  },
}
