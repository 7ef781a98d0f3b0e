import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'

/** Of a project with a price per activity, and of one with subscriptions. */
export interface FurnishedDue {
  readonly priced: string
  /** The same without instalments. */
  readonly undivided: string
  /** With a price of its own, of which nothing is invoiced. */
  readonly closable: string
  /** The same, to be closed in the package. */
  readonly closableThere: string
  /** `free` may be changed, `unused` deleted, `due` invoiced. */
  readonly instalment: { readonly free: string; readonly unused: string; readonly due: string }
  readonly subscribed: string
  readonly subscription: { readonly used: string; readonly unused: string }
  readonly period: { readonly due: string; readonly other: string }
}

interface Asked {
  readonly firm: TestFirm
  readonly word: string
  readonly customerId: string
  readonly activityId: string
}

export async function furnishDue(
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  { firm, word, customerId, activityId }: Asked,
): Promise<FurnishedDue> {
  const firmId = firm.id
  const stamps = { createdAt: clock.now(), updatedAt: clock.now() }
  const project = (name: string, invoicingMethod: string) =>
    firm.addProject({ customerId, name: `${word} ${name}`, invoicingMethod })
  const made: FurnishedDue = {
    priced: await project('prijs', 'fixed-per-activity'),
    undivided: await project('geheel', 'fixed-per-activity'),
    closable: await firm.addProject({
      customerId,
      name: `${word} oplevering`,
      invoicingMethod: 'fixed-price',
      price: '1200',
    }),
    closableThere: await firm.addProject({
      customerId,
      name: `${word} levering`,
      invoicingMethod: 'fixed-price',
      price: '1300',
    }),
    instalment: { free: ids.next(), unused: ids.next(), due: ids.next() },
    subscribed: await project('zorg', 'subscription'),
    subscription: { used: ids.next(), unused: ids.next() },
    period: { due: ids.next(), other: ids.next() },
  }
  await firm.within(async (trx) => {
    await trx
      .insertInto('projectActivity')
      .values([made.priced, made.undivided].map((projectId) => ({ firmId, projectId, activityId, price: '900' })))
      .execute()
    await trx
      .insertInto('instalment')
      .values(
        Object.values(made.instalment).map((id, index) => ({
          firmId,
          id,
          projectId: made.priced,
          activityId,
          position: index + 1,
          description: `${word} termijn`,
          amount: '300',
          dueOn: '2026-03-15',
          ...stamps,
        })),
      )
      .execute()
    await trx
      .insertInto('subscription')
      .values(
        Object.values(made.subscription).map((id) => ({
          firmId,
          id,
          projectId: made.subscribed,
          description: `${word} onderhoud`,
          amount: '850',
          period: 'month',
          fromDate: '2026-02-01',
          ...stamps,
        })),
      )
      .execute()
    await trx
      .insertInto('subscriptionPeriod')
      .values(
        [
          { id: made.period.other, number: 1, periodFrom: '2026-02-01', periodUntil: '2026-02-28' },
          { id: made.period.due, number: 2, periodFrom: '2026-03-01', periodUntil: '2026-03-31' },
        ].map((period) => ({
          firmId,
          subscriptionId: made.subscription.used,
          projectId: made.subscribed,
          amount: '850',
          dueOn: period.periodFrom,
          ...period,
          ...stamps,
        })),
      )
      .execute()
  })
  return made
}
