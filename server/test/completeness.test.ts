import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'
import { withStatements } from '../src/testing/statements.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

interface Gap {
  readonly about: string
  readonly name: string
  readonly problem: { readonly code: string; readonly cause: string; readonly remedy: string }
  readonly usedBy: string[]
  readonly unconfirmed: { readonly vatCase: string; readonly version: number } | null
}
interface Complete {
  readonly gaps: Gap[]
  readonly counts: Record<string, number>
  readonly checked: Record<string, number>
}

async function connected(): Promise<{ at: Office; id: string; look(): Promise<Complete> }> {
  const at = await office(app)
  const id = await at.connect()
  return { at, id, look: async () => (await at.ask<Complete>(`/connections/${id}/completeness`)).body }
}

const told = ({ gaps }: Complete) => gaps.map(({ about, name, problem }) => [about, name, problem.code])
const settings = async (at: Office, id: string) => {
  const theirs = async (noun: string, code: string) =>
    (
      await at.ask<{ rows: { id: string; code: string }[] }>(`/connections/${id}/lists/${noun}?limit=200`)
    ).body.rows.find((row) => row.code === code)?.id ?? ''
  const { version } = (await at.ask<{ version: number }>(`/connections/${id}`)).body
  const answer = await at.ask(`/connections/${id}`, {
    method: 'PATCH',
    version,
    body: {
      settings: { defaultItem: await theirs('items', 'UREN-ADV'), salesJournal: await theirs('journals', '70') },
    },
  })
  expect(answer.status).toBe(200)
}
const rule = (at: Office, id: string, ledgerAccount: string, more: object = {}) =>
  at.ask<{ errors?: unknown }>(`/connections/${id}/posting-rules`, {
    method: 'PUT',
    body: {
      rules: [{ item: 'UREN-ADV', vatTreatment: 'domestic-standard', ledgerAccount, vatCode: '2', ...more }],
    },
  })

describe('what would fail today', () => {
  it('is everything at first, and nothing once settings, items and rules are there', async () => {
    const { at, id, look } = await connected()
    const first = await look()
    expect(told(first)).toEqual([
      ['setting', 'Default item', 'setting-missing'],
      ['setting', 'Sales journal', 'setting-missing'],
      ['item', 'Advies', 'subject-without-item'],
    ])
    await settings(at, id)
    expect(told(await look())).toEqual([['rule', 'Domestic, standard rate', 'posting-rule-missing']])
    await rule(at, id, '8020')
    const last = await look()
    expect(last).toMatchObject({
      gaps: [],
      counts: { setting: 0, item: 0, rule: 0, customer: 0, project: 0 },
      checked: { subjects: 1, rules: 1, customers: 1 },
    })
  })

  it('is told of an item that was ended after it was chosen, an expense category in use, and a new VAT case', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await rule(at, id, '8020')
    const hotel = await at.firm.addExpenseCategory({ name: 'Hotel', vatClass: 'reduced' })
    expect(told(await look())).toEqual([])
    await at.firm.addExpense({ categoryId: hotel, billable: true })
    await at.firm.addCustomer({ name: 'Kessler', country: 'DE', vatCase: 'eu-business', vatId: 'DE136695976' })
    expect(told(await look())).toEqual([
      ['rule', 'Domestic, reduced rate', 'posting-rule-missing'],
      ['rule', 'EU business with VAT id', 'posting-rule-missing'],
    ])
    await app.database.asOwner(`update package_row set gone_at = now() where firm_id = $1 and code = 'UREN-ADV'`, [
      at.firm.id,
    ])
    expect(told(await look()).filter(([about]) => about === 'item')).toEqual([
      ['item', 'Advies', 'item-unusable'],
      ['item', 'Hotel', 'item-unusable'],
    ])
  })

  it('names customers by what stands here and by what the package says of them', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await rule(at, id, '8020')
    const customer = (name: string, more: object = {}) => at.firm.addCustomer({ name, ...more })
    await customer('Afgeleid', { vatCaseConfirmed: false })
    await customer('Zonder nummer', { vatCase: 'domestic-reverse-charge', vatId: null })
    const there = {
      Beëindigd: { isCustomer: true, isBlocked: false, isEnded: true },
      Geblokkeerd: { isCustomer: true, isBlocked: true, isEnded: false },
      Prospect: { isCustomer: false, isBlocked: false, isEnded: false },
      Verwijderd: null,
    }
    for (const [name, data] of Object.entries(there)) {
      const ours = await customer(name)
      await app.database.asOwner(
        `insert into package_row (firm_id, connection_id, noun, their_id, code, name, data, gone_at, read_at)
         values ($1, $2, 'customers', $3, $3, $3, $4, $5, now())`,
        [at.firm.id, id, name, JSON.stringify(data ?? {}), data ? null : app.clock.now()],
      )
      await app.database.asOwner(
        `insert into link (firm_id, connection_id, noun, our_id, their_id, created_at) values ($1, $2, 'customer', $3, $4, now())`,
        [at.firm.id, id, ours, name],
      )
    }
    const found = await look()
    expect(told(found).filter(([about]) => about === 'customer')).toEqual([
      ['customer', 'Afgeleid', 'vat-case-unconfirmed'],
      ['customer', 'Beëindigd', 'customer-ended-there'],
      ['customer', 'Geblokkeerd', 'customer-blocked-there'],
      ['customer', 'Prospect', 'customer-no-customer-there'],
      ['customer', 'Verwijderd', 'customer-gone-there'],
      ['customer', 'Zonder nummer', 'vat-id-missing'],
    ])
    expect(found.gaps.find(({ name }) => name === 'Prospect')?.problem.cause).toBe(
      'Prospect is no customer in Exact Online: only a supplier or a prospect.',
    )
  })

  it('says which projects miss a cost centre that the ledger account wants, unless the rule has one', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await at.firm.addProject({ name: 'Met', costCentre: 'ADV' })
    await at.firm.addProject({ name: 'Onbekend', costCentre: 'WEG' })
    await rule(at, id, '8050')
    const projects = (found: Complete) => told(found).filter(([about]) => about === 'project')
    const missing = projects(await look())
    expect(missing).toContainEqual(['project', 'Onbekend', 'project-cost-centre-unknown'])
    expect(missing.map(([, name]) => name)).not.toContain('Met')
    expect(missing.some(([, , code]) => code === 'project-cost-centre-missing')).toBe(true)
    await rule(at, id, '8050', { costCentre: 'ADV', version: 1 })
    expect(projects(await look())).toEqual([['project', 'Onbekend', 'project-cost-centre-unknown']])
  })

  it('names a setting that went bad after it was chosen: gone, blocked, of another kind', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await rule(at, id, '8020')
    const { body } = await at.ask<{ rows: { id: string; code: string }[] }>(
      `/connections/${id}/lists/paymentTerms?limit=200`,
    )
    const { version } = (await at.ask<{ version: number }>(`/connections/${id}`)).body
    const paymentCondition = body.rows[0]?.id
    await at.ask(`/connections/${id}`, { method: 'PATCH', version, body: { settings: { paymentCondition } } })
    expect(told(await look())).toEqual([])
    const there = (set: string, noun: string, code: string) =>
      app.database.asOwner(
        `update package_row set ${set} where firm_id = $1 and noun = $2 and (code = $3 or their_id = $3)`,
        [at.firm.id, noun, code],
      )
    await there('gone_at = now()', 'paymentTerms', paymentCondition ?? '')
    await there(`data = data || '{"unusable": "blocked"}'`, 'journals', '70')
    const bad = await look()
    expect(told(bad)).toEqual([
      ['setting', 'Sales journal', 'setting-unusable'],
      ['setting', 'Payment condition', 'setting-unusable'],
    ])
    expect(bad.gaps[0]?.problem.cause).toBe('Sales journal 70 Verkoopboek cannot be used any more: it is blocked.')
    await there(`data = data - 'unusable' || '{"kind": "purchase"}'`, 'journals', '70')
    expect(told(await look())[0]).toEqual(['setting', 'Sales journal', 'setting-other-kind'])
  })

  it('says that the package has no cost centre at all where its ledger account wants one', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await rule(at, id, '8050')
    await app.database.asOwner(`update package_row set gone_at = now() where firm_id = $1 and noun = 'dimensions'`, [
      at.firm.id,
    ])
    expect(told(await look())).toEqual([['rule', 'Domestic, standard rate', 'no-cost-centres-there']])
  })

  it('gives what confirms a derived VAT case as it stands, and it is no gap afterwards', async () => {
    const { at, id, look } = await connected()
    await settings(at, id)
    await rule(at, id, '8020')
    const customer = await at.firm.addCustomer({ name: 'Afgeleid', vatCaseConfirmed: false })
    const [gap] = (await look()).gaps
    expect(gap).toMatchObject({ customerId: customer, unconfirmed: { vatCase: 'domestic' } })
    const confirmed = await at.ask('/vat-cases/confirmation', {
      method: 'POST',
      body: { customers: [{ id: customer, ...gap?.unconfirmed }] },
    })
    expect(confirmed).toMatchObject({ status: 200, body: { done: 1, leftOut: [] } })
    expect(told(await look())).toEqual([])
  })
})

describe('very many customers', () => {
  /** Half of them linked, one in ten with something to mend. */
  const addMany = (at: Office, connectionId: string, from: number, until: number) =>
    app.database.asOwner(
      `with made as (
         insert into customer (firm_id, id, number, name, visit_address, country, vat_case, vat_case_confirmed, language, currency,
           email, created_at, updated_at)
         select $1, gen_random_uuid(), (100000 + n)::text, 'Klant ' || n,
           '{"line1": "Dorpsstraat 1", "postcode": "1234 AB", "city": "Utrecht", "country": "NL"}', 'NL', 'domestic', n % 10 <> 0,
           'nl', 'EUR', 'klant' || n || '@voorbeeld.example', now(), now()
         from generate_series($3::int, $4::int) n returning id, number),
       linked as (
         insert into link (firm_id, connection_id, noun, our_id, their_id, created_at)
         select $1, $2, 'customer', id, 'T' || number, now() from made where number::int % 2 = 0 returning their_id)
       insert into package_row (firm_id, connection_id, noun, their_id, code, name, data, read_at)
       select $1, $2, 'customers', their_id, their_id, their_id, '{"isCustomer": true, "isBlocked": false, "isEnded": false}', now()
       from linked`,
      [at.firm.id, connectionId, from, until],
    )

  it('are read by as many statements as a few, and in a time that grows with their number at most', async () => {
    const { at, id, look } = await connected()
    const timed = async () => {
      await look()
      const startedAt = performance.now()
      const { answer, statements } = await withStatements(at.firm, look)
      return { answer, statements: statements.length, ms: performance.now() - startedAt }
    }
    await addMany(at, id, 1, 1_000)
    const few = await timed()
    await addMany(at, id, 1_001, 10_000)
    const many = await timed()
    const ms = Math.round(many.ms)
    console.info(`completeness of ${many.answer.checked.customers} customers: ${ms} ms, ${many.statements} statements`)
    expect(many.answer.checked.customers).toBe(10_001)
    expect(many.answer.counts.customer).toBe(1_000)
    expect(many.statements).toBe(few.statements)
    // Ten times as many, with room for a machine that is busy with other things.
    expect(many.ms).toBeLessThan(Math.max(few.ms * 25, 8_000))
  })
})
