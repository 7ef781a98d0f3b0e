import { type FirmCall, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import { orTaken } from '../http/taken.ts'
import { restoreRow } from './kept-rows.ts'

type Changing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services' | 'version'>

/** One of the same day and subject: its key is unique. */
const orFromTaken = (date: string) => orTaken(wrongField('/from', 'rate-from-taken', { date }))

export async function changeRateRow(
  call: Changing,
  before: { readonly id: string; readonly version: number; readonly from: string },
  body: { readonly amount?: string | undefined; readonly from?: string | undefined },
): Promise<void> {
  const { trx, firmId, version, now } = call
  if (before.version !== version) throw new StaleEdit(before.version, before)
  await trx
    .updateTable('rate')
    .set({
      ...(body.amount ? { amount: body.amount } : {}),
      ...(body.from ? { fromDate: body.from } : {}),
      version: version + 1,
      updatedAt: now,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', before.id)
    .execute()
    .catch(orFromTaken(body.from ?? before.from))
  await remember(call, { kind: 'rate', id: before.id }, 'changed', { before, after: body })
}

export const restoreRateRow = (
  call: Changing,
  row: { readonly id: string; readonly version: number; readonly fromDate: string },
): Promise<void> => restoreRow(call, 'rate', row).catch(orFromTaken(row.fromDate))

const subjects = {
  activityId: ['activity', 'activity-unknown'],
  projectId: ['project', 'project-unknown'],
  customerId: ['customer', 'customer-unknown'],
  memberId: ['member', 'person-unknown'],
} as const

export async function refuseUnknownSubject(
  { trx, firmId }: Pick<Changing, 'trx' | 'firmId'>,
  subject: Readonly<Partial<Record<keyof typeof subjects, string | null>>>,
): Promise<void> {
  for (const [field, [table, code]] of Object.entries(subjects)) {
    const id = subject[field as keyof typeof subjects]
    if (!id) continue
    const found = await trx
      .selectFrom(table)
      .select('id')
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!found) throw wrongField(`/${field}`, code)
  }
}
