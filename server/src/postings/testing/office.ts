import { type Bench, openBench } from '@uurwerk/connectors/conformance/bench.ts'
import type { BookedDocument } from '@uurwerk/connectors/conformance/books.ts'
import { Budgets } from '@uurwerk/connectors/conformance/budgets.ts'
import type { Harness } from '@uurwerk/connectors/conformance/harness.ts'
import { testWire } from '@uurwerk/connectors/conformance/in-process-wire.ts'
import {
  type Chosen,
  chooseFrom,
  generalJournal,
  type Lists,
  readLists,
} from '@uurwerk/connectors/conformance/sample-documents.ts'
import { browser, signInAndStore } from '@uurwerk/connectors/conformance/sign-in.ts'
import type { Connector, Draft, TheirId } from '@uurwerk/connectors/contract/contract.ts'
import type { Noun } from '@uurwerk/connectors/contract/rows.ts'
import { invoiceTotals } from '@uurwerk/core/invoicing/totals.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, negate, times, toCents } from '@uurwerk/core/shared/money.ts'
import type { Ids, Random } from '@uurwerk/core/shared/ports.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { sql } from 'kysely'
import type { Store, Trx } from '../../store/database.ts'
import { writeBackNumber } from '../customer-number.ts'
import { attachFiles, decidePostings, Outbox } from '../decide.ts'
import { type Documents, type Engine, findConnection, type HookPoint, ourDocuments, type Told } from '../engine.ts'
import { type LaneResult, resumeConnection, runLane } from '../lane.ts'
import { kinds, type Posting } from '../posting.ts'
import type { Firm } from '../posting-rows.ts'

/** A process that was killed: from then on it does nothing more, not even tidy up. */
export class Died extends Error {
  override readonly name = 'Died'
}

/** Awaited at each hook; throws `Died` to end that worker, or waits to hold it up. */
export type Fate = (point: HookPoint, times: number) => Promise<void> | void

export interface Worker {
  readonly engine: Engine
  run(): Promise<LaneResult | 'died'>
  isDead(): boolean
}

export interface OfficeSettings {
  readonly store: Store
  readonly connector: Connector
  readonly harness: Harness
  readonly seed: number
  readonly now?: string
  /** Whether the PDF goes along with each entry. */
  readonly attaches?: boolean
}

export interface InvoiceWish {
  readonly customerId: string
  readonly kind?: 'invoice' | 'credit'
  /** The invoice that a credit note takes back. */
  readonly credits?: string
  readonly lines?: readonly { readonly net: string; readonly reduced?: boolean }[]
  readonly date?: string
  readonly state?: 'draft' | 'sent'
}

/** A firm with a package behind it, all in one process: real rows, a simulator's books, time that only moves when told. */
export interface Office {
  readonly bench: Bench
  readonly firmId: string
  readonly connectionId: string
  readonly laneKey: string
  readonly chosen: Chosen
  readonly lists: Lists
  readonly notified: Set<string>
  /** What was told of postings, in order: `salesEntry 20260001 posted`. */
  readonly told: string[]
  readonly wakes: { count: number }
  within<Result>(work: (trx: Trx) => Promise<Result>): Promise<Result>
  addCustomer(wish?: { readonly theirs?: TheirId; readonly number?: string; readonly name?: string }): Promise<string>
  addInvoice(wish: InvoiceWish): Promise<string>
  decide(invoiceIds: readonly string[]): ReturnType<typeof decidePostings>
  /** A posting of a kind that no invoice makes yet. */
  addJournal(): Promise<string>
  /** An invoice that the package makes of the lines of one of ours, and prints when it is asked to. */
  addPackageInvoice(wish: {
    readonly invoiceId: string
    readonly customerId: string
    readonly printed: boolean
  }): Promise<string>
  addAttachment(entryPostingId: string): Promise<string>
  worker(fate?: Fate): Worker
  expireLease(): Promise<void>
  postings(): Promise<
    readonly (Posting & { theirId: string | null; differs: boolean; adopted: boolean; theirGross: string | null })[]
  >
  steps(postingId: string): Promise<readonly string[]>
  /** Lets one worker after another work, time passing in between, until nothing is due any more. */
  settle(fate?: Fate): Promise<void>
  /** A person gives access again, and what waited for it goes on. */
  signInAgain(): Promise<void>
  booked(): readonly BookedDocument[]
  /** The bookkeeper blocks the item that is sold; from then on another one is mapped. */
  sellAnotherItem(): Promise<void>
  /** What was last asked of the books for an entry, while it may still be on its way. */
  lastEntryDraft(): Promise<Draft | undefined>
}

const nameOfCustomer = (id: string): string => `Klant ${id.slice(9, 13)} & Zn`

/** What a posting of no invoice of ours says of itself. */
const plain = { customerId: null, currency: 'EUR', gross: null, afterId: null } as const

/** Ids that sort by their making and are the same in every run of a seed. */
export function seededIds(seed: number): Ids {
  const random = seededRandom(seed ^ 0x5eed)
  const node = Array.from({ length: 15 }, () => Math.floor(random.next() * 16).toString(16)).join('')
  let made = 0
  return {
    next() {
      made += 1
      const count = made.toString(16).padStart(12, '0')
      return `${count.slice(0, 8)}-${count.slice(8)}-7${node.slice(0, 3)}-8${node.slice(3, 6)}-${node.slice(3, 15)}`
    },
  }
}

/** Every world starts with the same lists, so they are read once per package, beside the world that is worked in. */
const listsRead = new Map<string, Promise<Lists>>()
function listsOf(connector: Connector, harness: Harness): Promise<Lists> {
  const reading = () => openBench(connector, harness, { seed: 1 }).then(({ books }) => readLists(books))
  const read = listsRead.get(connector.manifest.id) ?? reading()
  listsRead.set(connector.manifest.id, read)
  return read
}

export async function openOffice(settings: OfficeSettings): Promise<Office> {
  const { store, connector, harness, seed } = settings
  // Always the same world, so that its lists are read once; what happens in it differs by seed.
  const bench = await openBench(connector, harness, { seed: 1, ...(settings.now ? { now: settings.now } : {}) })
  const ids = seededIds(seed)
  const random: Random = seededRandom(seed + 7)
  const lists = await listsOf(connector, harness)
  const chosen = chooseFrom(lists)
  const budgets = new Budgets(connector.manifest, bench.clock)
  const firmId = ids.next()
  const connectionId = ids.next()
  const seriesId = ids.next()
  const activityId = ids.next()
  const reducedId = ids.next()
  const laneKey = `${connector.manifest.id}/${harness.administration}/${firmId}`
  const within = <Result>(work: (trx: Trx) => Promise<Result>) => store.withFirm(firmId, work)
  const notified = new Set<string>()
  const told: string[] = []
  const wakes = { count: 0 }
  let quietUntil = bench.clock.now()
  const wake = async () => {
    wakes.count += 1
  }
  await within((trx) => makeFirm(trx))

  async function makeFirm(trx: Trx): Promise<void> {
    const now = bench.clock.now()
    const stored = JSON.stringify({
      ...(harness.settings as object),
      attachDocument: String(settings.attaches ?? false),
    })
    await sql`insert into directory.firm (id, slug, name, created_at) values (${firmId}, ${`f-${firmId.replaceAll('-', '').slice(0, 30)}`}, 'Voorbeeld', ${now})`.execute(
      trx,
    )
    await sql`insert into firm (firm_id, name, country, currency, time_zone, language, created_at, updated_at)
      values (${firmId}, 'Voorbeeld', 'NL', 'EUR', 'Europe/Amsterdam', 'nl', ${now}, ${now})`.execute(trx)
    await sql`insert into connection (firm_id, id, package, purpose, mode, country, state, administration, lane_key, settings, created_at, updated_at)
      values (${firmId}, ${connectionId}, ${connector.manifest.id}, 'sales', 'sandbox', ${harness.country}, 'connected',
        ${harness.administration}, ${laneKey}, ${stored}::jsonb, ${now}, ${now})`.execute(trx)
    await sql`insert into series (firm_id, id, name, pattern, is_default, created_at, updated_at)
      values (${firmId}, ${seriesId}, 'Facturen', '{year}-{number}', true, ${now}, ${now})`.execute(trx)
    for (const [id, name] of [
      [activityId, 'Advies'],
      [reducedId, 'Boeken'],
    ])
      await sql`insert into activity (firm_id, id, name, created_at, updated_at) values (${firmId}, ${id}, ${name}, ${now}, ${now})`.execute(
        trx,
      )
    for (const id of [activityId, reducedId])
      await sql`insert into item_mapping (firm_id, connection_id, subject, subject_id, item)
        values (${firmId}, ${connectionId}, 'activity', ${id}, ${chosen.item})`.execute(trx)
    for (const [treatment, code] of [
      ['domestic-standard', chosen.vatHigh],
      ['domestic-reduced', chosen.vatLow],
    ])
      await sql`insert into posting_rule (firm_id, id, connection_id, item, vat_treatment, ledger_account, vat_code, created_at, updated_at)
        values (${firmId}, ${ids.next()}, ${connectionId}, ${chosen.item}, ${treatment}, ${chosen.ledgerAccount}, ${code}, ${now}, ${now})`.execute(
        trx,
      )
    const rows = (Object.keys(lists) as Noun[]).flatMap((noun) =>
      (lists[noun] ?? []).map((row) => ({ noun, id: row.id, code: row.code, name: row.name, data: row })),
    )
    await sql`insert into package_row (firm_id, connection_id, noun, their_id, code, name, data, read_at)
      select ${firmId}, ${connectionId}, r.noun, r.id, r.code, r.name, r.data, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(noun text, id text, code text, name text, data jsonb)`.execute(
      trx,
    )
  }

  const documents: Documents = {
    ...ourDocuments,
    generalJournal: async (_firm, posting) => ({ document: generalJournal(lists, posting.reference) }),
    // The lines of an invoice of ours, as the package is to make one of them.
    async salesInvoice(firm, posting, opened) {
      const made = await ourDocuments.salesEntry?.(firm, posting, opened)
      if (!made || 'problems' in made) return made ?? { problems: [] }
      const { invoiceNumber: _, bookIn: __, ...document } = made.document
      return { document }
    },
    printing: async (_firm, posting) => ({
      document: { reference: posting.reference, date: calendarDate(bench.clock.now().toISOString().slice(0, 10)) },
    }),
  }

  function worker(fate: Fate = () => undefined): Worker {
    let isDead = false
    const seen = new Map<HookPoint, number>()
    const engine: Engine = {
      store,
      connectors: new Map([[connector.manifest.id, connector]]),
      wireFor(_connection, guard) {
        assert(connector.signIn.kind === 'oauth', 'an office signs in by OAuth')
        return testWire({
          manifest: connector.manifest,
          app: harness.app,
          oauth: connector.signIn,
          tokens: bench.tokens,
          clock: bench.clock,
          administration: harness.administration,
          budgets,
          async transport(request) {
            if (isDead) throw new Died()
            // The product's wire keeps in the database until when it was told to wait, whoever asked.
            if (bench.clock.now() < quietUntil)
              throw new ProblemError({ kind: 'temporary', code: 'limit-reached', notBefore: quietUntil.toISOString() })
            const isToken = request.url.pathname.endsWith('/token')
            if (request.method !== 'GET' && !isToken)
              await guard({ method: 'POST', path: request.url.pathname, endpoint: '', safe: false })
            const answer = await bench.transport(request)
            if (typeof answer !== 'string' && answer.status === 429)
              quietUntil = new Date(bench.clock.now().getTime() + Number(answer.headers['retry-after'] ?? '60') * 1000)
            return answer
          },
        })
      },
      clock: bench.clock,
      ids,
      random,
      documents,
      // Longer than what stands in a row, so that it stands beside it.
      fileOf: async (_firmId, { label }) => ({
        document: { bytes: Buffer.from(`%PDF-1.7 ${label} `.repeat(500)), mediaType: 'application/pdf' },
      }),
      customerLinked: writeBackNumber,
      wake,
      notify: async (_trx, _firm, postingIds) => {
        for (const id of postingIds) notified.add(id)
      },
      told: Object.fromEntries(
        kinds.map((kind) => [
          kind,
          async (_firm: Firm, { posting, is }: Told) => void told.push(`${posting.kind} ${posting.label} ${is}`),
        ]),
      ),
      hooks: {
        async at(point) {
          if (isDead) throw new Died()
          const times = (seen.get(point) ?? 0) + 1
          seen.set(point, times)
          try {
            await fate(point, times)
          } catch (error) {
            if (error instanceof Died) isDead = true
            throw error
          }
        },
      },
    }
    return {
      engine,
      isDead: () => isDead,
      async run() {
        try {
          return await runLane(engine, laneKey)
        } catch (error) {
          if (isDead) return 'died'
          throw error
        }
      },
    }
  }

  const expireLease = () =>
    within(async (trx) => {
      await sql`update directory.lane set lease_until = clock_timestamp() - interval '1 second' where key = ${laneKey}`.execute(
        trx,
      )
    })

  const connectors = new Map([[connector.manifest.id, connector]])
  const deciding = { firmId, connectionId, by: null, clock: bench.clock, ids, random, wake, connectors }
  let invoices = 0
  const office: Office = {
    bench,
    firmId,
    connectionId,
    laneKey,
    chosen,
    lists,
    notified,
    told,
    wakes,
    within,
    worker,
    expireLease,
    addCustomer: ({ theirs, number, name } = {}) =>
      within(async (trx) => {
        const id = ids.next()
        const now = bench.clock.now()
        await sql`insert into customer (firm_id, id, number, name, visit_address, country, vat_case, language, currency, created_at, updated_at)
          values (${firmId}, ${id}, ${number ?? null}, ${name ?? nameOfCustomer(id)},
            '{"line1": "Zaagweg 7", "postcode": "4321 CD", "city": "Middelburg", "country": "NL"}', 'NL', 'domestic', 'nl', 'EUR', ${now}, ${now})`.execute(
          trx,
        )
        if (theirs)
          await sql`insert into link (firm_id, connection_id, noun, our_id, their_id, created_at)
            values (${firmId}, ${connectionId}, 'customer', ${id}, ${theirs}, ${now})`.execute(trx)
        return id
      }),
    addInvoice: (wish) =>
      within(async (trx) => {
        invoices += 1
        const id = ids.next()
        const now = bench.clock.now()
        const {
          credits = null,
          kind = credits ? 'credit' : 'invoice',
          lines = [{ net: '100.00' }],
          date = now.toISOString().slice(0, 10),
          state = 'sent',
        } = wish
        const sign = kind === 'credit' ? negate(decimal('1')) : decimal('1')
        const taxed = lines.map(({ net, reduced }) => ({
          net: toCents(times(decimal(net), sign)),
          vatTreatment: reduced ? 'domestic-reduced' : 'domestic-standard',
          rate: decimal(reduced ? '9' : '21'),
          activity: reduced ? reducedId : activityId,
        }))
        const totals = invoiceTotals(taxed)
        await sql`insert into invoice (firm_id, id, kind, credits_id, state, customer_id, series_id, number, date, due_date, language, currency,
            net, vat, gross, vat_per_rate, created_at, updated_at)
          values (${firmId}, ${id}, ${kind}, ${credits}, 'draft', ${wish.customerId}, ${seriesId}, null, ${date}, ${addDays(calendarDate(date), 30)},
            'nl', 'EUR', ${totals.net}, ${totals.vat}, ${totals.gross}, ${JSON.stringify(totals.vatPerRate)}::jsonb, ${now}, ${now})`.execute(
          trx,
        )
        for (const [position, line] of taxed.entries())
          await sql`insert into invoice_line (firm_id, id, invoice_id, position, kind, description, quantity, unit, unit_price, net, vat,
              vat_treatment, vat_rate, activity_id, activity_ids)
            values (${firmId}, ${ids.next()}, ${id}, ${position}, 'hours', ${`Advies ${position + 1}`}, 1, 'hour', ${line.net}, ${line.net},
              ${totals.lineVat[position]}, ${line.vatTreatment}, ${line.rate}, ${line.activity}, ${[line.activity]}::uuid[])`.execute(
            trx,
          )
        if (state === 'sent')
          await sql`update invoice set state = 'sent', number = ${`2026${String(invoices).padStart(4, '0')}`}, sent_at = ${now} where firm_id = ${firmId} and id = ${id}`.execute(
            trx,
          )
        return id
      }),
    decide: (invoiceIds) => within((trx) => decidePostings(trx, { ...deciding, invoiceIds })),
    addJournal: () =>
      withOutbox(async (outbox) => {
        const journal = { kind: 'generalJournal', subjectKind: 'run', subjectId: ids.next(), label: 'Lonen' } as const
        const { id } = await outbox.put({ ...journal, ...plain, gross: '0.00' })
        return id
      }),
    addPackageInvoice: ({ invoiceId, customerId, printed }) =>
      withOutbox(async (outbox) => {
        const subject = { subjectKind: 'package-invoice', subjectId: invoiceId, label: invoiceId.slice(9, 13) }
        const afterId = (await outbox.customerBefore(customerId, nameOfCustomer(customerId))) ?? null
        const made = await outbox.put({ ...plain, ...subject, kind: 'salesInvoice', customerId, afterId })
        if (printed) await outbox.put({ ...plain, ...subject, kind: 'printing', customerId, afterId: made.id })
        return made.id
      }),
    addAttachment: (entryPostingId) =>
      within(async (trx) => {
        const { postings } = await attachFiles(trx, { ...deciding, entryIds: [entryPostingId] })
        assert(postings[0], 'the package takes files')
        return postings[0].postingId
      }),
    postings: () =>
      within(async (trx) => {
        const rows = await trx
          .selectFrom('posting')
          .selectAll()
          .where('firmId', '=', firmId)
          .orderBy('sequence')
          .execute()
        return rows as unknown as Awaited<ReturnType<Office['postings']>>
      }),
    steps: (postingId) =>
      within(async (trx) => {
        const rows = await trx
          .selectFrom('postingStep')
          .select('what')
          .where('firmId', '=', firmId)
          .where('postingId', '=', postingId)
          .orderBy('id')
          .execute()
        return rows.map(({ what }) => what)
      }),
    async settle(fate) {
      let current = worker(fate)
      for (let round = 0; round < 500; round += 1) {
        const result = await current.run()
        if (result === 'died') {
          await expireLease()
          current = worker()
        } else if (result.is === 'rested') {
          if (!result.nextAt) return
          bench.clock.advanceTo(result.nextAt)
        } else if (result.is === 'busy') await expireLease()
      }
      throw new Error('the lane never came to rest')
    },
    async signInAgain() {
      const { signIn } = connector
      assert(signIn.kind === 'oauth', 'an office signs in by OAuth')
      bench.world.state.faults = bench.world.state.faults.filter(({ on }) => !on?.endsWith('token'))
      const { clock, tokens, transport } = bench
      const { app } = harness
      const wire = testWire({ manifest: connector.manifest, app, oauth: signIn, tokens, clock, transport })
      const consent = (page: URL) => harness.consent(browser(transport), page)
      await signInAndStore({ oauth: signIn, app, wire, tokens, consent })
      await within(async (trx) => {
        await sql`update connection set state = 'connected', problem = null where firm_id = ${firmId} and id = ${connectionId}`.execute(
          trx,
        )
        await resumeConnection(worker().engine, { trx, firmId }, connectionId)
      })
    },
    booked: () => bench.booked(),
    sellAnotherItem: () =>
      within(async (trx) => {
        const other = lists.items?.find(({ id, unusable }) => id !== chosen.item && !unusable)
        assert(other, 'there is another item')
        await sql`update item_mapping set item = ${other.id} where firm_id = ${firmId}`.execute(trx)
        await sql`update posting_rule set item = ${other.id} where firm_id = ${firmId}`.execute(trx)
      }),
    lastEntryDraft: () =>
      within(async (trx) => {
        const { rows } = await sql<{ draft: string }>`
          select d.draft from attempt a join attempt_posting d on d.firm_id = a.firm_id and d.attempt_id = a.id
          where a.firm_id = ${firmId} and a.kind = 'salesEntry' order by a.id desc, d.position desc limit 1`.execute(
          trx,
        )
        return rows[0] && (JSON.parse(rows[0].draft) as Draft)
      }),
  }
  return office

  function withOutbox<Result>(work: (outbox: Outbox) => Promise<Result>): Promise<Result> {
    return within(async (trx) => {
      const connection = await findConnection({ trx, firmId }, connectionId)
      assert(connection, 'the office has its connection')
      const outbox = new Outbox({ trx, firmId }, connection, deciding)
      const result = await work(outbox)
      await outbox.close()
      return result
    })
  }
}
