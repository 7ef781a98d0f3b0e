import MailComposer from 'nodemailer/lib/mail-composer'

export interface Address {
  readonly name: string | null
  readonly address: string
}

/** What a message says; its head names `to`, never those who get a blind copy. */
export interface Parts {
  readonly from: string | Address
  readonly to: readonly (string | Address)[]
  readonly replyTo?: string | null
  readonly subject: string
  /** The HTML beside it is made from it. */
  readonly text: string
  /** Without the angle brackets. */
  readonly messageId?: string
  readonly date?: Date
  readonly attachments?: readonly Attachment[]
}

export interface Attachment {
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const party = (one: string | Address) =>
  typeof one === 'string' ? one : { name: one.name ?? '', address: one.address }

/** The message as it goes over the line. */
export function composed(parts: Parts): Promise<Buffer> {
  const { from, to, replyTo, subject, text, messageId, date, attachments = [] } = parts
  const composer = new MailComposer({
    from: party(from),
    to: to.map(party),
    ...(replyTo ? { replyTo } : {}),
    subject,
    text,
    html: htmlOf(text),
    ...(messageId ? { messageId: `<${messageId}>` } : {}),
    ...(date ? { date } : {}),
    attachments: attachments.map(({ fileName, mediaType, bytes }) => ({
      filename: fileName,
      contentType: mediaType,
      content: Buffer.from(bytes),
      contentDisposition: 'attachment',
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)

// What ends a sentence or closes a bracket behind an address does not belong to it.
const link = /\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi

function linked(line: string): string {
  let [html, after] = ['', 0]
  for (const { 0: found, index } of line.matchAll(link)) {
    const target = found.includes('://') ? found : `mailto:${found}`
    html += `${escaped(line.slice(after, index))}<a href="${escaped(target)}">${escaped(found)}</a>`
    after = index + found.length
  }
  return html + escaped(line.slice(after))
}

/** The same text with paragraphs, line breaks and links that can be clicked. */
export function htmlOf(text: string): string {
  const paragraphs = text
    .replaceAll(/\r\n?/g, '\n')
    .trim()
    .split(/\n{2,}/)
  const body = paragraphs.map((one) => `<p>${one.split('\n').map(linked).join('<br>\n')}</p>`).join('\n')
  return `<!doctype html>\n<html><body style="font-family: sans-serif; font-size: 15px; line-height: 1.5">\n${body}\n</body></html>\n`
}
