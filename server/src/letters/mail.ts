import type { Settings } from '../settings.ts'
import { composed } from './message.ts'
import { handOver, inShort, type Outcome, type Unsent } from './smtp.ts'

/** A letter of the program itself, to one person: an invitation, a link for a new password. */
export interface PlainLetter {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Without the angle brackets; given by who keeps it before sending. */
  readonly messageId?: string
}

/** A whole message, as it goes over the line. */
export interface Message {
  /** Everybody it goes to, also those whom its head does not name. */
  readonly to: readonly string[]
  readonly bytes: Uint8Array
}

export interface Mail {
  /** False when no mail server is set: then links are shown on the screen instead. */
  readonly works: boolean
  /** The address that everything comes from; null when no mail server is set. */
  readonly from: string | null
  /** Rejects with the error of the mail server. */
  send(letter: PlainLetter): Promise<void>
  /** One try. What the mail server says to it is its outcome; only a mistake of ours rejects. */
  deliver(message: Message): Promise<Outcome>
  close(): void
}

/** The address alone of `Uurwerk <hours@example.nl>`. */
export const addressIn = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from

export function createMail({ mail }: Pick<Settings, 'mail'>): Mail {
  if (!mail) {
    const absent = () => Promise.reject(new Error('no mail server is set'))
    return { works: false, from: null, send: absent, deliver: absent, close: () => undefined }
  }
  const from = addressIn(mail.from)
  const deliver = ({ to, bytes }: Message) => handOver(mail.smtpUrl, { from, to }, bytes)
  return {
    works: true,
    from,
    deliver,
    async send({ to, subject, text, messageId }) {
      const bytes = await composed({ from: mail.from, to: [to], subject, text, ...(messageId ? { messageId } : {}) })
      const outcome = await deliver({ to: [to], bytes })
      if (outcome.is !== 'sent') throw new NotSent(outcome)
    },
    close: () => undefined,
  }
}

/** A letter that was not taken, or of which nobody knows. */
class NotSent extends Error {
  override readonly name = 'NotSent'
  readonly outcome: Unsent
  constructor(outcome: Unsent) {
    super(inShort(outcome))
    this.outcome = outcome
  }
}

/** Whether a letter may have arrived though sending it failed: nobody refused it, and the line was lost on the way. */
export const mayHaveArrived = (error: unknown): boolean => error instanceof NotSent && error.outcome.is === 'uncertain'
