import type { ConnectedApp } from './connected.ts'
import type { TestFirm } from './firm.ts'
import type { Asking } from './furnished-asking.ts'
import type { FurnishedInvoices } from './furnished-invoices.ts'
import type { FurnishedMasterData } from './furnished-master-data.ts'

/** What people of the firm made, asked and were asked. */
export interface FurnishedPeople {
  readonly key: string
  readonly view: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly invited: string
  /** A request of the manager, and hours that are in none. */
  readonly approvalRequest: { readonly open: string; readonly waiting: string }
  /** Acts on entries, of the employee. */
  readonly acts: string
}

interface About
  extends Pick<FurnishedMasterData, 'customer' | 'project' | 'activity'>,
    Pick<FurnishedInvoices, 'hours'> {
  readonly firm: TestFirm
  readonly word: string
}

export async function furnishPeople(
  { app }: Pick<ConnectedApp, 'app'>,
  { good, post }: Asking,
  { firm, word, customer, project, activity, hours }: About,
): Promise<FurnishedPeople> {
  const key = await post('/keys', { name: `${word} sleutel`, scopes: ['hours:own'] })
  const view = async (name: string) =>
    post('/views', {
      screen: 'hours',
      name: `${word} ${name}`,
      shared: true,
      settings: { filter: { projectId: [project.used] }, groupBy: [], columns: null, sort: null },
    })
  const goneView = await view('weg')
  await good(`/views/${goneView.id}`, { method: 'DELETE', version: goneView.version })
  const views = { used: (await view('maand')).id, unused: (await view('week')).id, deleted: goneView.id }
  const { member } = await post<{ member: { id: string } }>('/people', {
    name: `${word} Jansen`,
    email: `jansen@${word.toLowerCase()}.example`,
    roles: ['employee'],
  })
  const approval = (flow: 'off' | 'external') =>
    firm.within((trx) => trx.updateTable('firm').set({ approval: flow }).where('firmId', '=', firm.id).execute())
  const submitted = await firm.addHours({
    date: '2026-03-10',
    projectId: project.used,
    activityId: activity.used,
    note: `${word} gedaan`,
    approval: 'submitted',
    memberId: firm.members.manager,
  })
  await approval('external')
  const asked = await app.inject({
    method: 'POST',
    url: '/api/v1/approval-requests',
    headers: firm.as('manager'),
    payload: {
      customerId: customer.used,
      email: `anna@${word.toLowerCase()}.example`,
      entries: [{ kind: 'hours', id: submitted }],
    },
  })
  await approval('off')
  const acts = await app.inject({
    method: 'POST',
    url: '/api/v1/entries/acts',
    headers: firm.as('employee'),
    payload: { kind: 'hours', selection: { ids: [hours.free] }, act: 'submit' },
  })
  return {
    key: key.id,
    view: views,
    invited: member.id,
    approvalRequest: { open: asked.json<{ id: string }>().id, waiting: hours.free },
    acts: acts.json<{ id: string }>().id,
  }
}
