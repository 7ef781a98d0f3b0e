import { addMonths, type CalendarDate, dateIn, endOfMonth, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { TestPerson } from './program.ts'

/** Stretches of the road over the API, for tests and pictures that begin further on. */
interface Listed<T> {
  readonly rows: readonly T[]
}
interface Choice {
  readonly id: string
  readonly code: string
}
interface RuleCell {
  readonly item: string
  readonly vatTreatment: string
  readonly state: string
  readonly ledgerAccount: Choice | null
  readonly vatCode: Choice | null
}

const startOfLastMonth = startOfMonth(addMonths(dateIn('Europe/Amsterdam', new Date()), -1))
export const lastMonth: { readonly from: CalendarDate; readonly until: CalendarDate } = {
  from: startOfLastMonth,
  until: endOfMonth(startOfLastMonth),
}

export const samplePeople = {
  sanne: { email: 'sanne@noordkade.example', password: 'noordkade-demo' },
  noor: { email: 'noor@noordkade.example', password: 'noordkade-demo' },
  joris: { email: 'joris@noordkade.example', password: 'noordkade-demo' },
} as const

/** The first run with the sample firm; its administrator is signed in. */
export async function setUpSample(base: string, language: 'nl' | 'en'): Promise<TestPerson> {
  const sanne = new TestPerson(base)
  const { slug } = await sanne.good<{ slug: string }>('POST', '/setup', { sample: true, language })
  sanne.firm = slug
  return sanne
}

/** One draft per customer of the hours of last month, sent. */
export async function sendLastMonth(sanne: TestPerson): Promise<string[]> {
  const { invoices } = await sanne.good<{ invoices: { id: string }[] }>('POST', '/invoices/from-hours', {
    selection: { filter: { ...lastMonth, state: ['free'], billable: true } },
    groupBy: 'activity',
    date: lastMonth.until,
  })
  for (const { id } of invoices) {
    const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${id}`)
    await sanne.good('POST', `/invoices/${id}/sending`, { how: 'other' }, { 'if-match': `"${version}"` })
  }
  return invoices.map(({ id }) => id)
}

/** Signs in at the simulator of Exact Online, chooses the first administration and waits until its lists are read. */
export async function connectSandbox(sanne: TestPerson): Promise<string> {
  const begun = { package: 'exact-online', country: 'NL', mode: 'sandbox' }
  const { id, signInAt } = await sanne.good<{ id: string; signInAt: string }>('POST', '/connections', begun)
  const html = await (await sanne.fetch(signInAt)).text()
  const fields = new URLSearchParams({ decision: 'allow' })
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1]
    if (!name || (/type="(radio|checkbox)"/.test(tag) && !/\schecked/.test(tag))) continue
    fields.append(name, (/value="([^"]*)"/.exec(tag)?.[1] ?? '').replaceAll('&amp;', '&'))
  }
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const allowed = await sanne.fetch(action, {
    method: 'POST',
    body: fields.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  await sanne.fetch(allowed.headers.get('location') ?? '')
  const { rows } = await sanne.good<Listed<{ id: string; usable: boolean }>>(
    'GET',
    `/connections/${id}/administrations`,
  )
  await sanne.good('PUT', `/connections/${id}/administration`, { administration: rows.find((one) => one.usable)?.id })
  await settled(sanne, '/tasks', ['done', 'failed'])
  return id
}

const listOf = async (sanne: TestPerson, connectionId: string, noun: string) =>
  (await sanne.good<Listed<Choice>>('GET', `/connections/${connectionId}/lists/${noun}?limit=200`)).rows

/** Default item, sales journal, payment condition, and the cut-off at the first of last month. */
export async function chooseSettings(sanne: TestPerson, connectionId: string): Promise<void> {
  const path = `/connections/${connectionId}`
  const connection = await sanne.good<{ version: number; settingFields: { name: string; list: string }[] }>('GET', path)
  const chosen = { items: 'UREN-ONT', journals: '70', paymentTerms: '30' }
  const settings: Record<string, string | undefined> = {}
  for (const [noun, wanted] of Object.entries(chosen)) {
    const name = connection.settingFields.find(({ list }) => list === noun)?.name ?? ''
    settings[name] = (await listOf(sanne, connectionId, noun)).find(({ code }) => code === wanted)?.id
  }
  const headers = { 'if-match': `"${connection.version}"` }
  await sanne.good('PATCH', path, { cutOff: lastMonth.from, settings }, headers)
}

/**
 * Saves the proposed posting rules and fills what is missing, but for the VAT treatments that are left out; all of them
 * on one ledger account when it is named.
 */
export async function saveRules(
  sanne: TestPerson,
  connectionId: string,
  { without = [], ledgerAccount }: { readonly without?: readonly string[]; readonly ledgerAccount?: string } = {},
): Promise<void> {
  const path = `/connections/${connectionId}/posting-rules`
  const { cells } = await sanne.good<{ cells: RuleCell[] }>('GET', path)
  const accounts = await listOf(sanne, connectionId, 'ledgerAccounts')
  const codes = await listOf(sanne, connectionId, 'vatCodes')
  const accountOf = (code: string) => accounts.find((one) => one.code === code)?.id
  const rules = cells
    .filter(({ state, vatTreatment }) => ['proposed', 'missing'].includes(state) && !without.includes(vatTreatment))
    .map(({ item, vatTreatment, vatCode, ...cell }) => ({
      item,
      vatTreatment,
      ledgerAccount: ledgerAccount ? accountOf(ledgerAccount) : (cell.ledgerAccount?.id ?? accountOf('8010')),
      vatCode: vatCode?.id ?? codes.find(({ code }) => code === (vatTreatment === 'eu-business' ? '7' : '2'))?.id,
      version: null,
    }))
  if (rules.length > 0) await sanne.good('PUT', path, { rules })
}

/** Connected, with its settings and rules, so that what is sent can be posted; answers the connection. */
export async function setUpBooks(sanne: TestPerson): Promise<string> {
  const connection = await connectSandbox(sanne)
  await chooseSettings(sanne, connection)
  await saveRules(sanne, connection)
  return connection
}

/** Posts and waits until nothing is under way any more. */
export async function post(sanne: TestPerson, invoiceIds: readonly string[]): Promise<void> {
  await sanne.good('POST', '/postings', { invoiceIds })
  await settled(sanne, '/postings', ['posted', 'refused', 'blocked', 'needs-person'])
}

async function settled(sanne: TestPerson, path: string, ends: readonly string[]): Promise<void> {
  const giveUp = Date.now() + 25_000
  for (;;) {
    const { rows } = await sanne.good<Listed<{ state: string }>>('GET', path)
    if (rows.length > 0 && rows.every(({ state }) => ends.includes(state))) return
    if (Date.now() > giveUp) throw new Error(`${path} does not end: ${JSON.stringify(rows)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
