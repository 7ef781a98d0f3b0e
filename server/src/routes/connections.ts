import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { chooseSettings, createChooser } from '../connections/choose-theirs.ts'
import { describeConnection, todayOf } from '../connections/describe.ts'
import { checkHealth } from '../connections/health.ts'
import { markOlder } from '../connections/older-invoices.ts'
import { resumeConnection } from '../connections/resume.ts'
import { type ConnectionAt, getConnection } from '../connections/service.ts'
import { type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { administrationHandlers } from './administrations.ts'
import { disconnectHandlers } from './disconnect.ts'
import { mappingHandlers } from './mapping.ts'
import { packageHandlers } from './packages.ts'
import { signingInHandlers } from './signing-in.ts'
import { taskHandlers } from './tasks.ts'

export const connectionHandlers: Handlers<keyof typeof connectionRoutes> = {
  ...packageHandlers,
  ...signingInHandlers,
  ...administrationHandlers,
  ...disconnectHandlers,
  ...mappingHandlers,
  ...taskHandlers,

  listConnections: async (call) => {
    const { trx, firmId } = call
    const rows = await trx
      .selectFrom('connection')
      .select('id')
      .where('firmId', '=', firmId)
      .where('state', '<>', 'disconnected')
      .orderBy('createdAt')
      .execute()
    const answers = []
    for (const { id } of rows)
      answers.push(await describeConnection(call, { trx, firmId }, await getConnection(call, id)))
    return { rows: answers }
  },

  nameConnections: async ({ trx, firmId, services }) => {
    const rows = await trx
      .selectFrom('connection')
      .select(['id', 'package', 'administrationName', 'mode', 'state'])
      .where('firmId', '=', firmId)
      .where('administration', 'is not', null)
      .orderBy('createdAt', 'desc')
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        packageName: services.connections.connectorOf(row.package).manifest.name,
        administrationName: row.administrationName,
        mode: row.mode as ConnectionAt['mode'],
        disconnected: row.state === 'disconnected',
      })),
    }
  },

  readConnection: async (call) => describeConnection(call, call, await getConnection(call, call.params.id)),

  changeConnection: async (call) => {
    const { trx, firmId, params, body, version, now, services, language } = call
    const connection = await getConnection(call, params.id, { lock: true })
    const before = await trx
      .selectFrom('connection')
      .select(['version', 'postAutomatically'])
      .where('firmId', '=', firmId)
      .where('id', '=', connection.id)
      .executeTakeFirstOrThrow()
    if (before.version !== version)
      throw new StaleEdit(before.version, await describeConnection(call, call, connection))
    const { manifest } = services.connections.connectorOf(connection.package)
    const chooser = createChooser(call, connection.id, language)
    const chosen = await chooseSettings(chooser, manifest, body.settings ?? {})
    if (body.cutOff && body.cutOff > addDays(calendarDate(todayOf(connection, now)), 366))
      chooser.refuse({ pointer: '/cutOff', code: 'cut-off-too-late' })
    chooser.settle()
    const settings = { ...connection.settings, ...chosen }
    await trx
      .updateTable('connection')
      .set({
        settings: JSON.stringify(settings),
        ...(body.cutOff ? { cutOff: body.cutOff } : {}),
        ...(body.postAutomatically === undefined ? {} : { postAutomatically: body.postAutomatically }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', connection.id)
      .execute()
    if (body.cutOff) await markOlder(call, connection, body.cutOff, now)
    await remember(call, { kind: 'connection', id: connection.id }, 'changed', {
      before: {
        settings: connection.settings,
        cutOff: connection.cutOff,
        postAutomatically: before.postAutomatically,
      },
      after: {
        settings,
        cutOff: body.cutOff ?? connection.cutOff,
        postAutomatically: body.postAutomatically ?? before.postAutomatically,
      },
    })
    await resumeConnection(call, services, connection.id)
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    return describeConnection(call, call, await getConnection(call, connection.id))
  },

  checkConnection: {
    free: async (call) => {
      const { services, firmId, params } = call
      await services.store.withFirm(firmId, (trx) => getConnection({ trx, firmId }, params.id), { readOnly: true })
      await checkHealth(services, firmId, params.id)
      return services.store.withFirm(firmId, async (trx) =>
        describeConnection(call, { trx, firmId }, await getConnection({ trx, firmId }, params.id)),
      )
    },
  },
}
