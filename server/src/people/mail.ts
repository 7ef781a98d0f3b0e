import { createTransport } from 'nodemailer'
import type { Settings } from '../settings.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Without the angle brackets; given by who keeps it before sending. */
  readonly messageId?: string
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
    async send({ to, subject, text, messageId }) {
      await transport.sendMail({
        from: mail.from,
        to,
        subject,
        text,
        ...(messageId ? { messageId: `<${messageId}>` } : {}),
      })
    },
    close: () => transport.close(),
  }
}

/** Codes of nodemailer for what fails before a letter is handed over. */
const beforeHandingOver: readonly unknown[] = ['EDNS', 'EAUTH', 'EENVELOPE', 'EREQUIRETLS']

/** Whether a letter may have arrived though sending it failed: nobody refused it, and the line was lost on the way. */
export function mayHaveArrived(error: unknown): boolean {
  const { responseCode, code, syscall } = error as { responseCode?: number; code?: string; syscall?: string }
  const isRefused = responseCode !== undefined || beforeHandingOver.includes(code)
  return !isRefused && syscall !== 'connect' && syscall !== 'getaddrinfo'
}
