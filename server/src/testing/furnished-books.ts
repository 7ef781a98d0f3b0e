import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Office } from './connected.ts'
import type { FurnishedApp } from './furnished.ts'
import type { Asking } from './furnished-asking.ts'

interface Cell {
  readonly item: string
  readonly vatTreatment: string
  readonly ledgerAccount: { readonly id: string } | null
  readonly vatCode: { readonly id: string } | null
}

/** A connection with its rules, and what came of postings over it. */
export interface FurnishedBooks {
  readonly connection: { readonly used: string; readonly lane: string }
  /** Codes and ids that the package itself gave. */
  readonly theirs: {
    readonly item: string
    readonly journal: string
    readonly ledgerAccount: string
    readonly vatCode: string
  }
  readonly posting: { readonly posted: string; readonly refused: string; readonly doubtful: string }
  /** In the package; its entries may be released. */
  readonly packageInvoice: string
  readonly task: string
}

interface About {
  readonly word: string
  readonly activityId: string
  /** Hours of which the package makes an invoice. */
  readonly hoursThere: string
  /** Invoices by what becomes of them in the books. */
  readonly invoice: { readonly posted: string; readonly refused: string; readonly doubtful: string }
}

export async function furnishBooks(
  app: FurnishedApp,
  at: Office,
  { good, post }: Asking,
  { word, activityId, hoursThere, invoice }: About,
): Promise<FurnishedBooks> {
  const { firm } = at
  const { posted, refused, doubtful } = invoice
  const connection = await at.connect()
  const list = async (noun: string) =>
    (await good<{ rows: { id: string; code: string }[] }>(`/connections/${connection}/lists/${noun}?limit=200`)).rows
  const coded = async (noun: string, code: string) => {
    const row = (await list(noun)).find((one) => one.code === code)
    assert(row, `${noun} has ${code}`)
    return row.id
  }
  const item = await coded('items', 'UREN-ONT')
  const journal = await coded('journals', '70')
  const ledgerAccount = await coded('ledgerAccounts', '8010')
  const vatCode = await coded('vatCodes', '2')
  const { version, settingFields } = await good<{ version: number; settingFields: { name: string; list: string }[] }>(
    `/connections/${connection}`,
  )
  const named = (noun: string) => settingFields.find((field) => field.list === noun)?.name as string
  await good(`/connections/${connection}`, {
    method: 'PATCH',
    version,
    body: { cutOff: '2026-01-01', settings: { [named('items')]: item, [named('journals')]: journal } },
  })
  await good(`/connections/${connection}/items`, {
    method: 'PUT',
    body: { subjects: [{ subject: 'activity', id: activityId, item }] },
  })
  const { cells } = await good<{ cells: Cell[] }>(`/connections/${connection}/posting-rules`)
  const cell = cells.find((one) => one.vatTreatment === 'domestic-standard' && one.item === item)
  assert(cell, 'the item is used at the standard rate')
  await good(`/connections/${connection}/posting-rules`, {
    method: 'PUT',
    body: { rules: [{ item, vatTreatment: 'domestic-standard', ledgerAccount, vatCode, version: null }] },
  })
  const task = await post(`/connections/${connection}/imports`, {})
  await app.runTasks()
  const made = await post<{ postings: { id: string; kind: string; subjectId: string }[] }>('/postings', {
    invoiceIds: [posted, refused, doubtful],
  })
  const there = await post<{ rows: { id: string }[] }>('/package-invoices', {
    hours: { ids: [hoursThere] },
    date: '2026-03-31',
  })
  const packageInvoice = there.rows[0]?.id
  assert(packageInvoice, 'the package is to make an invoice')
  const postingOf = (invoiceId: string) => {
    const found = made.postings.find(({ subjectId }) => subjectId === invoiceId)
    assert(found, 'each invoice has its posting')
    return found.id
  }
  const postings = { posted: postingOf(posted), refused: postingOf(refused), doubtful: postingOf(doubtful) }
  const [lane] = await firm.within((trx) =>
    trx.selectFrom('connection').select('laneKey').where('id', '=', connection).execute(),
  )
  const laneKey = lane?.laneKey as string
  await app.runLane(laneKey)
  // As they stand when the books refused one, and were found to hold two documents for another.
  const problem = { kind: 'refused', code: 'period-closed', values: { period: `${word} 2026-03`, date: '2026-03-31' } }
  const found = [
    { id: `${word}-1`, number: '101', gross: '60.50' },
    { id: `${word}-2`, number: '102', gross: '60.50' },
  ]
  await firm.within(async (trx) => {
    const bare = { theirId: null, theirNumber: null, theirGross: null, url: null, settledAt: null, dueAt: null }
    const receipt = { receipt: null, ...bare }
    await trx
      .updateTable('posting')
      .set({ ...receipt, state: 'refused', problem: JSON.stringify(problem) })
      .where('id', '=', postings.refused)
      .execute()
    await trx
      .updateTable('posting')
      .set({ ...receipt, state: 'needs-person', found: JSON.stringify(found) })
      .where('id', '=', postings.doubtful)
      .execute()
  })
  return {
    connection: { used: connection, lane: laneKey },
    theirs: { item, journal, ledgerAccount, vatCode },
    posting: postings,
    packageInvoice,
    task: task.id,
  }
}
