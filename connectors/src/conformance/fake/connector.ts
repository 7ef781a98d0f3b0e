import { assert } from '@uurwerk/core/shared/assert.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import * as z from 'zod'
import type { Administration, Books, Connection, Connector, Finding, Wire } from '../../contract/contract.ts'
import type { FakeForm } from './form.ts'
import { manifestOf } from './manifest.ts'
import { messages } from './messages.ts'
import { postsOf } from './posts.ts'
import { readsOf } from './reads.ts'
import { signIn } from './sign-in.ts'
import { ask } from './talk.ts'
import { companyRow } from './wire.ts'

export interface FakeSettings {
  readonly salesJournal: string
}

export function fakeConnector(form: FakeForm): Connector<FakeSettings> {
  return {
    manifest: manifestOf(form),
    messages,
    signIn,
    settings: checked,
    open: (at, wire) => open(form, at, wire),
  }
}

function checked(stored: unknown): FakeSettings {
  const read = z.object({ salesJournal: z.string().min(1) }).safeParse(stored)
  if (read.success) return read.data
  throw new ProblemError({ kind: 'setup', code: 'setting-missing', values: { setting: 'salesJournal' } })
}

function open(form: FakeForm, at: Connection<FakeSettings>, wire: Wire): Books {
  const administrations = async () =>
    (await ask(wire, '/companies', 'companies', z.object({ rows: z.array(companyRow) }))).rows.map(toAdministration)
  // Without an administration only choosing one is possible.
  if (at.administration === undefined) return { administrations, health: async () => [], reads: {}, posts: {} }
  const company = at.administration
  assert(/^[a-z]+$/.test(company), `not a Ledgerly company: ${company}`)
  const reads = readsOf(wire, company)
  return {
    administrations,
    health: (expect) => health(wire, company, reads, expect),
    reads,
    posts: postsOf({ form, wire, company }),
  }
}

const toAdministration = (row: z.infer<typeof companyRow>): Administration => ({
  id: row.id,
  code: row.code,
  name: row.name,
  country: row.country,
  currency: row.currency,
  vatId: row.vatNumber,
  usable: !row.archived,
  ...(row.archived ? { reason: 'archived' } : {}),
})

async function health(
  wire: Wire,
  company: string,
  reads: Books['reads'],
  expect: { currency: string; today: CalendarDate },
): Promise<readonly Finding[]> {
  const row = await ask(wire, `/companies/${company}`, 'companies', companyRow)
  let open = false
  for await (const page of reads.periods?.changes(null) ?? [])
    if (page !== 'reset')
      open ||= page.rows.some(
        ({ from, until, closedIn }) => from <= expect.today && expect.today <= until && !closedIn.length,
      )
  const month = expect.today.slice(0, 7)
  return [
    { about: 'access', state: 'good', code: 'access-good' },
    row.archived
      ? { about: 'administration', state: 'bad', code: 'archived' }
      : { about: 'administration', state: 'good', code: 'administration-good', values: { name: row.name } },
    row.currency === expect.currency
      ? { about: 'currency', state: 'good', code: 'currency-same', values: { currency: row.currency } }
      : { about: 'currency', state: 'attention', code: 'currency-differs', values: { currency: row.currency } },
    {
      about: 'period',
      state: open ? 'good' : 'attention',
      code: open ? 'period-open' : 'period-not-open',
      values: { month },
    },
  ]
}
