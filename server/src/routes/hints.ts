import type { hintRoutes } from '@uurwerk/api/hints.ts'
import { sql } from 'kysely'
import { chooseHints } from '../connections/hints.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere } from '../http/problems.ts'
import { taskAnswer } from './tasks.ts'

export const hintHandlers: Handlers<keyof typeof hintRoutes> = {
  changeHints: async (call) => {
    const { trx, firmId, params, body, services, actor } = call
    await sql`select 1 from connection where firm_id = ${firmId} and id = ${params.id} for update`.execute(trx)
    const connection = await services.connections.findConnection(call, params.id)
    if (!connection) throw notThere('connection')
    const taskId = await chooseHints(call, connection, { on: body.on, by: actor.memberId })
    await remember(call, { kind: 'connection', id: connection.id }, 'changed', { after: { hints: body.on } })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    return taskAnswer(call, taskId)
  },
}
