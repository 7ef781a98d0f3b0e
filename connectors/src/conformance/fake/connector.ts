import { timingSafeEqual } from 'node:crypto'
import { assert } from '@uurwerk/core/shared/assert.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import * as z from 'zod'
import type { Administration, Books, Connection, Connector, Finding, Hint, Wire } from '../../contract/contract.ts'
import type { FakeForm } from './form.ts'
import { signatureHeader, signatureOf } from './hints.ts'
import { manifestOf } from './manifest.ts'
import { messages } from './messages.ts'
import { postsOf } from './posts.ts'
import { readsOf, settledOf } from './reads.ts'
import { signIn } from './sign-in.ts'
import { ask, problemOf } from './talk.ts'
import { companyRow, hintBody } from './wire.ts'

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
    ...(form.reach === 'whole' ? { hint } : {}),
  }
}

const nouns = {
  customers: 'customers',
  items: 'items',
  'sales-invoices': 'salesInvoice',
  'sales-entries': 'salesEntry',
  'open-items': 'settled',
} as const

/** Ledgerly tries an address with an empty call, and signs all others over their bytes. */
function hint(raw: Uint8Array, headers: Readonly<Record<string, string>>, secret: string): Hint | 'ignore' | 'refuse' {
  if (raw.byteLength === 0) return 'ignore'
  const [given, good] = [headers[signatureHeader] ?? '', signatureOf(raw, secret)].map((text) => Buffer.from(text))
  if (!given || !good || given.byteLength !== good.byteLength || !timingSafeEqual(given, good)) return 'refuse'
  const { company, resource, id } = hintBody.parse(JSON.parse(new TextDecoder().decode(raw)))
  return { administration: company, noun: nouns[resource], id }
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
    ...(form.reach === 'whole' ? { settled: settledOf(wire, company), hints: hintsOf(wire, company) } : {}),
  }
}

function hintsOf(wire: Wire, company: string): NonNullable<Books['hints']> {
  const ask = async (method: 'POST' | 'DELETE', callback: string) => {
    const path = `/companies/${company}/hints?callback=${encodeURIComponent(callback)}`
    const answer = await wire.send({ method, path, endpoint: 'hints', safe: false })
    if (answer.status !== 200) throw new ProblemError(problemOf(answer, wire.clock.now()))
  }
  return { start: (callback) => ask('POST', callback), stop: (callback) => ask('DELETE', callback) }
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
