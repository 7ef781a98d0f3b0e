import type { invoiceTexts } from '@uurwerk/api/drafts.ts'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { textsOf } from '../invoices/invoice-texts.ts'

type Answer = z.input<typeof invoiceTexts>

export const invoiceTextHandlers: Handlers<'readInvoiceTexts' | 'changeInvoiceTexts'> = {
  readInvoiceTexts: (call) => answerOf(call),

  changeInvoiceTexts: async (call) => {
    const { trx, firmId, body, version, now } = call
    const before = await answerOf(call, true)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const after = { nl: { ...before.nl, ...body.nl }, en: { ...before.en, ...body.en } }
    await trx
      .updateTable('firm')
      .set({ invoiceTexts: JSON.stringify(after), version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: { invoiceTexts: { nl: before.nl, en: before.en } },
      after: { invoiceTexts: after },
    })
    return { ...after, version: version + 1 }
  },
}

async function answerOf({ trx, firmId }: Pick<FirmCall<never>, 'trx' | 'firmId'>, held = false): Promise<Answer> {
  const firm = trx.selectFrom('firm').select(['invoiceTexts', 'version']).where('firmId', '=', firmId)
  const row = await (held ? firm.forUpdate() : firm).executeTakeFirstOrThrow()
  return { ...textsOf(row), version: row.version }
}
