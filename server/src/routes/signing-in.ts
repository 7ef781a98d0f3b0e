import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { activeSales } from '../connections/active.ts'
import { findApp } from '../connections/app.ts'
import { getConnection, refuseDisconnected } from '../connections/service.ts'
import { beginSignIn } from '../connections/sign-in.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'

/** What sends a person to the package to sign in there. */
export const signingInHandlers: Handlers<'createConnection' | 'reconnect'> = {
  createConnection: async (call) => {
    const { trx, firmId, firm, body, now, services } = call
    const { connections } = services
    const { manifest } = connections.connectorOf(body.package)
    if (!manifest.hosts[body.country]) throw wrongField('/country', 'country-not-served', { package: manifest.name })
    if (body.mode === 'sandbox' && !(connections.parts.settings.sandbox && connections.simulators.has(body.package)))
      throw wrongField('/mode', 'sandbox-off')
    const key = { firmId, package: body.package, country: body.country, mode: body.mode, administration: null }
    if (body.mode === 'live' && !(await findApp(connections.parts, { trx, firmId }, key)))
      throw new ProblemError({
        kind: 'setup',
        code: 'app-missing',
        values: { package: manifest.name, country: body.country },
      })
    // Two who activate at once: the second sees what the first made.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`connect ${firmId}`}, 0))`.execute(trx)
    const active = await activeSales(call).select(['id', 'package', 'state', 'grantId']).executeTakeFirst()
    // Somebody began to sign in and never came back.
    const isAbandoned = active?.state === 'signing-in' && !active.grantId
    if (active && !isAbandoned)
      throw new ProblemError({
        kind: 'conflict',
        code: 'already-connected',
        values: { package: connections.connectorOf(active.package).manifest.name },
      })
    if (body.mode === 'sandbox')
      await connections.sandbox.ensure(
        { trx, firmId },
        { package: body.package, language: firm.language, country: body.country },
      )
    const id = active?.id ?? services.ids.next()
    if (active)
      await trx
        .updateTable('connection')
        .set((set) => ({
          package: body.package,
          mode: body.mode,
          country: body.country,
          version: set('version', '+', 1),
          updatedAt: now,
        }))
        .where('firmId', '=', firmId)
        .where('id', '=', id)
        .execute()
    else
      await trx
        .insertInto('connection')
        .values({
          firmId,
          id,
          package: body.package,
          purpose: 'sales',
          mode: body.mode,
          country: body.country,
          state: 'signing-in',
          createdAt: now,
          updatedAt: now,
        })
        .execute()
    const { signInAt } = await beginSignIn(connections.parts, { trx, firmId }, { ...key, id }, await userIdOf(call))
    await remember(call, { kind: 'connection', id }, 'activated', {
      after: { package: body.package, mode: body.mode, country: body.country },
    })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [id] })
    return { id, signInAt }
  },

  reconnect: async (call) => {
    const { params, services } = call
    const connection = await getConnection(call, params.id)
    refuseDisconnected(connection)
    const answer = await beginSignIn(services.connections.parts, call, connection, await userIdOf(call))
    await remember(call, { kind: 'connection', id: connection.id }, 'reconnecting')
    return answer
  },
}

/** A key signs in nobody: the state is bound to the person who made it. */
async function userIdOf({ trx, firmId, actor }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>): Promise<string> {
  const member = await trx
    .selectFrom('member')
    .select('userId')
    .where('firmId', '=', firmId)
    .where('id', '=', actor.memberId)
    .executeTakeFirst()
  if (!member?.userId) throw new ProblemError({ kind: 'forbidden', code: 'sign-in-needed' })
  return member.userId
}
