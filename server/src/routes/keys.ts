import { randomBytes } from 'node:crypto'
import type { Right } from '@uurwerk/api/rights.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { Secret } from '../secrets.ts'

export const keyHandlers: Handlers<'listKeys' | 'createKey' | 'revokeKey'> = {
  listKeys: async ({ trx, firmId }) => {
    const rows = await trx
      .selectFrom('apiKey')
      .selectAll()
      .where('firmId', '=', firmId)
      .orderBy('createdAt', 'desc')
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        scopes: row.scopes as Right[],
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt?.toISOString() ?? null,
        revokedAt: row.revokedAt?.toISOString() ?? null,
        lastUsedOn: row.lastUsedOn,
      })),
    }
  },

  createKey: async (call) => {
    const { trx, firmId, actor, body, now, services } = call
    const beyond = body.scopes.findIndex((scope) => !actor.rights.has(scope))
    if (beyond >= 0) throw wrongField(`/scopes/${beyond}`, 'right-not-yours')
    if (body.expiresAt && new Date(body.expiresAt) <= now) throw wrongField('/expiresAt', 'in-the-past')
    const id = services.ids.next()
    const prefix = `uwk_${randomBytes(4).toString('hex')}`
    const key = new Secret(`${prefix}_${randomBytes(32).toString('base64url')}`)
    await trx
      .insertInto('apiKey')
      .values({
        firmId,
        id,
        name: body.name,
        prefix,
        scopes: body.scopes,
        memberId: actor.memberId,
        createdAt: now,
        expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
      })
      .execute()
    await trx
      .insertInto('directory.apiKey')
      .values({ keyHash: services.seals.hashToken(key.reveal()), firmId, keyId: id })
      .execute()
    await remember(call, { kind: 'key', id }, 'created', { after: { name: body.name, scopes: body.scopes } })
    return { id, key: key.reveal() }
  },

  revokeKey: async (call) => {
    const { trx, firmId, params, now } = call
    const revoked = await trx
      .updateTable('apiKey')
      .set((set) => ({ revokedAt: now, version: set('version', '+', 1) }))
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!revoked) throw notThere('key')
    await trx.deleteFrom('directory.apiKey').where('keyId', '=', params.id).execute()
    await remember(call, { kind: 'key', id: params.id }, 'revoked')
    return undefined
  },
}
