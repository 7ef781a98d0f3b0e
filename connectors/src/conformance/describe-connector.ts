import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { describe, expect, it, vi } from 'vitest'
import type { Attempt, Connector, Draft } from '../contract/contract.ts'
import type { Doc, Kind } from '../contract/documents.ts'
import type { Bench } from './bench.ts'
import { describeEntries } from './chapters/entries.ts'
import { describeFiles } from './chapters/files.ts'
import { describeHints } from './chapters/hints.ts'
import { describeInvoices } from './chapters/invoices.ts'
import { describePayments } from './chapters/payments.ts'
import { describeReconciliation } from './chapters/reconciliation.ts'
import { describeRights } from './chapters/rights.ts'
import type { ByHand, FaultName, Harness } from './harness.ts'
import {
  type Chosen,
  difficultText,
  generalJournal,
  isPlainRevenue,
  knownFrom,
  newCustomer,
  readAll,
  readLists,
  salesEntry,
  salesInvoice,
  type Wished,
} from './sample-documents.ts'
import {
  cents,
  comparable,
  expectEachOnce,
  only,
  pagesOf,
  problemOf,
  type Ready,
  readsOf,
  receiptOf,
  suiteOf,
} from './suite.ts'

/** What every connector must show at its simulator, whatever the package. */
export function describeConnector<S>(connector: Connector<S>, harness: Harness): void {
  // Lists that are longer than a page take their time on a busy machine.
  vi.setConfig({ testTimeout: 30_000 })
  const { manifest, messages } = connector
  const suite = suiteOf(connector, harness)
  const { open, ready, driverOf, documentsOf, postsOf, freeze, has, canFail, expectWords } = suite

  it('offers exactly what the manifest says', async () => {
    const { books } = await open()
    expect(Object.keys(books.reads).sort()).toEqual([...manifest.reads].sort())
    expect(Object.keys(books.posts).sort()).toEqual([...manifest.posts].sort())
    for (const offered of [...Object.values(books.reads), ...Object.values(books.posts)]) expect(offered).toBeTruthy()
    expect('settled' in books && books.settled !== undefined).toBe(manifest.settled)
    expect('hints' in books && books.hints !== undefined).toBe(manifest.webhooks)
    expect('openPayroll' in connector).toBe(manifest.payroll)
    expect('hint' in connector).toBe(manifest.webhooks)
    expect(connector.signIn.kind).toBe(manifest.signIn)
    expect(Object.keys(manifest.hosts)).toContain(harness.country)
    expect(harness.simulator.id).toBe(manifest.id)
    const administrations = await books.administrations()
    expect(administrations.filter(({ usable }) => usable).map(({ id }) => id)).toContain(harness.administration)
  })

  it('is met by a harness that can do by hand what belongs to what it offers', () => {
    const { byHand, hints } = harness
    const acts = {
      salesInvoice: [byHand.changeInvoice, byHand.discardInvoice],
      printing: [byHand.printInvoice],
    }
    const wanted = [
      ...Object.entries(acts).flatMap(([kind, each]) => (has(kind as Kind) ? each : [])),
      ...(manifest.settled ? [byHand.pay, byHand.unpay] : []),
      ...(manifest.webhooks ? [hints] : []),
    ]
    expect(wanted).not.toContain(undefined)
  })

  it('names a required setting that is missing', () => {
    const complete = harness.settings as Record<string, unknown>
    for (const { name } of manifest.settings.filter(({ required }) => required)) {
      const { [name]: _, ...rest } = complete
      const problem = problemThrownBy(() => connector.settings(rest))
      expect(problem?.kind).toBe('setup')
      expect(JSON.stringify(problem)).toContain(name)
    }
    expect(() => connector.settings(complete)).not.toThrow()
  })

  it('finds the books in good health, and says so when the currency is another', async () => {
    const { books, clock } = await open()
    const today = dateIn('Europe/Amsterdam', clock.now())
    const good = await books.health({ currency: 'EUR', today })
    expect(good.length).toBeGreaterThan(0)
    expect(good.filter(({ state }) => state === 'bad')).toEqual([])
    const other = await books.health({ currency: 'SEK', today })
    expect(other.find(({ about }) => about === 'currency')?.state).not.toBe('good')
  })

  describe('reading', () => {
    it('lists everything when there is more than one page', async () => {
      const bench = await open()
      const customers = Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index + 1}`)
      const items = Array.from({ length: harness.manyRows }, (_, index) => `Artikel ${index + 1}`)
      harness.byHand.addCustomers(bench, customers)
      harness.byHand.addItems(bench, items)
      for (const [noun, added] of [
        ['customers', customers],
        ['items', items],
      ] as const) {
        const before = bench.seen.length
        const rows: readonly { readonly id: string; readonly name: string }[] = await readAll(bench.books, noun)
        expect(bench.seen.length - before, `pages of ${noun}`).toBeGreaterThan(1)
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
        const names = new Set(rows.map(({ name }) => name))
        expect(added.filter((name) => !names.has(name))).toEqual([])
      }
    })

    it('gives every row an id, a code without padding and a name', async () => {
      const { books } = await open()
      for (const noun of manifest.reads) {
        const rows: readonly { readonly id: string; readonly code: string; readonly name: string }[] = await readAll(
          books,
          noun,
        )
        expect(rows.length, noun).toBeGreaterThan(0)
        for (const { id, code, name } of rows) {
          expect(id).toBeTruthy()
          expect(code).toBe(code.trim())
          expect(name).toBe(name.trim())
        }
      }
    })

    it('gives the mark with the last page only', async () => {
      const bench = await open()
      harness.byHand.addCustomers(
        bench,
        Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`),
      )
      for (const noun of manifest.reads) {
        const marks = (await pagesOf(bench, noun, null)).map(({ mark }) => mark !== undefined)
        expect(marks.slice(0, -1), noun).not.toContain(true)
        expect(marks.at(-1), noun).toBe(true)
      }
    })

    it('gives no row again when nothing has changed', async () => {
      const bench = await open()
      const mark = (await pagesOf(bench, 'customers', null)).at(-1)?.mark ?? null
      const again = await pagesOf(bench, 'customers', mark)
      expect(again.flatMap(({ rows, gone }) => [...rows, ...gone])).toEqual([])
      expect(again.at(-1)?.mark).toBeDefined()
    })

    it('loses nothing that changes while it reads', async () => {
      const bench = await open()
      harness.byHand.addCustomers(
        bench,
        Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`),
      )
      const seen = new Map<string, string>()
      let mark: string | null = null
      let renamed: string | undefined
      for await (const page of readsOf(bench, 'customers').changes(null)) {
        if (page === 'reset') throw new Error('reset without a mark')
        for (const row of page.rows) seen.set(row.id, row.name)
        if (renamed === undefined) {
          renamed = page.rows[0]?.id
          harness.byHand.renameCustomer(bench, renamed ?? '', 'Nieuwe naam tijdens het lezen')
          harness.byHand.addCustomers(bench, ['Nieuwe klant tijdens het lezen'])
        }
        mark = page.mark ?? mark
      }
      for (const { rows } of await pagesOf(bench, 'customers', mark)) for (const row of rows) seen.set(row.id, row.name)
      expect(seen.get(renamed ?? '')).toBe('Nieuwe naam tijdens het lezen')
      expect([...seen.values()]).toContain('Nieuwe klant tijdens het lezen')
    })

    it('has each row once in the end, whatever was added, changed and removed between the pages', async () => {
      const bench = await open()
      const names = Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`)
      harness.byHand.addCustomers(bench, names)
      const ids = (await readAll(bench.books, 'customers')).map(({ id }) => id).slice(-20)
      const held = new Map<string, string>()
      let mark: string | null = null
      let page = 0
      const take = async (move: boolean) => {
        for await (const part of readsOf(bench, 'customers').changes(mark)) {
          if (part === 'reset') throw new Error('reset')
          for (const row of part.rows) held.set(row.id, row.name)
          for (const id of part.gone) held.delete(id)
          if (move && page < 3) {
            page += 1
            const [changed = '', removed = ''] = ids.splice(0, 2)
            harness.byHand.addCustomers(bench, [`Erbij ${page}`])
            harness.byHand.renameCustomer(bench, changed, `Veranderd ${page}`)
            harness.byHand.removeCustomer(bench, removed)
          }
          mark = part.mark ?? mark
        }
      }
      await take(true)
      await take(true)
      await take(false)
      expect(page).toBeGreaterThan(2)
      const there = (await readAll(bench.books, 'customers')).map(({ id, name }) => [id, name] as const)
      expect([...held].sort()).toEqual([...there].sort())
      for (const name of ['Erbij 1', 'Erbij 2', 'Veranderd 1', 'Veranderd 2'])
        expect([...held.values()].filter((each) => each === name)).toEqual([name])
    })

    it('says of an item why it may not stand on our lines', async () => {
      const bench = await open()
      const item = (await readAll(bench.books, 'items')).find(({ unusable }) => !unusable)
      harness.byHand.blockItem(bench, item?.id ?? '')
      const blocked = (await readAll(bench.books, 'items')).find(({ id }) => id === item?.id)
      expect(blocked?.unusable).toBeTruthy()
    })

    it('names what is gone since the mark', async () => {
      const bench = await open()
      const pages = await pagesOf(bench, 'customers', null)
      const lost = pages.flatMap(({ rows }) => rows)[0]?.id ?? ''
      harness.byHand.removeCustomer(bench, lost)
      const later = await pagesOf(bench, 'customers', pages.at(-1)?.mark ?? null)
      expect(later.flatMap(({ gone }) => gone)).toEqual([lost])
    })

    it.runIf(harness.byHand.startMarksAnew)('says reset when a mark is worth nothing any more', async () => {
      const bench = await open()
      const mark = (await pagesOf(bench, 'customers', null)).at(-1)?.mark ?? null
      bench.clock.advance(60_000)
      harness.byHand.startMarksAnew?.(bench)
      const answers: unknown[] = []
      for await (const page of readsOf(bench, 'customers').changes(mark)) answers.push(page)
      expect(answers).toEqual(['reset'])
    })

    it('keeps every limit while it reads more than a minute allows', async () => {
      const bench = await open()
      const startedAt = bench.clock.now().getTime()
      for (let time = 0; time < 12; time += 1) await readLists(bench.books)
      expect(bench.seen.length).toBeGreaterThan(65)
      expect(bench.clock.now().getTime() - startedAt).toBeGreaterThan(60_000)
    })
  })

  describe('drafting', () => {
    it.each([...manifest.posts])('makes the same plain JSON every time and asks nobody: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf } = await documentsOf(kind, at)
      const posts = postsOf(at.bench, kind)
      const document = frozen(documents[0] as Doc[Kind])
      const number = await posts.numbers?.next?.(posts.numbers.scope(document))
      const asked = at.bench.seen.length
      const known = knownOf(document.reference)
      const numbered = number === undefined ? known : { ...known, number }
      const first = posts.draft(document, numbered) as Draft
      at.bench.clock.advance(86_400_000)
      const second = posts.draft(document, numbered) as Draft
      expect(second).toEqual(first)
      expect(first.reference).toBe(document.reference)
      // Strictly: a field that is there but undefined would not survive being stored.
      expect(JSON.parse(JSON.stringify(first))).toStrictEqual(first)
      const attempt: Attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'k', at: at.bench.clock.now() }
      const stored: Draft = JSON.parse(JSON.stringify(first))
      expect(posts.pack([stored], { ...attempt, repeat: 3 })).toEqual(posts.pack([first], attempt))
      expect(at.bench.seen.length).toBe(asked)
    })

    it.runIf(has('salesEntry'))(
      'names a customer that is not linked as a setup problem, and never guesses',
      async () => {
        const { bench, chosen, lists } = await ready()
        const posts = postsOf(bench, 'salesEntry')
        const draft = posts.draft(salesEntry(chosen, 'A1'), { ...knownFrom(lists, {}), number: 1 })
        expect('problems' in draft && draft.problems.map(({ kind }) => kind)).toEqual(['setup'])
      },
    )
  })

  describe('posting', () => {
    it.runIf(has('salesEntry')).each(['invoice', 'credit'] as const)(
      'posts the same customer, date, lines, VAT and cents that come back when read: %s',
      async (kind) => {
        const { bench, chosen, known } = await ready()
        const document = salesEntry(chosen, 'SAME1', { kind })
        const ended = await driverOf(bench).post('salesEntry', [document], known)
        const receipt = receiptOf(ended, 'SAME1')
        expect(ended.get('SAME1')).not.toHaveProperty('differs')
        const [booked] = only(bench.booked(), 'salesEntry', 'SAME1')
        expect(booked).toMatchObject({
          id: receipt.id,
          administration: harness.administration,
          customer: chosen.customer,
          date: document.date,
          currency: 'EUR',
        })
        expect(cents(booked?.gross)).toBe(cents(document.gross))
        expect(booked?.lines.map(comparable)).toEqual(
          document.lines.map((line) => comparable({ ...line, amount: line.net })),
        )
        const read = await postsOf(bench, 'salesEntry').read?.([receipt.id])
        if (read) {
          expect(read.get(receipt.id)).toMatchObject({ id: receipt.id, hash: receipt.hash })
          harness.byHand.changeEntry(bench, receipt.id)
          const changed = (await postsOf(bench, 'salesEntry').read?.([receipt.id]))?.get(receipt.id)
          expect(changed).not.toMatchObject({ hash: receipt.hash })
        }
      },
    )

    it.runIf(has('customer'))('creates the same customer that comes back when read', async () => {
      const { bench, known } = await ready()
      const document = newCustomer('CUST1', { number: '987654' })
      const ended = await driverOf(bench).post('customer', [document], known)
      const { id } = receiptOf(ended, 'CUST1')
      const row = (await readAll(bench.books, 'customers')).find((each) => each.id === id)
      expect(row).toMatchObject({
        code: '987654',
        name: document.name,
        address: document.address,
        email: document.email,
        isCustomer: true,
        isBlocked: false,
      })
    })

    it.runIf(has('generalJournal'))('posts the same journal lines that come back when read', async () => {
      const { bench, lists, known } = await ready()
      const document = generalJournal(lists, 'MEMO1')
      await driverOf(bench).post('generalJournal', [document], known)
      const [booked] = only(bench.booked(), 'generalJournal', 'MEMO1')
      expect(booked?.date).toBe(document.date)
      expect(booked?.lines.map(comparable)).toEqual(document.lines.map(comparable))
    })

    it.runIf(has('salesEntry'))('keeps é, ß, € and & intact', async () => {
      const { bench, chosen, known } = await ready()
      await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'SIGNS', { description: difficultText })], known)
      const [booked] = only(bench.booked(), 'salesEntry', 'SIGNS')
      expect(booked?.lines.map(({ description }) => description)).toContain(`Overleg ${difficultText}`)
      if (!has('customer')) return
      const name = 'Café Straßburg & Söhne € "é"'
      const ended = await driverOf(bench).post('customer', [newCustomer('SIGNS2', { name })], known)
      const row = (await readAll(bench.books, 'customers')).find(({ id }) => id === receiptOf(ended, 'SIGNS2').id)
      expect(row?.name).toBe(name)
    })

    it.runIf(has('salesEntry'))('posts as many as it was given, each once, over several requests', async () => {
      const { bench, chosen, known } = await ready()
      const references = Array.from({ length: 60 }, (_, index) => `N${index + 1}`)
      const documents = references.map((reference) => salesEntry(chosen, reference))
      const before = bench.seen.length
      const ended = await driverOf(bench).post('salesEntry', documents, known)
      expect([...new Set([...ended.values()].map(({ is }) => is))]).toEqual(['posted'])
      expect(
        bench
          .booked()
          .filter(({ kind }) => kind === 'salesEntry')
          .map(({ reference }) => reference)
          .sort(),
      ).toEqual([...references].sort())
      const { most } = postsOf(bench, 'salesEntry').batch
      const posted = bench.seen.slice(before).filter(({ method }) => method === 'POST').length
      expect(posted).toBe(Math.ceil(60 / most))
    })

    it.runIf(has('salesEntry'))('judges each document of a request by itself, by reference', async () => {
      const { bench, chosen, known, lists } = await ready()
      const otherAccount = lists.ledgerAccounts?.find(
        (row) => row.id !== chosen.ledgerAccount && isPlainRevenue(row),
      )?.id
      const documents = [
        salesEntry(chosen, 'P1'),
        salesEntry(chosen, 'P2', { ledgerAccount: otherAccount ?? '' }),
        salesEntry(chosen, 'P3', { kind: 'credit' }),
      ]
      harness.byHand.removeLedgerAccount(bench, otherAccount ?? '')
      const ended = await driverOf(bench).post('salesEntry', documents, known)
      expect([...ended].map(([reference, { is }]) => `${reference} ${is}`).sort()).toEqual([
        'P1 posted',
        'P2 refused',
        'P3 posted',
      ])
      for (const reference of ['P1', 'P3'])
        expect(only(bench.booked(), 'salesEntry', reference)[0]?.id).toBe(receiptOf(ended, reference).id)
    })
  })

  describe('posts once when the answer was lost', () => {
    const timeout = manifest.wireTimeoutMs
    const mishaps: readonly (readonly [string, FaultName, { times?: number; value?: string | number }])[] = [
      ['the answer never came', 'loseAnswerAfter', {}],
      ['the answer never came, twice in a row', 'loseAnswerAfter', { times: 2 }],
      ['the request never arrived', 'loseRequestBefore', { times: 2 }],
      ['an outage answered, and nothing was done', 'serverError', {}],
      ['an outage answered, after it was done', 'serverErrorAfter', {}],
      ['it was carried out later', 'lateCommit', { value: 2 * timeout - 10_000 }],
      ['it took longer than we wait', 'slow', { value: timeout + 5_000 }],
    ]
    const cases = manifest.posts.flatMap((kind) => mishaps.map((mishap) => [kind, ...mishap] as const))
    it.each(cases.filter(([kind, , name]) => canFail(name, kind)))('%s: %s', async (kind, _, name, options) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      at.bench.fault(name, { post: kind }, options)
      const ended = await driverOf(at.bench).post(kind, documents, knownOf)
      at.bench.clock.advance(3_600_000)
      expect([...ended.values()].map(({ is }) => is)).toEqual(['posted', 'posted', 'posted'])
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
      const unmet = at.bench.world.state.faults.reduce((sum, fault) => sum + (fault.times ?? 0), 0)
      expect(unmet, 'the fault was never met').toBeLessThan(options.times ?? 1)
    })

    const hidden = manifest.posts.filter((kind) => canFail('hideDocumentsFor', kind))
    it.runIf(hidden.length > 0).each(hidden)('%s: the books show it only later', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const { settleMs } = postsOf(at.bench, kind).retry
      at.bench.fault('hideDocumentsFor', { post: kind }, { times: 3, value: (settleMs.at(-1) ?? 0) - 1 })
      at.bench.fault('loseAnswerAfter', { post: kind })
      const ended = await driverOf(at.bench).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })
  })

  describe('posts once when asked twice', () => {
    it.each([...manifest.posts])('by a process that died before it remembered: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const ended = await driverOf(at.bench, { diesAfter: ({ number }) => number === 1 }).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })

    it.each([...manifest.posts])('by a process that died before it sent: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const dies = ({ number, repeat }: Attempt) => number === 1 && repeat === 0
      const ended = await driverOf(at.bench, { diesBefore: dies }).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })

    it.each([...manifest.posts])('with the same frozen bytes, where the package allows a repeat: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const { posts, draft, attempt, packed } = await freeze(at.bench, kind, documents[0] as Doc[Kind], knownOf('D1'))
      if (posts.retry.guard === 'none') return
      expect(posts.retry.guard === 'key').toBe(posts.retry.sameAttemptMs > 0)
      const first = await posts.send(packed, [draft], attempt)
      at.bench.clock.advance(20_000)
      const second = await posts.send(packed, [draft], { ...attempt, repeat: 1 })
      at.bench.clock.advance(20_000)
      expect(only(at.bench.booked(), kind, 'D1', hungOf('D1'))).toHaveLength(1)
      if (posts.retry.guard === 'key') expect(second).toEqual(expect.objectContaining(first))
      else expect(second.get(draft.reference)?.is).not.toBe('refused')
    })

    it.runIf(has('salesEntry'))('finds what is there: absent, same, different, several', async () => {
      const { bench, chosen, known } = await ready()
      const { posts, draft, attempt, packed } = await freeze(bench, 'salesEntry', salesEntry(chosen, 'F1'), known)
      const find = async () => (await posts.find([draft], attempt.at)).get('F1')
      expect(await find()).toEqual({ is: 'absent' })
      await posts.send(packed, [draft], attempt)
      bench.clock.advance(60_000)
      const id = only(bench.booked(), 'salesEntry', 'F1')[0]?.id ?? ''
      expect(await find()).toMatchObject({ is: 'same', receipt: { id } })
      harness.byHand.changeEntry(bench, id)
      expect(await find()).toMatchObject({ is: 'different', receipt: { id } })
      harness.byHand.enterAgain(bench, id)
      const several = await find()
      expect(several).toMatchObject({ is: 'several' })
      expect(several?.is === 'several' && several.receipts).toHaveLength(2)
      suite.allow('duplicate-reference')
    })
  })

  describe('waits as long as it is told', () => {
    it('before it posts again', async () => {
      const { bench, chosen, known } = await ready()
      bench.fault('tooManyRequests', { post: 'salesEntry' })
      const driver = driverOf(bench)
      const ended = await driver.post('salesEntry', [salesEntry(chosen, 'W1')], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
      expect(driver.waits.length).toBeGreaterThan(0)
    })

    it('before it reads again', async () => {
      const bench = await open()
      bench.fault('tooManyRequests', { read: 'customers' })
      const toldAt = bench.clock.now()
      const problem = await problemOf(readAll(bench.books, 'customers'))
      expect(problem?.kind).toBe('temporary')
      const notBefore = new Date(problem?.notBefore ?? 0)
      expect(notBefore.getTime()).toBeGreaterThan(toldAt.getTime())
      bench.clock.advanceTo(notBefore)
      expect((await readAll(bench.books, 'customers')).length).toBeGreaterThan(0)
    })
  })

  describe('access', () => {
    it('renews access once when two callers need it, and stores the new token before using it', async () => {
      const bench = await open()
      const other = bench.another()
      const before = bench.tokens.stored
      bench.clock.advance(601_000)
      const from = bench.seen.length
      await Promise.all([bench.books.administrations(), other.administrations(), readAll(other, 'items')])
      const renewals = bench.seen.slice(from).filter(({ access }) => access === undefined)
      expect(renewals).toHaveLength(1)
      const used = bench.seen.slice(from).filter(({ access }) => access !== undefined)
      expect(used.length).toBeGreaterThan(2)
      for (const { access, storedAccess } of used)
        expect(access === storedAccess, 'used before it was stored').toBe(true)
      expect(bench.tokens.stored?.refresh).not.toBe(before?.refresh)
    })

    it('does not renew access before the package allows it', async () => {
      const bench = await open()
      bench.clock.advance(500_000)
      const from = bench.seen.length
      await readAll(bench.books, 'items')
      expect(bench.seen.slice(from).filter(({ access }) => access === undefined)).toEqual([])
    })

    it('renews as early as it says it may, and the package takes it', async () => {
      const bench = await open()
      const { signIn } = connector
      const stored = bench.tokens.stored
      if (signIn.kind !== 'oauth' || !stored) throw new Error('not signed in')
      bench.clock.advanceTo(new Date(stored.receivedAt.getTime() + signIn.timing.refreshNotBeforeMs))
      const fresh = await signIn.token(harness.app, { refresh: stored.refresh }, bench.wire)
      expect(fresh.access === stored.access || fresh.refresh === stored.refresh, 'the same tokens again').toBe(false)
      expect(fresh.expiresInSeconds * 1000).toBeGreaterThan(signIn.timing.refreshNotBeforeMs)
    })

    it('renews access and goes on when it died before its time', async () => {
      const { bench, chosen, known } = await ready()
      if (connector.signIn.kind !== 'oauth') return
      const from = bench.seen.length
      const signedInAt = bench.tokens.stored?.receivedAt.getTime() ?? 0
      bench.clock.advanceTo(new Date(signedInAt + connector.signIn.timing.refreshNotBeforeMs))
      bench.fault('expireAccess', { post: 'salesEntry' })
      const driver = driverOf(bench)
      const ended = await driver.post('salesEntry', [salesEntry(chosen, 'X1')], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
      expect(bench.seen.slice(from).filter(({ access }) => access === undefined)).toHaveLength(1)
      expect(driver.waits.filter(({ because }) => because !== 'ticket')).toEqual([])
    })

    it('asks to reconnect when access is withdrawn', async () => {
      const { bench, chosen, known } = await ready()
      bench.fault('withdrawAccess', { post: 'salesEntry' })
      const ended = (await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'X2')], known)).get('X2')
      expect(ended?.is === 'blocked' && ended.problems.map(({ kind }) => kind)).toEqual(['reconnect'])
      expect(only(bench.booked(), 'salesEntry', 'X2')).toEqual([])
    })

    it('goes on, or asks to reconnect, when the answer of a renewal was lost', async () => {
      const bench = await open()
      bench.clock.advance(601_000)
      bench.fault('dropTokenAnswer', 'token')
      // Where the package does not take the old token once more, trying it is counted there.
      suite.allow('old-refresh-token')
      const problem = await problemOf(bench.books.administrations())
      const renewals = bench.seen.filter(({ method, access }) => method === 'POST' && access === undefined)
      expect([undefined, 'reconnect']).toContain(problem?.kind)
      // The sign-in form, the code, the renewal, and once more.
      expect(renewals.length).toBeLessThanOrEqual(4)
    })

    it('does not sign in with a code twice', async () => {
      const bench = await open()
      const { signIn } = connector
      const code = [...bench.secrets].find((secret) => secret !== harness.app.clientSecret) ?? ''
      if (signIn.kind !== 'oauth') return
      const problem = await problemOf(signIn.token(harness.app, { code }, bench.wire))
      expect(problem?.kind).toBe('reconnect')
    })
  })

  describe.runIf(has('salesEntry')).each(['nl', 'en'] as const)('explains in %s', (language) => {
    const codes = new Set<string>()

    it.for(causes.filter(({ kind, can }) => has(kind) && (can?.(harness.byHand) ?? true)))(
      '$kind: $name',
      async ({ kind, happen, wished }, { skip }) => {
        const at = await ready({ language })
        const { bench, chosen, known } = at
        const wish = wished?.(at) ?? {}
        skip(Object.values(wish).includes(undefined), 'the package has no such row')
        happen?.(harness.byHand, bench, chosen)
        const driver = driverOf(bench)
        const ended =
          kind === 'salesEntry'
            ? await driver.post('salesEntry', [salesEntry(chosen, 'E1', wish)], known)
            : await driver.post('salesInvoice', [salesInvoice(chosen, 'E1', wish)], known)
        const end = ended.get('E1')
        // What the lists that were read tell already is said before anything is sent.
        if (end?.is !== 'refused') expect(wished && end?.is).toBe('blocked')
        const problem = end?.is === 'refused' ? end.problem : end?.is === 'blocked' ? end.problems[0] : undefined
        expect(problem?.code).not.toBe('message-unknown')
        if (end?.is === 'refused') expect(problem?.theirWords).toBeTruthy()
        const code = `${kind} ${problem?.code}`
        expect(codes, 'another cause has the same code').not.toContain(code)
        codes.add(code)
        expectWords(problem)
        expect(only(bench.booked(), kind, 'E1')).toEqual([])
      },
    )

    it('an unknown message, word for word', async () => {
      const { bench, chosen, known } = await ready({ language })
      const words = 'Onverwacht: de kat zat op “Straße” & kostte € 5'
      bench.fault('unknownMessage', { post: 'salesEntry' }, { value: words })
      const ended = (await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'E2')], known)).get('E2')
      const problem = ended?.is === 'refused' ? ended.problem : undefined
      expect(problem).toMatchObject({ kind: 'refused', code: 'message-unknown', theirWords: words, values: { words } })
      expect(only(bench.booked(), 'salesEntry', 'E2')).toEqual([])
    })
  })

  it('puts no secret in a log', async () => {
    const console_ = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    const said: string[] = []
    try {
      const { bench, chosen, known } = await ready()
      const frozenEntry = await freeze(bench, 'salesEntry', salesEntry(chosen, 'S0'), known)
      said.push(JSON.stringify(frozenEntry.packed), JSON.stringify(frozenEntry.draft))
      const note = async (work: Promise<unknown>) =>
        said.push(await work.then((value) => JSON.stringify(value), everythingIn))
      bench.clock.advance(601_000)
      await note(bench.books.administrations())
      const driver = driverOf(bench)
      bench.fault('loseAnswerAfter', { post: 'salesEntry' })
      await note(driver.post('salesEntry', [salesEntry(chosen, 'S1')], known).then((ended) => [...ended]))
      harness.byHand.closePeriod(bench, '2026-03-31')
      await note(driver.post('salesEntry', [salesEntry(chosen, 'S2')], known).then((ended) => [...ended]))
      const { signIn } = connector
      const code = [...bench.secrets][1] ?? ''
      if (signIn.kind === 'oauth') await note(signIn.token(harness.app, { code }, bench.wire))
      bench.fault('withdrawAccess', { read: 'customers' })
      await note(readAll(bench.books, 'customers'))
      bench.clock.advance(601_000)
      await note(bench.books.administrations())
      said.push(
        ...bench.log,
        ...console_.flatMap((spy) => spy.mock.calls.map((call) => call.map(everythingIn).join(' '))),
      )
      const secrets = [...bench.secrets, ...bench.tokens.written.flatMap(({ access, refresh }) => [access, refresh])]
      expect(bench.log.length).toBeGreaterThan(10)
      expect(secrets.length).toBeGreaterThan(5)
      const spelled = secrets.flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ])
      for (const line of said)
        expect(
          spelled.filter((secret) => line.includes(secret)),
          line.slice(0, 300),
        ).toEqual([])
    } finally {
      for (const spy of console_) spy.mockRestore()
    }
  })

  describeEntries(suite)
  describeInvoices(suite)
  describeFiles(suite)
  describePayments(suite)
  describeReconciliation(suite)
  describeRights(suite)
  describeHints(suite)

  describe('messages', () => {
    it('has a fixture for every row of messages.ts', async () => {
      const codes = messages.map(({ code }) => code)
      expect(codes, 'two rows of one code').toEqual([...new Set(codes)])
      expect([...new Set(harness.fixtures.map(({ code }) => code))].sort()).toEqual([...codes].sort())
      for (const fixture of harness.fixtures) {
        const problem = await fixture.problem()
        const rule = messages.find(({ code }) => code === fixture.code)
        expect(problem).toMatchObject({ code: fixture.code, kind: rule?.kind })
        expectWords(problem)
      }
    })
  })
}

/** Something a package does not accept: what a person did there, or what we ask that cannot be. */
interface Cause {
  readonly name: string
  readonly kind: 'salesEntry' | 'salesInvoice'
  readonly can?: (byHand: ByHand) => boolean
  readonly happen?: (byHand: ByHand, bench: Bench, chosen: Chosen) => void
  readonly wished?: (at: Ready) => Wished
}

const removeCustomer: Cause['happen'] = (byHand, bench, { customer }) => byHand.removeCustomer(bench, customer)
const makeProspect: Pick<Cause, 'can' | 'happen'> = {
  can: (byHand) => byHand.makeProspect !== undefined,
  happen: (byHand, bench, { customer }) => byHand.makeProspect?.(bench, customer),
}

const causes: readonly Cause[] = [
  { name: 'a closed period', kind: 'salesEntry', happen: (byHand, bench) => byHand.closePeriod(bench, '2026-03-31') },
  {
    name: 'an unknown ledger account',
    kind: 'salesEntry',
    happen: (byHand, bench, { ledgerAccount }) => byHand.removeLedgerAccount(bench, ledgerAccount),
  },
  { name: 'a deleted customer', kind: 'salesEntry', happen: removeCustomer },
  { name: 'a customer that is only a prospect', kind: 'salesEntry', ...makeProspect },
  {
    name: 'a refused VAT code',
    kind: 'salesEntry',
    happen: (byHand, bench, { vatHigh }) => byHand.refuseVatCode(bench, vatHigh),
  },
  {
    name: 'a VAT code for amounts with VAT',
    kind: 'salesEntry',
    wished: ({ lists }) => ({
      vatCode: lists.vatCodes?.find(({ kind }) => kind === 'including')?.id,
    }),
  },
  { name: 'a year that is not there', kind: 'salesEntry', wished: () => ({ date: calendarDate('2031-01-31') }) },
  {
    name: 'a journal of the wrong type',
    kind: 'salesEntry',
    wished: ({ lists }) => ({ journal: lists.journals?.find(({ kind }) => kind === 'general')?.id }),
  },
  { name: 'a deleted customer', kind: 'salesInvoice', happen: removeCustomer },
  { name: 'a customer that is only a prospect', kind: 'salesInvoice', ...makeProspect },
  {
    name: 'an item that was blocked after it was chosen',
    kind: 'salesInvoice',
    happen: (byHand, bench, { item }) => byHand.blockItem(bench, item),
  },
]

function problemThrownBy(work: () => unknown): Problem | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
}

/** All that a log would show of an error, its causes included. */
function everythingIn(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === 'string' ? value : JSON.stringify(value)
  const problem = isProblem(value) ? JSON.stringify(value.problem) : ''
  return [value.message, value.stack, problem, value.cause === undefined ? '' : everythingIn(value.cause)].join('\n')
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}
