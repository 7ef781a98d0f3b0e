import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import type { MessageRule } from '@uurwerk/connectors/contract/messages.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { differsFrom, storeAdministration, usableAdministration } from '../connections/administration.ts'
import { describeConnection, reasonOf } from '../connections/describe.ts'
import { inTheirWords } from '../connections/package-problem.ts'
import { resumeConnection } from '../connections/resume.ts'
import { getConnection } from '../connections/service.ts'
import type { FreeCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { startTask } from '../jobs/tasks.ts'
import { accessIsWell } from '../notifications/access-notices.ts'

type Names = 'listAdministrations' | 'chooseAdministration'
type Free = Pick<FreeCall<(typeof connectionRoutes)[Names]>, 'services' | 'firmId' | 'params'>

export const administrationHandlers: Handlers<Names> = {
  listAdministrations: {
    free: async (call) => {
      const { services, firmId, language } = call
      const { books, connector } = await reachable(call)
      const found = await watched(call, connector.messages, () => books.administrations())
      const firm = await services.store.withFirm(firmId, (trx) =>
        trx
          .selectFrom('firm')
          .select(['vatId', 'kvk', 'currency'])
          .where('firmId', '=', firmId)
          .executeTakeFirstOrThrow(),
      )
      const inOrder = [...found].sort(
        (a, b) => Number(b.usable) - Number(a.usable) || a.name.localeCompare(b.name, language),
      )
      return {
        rows: inOrder.map((one) => ({
          id: one.id,
          code: one.code,
          name: one.name,
          country: one.country ?? null,
          currency: one.currency ?? null,
          vatId: one.vatId ?? null,
          usable: one.usable,
          reason: one.reason ? reasonOf(language, one.reason) : null,
          differs: differsFrom(firm, one),
        })),
      }
    },
  },

  chooseAdministration: {
    free: async (call) => {
      const { services, firmId, params, body, now, actor } = call
      const { books, connection, connector } = await reachable(call)
      const found = await watched(call, connector.messages, () => books.administrations())
      const chosen = usableAdministration(found, body.administration)
      return services.store.withFirm(firmId, async (trx) => {
        const within = { ...call, trx }
        await storeAdministration(within, connection, chosen, { memberId: actor.memberId, now })
        await startTask(within, { kind: 'refresh-lists', connectionId: params.id, createdBy: actor.memberId })
        await remember(within, { kind: 'connection', id: params.id }, 'administration-chosen', {
          before: { administration: connection.administration },
          after: { administration: chosen.id, name: chosen.name },
        })
        await resumeConnection(within, services, params.id)
        await accessIsWell(services, trx, firmId, params.id)
        await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
        return describeConnection(within, within, await getConnection(within, params.id))
      })
    },
  },
}

/** Books of a connection that is signed in, whatever else is still to be chosen. */
const reachable = ({ services, firmId, params }: Free) =>
  services.connections.openBooks(firmId, params.id, { settings: 'as-stored' })

/** A call that finds access gone says so on the connection too. */
async function watched<Result>(
  { services, firmId, params }: Free,
  rules: readonly MessageRule[],
  talk: () => Promise<Result>,
): Promise<Result> {
  try {
    return await inTheirWords(rules, talk)
  } catch (error) {
    if (isProblem(error) && error.problem.kind === 'reconnect') {
      const { problem } = error
      await services.store.withFirm(firmId, (trx) =>
        services.connections.loseAccess({ trx, firmId }, params.id, problem),
      )
    }
    throw error
  }
}
