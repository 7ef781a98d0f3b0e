import type { documentRoutes } from '@uurwerk/api/documents.ts'
import { brokenRules, explainRule } from '@uurwerk/core/invoicing/e-invoice-rules.ts'
import { documentOf, kindsOf } from '../documents/invoice-documents.ts'
import type { Handlers } from '../http/call.ts'
import { notThere } from '../http/problems.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'

export const documentHandlers: Handlers<keyof typeof documentRoutes> = {
  listInvoiceDocuments: async ({ trx, firmId, params, language }) => {
    const stored = (await readInvoices(trx, firmId, [params.id])).get(params.id)
    if (!stored) throw notThere('invoice')
    const { invoice } = stored
    return {
      kinds: await kindsOf(trx, firmId, invoice, language),
      broken: brokenRules(invoice).map((one) => ({
        rule: one.rule.id,
        about: one.rule.about,
        at: one.rule.at,
        ...explainRule(one, language),
      })),
    }
  },

  // Made outside a transaction: a document takes a moment, and nobody waits for a row meanwhile.
  readInvoiceDocument: {
    free: async ({ services, firmId, params, query, language }) => ({
      ...(await documentOf(services, { firmId, invoiceId: params.id, kind: params.kind, language })),
      inline: !query.save,
    }),
  },
}
