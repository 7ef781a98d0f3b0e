import type { vatIdRoutes } from '@uurwerk/api/vat-ids.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import { checkAnswer, checksOf, standingOf } from '../vat-ids/vat-id-checks.ts'

export const vatIdHandlers: Handlers<keyof typeof vatIdRoutes> = {
  listVatIdChecks: async ({ trx, firmId, params, language, services }) => {
    const { vatId } = await customerOf(trx, firmId, params.id)
    const rows = (await checksOf(trx, firmId, params.id)).map((row) => checkAnswer(row, language))
    return { works: services.vies.works, vatId, standing: standingOf(rows, vatId), rows }
  },

  // Asked outside a transaction: VIES takes its time, and nobody waits for a row meanwhile.
  checkVatId: {
    free: async (call) => {
      const { services, firmId, params, actor, now, language } = call
      const { store, vies } = services
      if (!vies.works) throw new ProblemError({ kind: 'setup', code: 'vies-not-set' })
      const { vatId, own } = await store.withFirm(firmId, async (trx) => {
        const firm = await trx.selectFrom('firm').select('vatId').where('firmId', '=', firmId).executeTakeFirstOrThrow()
        return { ...(await customerOf(trx, firmId, params.id)), own: firm.vatId }
      })
      if (!vatId) throw new ProblemError({ kind: 'setup', code: 'vat-id-not-filled' })
      const { outcome, code, consultation, name, address, said } = await vies.check(vatId, own)
      const id = services.ids.next()
      return store.withFirm(firmId, async (trx) => {
        await trx
          .insertInto('vatIdCheck')
          .values({
            firmId,
            id,
            customerId: params.id,
            vatId,
            outcome,
            consultation,
            name,
            address,
            answer: JSON.stringify({ code, asker: own, said }),
            checkedBy: actor.memberId,
            checkedAt: now,
          })
          .execute()
        await remember({ ...call, trx }, { kind: 'customer', id: params.id }, 'vat-id-checked', {
          after: { vatId, outcome, consultation },
        })
        await services.events.publish(trx, firmId, { topic: 'customers', ids: [params.id] })
        const row = (await checksOf(trx, firmId, params.id)).find((one) => one.id === id)
        assert(row, 'what was just kept is there')
        return checkAnswer(row, language)
      })
    },
  },
}

async function customerOf(trx: Trx, firmId: string, id: string): Promise<{ readonly vatId: string | null }> {
  const row = await trx
    .selectFrom('customer')
    .select('vatId')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('customer')
  return row
}
