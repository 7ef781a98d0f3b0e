import { Readable } from 'node:stream'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Secret } from '../secrets.ts'

/** An address that the mail server did not take, in its own words. */
export interface Refused {
  readonly address: string
  readonly words: string
}

/** What became of one try to hand a message over. */
export type Outcome =
  | { readonly is: 'sent'; readonly words: string; readonly refused: readonly Refused[] }
  /** Nothing was handed over, and it may go well later: with `server`, for every message alike. */
  | {
      readonly is: 'later'
      readonly about: 'server' | 'message'
      readonly problem: Problem
      readonly toldMs: number | null
    }
  | { readonly is: 'refused'; readonly problem: Problem; readonly refused: readonly Refused[] }
  /** All of it was handed over, and nobody answered. */
  | { readonly is: 'uncertain'; readonly problem: Problem }

export type Unsent = Exclude<Outcome, { readonly is: 'sent' }>

/** For the log: a line that failed in its own words, a mail server that answered by its code alone, since its words may name who the letter is for. */
export function inShort({ is, problem }: Unsent): string {
  const { code, theirStatus, theirWords } = problem
  return [code, theirStatus ?? (is === 'refused' ? undefined : theirWords)].filter(Boolean).join(': ')
}

const connectMs = 20_000
/** Between two signs of life; a mail server may take its time to look through an attachment. */
const silenceMs = 60_000

interface Envelope {
  readonly from: string
  readonly to: readonly string[]
}

/**
 * Speaks with the mail server once. Up to the last byte of the message nothing counts as sent (RFC 5321, 4.1.1.4); when
 * the line is lost after that, before an answer, nobody knows.
 */
export async function handOver(url: Secret, envelope: Envelope, bytes: Uint8Array): Promise<Outcome> {
  const options = {
    ...parseConnectionUrl(url.reveal()),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
  }
  const connection = new SMTPConnection(options)
  let asked: Asked = 'server'
  try {
    const { promise: lost, reject } = Promise.withResolvers<never>()
    // Also when nobody waits for it any more.
    lost.catch(() => undefined)
    connection.on('error', reject)
    const step = <Result>(act: (done: Done<Result>) => void): Promise<Result> =>
      Promise.race([
        lost,
        new Promise<Result>((resolve, fail) => {
          act((error, result) => (error ? fail(error) : resolve(result as Result)))
        }),
      ])
    await step<unknown>((done) => connection.connect(done))
    const { auth } = options
    if (auth && (connection as { allowsAuth?: boolean }).allowsAuth) {
      const { user = '', pass = '' } = auth as { readonly user?: string; readonly pass?: string }
      await step<unknown>((done) => connection.login({ credentials: { user, pass } }, done))
    }
    asked = 'message'
    const message = Readable.from(pieces(bytes), { objectMode: false })
    message.once('end', () => {
      asked = 'answer'
    })
    const { response, rejectedErrors = [] } = await step<SMTPConnection.SentMessageInfo>((done) =>
      connection.send({ from: envelope.from, to: [...envelope.to], size: bytes.length }, message, done),
    )
    connection.quit()
    return { is: 'sent', words: response, refused: rejectedErrors.map(toRefused) }
  } catch (error) {
    connection.close()
    return judged(error as SmtpError, asked)
  }
}

const pieceBytes = 64 * 1024

/** Taken as the line takes them: the last has left when nothing is asked for any more. */
function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield Buffer.from(bytes.subarray(at, at + pieceBytes))
}

type Done<Result> = (error?: Error | null, result?: Result) => void
/** How far the talk was: not yet at the message, at it, or all of it handed over. */
type Asked = 'server' | 'message' | 'answer'

type SmtpError = SMTPConnection.SMTPError & {
  readonly recipient?: string
  readonly rejectedErrors?: readonly SmtpError[]
}

const toRefused = (error: SMTPConnection.SMTPError): Refused => ({
  address: (error as SmtpError).recipient ?? '',
  words: wordsOf(error),
})

const wordsOf = ({ response, message }: SMTPConnection.SMTPError): string => (response ?? message).slice(0, 1000)

const goesAway = 421
const isPermanent = (code: number): boolean => code >= 500

function judged(error: SmtpError, asked: Asked): Outcome {
  const { responseCode, command, code } = error
  const told = { theirWords: wordsOf(error), ...(responseCode ? { theirStatus: responseCode } : {}) }
  const later = (about: 'server' | 'message', problem: Problem): Outcome => ({
    is: 'later',
    about,
    problem: { ...problem, ...told },
    toldMs: toldMs(told.theirWords),
  })
  // A sign-in that is refused, too, is for who looks after the server to mend, and no fault of the message.
  if (asked === 'server' || responseCode === goesAway)
    return later('server', { kind: 'temporary', code: 'mail-server-away' })
  if (responseCode === undefined || !responseCode) {
    if (asked === 'answer')
      return { is: 'uncertain', problem: { kind: 'uncertain', code: 'letter-uncertain', ...told } }
    // Judged before it was offered: longer than the server takes, or an address that it cannot be told.
    if (code === 'EMESSAGE' || code === 'EENVELOPE')
      return { is: 'refused', problem: { kind: 'refused', code: 'letter-refused', ...told }, refused: [] }
    return later('server', { kind: 'temporary', code: 'mail-server-away' })
  }
  const refused = (error.rejectedErrors ?? []).map(toRefused)
  if (!isPermanent(responseCode))
    return later(command === 'MAIL FROM' ? 'server' : 'message', { kind: 'temporary', code: 'letter-later' })
  const all = command === 'RCPT TO' ? 'letter-addresses-refused' : 'letter-refused'
  return { is: 'refused', problem: { kind: 'refused', code: all, ...told }, refused }
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const
const longestMs = 24 * unitMs.h

/** How late a server says it wants to be asked again; SMTP has no field for it, only the text. */
export function toldMs(words: string): number | null {
  const found = /\b(?:in|after|wait|for)\s+(\d{1,5})\s*(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?)?\b/i.exec(words)
  const [, count, unit] = found ?? []
  if (!count || !unit) return null
  const ms = Number(count) * unitMs[unit.toLowerCase() as keyof typeof unitMs]
  return ms > 0 && ms <= longestMs ? ms : null
}
