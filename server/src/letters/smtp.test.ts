import { createServer, type Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../secrets.ts'
import { freePort } from '../testing/program.ts'
import { handOver, toldMs } from './smtp.ts'

const letter = Buffer.from('Subject: Factuur\r\n\r\nDag\r\n')
const envelope = { from: 'facturen@noordkade.example', to: ['anna@zon.example'] }
const offer = (url: string, bytes: Uint8Array = letter, to = envelope.to) =>
  handOver(new Secret(url), { ...envelope, to }, bytes)

let port: number
let locked: SMTPServer
/** Greets and then says what it was told to. */
let rude: Server
let rudePort: number
let rudeness = ''
beforeAll(async () => {
  port = await freePort()
  locked = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    size: 2000,
    onAuth: ({ username, password }, _session, done) =>
      done(username === 'uurwerk' && password === 'right' ? null : new Error('wrong password'), { user: 1 }),
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => done(null, 'taken'))
    },
  })
  locked.on('error', () => undefined)
  await new Promise<void>((resolve) => locked.listen(port, '127.0.0.1', resolve))
  rude = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(rudeness)
  })
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
  rudePort = (rude.address() as { port: number }).port
})
afterAll(async () => {
  rude?.close()
  await new Promise<void>((resolve) => locked.close(() => resolve()))
})

describe('speaking with a mail server', () => {
  it('signs in with what the address holds, and hears that the letter was taken', async () => {
    expect(await offer(`smtp://uurwerk:right@127.0.0.1:${port}`)).toEqual({
      is: 'sent',
      words: '250 taken',
      refused: [],
    })
  })

  it('waits when it is not let in: the letter can do nothing about that', async () => {
    expect(await offer(`smtp://uurwerk:wrong@127.0.0.1:${port}`)).toMatchObject({
      is: 'later',
      about: 'server',
      problem: { kind: 'temporary', code: 'mail-server-away', theirStatus: 535, theirWords: '535 wrong password' },
    })
  })

  it('waits when nobody is there, the name is not known, or TLS cannot be agreed on', async () => {
    const away: readonly [string, string, RegExp][] = [
      ['nobody listens', `smtp://127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
      ['the name is not known', 'smtp://nobody.invalid:25', /ENOTFOUND|EAI_AGAIN|queryA|DNS/],
      ['it speaks no TLS', `smtps://127.0.0.1:${port}`, /TLS|SSL/i],
    ]
    for (const [why, url, words] of away) {
      const outcome = await offer(url)
      expect(outcome, why).toMatchObject({ is: 'later', about: 'server', problem: { code: 'mail-server-away' } })
      expect('problem' in outcome && outcome.problem.theirWords, why).toMatch(words)
    }
  })

  it('waits when it is sent away at the door, also for good: another letter would be, too', async () => {
    for (const said of ['554 no service here\r\n', '421 too busy\r\n', 'HTTP/1.1 400 Bad Request\r\n', '']) {
      rudeness = said
      expect(await offer(`smtp://127.0.0.1:${rudePort}`), said).toMatchObject({ is: 'later', about: 'server' })
    }
  })

  it('does not offer what is longer than the mail server takes', async () => {
    expect(await offer(`smtp://uurwerk:right@127.0.0.1:${port}`, Buffer.alloc(3000, 65))).toMatchObject({
      is: 'refused',
      problem: { code: 'letter-refused', theirWords: expect.stringContaining('2000') },
    })
  })
})

describe('how late a mail server says it wants to be asked again', () => {
  const cases: readonly [string, number | null][] = [
    ['450 4.7.1 Greylisted, please try again in 300 seconds', 300_000],
    ['451 try again after 5 minutes', 300_000],
    ['450 wait 2h', 7_200_000],
    ['421 too many connections, retry in 30s', 30_000],
    ['451 4.3.0 queue id 9Hm12 try later', null],
    ['450 in 90000 minutes', null],
    ['450 mailbox busy', null],
    ['', null],
  ]
  it.each(cases)('"%s": %s ms', (words, expected) => {
    expect(toldMs(words)).toBe(expected)
  })
})
