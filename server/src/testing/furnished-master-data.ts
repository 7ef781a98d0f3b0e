import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'
import type { Asking } from './furnished-asking.ts'

/** What entries and invoices are about, each there for one thing to happen to it. */
export interface FurnishedMasterData {
  readonly customer: {
    readonly used: string
    readonly unused: string
    readonly deleted: string
    readonly other: string
  }
  readonly contact: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly team: string
  readonly tag: string
  readonly project: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly activity: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly category: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly rate: { readonly used: string; readonly unused: string; readonly deleted: string }
  readonly series: string
}

export async function furnishMasterData(
  { clock }: Pick<Services, 'clock'>,
  { good, post }: Asking,
  { firm, word }: { readonly firm: TestFirm; readonly word: string },
): Promise<FurnishedMasterData> {
  const deletedAt = clock.now()
  const address = { line1: `${word}laan 1`, postcode: '1234 AB', city: `${word}stad`, country: 'NL' }
  const vatId = 'NL123456782B01'
  const customer = async (name: string, number: string) =>
    (
      await post('/customers', {
        name: `${word} ${name}`,
        number,
        country: 'NL',
        vatCase: 'domestic',
        vatId,
        visitAddress: address,
      })
    ).id

  const customers = {
    used: await customer('Bakkerij', '2001'),
    unused: await customer('Kapper', '2002'),
    other: await customer('Slager', '2003'),
    deleted: await firm.addCustomer({ name: `${word} Weg`, deletedAt: deletedAt }),
  }
  const activity = async (name: string) =>
    (
      await post('/activities', {
        name: `${word} ${name}`,
        billable: true,
        vatClass: 'standard',
        rate: { amount: '104.00', currency: 'EUR', from: '2020-01-01' },
      })
    ).id
  const activities = {
    used: await activity('advies'),
    unused: await activity('zang'),
    deleted: await firm.addActivity({ name: `${word} typewerk`, deletedAt }),
  }
  const project = async (name: string) =>
    (
      await post('/projects', {
        customerId: customers.used,
        name: `${word} ${name}`,
        invoicingMethod: 'hourly-activity',
        invoiceReference: `${word} ${name}`,
      })
    ).id
  const projects = {
    used: await project('website'),
    unused: await project('folder'),
    deleted: await firm.addProject({ name: `${word} oud`, customerId: customers.used, deletedAt }),
  }
  const rates = {
    used: await firm.addRate({ activityId: activities.used, amount: '90', fromDate: '2021-01-01' }),
    unused: await firm.addRate({ activityId: activities.used, amount: '91', fromDate: '2021-02-01' }),
    deleted: await firm.addRate({ activityId: activities.used, amount: '92', fromDate: '2021-03-01', deletedAt }),
  }
  const category = {
    used: (await post('/expense-categories', { name: `${word} reizen` })).id,
    unused: (await post('/expense-categories', { name: `${word} boeken` })).id,
    deleted: await firm.addExpenseCategory({ name: `${word} faxen`, deletedAt }),
  }
  const contact = {
    used: (await post('/contacts', { customerId: customers.used, name: `${word} Visser` })).id,
    unused: (await post('/contacts', { customerId: customers.used, name: `${word} Mulder` })).id,
    deleted: (await post('/contacts', { customerId: customers.used, name: `${word} Bos` })).id,
  }
  await firm.within((trx) => trx.updateTable('contact').set({ deletedAt }).where('id', '=', contact.deleted).execute())
  const team = (await post('/teams', { name: `${word} zuid`, memberIds: [firm.members.employee] })).id
  const tag = (await post('/tags', { name: `${word} thuis` })).id
  const series = await good<{ rows: { id: string }[] }>('/series')
  return {
    customer: customers,
    contact,
    team,
    tag,
    project: projects,
    activity: activities,
    category,
    rate: rates,
    series: series.rows[0]?.id as string,
  }
}
