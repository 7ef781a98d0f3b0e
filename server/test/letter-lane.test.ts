import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LetterAnswer } from '../src/letters/letter-rows.ts'
import { type MailPoint, mailPoints } from '../src/letters/mail-pass.ts'
import { mailLaneOf, writeLetter } from '../src/letters/write-letter.ts'
import type { TestFirm } from '../src/testing/firm.ts'
import { type MailFault, type Reply, readMessage } from '../src/testing/mail-server.ts'
import { type MailedApp, mailedApp } from '../src/testing/mailed.ts'

/** Exactly one letter per sending, over real SMTP: whatever the mail server does, and wherever a process dies. */
let app: MailedApp
beforeAll(async () => {
  app = await mailedApp()
})
afterAll(() => app?.close())

let firm: TestFirm
let invoiceId: string
beforeEach(async () => {
  app.server.received.length = 0
  firm = await app.mailingFirm()
  invoiceId = (await app.sentInvoice(firm)).id
})

const resend = (to?: readonly string[]) => app.resend(firm, invoiceId, to)
const read = (id: string) => app.readLetter(firm, id)
const messageIds = () => app.server.received.map(({ raw }) => readMessage(raw).headers.get('message-id'))
const act = (letter: Pick<LetterAnswer, 'id' | 'version'>, what: string, body?: object) =>
  app.ask<LetterAnswer & { code: string }>(firm, `/letters/${letter.id}/${what}`, {
    method: 'POST',
    version: letter.version,
    ...(body ? { body } : {}),
  })

class Died extends Error {}
const diesAt =
  (point: MailPoint, time = 1) =>
  (here: MailPoint) => {
    if (here === point) time -= 1
    if (here === point && time === 0) throw new Died()
  }
/** A pass that ends as a process does that is killed at this point. */
const dieAt = async (point: MailPoint, time = 1) => {
  await app.send(firm, { fault: diesAt(point, time) }).catch((error: Error) => expect(error.cause).toBeInstanceOf(Died))
  await app.forgetLeases()
}

describe('a letter that the mail server takes', () => {
  it('is sent once, and is then at rest', async () => {
    const { id, state } = await resend()
    expect(state).toBe('waiting')
    expect(app.woken.at(-1)).toBe(mailLaneOf(firm.id))
    expect(await app.send(firm)).toEqual({ is: 'rested', nextAt: null })
    expect(await app.send(firm)).toEqual({ is: 'rested', nextAt: null })
    expect(await read(id)).toMatchObject({ state: 'sent', tries: 1, problem: null, refused: [] })
    expect(app.server.received).toHaveLength(1)
  })

  it('goes with twenty others one by one, in the order in which they were written', async () => {
    const written = []
    for (let count = 1; count <= 20; count += 1) {
      app.clock.forward(1000)
      written.push(await resend([`klant${count}@voorbeeld.example`]))
    }
    await app.sendAll(firm)
    expect(app.server.received.map(({ to }) => to[0])).toEqual(written.map(({ to }) => to[0]?.address))
  })

  it('is sent once when two workers come at the same time', async () => {
    for (let count = 1; count <= 6; count += 1) await resend()
    const results = await Promise.all([app.send(firm), app.send(firm), app.send(firm)])
    expect(results.filter(({ is }) => is === 'rested')).toHaveLength(1)
    expect(results.filter(({ is }) => is === 'busy')).toHaveLength(2)
    expect(new Set(messageIds()).size).toBe(6)
    expect(app.server.received).toHaveLength(6)
  })

  it('is told with the addresses that were refused', async () => {
    app.server.refuse('weg@voorbeeld.example', [550, '5.1.1 no such user here'])
    const { id } = await resend(['anna@voorbeeld.example', 'weg@voorbeeld.example', 'kees@voorbeeld.example'])
    await app.send(firm)
    expect(await read(id)).toMatchObject({
      state: 'sent',
      refused: [{ address: 'weg@voorbeeld.example', words: '550 5.1.1 no such user here' }],
    })
    expect(app.server.received.map(({ to }) => to)).toEqual([['anna@voorbeeld.example', 'kees@voorbeeld.example']])
    app.server.refuse('weg@voorbeeld.example', null)
  })
})

describe('a letter that the mail server does not take now', () => {
  const passing: readonly [string, MailFault, { code: string; words: RegExp }][] = [
    ['the line is cut at the greeting', 'cut-at-greeting', { code: 'mail-server-away', words: /closed|ECONNRESET/ }],
    ['the line is cut at an address', 'cut-at-recipient', { code: 'mail-server-away', words: /closed|ECONNRESET/ }],
    [
      'the sender may come back later',
      { sender: [451, 'try again'] },
      { code: 'letter-later', words: /^451 try again$/ },
    ],
    [
      'an address is greylisted',
      { everyRecipient: [450, '4.2.0 greylisted'] },
      { code: 'letter-later', words: /^450 4.2.0 greylisted$/ },
    ],
    ['the letter may come back later', { letter: [451, 'busy'] }, { code: 'letter-later', words: /^451 busy$/ }],
    [
      'it is going away',
      { letter: [421, 'shutting down'] },
      { code: 'mail-server-away', words: /^421 shutting down$/ },
    ],
  ]
  it.each(passing)('waits when %s, in its words, and is then sent once', async (_, fault, { code, words }) => {
    const { id } = await resend()
    app.server.next(fault)
    const started = app.clock.now()
    const result = await app.send(firm)
    const nextAt = new Date(started.getTime() + 60_000)
    expect(result).toEqual({ is: 'rested', nextAt })
    const waiting = await read(id)
    expect(waiting).toMatchObject({ state: 'waiting', tries: 1, dueAt: nextAt.toISOString(), problem: { code } })
    expect(waiting.problem?.theirWords).toMatch(words)
    expect(app.server.received).toHaveLength(0)
    expect(await app.send(firm)).toEqual({ is: 'rested', nextAt })
    await app.sendAll(firm)
    expect(await read(id)).toMatchObject({ state: 'sent', tries: 2, problem: null })
    expect(app.server.received).toHaveLength(1)
  })

  it('waits longer with each try, and as long as it was told', async () => {
    const { id } = await resend()
    app.server.next(...Array.from({ length: 7 }, (): MailFault => ({ letter: [451, 'later'] })))
    const waits = []
    for (let tries = 1; tries <= 7; tries += 1) {
      const before = app.clock.now()
      await app.send(firm)
      const { dueAt } = await read(id)
      waits.push((new Date(dueAt).getTime() - before.getTime()) / 60_000)
      app.clock.set(dueAt)
    }
    expect(waits).toEqual([1, 2, 5, 10, 20, 30, 60])
    app.server.next({ everyRecipient: [450, '4.7.1 Greylisted, please try again in 7200 seconds'] })
    const before = app.clock.now()
    await app.send(firm)
    expect(new Date((await read(id)).dueAt).getTime() - before.getTime()).toBe(7_200_000)
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(1)
  })

  it('is given up after days of waiting, and can be sent again', async () => {
    const { id } = await resend()
    app.server.next(...Array.from({ length: 100 }, (): MailFault => ({ letter: [451, 'still busy'] })))
    const started = app.clock.now()
    await app.sendAll(firm)
    const failed = await read(id)
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'letter-gave-up', theirWords: '451 still busy' } })
    expect(app.clock.now().getTime() - started.getTime()).toBeGreaterThan(3 * 86_400_000)
    expect((await act(failed, 'again')).body).toMatchObject({ state: 'waiting', tries: 0, problem: null })
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(1)
  })

  it('waits with all others while the mail server is down; when it is back each goes once, in order', async () => {
    await app.server.stop()
    const written = [await resend(['een@voorbeeld.example']), await resend(['twee@voorbeeld.example'])]
    await app.send(firm)
    for (const { id } of written)
      expect(await read(id)).toMatchObject({
        state: 'waiting',
        problem: { code: 'mail-server-away', theirWords: expect.stringContaining('ECONNREFUSED') },
      })
    await app.send(firm)
    const later = await resend(['drie@voorbeeld.example'])
    await app.server.start()
    // The newest comes first, and finds that the others may go too.
    await app.send(firm)
    for (const { id } of [...written, later]) expect(await read(id)).toMatchObject({ state: 'sent' })
    expect(app.server.received.map(({ to }) => to[0])).toEqual([
      'drie@voorbeeld.example',
      'een@voorbeeld.example',
      'twee@voorbeeld.example',
    ])
  })

  it('waits when the line is cut in the middle of a long letter: what has no end is no letter', async () => {
    const bytes = Buffer.alloc(12 * 1024 * 1024, 7)
    const id = await firm.within((trx) =>
      writeLetter(
        { trx, firmId: firm.id, services: app.services, now: app.clock.now(), by: null },
        {
          kind: 'statement',
          customerId: firm.customerId,
          invoiceId: null,
          language: 'nl',
          to: [{ address: 'info@bakkerijzon.example' }],
          bcc: [],
          subject: 'Overzicht',
          body: 'Zie de bijlage.',
          attachments: [{ kind: 'statement', fileName: 'overzicht.pdf', mediaType: 'application/pdf', bytes }],
        },
      ),
    )
    app.server.next('cut-in-letter')
    await app.send(firm)
    expect(await read(id)).toMatchObject({ state: 'waiting', problem: { code: 'mail-server-away' } })
    await app.sendAll(firm)
    expect(await read(id)).toMatchObject({ state: 'sent' })
    expect(app.server.received).toHaveLength(1)
  })
})

describe('a letter that the mail server refuses', () => {
  const final: readonly [string, MailFault, string, Reply][] = [
    ['the sender', { sender: [550, 'not from here'] }, 'letter-refused', [550, 'not from here']],
    ['every address', { everyRecipient: [550, '5.1.1 unknown'] }, 'letter-addresses-refused', [550, '5.1.1 unknown']],
    ['the letter', { letter: [554, '5.7.1 looks like spam'] }, 'letter-refused', [554, '5.7.1 looks like spam']],
  ]
  it.each(final)('fails with its words: %s', async (_, fault, code, [status, words]) => {
    const { id } = await resend()
    app.server.next(fault)
    expect(await app.send(firm)).toEqual({ is: 'rested', nextAt: null })
    expect(await read(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'refused', code, theirWords: `${status} ${words}`, theirStatus: status },
    })
    expect(app.server.received).toHaveLength(0)
  })

  it('is sent to the right address when somebody mends it', async () => {
    app.server.refuse('fout@voorbeeld.example', [550, 'unknown'])
    const { id } = await resend(['fout@voorbeeld.example'])
    await app.send(firm)
    const failed = await read(id)
    expect(failed.refused).toEqual([{ address: 'fout@voorbeeld.example', words: '550 unknown' }])
    const again = await act(failed, 'again', {
      to: [{ address: 'goed@voorbeeld.example', name: 'Anna' }],
      subject: 'Factuur {number} voor {contact}',
    })
    expect(again.body).toMatchObject({
      state: 'waiting',
      refused: [],
      to: [{ address: 'goed@voorbeeld.example' }],
      subject: 'Factuur 2026-0001 voor Anna',
      body: failed.body,
    })
    await app.send(firm)
    expect(await read(id)).toMatchObject({ state: 'sent' })
    expect(app.server.received.map(({ to }) => to)).toEqual([['goed@voorbeeld.example']])
  })

  it('fails when it cannot be put together by a mistake of ours, and holds nobody else up', async () => {
    const [broken, next] = [await resend(), await resend()]
    await firm.within((trx) =>
      trx.updateTable('letter').set({ recipients: '"nobody"' }).where('id', '=', broken.id).execute(),
    )
    expect(await app.send(firm)).toEqual({ is: 'rested', nextAt: null })
    const { rows } = await firm.within((trx) =>
      sql<{ state: string; code: string }>`
        select state, problem ->> 'code' as code from letter where firm_id = ${firm.id} order by created_at, id`.execute(
        trx,
      ),
    )
    expect(rows).toEqual([
      { state: 'failed', code: 'letter-not-made' },
      { state: 'sent', code: null },
    ])
    expect((await read(next.id)).state).toBe('sent')
  })

  it('holds nobody else up', async () => {
    app.server.refuse('fout@voorbeeld.example', [550, 'unknown'])
    await resend(['fout@voorbeeld.example'])
    const next = await resend()
    await app.send(firm)
    expect(await read(next.id)).toMatchObject({ state: 'sent' })
  })
})

describe('a letter of which nobody knows whether it arrived', () => {
  it.each(['cut-after-letter', 'taken-then-cut'] as const)(
    'is uncertain when the line is lost after the last byte (%s), and is never sent again by itself',
    async (fault) => {
      const { id } = await resend()
      app.server.next(fault)
      await app.sendAll(firm)
      const { length } = app.server.received
      const uncertain = await read(id)
      expect(uncertain).toMatchObject({ state: 'uncertain', problem: { code: 'letter-uncertain' } })
      app.clock.forward(90 * 86_400_000)
      await app.sendAll(firm)
      expect(app.server.received).toHaveLength(length)

      const arrived = await act(uncertain, 'arrived')
      expect(arrived.body).toMatchObject({ state: 'sent', problem: null })
      expect(arrived.body.sentAt).not.toBeNull()
      expect(await act(arrived.body, 'again')).toMatchObject({ status: 409, body: { code: 'letter-state' } })
      await app.sendAll(firm)
      expect(app.server.received).toHaveLength(length)
    },
  )

  it('goes once more when somebody says so, under the same message id, so that readers can see that it is the same', async () => {
    const { id } = await resend()
    app.server.next('taken-then-cut')
    await app.send(firm)
    await act(await read(id), 'again')
    await app.send(firm)
    expect(await read(id)).toMatchObject({ state: 'sent' })
    expect(app.server.received).toHaveLength(2)
    expect(new Set(messageIds()).size).toBe(1)
  })

  it('is decided by the first of two people', async () => {
    const { id } = await resend()
    app.server.next('taken-then-cut')
    await app.send(firm)
    const seen = await read(id)
    const both = await Promise.all([act(seen, 'arrived'), act(seen, 'again')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'stale' })
  })
})

describe('a process that dies', () => {
  const afterStored: readonly MailPoint[] = ['sending-stored', 'handed-over']
  it.each(mailPoints)('at "%s" doubles nothing and loses nothing', async (point) => {
    const [first, second] = [await resend(), await resend()]
    await dieAt(point)
    await app.sendAll(firm)
    const [one, other] = [await read(first.id), await read(second.id)]
    expect(other.state).toBe('sent')
    if (afterStored.includes(point)) {
      expect(one).toMatchObject({ state: 'uncertain', problem: { code: 'letter-broke-off' } })
      expect(app.server.received).toHaveLength(point === 'handed-over' ? 2 : 1)
    } else {
      expect(one.state).toBe('sent')
      expect(app.server.received).toHaveLength(2)
    }
    expect(new Set(messageIds()).size).toBe(app.server.received.length)
  })

  it('has sent what the next finds, with the attachments that were made then', async () => {
    const { id } = await resend()
    await dieAt('attachments-kept')
    const { attachments } = await read(id)
    expect(attachments).toHaveLength(1)
    await app.sendAll(firm)
    expect((await read(id)).attachments).toEqual(attachments)
  })

  it('while it speaks, and lives on, writes nothing over what the next one said', async () => {
    const { id } = await resend()
    let taken = false
    const result = await app.send(firm, {
      async fault(point) {
        if (point !== 'handed-over' || taken) return
        taken = true
        await app.forgetLeases()
        await app.send(firm)
      },
    })
    expect(result).toEqual({ is: 'lost' })
    expect(await read(id)).toMatchObject({ state: 'uncertain', problem: { code: 'letter-broke-off' } })
    expect(app.server.received).toHaveLength(1)
  })

  it('does not keep others from the lane longer than its lease', async () => {
    const { id } = await resend()
    await app.send(firm, { leaseMs: 300, fault: diesAt('composed') }).catch(() => undefined)
    expect(await app.send(firm)).toEqual({ is: 'busy' })
    await new Promise((resolve) => setTimeout(resolve, 350))
    await app.send(firm)
    expect(await read(id)).toMatchObject({ state: 'sent' })
  })
})

describe('a letter that somebody takes back', () => {
  it('is not sent, also when its attachments are being made just then', async () => {
    const { id } = await resend()
    await app.send(firm, {
      async fault(point) {
        if (point === 'attachments-made') expect((await act(await read(id), 'withdrawal')).status).toBe(200)
      },
    })
    expect(await read(id)).toMatchObject({ state: 'withdrawn', problem: { code: 'letter-withdrawn-by' } })
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(0)
  })

  it('cannot be taken back once it goes', async () => {
    const { id } = await resend()
    const answers: number[] = []
    await app.send(firm, {
      async fault(point) {
        if (point === 'sending-stored') answers.push((await act(await read(id), 'withdrawal')).status)
      },
    })
    expect(answers).toEqual([409])
    expect(await read(id)).toMatchObject({ state: 'sent' })
  })
})

describe('whatever happens', () => {
  type Step =
    | { readonly do: 'write' }
    | { readonly do: 'pass'; readonly fault: MailFault | null }
    | { readonly do: 'die'; readonly point: MailPoint; readonly time: number }
    | { readonly do: 'wait'; readonly minutes: number }
    | { readonly do: 'again' | 'withdrawal' }
  const fault = fc.constantFrom<(MailFault | null)[]>(
    null,
    'cut-at-greeting',
    'cut-at-recipient',
    'cut-after-letter',
    'taken-then-cut',
    { everyRecipient: [450, 'later'] },
    { everyRecipient: [550, 'never'] },
    { letter: [451, 'later'] },
    { letter: [554, 'never'] },
  )
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.constant<Step>({ do: 'write' }),
    fault.map((one): Step => ({ do: 'pass', fault: one })),
    fc.record({
      do: fc.constant('die' as const),
      point: fc.constantFrom(...mailPoints),
      time: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    fc.constant<Step>({ do: 'again' }),
    fc.constant<Step>({ do: 'withdrawal' }),
  )

  it('each letter arrives once, or it is said that nobody knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        app.server.received.length = 0
        firm = await app.mailingFirm()
        invoiceId = (await app.sentInvoice(firm)).id
        const letters: string[] = []
        /** How often somebody let a letter go again that may have arrived. */
        const allowed = new Map<string, number>()
        for (const one of steps) {
          const last = letters.at(-1)
          if (one.do === 'write') letters.push((await resend()).id)
          else if (one.do === 'pass') {
            app.server.next(one.fault)
            await app.send(firm)
          } else if (one.do === 'die') await dieAt(one.point, one.time)
          else if (one.do === 'wait') app.clock.forward(one.minutes * 60_000)
          else if (last) {
            const letter = await read(last)
            const { status } = await act(letter, one.do)
            if (one.do === 'again' && status === 200 && letter.state === 'uncertain')
              allowed.set(last, (allowed.get(last) ?? 0) + 1)
          }
        }
        app.server.next()
        if (letters.length > 0) await app.sendAll(firm)
        const rows = await firm.within((trx) => trx.selectFrom('letter').selectAll().execute())
        expect(rows).toHaveLength(letters.length)
        const arrivals = Map.groupBy(messageIds(), (id) => id)
        for (const row of rows) {
          const came = arrivals.get(`<${row.messageId}>`)?.length ?? 0
          const about = `${row.state} came ${came} times, let go again ${allowed.get(row.id) ?? 0} times`
          expect(['sent', 'uncertain', 'failed', 'withdrawn'], about).toContain(row.state)
          expect(came, about).toBeLessThanOrEqual(1 + (allowed.get(row.id) ?? 0))
          if (row.state === 'sent') expect(came, about).toBeGreaterThanOrEqual(1)
          if ((row.state === 'failed' || row.state === 'withdrawn') && !allowed.has(row.id)) expect(came, about).toBe(0)
        }
      }),
      { numRuns: 15, seed: 20261121 },
    )
  }, 120_000)
})
