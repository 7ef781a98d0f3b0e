import { describe, expect, it } from 'vitest'
import { readMessage } from '../testing/mail-server.ts'
import { composed, htmlOf } from './message.ts'

const bodyOf = (text: string) => /<body[^>]*>\n([\s\S]*)\n<\/body>/.exec(htmlOf(text))?.[1]

describe('the HTML of a letter', () => {
  const cases: readonly [string, string, string][] = [
    ['paragraphs and lines', 'Een\ntwee\n\n\ndrie', '<p>Een<br>\ntwee</p>\n<p>drie</p>'],
    ['what means something in HTML', '<script>a & "b" \'c\'', '<p>&lt;script&gt;a &amp; &quot;b&quot; &#39;c&#39;</p>'],
    [
      'an address that ends a sentence',
      'Zie https://a.example/b?c=1&d=2.',
      '<p>Zie <a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.</p>',
    ],
    ['an address in brackets', '(https://a.example)', '<p>(<a href="https://a.example">https://a.example</a>)</p>'],
    [
      'an e-mail address',
      'Mail anna@zon.example!',
      '<p>Mail <a href="mailto:anna@zon.example">anna@zon.example</a>!</p>',
    ],
    ['an address that runs a script', 'javascript:alert(1)', '<p>javascript:alert(1)</p>'],
    [
      'an address that would end its own quotes',
      'https://a.example/"onclick="b',
      '<p><a href="https://a.example/">https://a.example/</a>&quot;onclick=&quot;b</p>',
    ],
    ['lines as Windows ends them', 'Een\r\ntwee\r\n\r\ndrie', '<p>Een<br>\ntwee</p>\n<p>drie</p>'],
  ]
  it.each(cases)('holds %s', (_, text, expected) => {
    expect(bodyOf(text)).toBe(expected)
  })
})

describe('the head of a letter', () => {
  it('keeps what somebody slipped into it in one line', async () => {
    const raw = await composed({
      from: { name: 'Zoë\r\nX-Slipped: 1', address: 'a@b.example' },
      to: [{ name: 'Kees\nBcc: thief@b.example', address: 'kees@b.example' }],
      replyTo: 'c@b.example',
      subject: 'Factuur\r\nBcc: thief@b.example',
      text: 'Dag',
      messageId: 'x@b.example',
    })
    const { headers } = readMessage(raw)
    expect([...headers.keys()]).not.toContain('bcc')
    expect([...headers.keys()]).not.toContain('x-slipped')
    expect(headers.get('message-id')).toBe('<x@b.example>')
  })

  it('keeps names, subjects and files with every letter that people use', async () => {
    const name = 'Ünïcödé – 株式会社 “Zon” & Zn'
    const raw = await composed({
      from: { name, address: 'a@b.example' },
      to: ['kees@b.example'],
      subject: `${name} ${'heel lang '.repeat(12)}€ 1.234,56`,
      text: `${name}\n\n.\n..\n${'x'.repeat(2000)}`,
      attachments: [
        { fileName: 'één bon.pdf', mediaType: 'application/pdf', bytes: new Uint8Array([0, 13, 10, 46, 13, 10, 255]) },
      ],
    })
    const message = readMessage(raw)
    expect(message.headers.get('subject')).toBe(`${name} ${'heel lang '.repeat(12)}€ 1.234,56`)
    expect(message.text.trim()).toBe(`${name}\n\n.\n..\n${'x'.repeat(2000)}`)
    expect(message.attachments).toEqual([
      { fileName: 'één bon.pdf', mediaType: 'application/pdf', bytes: Buffer.from([0, 13, 10, 46, 13, 10, 255]) },
    ])
    for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
  })
})
