import { assert } from '@uurwerk/core/shared/assert.ts'
import { type ConnectedApp, type Office, office } from './connected.ts'

/** An office with Exact Online behind it, in which everything that it sells can be booked. */
export interface OfficeWithBooks extends Office {
  readonly connectionId: string
  readonly laneKey: string
  /** The item of everything that has none of its own. */
  readonly item: string
  good<T>(path: string, asked?: Parameters<Office['ask']>[1]): Promise<T>
  /** Sets settings of the connection, by the names the package gives them. */
  set(settings: Readonly<Record<string, string | null>>): Promise<void>
  /** The same office with a connection of its own once more, after the first was disconnected. */
  connectAnew(): Promise<OfficeWithBooks>
}

interface Cell {
  readonly item: string
  readonly vatTreatment: string
  readonly version: number | null
}

/** Every VAT case that the sandbox has a code for, booked on one account. */
const vatCodes: Readonly<Record<string, string>> = { 'domestic-standard': '2', 'domestic-reduced': '1' }

export async function officeWithBooks(
  app: ConnectedApp,
  change: Parameters<typeof office>[1] = {},
): Promise<OfficeWithBooks> {
  return furnished(await office(app, change))
}

async function furnished(at: Office): Promise<OfficeWithBooks> {
  const good: OfficeWithBooks['good'] = async (path, asked = {}) => {
    const { status, body } = await at.ask(path, asked)
    assert(status < 300, `${asked.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`)
    return body as never
  }
  const connectionId = await at.connect()
  const coded = async (noun: string, code: string) => {
    const { rows } = await good<{ rows: { id: string; code: string }[] }>(
      `/connections/${connectionId}/lists/${noun}?limit=200`,
    )
    const row = rows.find((one) => one.code === code)
    assert(row, `${noun} has ${code}`)
    return row.id
  }
  const set: OfficeWithBooks['set'] = async (settings) => {
    const { version } = await good<{ version: number }>(`/connections/${connectionId}`)
    await good(`/connections/${connectionId}`, { method: 'PATCH', version, body: { settings } })
  }
  const item = await coded('items', 'UREN-ONT')
  await set({ defaultItem: item, salesJournal: await coded('journals', '70') })
  const ledgerAccount = await coded('ledgerAccounts', '8010')
  const rules = []
  for (const [vatTreatment, code] of Object.entries(vatCodes))
    rules.push({ item, vatTreatment, ledgerAccount, vatCode: await coded('vatCodes', code) })
  const { cells } = await good<{ cells: Cell[] }>(`/connections/${connectionId}/posting-rules`)
  const versionOf = ({ vatTreatment }: { vatTreatment: string }) =>
    cells.find((cell) => cell.item === item && cell.vatTreatment === vatTreatment)?.version ?? null
  await good(`/connections/${connectionId}/posting-rules`, {
    method: 'PUT',
    body: { rules: rules.map((rule) => ({ ...rule, version: versionOf(rule) })) },
  })
  const [lane] = await at.firm.within((trx) =>
    trx.selectFrom('connection').select('laneKey').where('id', '=', connectionId).execute(),
  )
  assert(lane?.laneKey, 'a finished connection has a lane')
  return { ...at, connectionId, laneKey: lane.laneKey, item, good, set, connectAnew: () => furnished(at) }
}
