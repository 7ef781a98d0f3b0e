import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App, Books, Connector } from '../contract/contract.ts'
import type { Kind } from '../contract/documents.ts'
import type { World } from '../contract/simulator.ts'
import type { FaultName, Harness } from './harness.ts'
import { httpTransport } from './http-transport.ts'
import { type InProcess, testWire } from './in-process-wire.ts'
import { referenceDriver } from './reference-driver.ts'
import {
  archived,
  attachment,
  chooseFrom,
  difficultText,
  knownFrom,
  ourCustomer,
  readAll,
  readLists,
  salesEntry,
  salesInvoice,
} from './sample-documents.ts'
import { type Served, serve } from './serve.ts'
import { browser, signInAndStore } from './sign-in.ts'
import { receiptOf } from './suite.ts'
import { MemoryTokenStore } from './token-store.ts'
import { VirtualClock } from './virtual-clock.ts'

/** The same simulator over a real socket: what only the wire can spoil (addresses, headers, encodings, broken connections). */
export function describeOverHttp<S>(connector: Connector<S>, harness: Harness): void {
  const { manifest, signIn } = connector
  const host = manifest.hosts[harness.country] ?? ''
  const clock = new VirtualClock('2026-03-31T10:00:00.000Z')
  let served: Served
  let world: World
  let at: InProcess
  let app: App
  let books: Books
  const tokens = new MemoryTokenStore()

  beforeEach(async () => {
    const random = seededRandom(1)
    world = harness.simulator.create({ seed: 1, now: clock.now(), language: 'nl', country: harness.country })
    at = { simulator: harness.simulator, world, clock, random }
    const other = harness.simulator.create({ seed: 2, now: clock.now(), language: 'nl', country: harness.country })
    const worlds = { 'firm-1': world, 'firm-2': other }
    served = await serve({ simulator: harness.simulator, worlds, clock, random })
    app = { ...harness.app, baseUrl: served.baseUrl('firm-1', host) }
    const connected = connect(app)
    books = connected.books
    const consent = (page: URL) => harness.consent(browser(httpTransport), page)
    await signInAndStore({ oauth: connected.oauth, app, wire: connected.wire, tokens, consent })
  })

  function connect(to: App) {
    if (signIn.kind !== 'oauth') throw new Error('signs in by OAuth only')
    const { administration, country } = harness
    const wire = testWire({ manifest, app: to, oauth: signIn, tokens, clock, administration, transport: httpTransport })
    const settings = connector.settings(harness.settings)
    const at = { id: 'connection-1', country, administration, settings, language: 'nl' as const }
    return { wire, oauth: signIn, books: connector.open(at, wire) }
  }

  afterEach(async () => {
    await served.close()
    expect(world.state.breaches).toEqual({})
  })

  async function ready() {
    const lists = await readLists(books)
    const chosen = chooseFrom(lists)
    const known = knownFrom(lists, { [`customer/${ourCustomer}`]: chosen.customer })
    return { chosen, known, driver: referenceDriver({ books, clock, wireTimeoutMs: manifest.wireTimeoutMs }) }
  }

  const booked = (kind: Kind) => harness.books(at).filter((document) => document.kind === kind)

  async function post(reference: string, mishap?: FaultName) {
    const { chosen, known, driver } = await ready()
    const fault = mishap && harness.fault(mishap, { post: 'salesEntry' }, { times: 1 })
    if (fault) world.state.faults.push(fault)
    const ended = (await driver.post('salesEntry', [salesEntry(chosen, reference)], known)).get(reference)
    return { ended, booked: booked('salesEntry').filter((document) => document.reference === reference) }
  }

  // Lists that are longer than a page take their time on a busy machine.
  describe('over HTTP', { timeout: 30_000 }, () => {
    it('signs in over the pages of the package', async () => {
      const administrations = await books.administrations()
      expect(administrations.map(({ id }) => id)).toContain(harness.administration)
    })

    it('does not come in with tokens of another world', async () => {
      const elsewhere = connect({ ...app, baseUrl: served.baseUrl('firm-2', host) })
      await expect(elsewhere.books.administrations()).rejects.toMatchObject({ problem: { kind: 'reconnect' } })
    })

    it('reads over more than one page, by the addresses that the package gives', async () => {
      const names = Array.from({ length: harness.manyRows }, (_, index) => `Klant ${index}`)
      harness.byHand.addCustomers(at, names)
      const read = new Set((await readAll(books, 'customers')).map(({ name }) => name))
      expect(names.filter((name) => !read.has(name))).toEqual([])
    })

    it('posts', async () => {
      const { ended, booked } = await post('HTTP1')
      expect(ended).toMatchObject({ is: 'posted', found: false, receipt: { id: booked[0]?.id } })
      expect(booked).toHaveLength(1)
    })

    it('posts once when the connection broke before the answer', async () => {
      const { ended, booked } = await post('HTTP2', 'loseAnswerAfter')
      expect(ended).toMatchObject({ is: 'posted', receipt: { id: booked[0]?.id } })
      expect(booked).toHaveLength(1)
      expect(world.state.faults).toEqual([])
    })

    it.runIf(manifest.posts.includes('salesInvoice'))('has the package make an invoice', async () => {
      const { chosen, known, driver } = await ready()
      const document = salesInvoice(chosen, 'HTTP3', { description: difficultText })
      const { id } = receiptOf(await driver.post('salesInvoice', [document], known), 'HTTP3')
      expect(booked('salesInvoice')).toMatchObject([{ id, reference: 'HTTP3', customer: chosen.customer }])
    })

    it.runIf(manifest.posts.includes('attachment'))('carries a file byte for byte, and its name', async () => {
      const { chosen, known, driver } = await ready()
      const entry = receiptOf(await driver.post('salesEntry', [salesEntry(chosen, 'HTTP4')], known), 'HTTP4')
      const parent = manifest.posts.includes('document')
        ? receiptOf(await driver.post('document', [archived(chosen, 'HTTP5')], { ...known, parent: entry }), 'HTTP5')
        : entry
      const file = attachment('HTTP6')
      await driver.post('attachment', [file], { ...known, parent })
      const { fileName, bytesBase64 } = file
      expect(booked('attachment')).toMatchObject([{ parent: parent.id, fileName, bytesBase64 }])
    })

    it('calls an address that nobody serves a wait, not a doubt', async () => {
      await served.close()
      await expect(books.administrations()).rejects.toMatchObject({ problem: { kind: 'temporary' } })
    })
  })
}
