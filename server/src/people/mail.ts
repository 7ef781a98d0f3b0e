import { createTransport } from 'nodemailer'
import type { Settings } from '../settings.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mail {
  /** False when no mail server is set: then links are shown on the screen instead. */
  readonly works: boolean
  send(letter: Letter): Promise<void>
  close(): void
}

const timeoutMs = 20_000

export function createMail({ mail }: Pick<Settings, 'mail'>): Mail {
  if (!mail) {
    return { works: false, send: () => Promise.reject(new Error('no mail server is set')), close: () => undefined }
  }
  const transport = createTransport({
    url: mail.smtpUrl.reveal(),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  return {
    works: true,
    async send({ to, subject, text }) {
      await transport.sendMail({ from: mail.from, to, subject, text })
    },
    close: () => transport.close(),
  }
}
