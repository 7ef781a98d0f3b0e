import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'

/** Refusals that one mend helps stand together, however many lines, texts and days they have. */
let app: FurnishedApp
let at: FurnishedFirm
let made = 0
beforeAll(async () => {
  app = await furnishedApp()
  at = await furnishedFirm(app, 'Kievit')
})
afterAll(() => app?.close())

interface Told {
  readonly code: string
  readonly values?: Readonly<Record<string, string>>
  readonly theirWords?: string
}
const closed = (date: string, period = '2026-03'): Told => ({ code: 'period-closed', values: { date, period } })
const blocked = (line: string, item: string, account: string): Told => ({
  code: 'ledger-account-blocked',
  values: { line, item, account },
})
const vat = (line: string, item: string, vatCode: string): Told => ({
  code: 'vat-code-unknown',
  values: { line, item, vatCode },
})
const item = (line: string, text: string, name: string): Told => ({
  code: 'item-blocked',
  values: { line, text, item: name, quantity: line },
})
const words = (theirWords: string): Told => ({ code: 'message-unknown', theirWords, values: { words: theirWords } })

/** What three entries were refused for, and which of them stand together. */
const cases: readonly (readonly [
  what: string,
  refused: readonly Told[],
  together: readonly string[],
  about: string[],
])[] = [
  [
    'one closed period, on three days',
    [closed('2026-03-28'), closed('2026-03-29'), closed('2026-03-30')],
    ['1 2 3'],
    ['2026-03'],
  ],
  [
    'two closed periods',
    [closed('2026-02-28', '2026-02'), closed('2026-03-29'), closed('2026-03-30')],
    ['2 3', '1'],
    ['2026-03', '2026-02'],
  ],
  [
    'one blocked account, on other lines with other texts',
    [blocked('1', 'Advies maart', '8010 Omzet'), blocked('2', 'Reis', '8010 Omzet'), blocked('7', '', '8010 Omzet')],
    ['1 2 3'],
    ['8010 Omzet'],
  ],
  [
    'two blocked accounts',
    [blocked('1', 'Advies', '8010 Omzet'), blocked('1', 'Advies', '8020 Reizen'), blocked('2', 'Reis', '8020 Reizen')],
    ['2 3', '1'],
    ['8020 Reizen', '8010 Omzet'],
  ],
  [
    'two VAT codes that are not there',
    [vat('1', 'Advies', '2'), vat('3', 'Reis', '2'), vat('1', 'Advies', '4')],
    ['3', '1 2'],
    ['4', '2'],
  ],
  [
    'one blocked item, in other quantities',
    [item('1', 'Maart', 'UREN Uren'), item('2', 'April', 'UREN Uren'), item('3', 'Mei', 'KM Reizen')],
    ['3', '1 2'],
    ['KM Reizen', 'UREN Uren'],
  ],
  [
    'two customers that are blocked',
    [
      { code: 'customer-blocked', values: { customer: 'Van Dalen' } },
      { code: 'customer-blocked', values: { customer: 'De Wit' } },
      { code: 'customer-blocked', values: { customer: 'Van Dalen' } },
    ],
    ['1 3', '2'],
    ['Van Dalen', 'De Wit'],
  ],
  [
    'a year that was not made, on three days',
    [
      { code: 'financial-year-missing', values: { date: '2027-01-04' } },
      { code: 'financial-year-missing', values: { date: '2027-02-01' } },
      { code: 'financial-year-missing', values: { date: '2028-02-01' } },
    ],
    ['3', '1 2'],
    [],
  ],
  ['words that nobody explained', [words('Fout A'), words('Fout B'), words('Fout A')], ['1 3', '2'], []],
]

describe('refusals', () => {
  it.each(cases)('of %s', async (_, refused, together, about) => {
    await at.firm.within(async (trx) => {
      await sql`update posting set state = 'discarded' where firm_id = ${at.firm.id}
        and state in ('refused', 'blocked', 'needs-person')`.execute(trx)
      for (const [index, { code, ...problem }] of refused.entries())
        await sql`
          insert into posting (firm_id, id, connection_id, lane_key, kind, reference, subject_kind, subject_id, label, customer_id,
            state, problem, currency, gross, created_at, updated_at)
          values (${at.firm.id}, gen_random_uuid(), ${at.connection.used}, ${at.connection.lane}, 'salesEntry',
            ${`ZY${++made}`}, 'invoice', gen_random_uuid(), ${String(index + 1)}, ${at.customer.used}, 'refused',
            ${JSON.stringify({ kind: 'refused', code, ...problem })}::jsonb, 'EUR', 10, now(), now())`.execute(trx)
    })
    const { body } = await at.ask<{
      groups: { about: string | null; postings: { label: string }[]; problem: { cause: string } }[]
    }>('/postings/summary', { language: 'en' })
    const found = body.groups.map(({ postings }) => postings.map(({ label }) => label).join(' '))
    expect(found).toEqual(together)
    expect(body.groups.flatMap((group) => group.about ?? [])).toEqual(about)
    const month = await at.ask<{ refused: { count: number; groups: { count: number; about: string | null }[] } }>(
      '/month-end/2026-03',
    )
    expect(month.body.refused.count).toBe(refused.length)
    expect(month.body.refused.groups.map((group) => [group.count, group.about])).toEqual(
      body.groups.map((group) => [group.postings.length, group.about]),
    )
  })
})
