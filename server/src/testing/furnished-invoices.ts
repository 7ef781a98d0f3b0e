import type { Services } from '../services.ts'
import type { TestFirm } from './firm.ts'
import type { Asking } from './furnished-asking.ts'
import type { FurnishedMasterData } from './furnished-master-data.ts'

/** Hours and the invoices of them, with what was sent and paid, each there for one thing to happen to it. */
export interface FurnishedInvoices {
  /** All of the employee: `free` may be changed, `unused` deleted, `claimed` stands on the draft. */
  readonly hours: {
    readonly free: string
    readonly unused: string
    readonly deleted: string
    readonly claimed: string
    readonly invoiced: string
  }
  readonly invoice: {
    readonly draft: string
    readonly unused: string
    readonly ready: string
    readonly sent: string
    readonly posted: string
    /** With two lines, whose order nothing else changes. */
    readonly ordered: string
  }
  /** Of the posted invoice; `undone` counts for nothing. */
  readonly payment: { readonly used: string; readonly undone: string }
  /** Of the draft; `ordered` of the invoice of that name. */
  readonly line: {
    readonly ofHours: string
    readonly free: string
    readonly unused: string
    readonly ordered: readonly string[]
  }
  /** Of the sent invoice; each in the state it is named after. */
  readonly letter: {
    readonly waiting: string
    readonly failed: string
    readonly uncertain: string
    readonly sent: string
  }
  /** The firm's own text of invoices in Dutch. */
  readonly mailTemplate: string
  /** Sending many invoices. */
  readonly sendings: string
}

/** Hours that nobody invoiced here, and invoices that were sent as well: for the books. */
interface ForBooks {
  readonly hoursThere: string
  readonly refused: string
  readonly doubtful: string
  readonly goneThere: string
}

interface About extends Pick<FurnishedMasterData, 'customer' | 'project' | 'activity'> {
  readonly firm: TestFirm
  readonly word: string
}

export async function furnishInvoices(
  { files, clock }: Pick<Services, 'files' | 'clock'>,
  { good, post }: Asking,
  { firm, word, customer, project, activity }: About,
): Promise<FurnishedInvoices & { readonly forBooks: ForBooks }> {
  const hour = (date: string, change: Parameters<typeof firm.addHours>[0] = {}) =>
    firm.addHours({ date, projectId: project.used, activityId: activity.used, note: `${word} gedaan`, ...change })
  const hours = {
    free: await hour('2026-03-02'),
    unused: await hour('2026-03-03'),
    deleted: await hour('2026-03-04', { deletedAt: clock.now() }),
    claimed: await hour('2026-03-05'),
    invoiced: await hour('2026-03-06'),
  }
  const draftOf = async (ids: readonly string[]) => {
    const made = await post<{ invoices: { id: string }[] }>('/invoices/from-hours', {
      selection: { ids },
      groupBy: 'entry',
      date: '2026-03-31',
    })
    return made.invoices[0]?.id as string
  }
  const draft = await draftOf([hours.claimed])
  const freeLine = { description: `${word} licentie`, quantity: '1', unit: 'piece', unitPrice: '50.00' }
  interface Invoice {
    readonly id: string
    readonly version: number
    readonly lines: readonly { readonly id: string; readonly kind: string }[]
  }
  const withLine = async (id: string) => {
    const { version } = await good(`/invoices/${id}`)
    return post<Invoice>(`/invoices/${id}/lines`, freeLine, version)
  }
  await withLine(draft)
  const { lines } = await withLine(draft)
  const freeLines = lines.filter(({ kind }) => kind === 'free').map(({ id }) => id)
  const empty = async (customerId: string) => withLine((await post('/invoices', { customerId, date: '2026-03-31' })).id)
  const send = async ({ id, version }: { id: string; version: number }) =>
    (await post(`/invoices/${id}/sending`, { how: 'other' }, version)).id
  const ordered = await withLine((await empty(customer.used)).id)
  const unusedDraft = (await empty(customer.used)).id
  const ready = (await empty(customer.used)).id
  const posted = await send(await good(`/invoices/${await draftOf([hours.invoiced])}`))
  const sent = await send(await empty(customer.used))
  const refused = await send(await empty(customer.used))
  const doubtful = await send(await empty(customer.used))
  const goneThere = await send(await empty(customer.used))

  const letterText = { subject: `${word} factuur {number}`, body: `Dag,\n\n${word} stuurt een factuur.` }
  const letter = async (state: string) => {
    const { id } = await post(`/invoices/${sent}/letters`, {
      ...letterText,
      to: [{ address: `boeken@${word.toLowerCase()}.example` }],
      attach: { ubl: false, hours: false, receipts: [] },
    })
    await firm.within((trx) => trx.updateTable('letter').set({ state }).where('id', '=', id).execute())
    return id
  }
  const letters = {
    waiting: await letter('waiting'),
    failed: await letter('failed'),
    uncertain: await letter('uncertain'),
    sent: await letter('sent'),
  }
  const pdf = await files.put(firm.id, Buffer.from(`%PDF ${word}`))
  await firm.within((trx) =>
    trx
      .insertInto('letterAttachment')
      .values({
        firmId: firm.id,
        letterId: letters.sent,
        position: 0,
        kind: 'pdf',
        fileName: `${word}.pdf`,
        mediaType: 'application/pdf',
        sha256: pdf,
        sizeBytes: 12,
      })
      .execute(),
  )
  await good('/mail-templates/invoice/nl', { method: 'PUT', version: 0, body: letterText })
  const [template] = await firm.within((trx) =>
    trx.selectFrom('mailTemplate').select('id').where('firmId', '=', firm.id).execute(),
  )
  const sendings = await post('/invoices/sendings', { selection: { ids: [sent] }, how: 'other' })

  const pay = async (amount: string) => {
    const { version } = await good(`/invoices/${posted}`)
    const body = { date: '2026-03-31', amount, way: 'bank', note: `${word} betaalt` }
    return (await post<{ payment: { id: string; version: number } }>(`/invoices/${posted}/payments`, body, version))
      .payment
  }
  const payments = { used: (await pay('1.00')).id, undone: (await pay('2.00')).id }
  await good(`/payments/${payments.undone}`, { method: 'DELETE', version: 1 })

  return {
    hours,
    invoice: { draft, unused: unusedDraft, ready, sent, posted, ordered: ordered.id },
    payment: payments,
    line: {
      ofHours: lines.find(({ kind }) => kind === 'hours')?.id as string,
      free: freeLines[0] as string,
      unused: freeLines[1] as string,
      ordered: ordered.lines.map(({ id }) => id),
    },
    letter: letters,
    mailTemplate: template?.id as string,
    sendings: sendings.id,
    forBooks: { hoursThere: await hour('2026-03-09'), refused, doubtful, goneThere },
  }
}
