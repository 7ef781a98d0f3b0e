import type { hintRoutes } from '@uurwerk/api/hints.ts'
import { chooseHints } from '../connections/hints.ts'
import { getConnection } from '../connections/service.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { taskAnswer } from './tasks.ts'

export const hintHandlers: Handlers<keyof typeof hintRoutes> = {
  changeHints: async (call) => {
    const { trx, firmId, params, body, services, actor } = call
    const connection = await getConnection(call, params.id, { lock: true })
    const taskId = await chooseHints(call, connection, { on: body.on, by: actor.memberId })
    await remember(call, { kind: 'connection', id: connection.id }, 'changed', { after: { hints: body.on } })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    return taskAnswer(call, taskId)
  },
}
