import type { Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { freePort } from './program.ts'

/** A code and words, as a mail server answers. */
export type Reply = readonly [code: number, words: string]

/** What goes wrong in one talk. */
export type MailFault =
  /** Cut before it says anything, while it hears who gets the letter, or in the middle of the letter. */
  | 'cut-at-greeting'
  | 'cut-at-recipient'
  | 'cut-in-letter'
  /** Cut after the whole letter came, taken or not: who sends it cannot know. */
  | 'cut-after-letter'
  | 'taken-then-cut'
  | { readonly sender: Reply }
  | { readonly everyRecipient: Reply }
  | { readonly letter: Reply }

export interface Received {
  readonly from: string
  /** Everybody it goes to, also those whom its head does not name. */
  readonly to: readonly string[]
  readonly raw: Buffer
}

/** A mail server on a port of this machine, over real SMTP. */
export interface TestMailServer {
  readonly url: string
  /** Letters that it took, in order. */
  readonly received: Received[]
  /** Talks that were begun, well or badly. */
  readonly talks: number
  /** What happens in the next talks, one each; those after them go well. */
  next(...faults: readonly (MailFault | null)[]): void
  /** Refuses this address from now on; null takes it again. */
  refuse(address: string, reply: Reply | null): void
  /** Thinks so long about each letter before it answers. */
  think(ms: number): void
  stop(): Promise<void>
  start(): Promise<void>
}

class Refusal extends Error {
  readonly responseCode: number
  constructor([code, words]: Reply) {
    super(words)
    this.responseCode = code
  }
}

export async function testMailServer(): Promise<TestMailServer> {
  const port = await freePort()
  const received: Received[] = []
  const refused = new Map<string, Reply>()
  const faults: (MailFault | null)[] = []
  const ofTalk = new Map<string, MailFault | null>()
  let [server, talks]: [SMTPServer | undefined, number] = [undefined, 0]
  let thinkMs = 0

  const cut = ({ id }: SMTPServerSession) => {
    const connections: Iterable<{ session: SMTPServerSession; _socket: Socket }> = server?.connections ?? []
    for (const { session, _socket } of connections) if (session.id === id) _socket.destroy()
  }
  const faultOf = ({ id }: SMTPServerSession) => ofTalk.get(id) ?? null

  const made = () =>
    new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 200,
      size: 60 * 1024 * 1024,
      onConnect(session, done) {
        talks += 1
        ofTalk.set(session.id, faults.shift() ?? null)
        if (faultOf(session) === 'cut-at-greeting') return cut(session)
        done()
      },
      onMailFrom(_address, session, done) {
        const fault = faultOf(session)
        if (fault && typeof fault === 'object' && 'sender' in fault) return done(new Refusal(fault.sender))
        done()
      },
      onRcptTo({ address }, session, done) {
        const fault = faultOf(session)
        if (fault === 'cut-at-recipient') return cut(session)
        const reply =
          fault && typeof fault === 'object' && 'everyRecipient' in fault ? fault.everyRecipient : refused.get(address)
        done(reply ? new Refusal(reply) : null)
      },
      onData(stream, session, done) {
        const fault = faultOf(session)
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => {
          parts.push(part)
          if (fault === 'cut-in-letter') cut(session)
        })
        stream.on('error', () => undefined)
        stream.on('end', () => {
          if (fault === 'cut-after-letter') return cut(session)
          if (fault && typeof fault === 'object' && 'letter' in fault) return done(new Refusal(fault.letter))
          const { mailFrom, rcptTo } = session.envelope
          received.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(parts),
          })
          if (fault === 'taken-then-cut') return cut(session)
          setTimeout(() => done(null, 'taken'), thinkMs)
        })
      },
    })

  const mailServer: TestMailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    get talks() {
      return talks
    },
    next: (...more) => void faults.push(...more),
    refuse(address, reply) {
      if (reply) refused.set(address, reply)
      else refused.delete(address)
    },
    think: (ms) => {
      thinkMs = ms
    },
    async start() {
      const fresh = made()
      // A line that was cut is what was asked for.
      fresh.on('error', () => undefined)
      await new Promise<void>((resolve) => fresh.listen(port, '127.0.0.1', resolve))
      server = fresh
    },
    async stop() {
      const old = server
      server = undefined
      await new Promise<void>((resolve) => (old ? old.close(() => resolve()) : resolve()))
    },
  }
  await mailServer.start()
  return mailServer
}

export interface ReadMessage {
  /** By their names in lower case, decoded. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly html: string
  readonly attachments: readonly { readonly fileName: string; readonly mediaType: string; readonly bytes: Buffer }[]
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** A message as its reader sees it. */
export function readMessage(raw: Buffer): ReadMessage {
  const whole = partOf(raw.toString('latin1'))
  const leaves = leavesOf(whole)
  const textOf = (type: string) => {
    const leaf = leaves.find(({ headers }) => typeOf(headers) === type && !headers.has('content-disposition'))
    return leaf ? decoded(leaf).toString('utf8').replaceAll('\r\n', '\n') : ''
  }
  return {
    headers: whole.headers,
    text: textOf('text/plain'),
    html: textOf('text/html'),
    attachments: leaves
      .filter(({ headers }) => headers.get('content-disposition')?.startsWith('attachment'))
      .map((leaf) => ({
        fileName: parameterOf(leaf.headers.get('content-disposition'), 'filename'),
        mediaType: typeOf(leaf.headers),
        bytes: decoded(leaf),
      })),
  }
}

function partOf(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1),
  ])
  return {
    headers: new Map(headers.map(([name = '', value = '']) => [name, words(value.trim())])),
    body: text.slice(end + 4),
  }
}

const typeOf = (headers: Part['headers']): string => (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
const parameterOf = (header = '', name: string): string =>
  new RegExp(`${name}="?([^";]+)"?`).exec(header)?.[1] ??
  decodeURIComponent(new RegExp(`${name}\\*(?:0\\*)?=(?:utf-8'')?([^;\\s]+)`).exec(header)?.[1] ?? '')

function leavesOf(part: Part): Part[] {
  const boundary = parameterOf(part.headers.get('content-type'), 'boundary')
  if (!boundary) return [part]
  return part.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((one) => leavesOf(partOf(one.replace(/^\r\n/, '').replace(/\r\n$/, ''))))
}

function decoded({ headers, body }: Part): Buffer {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding === 'quoted-printable') return unquoted(body.replaceAll('=\r\n', ''))
  return Buffer.from(body, 'latin1')
}

const unquoted = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

/** RFC 2047: `=?UTF-8?Q?Zo=C3=AB?=`. */
const words = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, code: string) =>
      (kind.toLowerCase() === 'b' ? Buffer.from(code, 'base64') : unquoted(code.replaceAll('_', ' '))).toString('utf8'),
    )
