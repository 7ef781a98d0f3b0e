import type { kmRateInput, kmRate as kmRateShape, tripRoutes } from '@uurwerk/api/trips.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { z } from 'zod'
import { rateText } from '../entries/rate-text.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { deleteRow } from './kept-rows.ts'
import { changeRateRow, refuseUnknownSubject, restoreRateRow } from './rate-rows.ts'

type Answer = z.input<typeof kmRateShape>
type Input = z.output<typeof kmRateInput>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Names = Extract<keyof typeof tripRoutes, `${string}KmRate` | 'listKmRates'>

export const kmRateHandlers: Handlers<Names> = {
  listKmRates: async (call) => {
    const { purpose, projectId, customerId, memberId } = call.query
    let rows = ratesOf(call).where('rate.deletedAt', 'is', null).orderBy('fromDate', 'desc').orderBy('rate.id')
    if (purpose) rows = rows.where('purpose', '=', purpose)
    if (projectId) rows = rows.where('rate.projectId', '=', projectId)
    if (customerId) rows = rows.where('rate.customerId', '=', customerId)
    if (memberId) rows = rows.where('rate.memberId', '=', memberId)
    return { rows: (await rows.limit(1000).execute()).map(toAnswer) }
  },

  createKmRate: async (call) => {
    const { trx, firmId, body, now, services } = call
    const subject = subjectOf(body)
    await refuseUnknownSubject(call, subject)
    const id = services.ids.next()
    const made = await trx
      .insertInto('rate')
      .values({
        firmId,
        id,
        unit: 'km',
        purpose: body.purpose,
        scope: body.scope,
        ...subject,
        amount: body.amount,
        currency: body.currency,
        fromDate: body.from,
        createdAt: now,
        updatedAt: now,
      })
      // One of the same day and subject: its key is unique.
      .onConflict((row) => row.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw wrongField('/from', 'rate-from-taken', { date: body.from })
    await remember(call, { kind: 'rate', id }, 'created', { after: { unit: 'km', ...body } })
    await tell(call)
    return toAnswer(await rowOf(call, id))
  },

  changeKmRate: async (call) => {
    await changeRateRow(call, toAnswer(await rowOf(call, call.params.id)), call.body)
    await tell(call)
    return toAnswer(await rowOf(call, call.params.id))
  },

  deleteKmRate: async (call) => {
    const { params, version } = call
    const before = toAnswer(await rowOf(call, params.id))
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await deleteRow(call, 'rate', before, before)
    await tell(call)
    return undefined
  },

  restoreKmRate: async (call) => {
    const { params } = call
    const row = await ratesOf(call).where('rate.id', '=', params.id).executeTakeFirst()
    if (!row) throw notThere('rate')
    if (row.deletedAt) {
      await restoreRateRow(call, row)
      await tell(call)
    }
    return toAnswer(await rowOf(call, row.id))
  },
}

const tell = ({ services, trx, firmId }: FirmCall<never>) => services.events.publish(trx, firmId, { topic: 'trips' })

const ratesOf = ({ trx, firmId }: Asking) =>
  trx
    .selectFrom('rate')
    .leftJoin('project', (join) =>
      join.onRef('project.firmId', '=', 'rate.firmId').onRef('project.id', '=', 'rate.projectId'),
    )
    .leftJoin('customer', (join) =>
      join.onRef('customer.firmId', '=', 'rate.firmId').onRef('customer.id', '=', 'rate.customerId'),
    )
    .leftJoin('member', (join) =>
      join.onRef('member.firmId', '=', 'rate.firmId').onRef('member.id', '=', 'rate.memberId'),
    )
    .selectAll('rate')
    .select(['project.name as projectName', 'customer.name as customerName', 'member.name as memberName'])
    .where('rate.firmId', '=', firmId)
    .where('rate.unit', '=', 'km')

type Row = Awaited<ReturnType<ReturnType<typeof ratesOf>['executeTakeFirstOrThrow']>>

async function rowOf(call: Asking, id: string): Promise<Row> {
  const row = await ratesOf(call).where('rate.id', '=', id).where('rate.deletedAt', 'is', null).executeTakeFirst()
  if (!row) throw notThere('rate')
  return row
}

const subjects = ['projectId', 'customerId', 'memberId'] as const
type Subject = { readonly [K in (typeof subjects)[number]]: string | null }

/** What a rate of this kind is for: the field that names it, none for the whole firm. */
const subjectsOf = {
  billing: { firm: null, customer: 'customerId', project: 'projectId' },
  reimbursement: { firm: null, user: 'memberId' },
} as const satisfies Record<Input['purpose'], Partial<Record<Input['scope'], keyof Subject | null>>>

function subjectOf(body: Input): Subject {
  const known: Partial<Record<Input['scope'], keyof Subject | null>> = subjectsOf[body.purpose]
  const wanted = known[body.scope]
  if (wanted === undefined) throw wrongField('/scope', 'not-one-of', { choices: Object.keys(known).join(', ') })
  for (const field of subjects) {
    if (field === wanted && !body[field]) throw wrongField(`/${field}`, 'required')
    if (field !== wanted && body[field]) throw wrongField(`/${field}`, 'not-for-this-scope')
  }
  return { projectId: body.projectId ?? null, customerId: body.customerId ?? null, memberId: body.memberId ?? null }
}

const toAnswer = (row: Row): Answer => ({
  id: row.id,
  purpose: row.purpose as Answer['purpose'],
  scope: row.scope as Answer['scope'],
  projectId: row.projectId,
  projectName: row.projectName,
  customerId: row.customerId,
  customerName: row.customerName,
  memberId: row.memberId,
  memberName: row.memberName,
  amount: rateText(row.amount),
  currency: row.currency,
  from: calendarDate(row.fromDate),
  version: row.version,
})
