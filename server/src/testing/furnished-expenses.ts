import type { ConnectedApp, Office } from './connected.ts'
import type { Asking } from './furnished-asking.ts'
import type { FurnishedMasterData } from './furnished-master-data.ts'

/** One transparent dot. */
export const smallestPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Expenses and trips with what they refer to. */
export interface FurnishedExpenses {
  /** All of the employee: `free` carries the file, `unused` may be deleted, `paid` was reimbursed. */
  readonly expense: {
    readonly free: string
    readonly unused: string
    readonly deleted: string
    readonly payable: string
    readonly paid: string
  }
  /** A receipt. */
  readonly file: string
  readonly reimbursement: string
  /** All of the employee: `free` may be changed, `unused` deleted. */
  readonly trip: { readonly free: string; readonly unused: string; readonly deleted: string }
  readonly vehicle: { readonly used: string }
  readonly distance: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly kmRate: { readonly used: string; readonly unused: string; readonly deleted: string }
}

export async function furnishExpenses(
  app: ConnectedApp,
  at: Office,
  { post }: Asking,
  {
    word,
    project,
    category,
    customer,
  }: Pick<FurnishedMasterData, 'project' | 'category' | 'customer'> & { readonly word: string },
): Promise<FurnishedExpenses> {
  const { firm } = at
  const deletedAt = app.clock.now()
  const receipt = await app.app.inject({
    method: 'POST',
    url: `/api/v1/files?name=${word}.png`,
    headers: { ...at.headers, 'content-type': 'image/png' },
    payload: smallestPng,
  })
  const file = receipt.json<{ id: string }>().id
  const expense = async (date: string, more: object = {}) =>
    (
      await post('/expenses', {
        memberId: firm.members.employee,
        date,
        projectId: project.used,
        categoryId: category.used,
        gross: '54.50',
        inputVat: '4.50',
        note: `${word} trein`,
        ...more,
      })
    ).id
  const expenses = {
    free: await expense('2026-03-02', { fileIds: [file] }),
    unused: await expense('2026-03-03'),
    deleted: await firm.addExpense({ categoryId: category.used, projectId: project.used, deletedAt }),
    payable: await expense('2026-03-04'),
    paid: await expense('2026-03-05'),
  }
  const reimbursement = await post('/reimbursements', {
    memberId: firm.members.employee,
    paidOn: '2026-03-31',
    expenseIds: [expenses.paid],
    note: `${word} maart`,
  })
  const vehicle = { used: (await post('/vehicles', { name: `${word} auto`, plate: 'AB-123-C' })).id }
  const trip = async (date: string) =>
    (
      await post('/trips', {
        memberId: firm.members.employee,
        date,
        from: `${word}stad`,
        to: 'Utrecht',
        distanceKm: '31.5',
        vehicleId: vehicle.used,
        kind: 'business',
        projectId: project.used,
        note: `${word} langs geweest`,
      })
    ).id
  const trips = {
    free: await trip('2026-03-02'),
    unused: await trip('2026-03-03'),
    deleted: await firm.addTrip({ projectId: project.used, deletedAt }),
  }
  const distance = async (to: string) =>
    (await post('/distances', { customerId: customer.used, from: `${word}stad`, to, distanceKm: '31.5' })).id
  const distances = {
    used: await distance('Utrecht'),
    unused: await distance('Amersfoort'),
    deleted: await distance('Deventer'),
  }
  const kmRate = async (from: string) =>
    (await post('/km-rates', { purpose: 'billing', scope: 'firm', amount: '0.40', currency: 'EUR', from })).id
  const kmRates = {
    used: await kmRate('2020-01-01'),
    unused: await kmRate('2021-01-01'),
    deleted: await firm.addRate({ scope: 'firm', unit: 'km', amount: '0.30', fromDate: '2021-06-01', deletedAt }),
  }
  await firm.within((trx) =>
    trx.updateTable('distance').set({ deletedAt }).where('id', '=', distances.deleted).execute(),
  )
  return {
    expense: expenses,
    file,
    reimbursement: reimbursement.id,
    trip: trips,
    vehicle,
    distance: distances,
    kmRate: kmRates,
  }
}
