import { createHash } from 'node:crypto'
import type { FakeForm } from '@uurwerk/connectors/conformance/fake/form.ts'
import { fakeHarness, fakePackage, nameOf, plainForm } from '@uurwerk/connectors/conformance/fake/index.ts'
import type { FaultName, Harness } from '@uurwerk/connectors/conformance/harness.ts'
import type { Connector } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { exactHarness } from '@uurwerk/connectors/exact-online/harness.ts'
import { exactOnline } from '@uurwerk/connectors/exact-online/index.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { discard, sendAgain } from './actions.ts'
import { attachFiles } from './decide.ts'
import type { HookPoint } from './engine.ts'
import { Died, type Fate, type Office, openOffice } from './testing/office.ts'
import { wrongs } from './testing/once.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let seed = 7_000
interface Package {
  readonly name: string
  readonly connector: Connector
  readonly harness: Harness
}
const fake = (form: FakeForm): Package => ({
  name: nameOf(form),
  connector: fakePackage(form).connector,
  harness: fakeHarness(form),
})
/** One by one, and many at once with a key and processed later; with and without an archive. */
const packages: readonly Package[] = [
  fake(plainForm),
  fake({ ...plainForm, batch: 50, ticket: true, guard: 'key', files: 'document' }),
  { name: exactOnline.manifest.id, connector: exactOnline, harness: exactHarness },
]
const posting = (kind: Kind) => packages.filter(({ connector }) => connector.manifest.posts.includes(kind))

const open = ({ connector, harness }: Pick<Package, 'connector' | 'harness'>, attaches = true): Promise<Office> => {
  seed += 1
  return openOffice({ store: database.store, connector, harness, seed, attaches })
}
const plain = fake(plainForm)
const archive = fake({ ...plainForm, files: 'document' })

const acting = (at: Office) => ({ ...at.worker().engine, by: null })
const firm = (at: Office) => ({ firmId: at.firmId })
const rows = async (at: Office) => (await at.postings()).map(({ kind, state }) => `${kind} ${state}`)

/** An invoice and its credit note, their PDFs behind them. */
async function twoWithFiles(at: Office): Promise<void> {
  const customerId = await at.addCustomer()
  const invoiceId = await at.addInvoice({ customerId, lines: [{ net: '37.50' }, { net: '19.95', reduced: true }] })
  await at.decide([invoiceId, await at.addInvoice({ customerId, credits: invoiceId })])
}

const diesAt =
  (point: HookPoint, time: number): Fate =>
  (here, times) => {
    if (here === point && times === time) throw new Died()
  }

/** After this many requests the entries of `twoWithFiles` are there, so that the next ones carry files. */
const deaths = (['after-freeze', 'before-send', 'after-send', 'before-remember', 'after-remember'] as const).flatMap(
  (point) => [4, 6].map((time) => ({ point, time })),
)
const faults: readonly { fault: FaultName; value?: number }[] = [
  { fault: 'loseAnswerAfter' },
  { fault: 'loseRequestBefore' },
  { fault: 'tooManyRequests' },
  { fault: 'serverError' },
  { fault: 'serverErrorAfter' },
  { fault: 'lateCommit', value: 20_000 },
  { fault: 'slow', value: 90_000 },
]

describe.each(posting('attachment'))('files to $name', (one) => {
  it.each(deaths)('are there once, each behind its entry, when the process dies $point, time $time', async (death) => {
    const at = await open(one)
    await twoWithFiles(at)
    await at.settle(diesAt(death.point, death.time))
    expect(await wrongs(at)).toEqual([])
  })

  const kinds = (['document', 'attachment'] as const).filter((kind) => one.connector.manifest.posts.includes(kind))
  it.each(kinds.flatMap((kind) => faults.map((fault) => ({ kind, ...fault }))))(
    'are there once after $fault of a $kind',
    async ({ kind, fault, value }) => {
      const at = await open(one)
      await twoWithFiles(at)
      at.bench.fault(fault, { post: kind }, value === undefined ? {} : { value })
      await at.settle()
      expect(await wrongs(at)).toEqual([])
    },
  )

  it('arrive byte for byte, also when the first answer was lost', async () => {
    const at = await open(one)
    await twoWithFiles(at)
    at.bench.fault('loseAnswerAfter', { post: 'attachment' })
    await at.settle()
    const files = at.booked().filter(({ kind }) => kind === 'attachment')
    expect(files.map(({ fileName }) => fileName).sort()).toEqual(['20260001.pdf', '20260002.pdf'])
    for (const { fileName, bytesBase64 } of files)
      expect(Buffer.from(bytesBase64 ?? '', 'base64').toString()).toBe(
        `%PDF-1.7 ${fileName?.replace('.pdf', '')} `.repeat(500),
      )
  })
})

describe.each(posting('printing'))('an invoice that $name makes and prints', (one) => {
  async function twoMade(at: Office): Promise<void> {
    const customerId = await at.addCustomer()
    for (const printed of [true, true, false]) {
      const invoiceId = await at.addInvoice({ customerId })
      await at.addPackageInvoice({ invoiceId, customerId, printed })
    }
  }
  const points = ['after-freeze', 'before-send', 'after-send', 'before-remember', 'after-remember'] as const
  it.each(points.flatMap((point) => [2, 5].map((time) => ({ point, time }))))(
    'is there once and printed once when the process dies $point, time $time',
    async ({ point, time }) => {
      const at = await open(one, false)
      await twoMade(at)
      await at.settle(diesAt(point, time))
      expect(await wrongs(at)).toEqual([])
      expect(at.booked().filter(({ kind, isPrinted }) => kind === 'salesInvoice' && isPrinted)).toHaveLength(2)
    },
  )

  it.each((['salesInvoice', 'printing'] as const).flatMap((kind) => faults.map((fault) => ({ kind, ...fault }))))(
    'is there once and printed once after $fault of a $kind',
    async ({ kind, fault, value }) => {
      const at = await open(one, false)
      await twoMade(at)
      at.bench.fault(fault, { post: kind }, value === undefined ? {} : { value })
      await at.settle()
      expect(await wrongs(at)).toEqual([])
    },
  )

  it('is not printed without it: who gives the invoice up gives its printing up', async () => {
    const at = await open(one, false)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    const id = await at.addPackageInvoice({ invoiceId, customerId, printed: true })
    await at.within((trx) => discard({ trx, ...firm(at) }, acting(at), id))
    await at.settle()
    expect(await rows(at)).toEqual(['salesInvoice discarded', 'printing discarded'])
    expect(at.told.map((line) => line.split(' ').at(-1))).toEqual(['discarded', 'discarded'])
  })
})

describe.each(packages)('what was given up in doubt and is wanted after all, with $name', (one) => {
  const has = (kind: Kind) => one.connector.manifest.posts.includes(kind)
  const kinds = (['salesEntry', 'document', 'attachment'] as const).filter(has)

  /** An entry with its PDF, of which one posting got no answer and was given up by a person at once. */
  async function givenUp(kind: (typeof kinds)[number], fault: FaultName, value?: number) {
    const at = await open(one)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    await at.decide([invoiceId])
    at.bench.fault(fault, { post: kind }, value === undefined ? {} : { value })
    const ofKind = async () => (await at.postings()).find((posting) => posting.kind === kind)
    for (let turn = 0; turn < 6 && (await ofKind())?.state !== 'checking'; turn += 1) {
      const result = await at.worker().run()
      if (result !== 'died' && result.is === 'rested' && result.nextAt && (await ofKind())?.state !== 'checking')
        at.bench.clock.advanceTo(result.nextAt)
    }
    const doubted = await ofKind()
    expect(doubted).toMatchObject({ state: 'checking' })
    await at.within(async (trx) => {
      await trx
        .updateTable('posting')
        .set({ state: 'needs-person', dueAt: null })
        .where('firmId', '=', at.firmId)
        .where('id', '=', doubted?.id ?? '')
        .execute()
      await discard({ trx, ...firm(at) }, acting(at), doubted?.id ?? '')
    })
    const again = async () => {
      if (kind === 'salesEntry') return void (await at.decide([invoiceId]))
      const entry = (await at.postings()).find((posting) => posting.kind === 'salesEntry')
      await at.addAttachment(entry?.id ?? '')
    }
    return { at, again, standing: () => at.booked().filter((document) => document.kind === kind) }
  }

  it.each(kinds)('%s: one that is there is adopted, and not sent again', async (kind) => {
    const { at, again, standing } = await givenUp(kind, 'loseAnswerAfter')
    await again()
    await at.settle()
    expect(standing()).toHaveLength(1)
    expect(await wrongs(at)).toEqual([])
    const live = (await at.postings()).find((posting) => posting.kind === kind && posting.state === 'posted')
    expect(live).toMatchObject({ adopted: true, tries: 0, theirId: standing()[0]?.id })
  })

  it.each(kinds)('%s: one that is not there is sent', async (kind) => {
    const { at, again, standing } = await givenUp(kind, 'serverError')
    expect(standing()).toEqual([])
    await again()
    await at.settle()
    expect(standing()).toHaveLength(1)
    expect(await wrongs(at)).toEqual([])
  })

  it.each(kinds)('%s: one that arrives late is waited for', async (kind) => {
    const { at, again, standing } = await givenUp(kind, 'lateCommit', 20_000)
    await again()
    await at.settle()
    at.bench.clock.advanceTo(new Date(at.bench.clock.now().getTime() + 600_000))
    expect(standing()).toHaveLength(1)
    expect(await wrongs(at)).toEqual([])
  })

  const crashes = [
    { point: 'after-find', fault: 'loseAnswerAfter' },
    { point: 'before-remember', fault: 'loseAnswerAfter' },
    { point: 'after-freeze', fault: 'serverError' },
    { point: 'after-send', fault: 'serverError' },
  ] as const
  it.each(kinds.flatMap((kind) => crashes.map((crash) => ({ kind, ...crash }))))(
    '$kind: it stands there once after $fault when the process dies $point',
    async ({ kind, point, fault }) => {
      const { at, again, standing } = await givenUp(kind, fault)
      await again()
      await at.settle(diesAt(point, 1))
      expect(standing()).toHaveLength(1)
      expect(await wrongs(at)).toEqual([])
    },
  )
})

describe('the PDF of an invoice', () => {
  it('goes behind its entry, on a document where the archive keeps those', async () => {
    const at = await open(archive)
    await twoWithFiles(at)
    const postings = await at.postings()
    const places = new Map(postings.map(({ id }, place) => [id, place]))
    expect(postings.map(({ kind, label, afterId }) => [kind, label, places.get(afterId ?? '') ?? null])).toEqual([
      ['customer', postings[0]?.label, null],
      ['salesEntry', '20260001', 0],
      ['document', '20260001', 1],
      ['attachment', '20260001', 2],
      ['salesEntry', '20260002', 1],
      ['document', '20260002', 4],
      ['attachment', '20260002', 5],
    ])
  })

  it('stays here where the connection says so, or the package takes none', async () => {
    const off = await open(archive, false)
    await twoWithFiles(off)
    expect((await off.postings()).map(({ kind }) => kind)).toEqual(['customer', 'salesEntry', 'salesEntry'])
  })

  it('that is refused leaves its entry posted, and can be sent again by itself', async () => {
    const at = await open(archive)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('unknownMessage', { post: 'attachment' })
    await at.settle()
    expect(await rows(at)).toEqual(['salesEntry posted', 'document posted', 'attachment refused'])
    const refused = (await at.postings())[2]?.id ?? ''
    await at.within((trx) => sendAgain({ trx, ...firm(at) }, acting(at), { ids: [refused] }))
    await at.settle()
    expect(await wrongs(at)).toEqual([])
    expect(at.bench.world.state.calls['POST sales-entries']).toBe(1)
  })

  it('waits for its document, and is given up with it while the entry stays posted', async () => {
    const at = await open(archive)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    await at.decide([invoiceId])
    at.bench.fault('unknownMessage', { post: 'document' })
    await at.settle()
    expect(await rows(at)).toEqual(['salesEntry posted', 'document refused', 'attachment waiting'])
    const [entry, document] = await at.postings()
    await at.within((trx) => discard({ trx, ...firm(at) }, acting(at), document?.id ?? ''))
    expect(await rows(at)).toEqual(['salesEntry posted', 'document discarded', 'attachment discarded'])
    await at.addAttachment(entry?.id ?? '')
    await at.settle()
    expect((await rows(at)).slice(3)).toEqual(['document posted', 'attachment posted'])
    expect(await wrongs(at)).toEqual([])
  })

  it('is put beside entries that were posted without, once however often it is asked for', async () => {
    const at = await open(plain, false)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId }), await at.addInvoice({ customerId })])
    await at.settle()
    const entryIds = postings.map(({ postingId }) => postingId)
    const { connectionId, firmId } = at
    const ask = () =>
      at.within((trx) => attachFiles(trx, { ...at.worker().engine, by: null, firmId, connectionId, entryIds }))
    expect((await ask()).postings.map(({ existing }) => existing)).toEqual([false, false])
    expect((await ask()).postings.map(({ existing }) => existing)).toEqual([true, true])
    await at.settle()
    expect((await ask()).postings.map(({ existing }) => existing)).toEqual([true, true])
    expect(await wrongs(at)).toEqual([])
  })

  it('that cannot be made stops its own posting, and nothing else', async () => {
    const at = await open(plain)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId }), await at.addInvoice({ customerId })])
    const broken = at.worker()
    Object.assign(broken.engine, {
      fileOf: async (_firmId: string, { label }: { label: string }) =>
        label === '20260001'
          ? { problems: [{ kind: 'defect', code: 'document-not-made', values: { number: label } }] }
          : { document: { bytes: Buffer.from('%PDF'), mediaType: 'application/pdf' } },
    })
    await broken.run()
    expect((await rows(at)).sort()).toEqual([
      'attachment needs-person',
      'attachment posted',
      'salesEntry posted',
      'salesEntry posted',
    ])
  })
})

describe('the bytes of a file', () => {
  const kept = async (at: Office) =>
    at.within(async (trx) => ({
      attempts: await trx
        .selectFrom('attempt')
        .select(['body', 'bodyHash'])
        .where('firmId', '=', at.firmId)
        .where('kind', '=', 'attachment')
        .execute(),
      bytes: await trx.selectFrom('attemptBytes').select(['text']).where('firmId', '=', at.firmId).execute(),
      drafts: await trx
        .selectFrom('attemptPosting')
        .innerJoin('attempt', (join) =>
          join
            .onRef('attempt.firmId', '=', 'attemptPosting.firmId')
            .onRef('attempt.id', '=', 'attemptPosting.attemptId'),
        )
        .select('draft')
        .where('attempt.firmId', '=', at.firmId)
        .where('attempt.kind', '=', 'attachment')
        .execute(),
    }))

  it('stand once beside the attempt while it is under way, and are gone when it is settled; hash and size stay', async () => {
    const at = await open(plain)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('loseAnswerAfter', { post: 'attachment' })
    await at.worker().run()
    const under = await kept(at)
    expect(under.bytes).toHaveLength(1)
    const [attempt] = under.attempts
    const mark = /‹(\d+) bytes sha256 [0-9a-f]{64}›/
    const size = mark.exec(attempt?.body ?? '')?.[1]
    expect(size).toBe(String(under.bytes[0]?.text.length))
    expect(under.drafts[0]?.draft).toMatch(mark)
    const whole = (attempt?.body ?? '').replace(mark, under.bytes[0]?.text ?? '')
    expect(createHash('sha256').update(whole).digest('hex')).toBe(attempt?.bodyHash)
    await at.settle()
    const after = await kept(at)
    expect(after.bytes).toEqual([])
    expect(after.attempts).toEqual(under.attempts)
    expect(await wrongs(at)).toEqual([])
  })

  it('are gone too when a refused file is given up', async () => {
    const at = await open(plain)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('unknownMessage', { post: 'attachment' })
    await at.settle()
    expect((await kept(at)).bytes).toHaveLength(1)
    const refused = (await at.postings()).find(({ state }) => state === 'refused')
    await at.within((trx) => discard({ trx, ...firm(at) }, acting(at), refused?.id ?? ''))
    expect((await kept(at)).bytes).toEqual([])
  })
})
