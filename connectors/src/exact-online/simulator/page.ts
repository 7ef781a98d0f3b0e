import { absolute, type Decimal, isNegative, round, sum } from '@uurwerk/core/shared/money.ts'
import { rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import { escapeXml } from './answers.ts'
import { limits } from './limits.ts'
import { stateOf } from './world-state.ts'

const words = {
  nl: {
    title: 'Boeken in de simulator van Exact Online',
    entries: 'Verkoopboekingen',
    customers: 'Relaties',
    calls: 'Aanroepen',
    limits: 'Gebruik van limieten',
    breaches: 'Overtredingen',
    none: 'Nog niets',
    number: 'Boekstuk',
    reference: 'Uw ref.',
    date: 'Datum',
    due: 'Vervalt',
    customer: 'Klant',
    account: 'Grootboek',
    description: 'Omschrijving',
    vatCode: 'Btw-code',
    net: 'Netto',
    vat: 'Btw',
    gross: 'Bruto',
    code: 'Code',
    name: 'Naam',
    city: 'Plaats',
    country: 'Land',
    vatNumber: 'Btw-nummer',
    status: 'Status',
    blocked: 'geblokkeerd',
    minute: 'deze minuut',
    day: 'vandaag',
    later: 'nog niet zichtbaar',
  },
  en: {
    title: 'Books in the simulator of Exact Online',
    entries: 'Sales entries',
    customers: 'Accounts',
    calls: 'Calls',
    limits: 'Limits used',
    breaches: 'Breaches',
    none: 'Nothing yet',
    number: 'Entry',
    reference: 'Your ref.',
    date: 'Date',
    due: 'Due',
    customer: 'Customer',
    account: 'Ledger account',
    description: 'Description',
    vatCode: 'VAT code',
    net: 'Net',
    vat: 'VAT',
    gross: 'Gross',
    code: 'Code',
    name: 'Name',
    city: 'City',
    country: 'Country',
    vatNumber: 'VAT number',
    status: 'Status',
    blocked: 'blocked',
    minute: 'this minute',
    day: 'today',
    later: 'not visible yet',
  },
} as const

const css = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f6f7f6,#111413);color:light-dark(#161a19,#e8ebea)}
main{max-width:72rem;margin:0 auto;padding:24px 16px 48px}h1{font-size:1.375rem;margin:0 0 4px}h2{font-size:1.0625rem;margin:32px 0 8px}p.sub{margin:0;color:light-dark(#565e5a,#a7afac)}
.sheet{background:light-dark(#fff,#181c1b);border:1px solid light-dark(#d3d8d5,#3d4442);border-radius:8px;overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:44rem}th,td{padding:7px 12px;text-align:left;vertical-align:top}th{font-weight:600;font-size:.8125rem;color:light-dark(#565e5a,#a7afac)}
tr+tr td,thead+tbody td{border-top:1px solid light-dark(#e8ebe9,#292f2d)}tr.line td{border-top:0;padding-block:2px;color:light-dark(#565e5a,#a7afac)}tr.line:has(+tr:not(.line)) td,tr.line:last-child td{padding-bottom:9px}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.keep{white-space:nowrap}.none{padding:16px;color:light-dark(#565e5a,#a7afac)}.bad{color:light-dark(#ad2a22,#f59a90);font-weight:600}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:0 24px}.two table{min-width:0}`

/** `1,512.50` or `1.512,50`; the amount is exact text all the way. */
function money(value: unknown, language: 'nl' | 'en'): string {
  const amount = round(String(value ?? '0') as Decimal, 2)
  const [whole = '0', cents = '00'] = round(absolute(amount), 2).split('.')
  const [thousands, point] = language === 'nl' ? ['.', ','] : [',', '.']
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return `${isNegative(amount) ? '−' : ''}${grouped}${point}${cents}`
}

const cell = (value: unknown, kind = '') => `<td${kind && ` class="${kind}"`}>${escapeXml(String(value ?? ''))}</td>`

const table = (heads: readonly (string | { num: string })[], body: string) => {
  const head = heads.map((name) => (typeof name === 'string' ? `<th>${name}</th>` : `<th class="num">${name.num}</th>`))
  return `<div class="sheet"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body}</tbody></table></div>`
}

function entries(world: World): string {
  const { language } = stateOf(world)
  const say = words[language]
  const sorted = rowsOf(world, 'SalesEntries').toSorted((a, b) => Number(b.EntryNumber) - Number(a.EntryNumber))
  if (sorted.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const lines = Map.groupBy(rowsOf(world, 'SalesEntryLines'), (line) => line.EntryID)
  const body = sorted.map((entry) => entryRows(world, entry, lines.get(entry.EntryID) ?? []))
  const heads = [say.number, say.reference, say.date, say.due, say.customer, say.vatCode]
  return table([...heads, { num: say.net }, { num: say.vat }, { num: say.gross }], body.join(''))
}

function entryRows(world: World, entry: SimulatorRow, lines: readonly SimulatorRow[]): string {
  const { language } = stateOf(world)
  const customer = rowOf(world, 'Accounts', String(entry.Customer))
  const net = sum(lines.map((line) => line.AmountFC as Decimal))
  const hidden = typeof entry.visibleFrom === 'string' ? ` (${words[language].later})` : ''
  const header = [
    cell(`${entry.Journal} · ${entry.EntryNumber}${hidden}`, 'keep'),
    cell(entry.YourRef, 'keep'),
    cell(entry.EntryDate, 'keep'),
    cell(entry.DueDate, 'keep'),
    cell(`${customer?.Code ?? ''} ${customer?.Name ?? ''}`),
    cell(entry.Currency),
    cell(money(net, language), 'num'),
    cell(money(entry.VATAmountFC, language), 'num'),
    cell(money(entry.AmountFC, language), 'num'),
  ]
  const rows = lines
    .toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
    .map((line) => {
      const account = rowOf(world, 'GLAccounts', String(line.GLAccount))
      const cells = [
        cell(''),
        cell(account?.Code),
        `<td colspan="3">${escapeXml(String(line.Description ?? account?.Description ?? ''))}</td>`,
      ]
      const amounts = [
        cell(money(line.AmountFC, language), 'num'),
        cell(money(line.VATAmountFC, language), 'num'),
        cell(''),
      ]
      return `<tr class="line">${[...cells, cell(line.VATCode), ...amounts].join('')}</tr>`
    })
  return `<tr>${header.join('')}</tr>${rows.join('')}`
}

function customers(world: World): string {
  const { language } = stateOf(world)
  const say = words[language]
  const sorted = rowsOf(world, 'Accounts').toSorted((a, b) => String(a.Code).localeCompare(String(b.Code)))
  const body = sorted.slice(0, 200).map((row) => {
    const status = [row.Status, row.Blocked ? say.blocked : ''].filter(Boolean).join(', ')
    return `<tr>${[cell(row.Code), cell(row.Name), cell(row.City), cell(row.Country), cell(row.VATNumber), cell(status)].join('')}</tr>`
  })
  return table([say.code, say.name, say.city, say.country, say.vatNumber, say.status], body.join(''))
}

function counts(world: World, of: 'breaches' | 'calls'): string {
  const { language } = stateOf(world)
  const found = Object.entries(stateOf(world)[of]).toSorted(([a], [b]) => a.localeCompare(b))
  if (found.length === 0) return `<div class="sheet"><p class="none">${words[language].none}</p></div>`
  const body = found.map(
    ([name, count]) => `<tr>${cell(name, of === 'breaches' ? 'bad' : '')}${cell(count, 'num')}</tr>`,
  )
  return `<div class="sheet"><table><tbody>${body.join('')}</tbody></table></div>`
}

function limitsUsed(world: World): string {
  const say = words[stateOf(world).language]
  const found = Object.entries(stateOf(world).limits)
  if (found.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const body = found.map(([bucket, used]) => {
    const perDay = `${used.inDay} / ${limits.day}`
    return `<tr>${cell(bucket.replace('|', ' · '))}${cell(`${used.inMinute} / ${limits.minute}`, 'num')}${cell(perDay, 'num')}</tr>`
  })
  return table(['', { num: say.minute }, { num: say.day }], body.join(''))
}

/** The books as a page of HTML, for people: what was booked, for whom, and how the limits were kept. */
export function booksPage(world: World, base: string): string {
  const { language } = stateOf(world)
  const say = words[language]
  const sections = [
    `<h2>${say.entries}</h2>${entries(world)}`,
    `<h2>${say.customers}</h2>${customers(world)}`,
    `<div class="two"><div><h2>${say.limits}</h2>${limitsUsed(world)}<h2>${say.breaches}</h2>${counts(world, 'breaches')}</div><div><h2>${say.calls}</h2>${counts(world, 'calls')}</div></div>`,
  ]
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say.title}</title><style>${css}</style></head><body><main><h1>${say.title}</h1><p class="sub">${escapeXml(base)}</p>${sections.join('')}</main></body></html>`
}
