import type { masterDataRoutes, rateScope, rate as rateShape } from '@uurwerk/api/master-data.ts'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { rateText } from '../entries/rate-text.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { previewRate } from '../projects/rate-preview.ts'
import type { Rate as RateTable } from '../store/schema.gen.ts'
import { deleteRow } from './kept-rows.ts'
import { changeRateRow, refuseUnknownSubject, restoreRateRow } from './rate-rows.ts'

type RateAnswer = z.input<typeof rateShape>
type Scope = z.output<typeof rateScope>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Names = Extract<keyof typeof masterDataRoutes, `${string}Rate` | 'listRates'>

export const rateHandlers: Handlers<Names> = {
  listRates: async ({ trx, firmId, query }) => {
    let rows = trx
      .selectFrom('rate')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('unit', '=', 'hour')
      .where('deletedAt', 'is', null)
      .orderBy('fromDate', 'desc')
      .orderBy('id')
    if (query.activityId) rows = rows.where('activityId', '=', query.activityId)
    if (query.projectId) rows = rows.where('projectId', '=', query.projectId)
    if (query.customerId) rows = rows.where('customerId', '=', query.customerId)
    if (query.memberId) rows = rows.where('memberId', '=', query.memberId)
    return { rows: (await rows.limit(1000).execute()).map(toRate) }
  },

  previewRate: async (call) => {
    const { body } = call
    const before = body.id ? await findRate(call, body.id) : undefined
    if (body.id && !before) throw wrongField('/id', 'rate-unknown')
    if ('takenBack' in body) return previewRate(call, { ...(before as RateAnswer), takenBack: true })
    const subject = subjectOf(body)
    await refuseUnknownSubject(call, subject)
    return previewRate(call, { ...body, ...subject, earlierFrom: before?.from })
  },

  createRate: async (call) => {
    const { trx, firmId, body, now, services } = call
    const subject = subjectOf(body)
    await refuseUnknownSubject(call, subject)
    const same = await trx
      .selectFrom('rate')
      .select('id')
      .where('firmId', '=', firmId)
      .where('unit', '=', 'hour')
      .where('scope', '=', body.scope)
      .where('fromDate', '=', body.from)
      .where('deletedAt', 'is', null)
      .where((where) =>
        where.and(
          subjectIds.map((field) =>
            subject[field] ? where(field, '=', subject[field] as string) : where(field, 'is', null),
          ),
        ),
      )
      .executeTakeFirst()
    if (same) throw wrongField('/from', 'rate-from-taken', { date: body.from })
    const id = services.ids.next()
    await trx
      .insertInto('rate')
      .values({
        firmId,
        id,
        scope: body.scope,
        ...subject,
        amount: body.amount,
        currency: body.currency,
        fromDate: body.from,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await remember(call, { kind: 'rate', id }, 'created', { after: body })
    await tell(call)
    return rateOf(call, id)
  },

  changeRate: async (call) => {
    await changeRateRow(call, await rateOf(call, call.params.id), call.body)
    await tell(call)
    return rateOf(call, call.params.id)
  },

  deleteRate: async (call) => {
    const { params, version } = call
    const before = await rateOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await deleteRow(call, 'rate', before, before)
    await tell(call)
    return undefined
  },

  restoreRate: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('rate')
      .select(['id', 'version', 'deletedAt', 'fromDate'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .where('unit', '=', 'hour')
      .executeTakeFirst()
    if (!row) throw notThere('rate')
    if (row.deletedAt) {
      await restoreRateRow(call, row)
      await tell(call)
    }
    return rateOf(call, row.id)
  },
}

/** Amounts of hours change with a rate. */
const tell = ({ trx, firmId, services }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services'>) =>
  services.events.publish(trx, firmId, { topic: 'hours' })

const subjectIds = ['activityId', 'projectId', 'customerId', 'memberId'] as const
type Subject = { readonly [K in (typeof subjectIds)[number]]: string | null }

const needs: Readonly<Record<Scope, readonly (keyof Subject)[]>> = {
  activity: ['activityId'],
  user: ['memberId'],
  project: ['projectId'],
  customer: ['customerId'],
  'project-activity': ['projectId', 'activityId'],
  'project-user': ['projectId', 'memberId'],
}

/** The ids that the scope asks for, and no others. */
function subjectOf(body: { scope: Scope } & { readonly [K in keyof Subject]?: string | null | undefined }): Subject {
  const wanted = needs[body.scope]
  for (const field of subjectIds) {
    if (wanted.includes(field) && !body[field]) throw wrongField(`/${field}`, 'required')
    if (!wanted.includes(field) && body[field]) throw wrongField(`/${field}`, 'not-for-this-scope')
  }
  return {
    activityId: body.activityId ?? null,
    projectId: body.projectId ?? null,
    customerId: body.customerId ?? null,
    memberId: body.memberId ?? null,
  }
}

async function findRate({ trx, firmId }: Asking, id: string): Promise<RateAnswer | undefined> {
  const row = await trx
    .selectFrom('rate')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('unit', '=', 'hour')
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  return row && toRate(row)
}

async function rateOf(call: Asking, id: string): Promise<RateAnswer> {
  const found = await findRate(call, id)
  if (!found) throw notThere('rate')
  return found
}

function toRate(row: Selectable<RateTable>): RateAnswer {
  return {
    id: row.id,
    scope: row.scope as RateAnswer['scope'],
    activityId: row.activityId,
    projectId: row.projectId,
    customerId: row.customerId,
    memberId: row.memberId,
    amount: rateText(row.amount),
    currency: row.currency,
    from: row.fromDate,
    version: row.version,
  }
}
