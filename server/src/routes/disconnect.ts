import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { forgetPaymentsOfConnection } from '../coming-back/forget-payments.ts'
import { addressesOf, appFor, getApp } from '../connections/app.ts'
import type { InFirm } from '../connections/connection.ts'
import { deafen, stopHints } from '../connections/hints.ts'
import { unmarkOlder } from '../connections/older-invoices.ts'
import { type ConnectionAt, getConnection, refuseDisconnected } from '../connections/service.ts'
import { openTokens } from '../connections/tokens.ts'
import type { FreeCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { say } from '../http/words.ts'
import { accessIsWell } from '../notifications/access-notices.ts'
import { keysOfNights } from '../notifications/night-notices.ts'
import { noLongerTell } from '../notifications/tell-people.ts'
import { discard } from '../postings/actions.ts'
import { findPostings } from '../postings/posting-rows.ts'
import { actingFor } from './acting.ts'

type Free = FreeCall<(typeof connectionRoutes)['disconnect']>

export const disconnectHandlers: Handlers<'disconnect'> = {
  disconnect: {
    free: async (call) => {
      const { services, firmId, params, now } = call
      const connection = await services.store.withFirm(firmId, async (trx) => {
        const found = await getConnection({ trx, firmId }, params.id)
        await refuseUnderWay({ trx, firmId }, found)
        return found
      })
      await stopCalls(call, connection)
      const revoked = await revoke(call, connection)
      return services.store.withFirm(firmId, async (trx) => {
        const within = { ...call, trx }
        await getConnection(within, params.id, { lock: true })
        await refuseUnderWay(within, connection)
        const givenUp = await giveUpQueue(within, connection)
        await deafen({ trx, firmId }, params.id)
        if (connection.grantId)
          await trx
            .updateTable('accessGrant')
            .set({ tokensSealed: null, withdrawnAt: now, updatedAt: now })
            .where('firmId', '=', firmId)
            .where('id', '=', connection.grantId)
            .execute()
        await trx
          .updateTable('connection')
          .set((set) => ({
            state: 'disconnected',
            problem: null,
            disconnectedAt: now,
            hintsOn: false,
            hintsProblem: null,
            version: set('version', '+', 1),
            updatedAt: now,
          }))
          .where('firmId', '=', firmId)
          .where('id', '=', params.id)
          .execute()
        if (connection.mode === 'sandbox') {
          await unmarkOlder(within, now)
          await forgetPaymentsOfConnection(within, params.id, 'sandbox')
        }
        await remember(within, { kind: 'connection', id: params.id }, 'disconnected', { after: { revoked, givenUp } })
        await accessIsWell(services, trx, firmId, params.id)
        for (const key of [`postings-need-you:${params.id}`, ...keysOfNights(params.id)])
          await noLongerTell(within, key)
        await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
        return { revoked, givenUp }
      })
    },
  },
}

/**
 * What left and was not answered can only be found again while we still have access, and what may or may not be in the
 * books is settled by a person first: its document would else be booked once more over the next connection.
 */
async function refuseUnderWay({ trx, firmId }: InFirm, connection: ConnectionAt): Promise<void> {
  refuseDisconnected(connection)
  const { rows } = await sql<{ label: string; isUnderWay: boolean }>`
    select label, state in ('sending', 'checking', 'accepted') as "isUnderWay" from posting
    where firm_id = ${firmId} and connection_id = ${connection.id} and (state in ('sending', 'checking', 'accepted')
      or (state in ('waiting', 'refused', 'blocked') and doubt_at is not null)
      or (state = 'needs-person' and sent_after is not null))
    order by sequence`.execute(trx)
  const underWay = rows.filter(({ isUnderWay }) => isUnderWay)
  if (underWay.length > 0) throw standsInTheWay('postings-under-way', underWay)
  if (rows.length > 0) throw standsInTheWay('postings-unsettled', rows)
}

const mostNamed = 5

function standsInTheWay(code: string, rows: readonly { readonly label: string }[]): ProblemError {
  const named = [...new Set(rows.map(({ label }) => label))]
  const labels = [...named.slice(0, mostNamed), ...(named.length > mostNamed ? ['…'] : [])].join(', ')
  return new ProblemError({ kind: 'conflict', code, values: { count: String(rows.length), labels } })
}

async function stopCalls({ services, firmId }: Free, connection: ConnectionAt): Promise<void> {
  const row = await services.store.withFirm(
    firmId,
    (trx) =>
      trx
        .selectFrom('connection')
        .select('hintsOn')
        .where('firmId', '=', firmId)
        .where('id', '=', connection.id)
        .executeTakeFirst(),
    { readOnly: true },
  )
  if (row?.hintsOn && connection.state === 'connected') await stopHints(services, connection)
}

/** What did not leave never will: it is given up, so that its document can be booked elsewhere. Newest first. */
async function giveUpQueue(within: Free & InFirm, connection: ConnectionAt): Promise<number> {
  const { trx, firmId, services, language } = within
  const { rows } = await sql<{ id: string }>`
    select id from posting where firm_id = ${firmId} and connection_id = ${connection.id}
      and state in ('waiting', 'refused', 'blocked', 'needs-person') order by sequence desc`.execute(trx)
  if (rows.length === 0) return 0
  const why = say(language, 'posting.why.disconnected', {
    package: services.connections.connectorOf(connection.package).manifest.name,
  })
  const acting = { ...actingFor(within), why }
  let given = 0
  for (const { id } of rows) {
    const [posting] = await findPostings({ trx, firmId }, [id])
    // What hung on one that was given up went with it.
    if (!posting || posting.state === 'discarded') continue
    await discard({ trx, firmId }, acting, id)
    given += 1
  }
  return given
}

/** At the package too, where it can: a failure there keeps nobody connected here. */
async function revoke({ services, firmId }: Free, connection: ConnectionAt): Promise<boolean> {
  const { signIn } = services.connections.connectorOf(connection.package)
  if (signIn.kind !== 'oauth' || !signIn.revoke || !connection.grantId) return false
  const { parts } = services.connections
  const { grantId } = connection
  try {
    const { app, tokens } = await services.store.withFirm(
      firmId,
      async (trx) => {
        const firm = { trx, firmId }
        const { ours } = await addressesOf(parts, firm, connection)
        return {
          app: appFor(parts, await getApp(parts, firm, connection), ours),
          tokens: await openTokens(parts, firm, grantId),
        }
      },
      { readOnly: true },
    )
    await signIn.revoke(app, tokens, services.connections.wireFor(connection))
    return true
  } catch (error) {
    if (!isProblem(error)) throw error
    services.log.warn({ err: error, connection: connection.id }, 'access could not be revoked at the package')
    return false
  }
}
