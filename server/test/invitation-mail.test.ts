import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, TestPerson, type TestProgram, testProgram } from '../src/testing/program.ts'

/** Invitations by mail, with a real SMTP server on the other side. */
const letters: string[] = []
let smtp: SMTPServer
let refuses = false
let program: TestProgram
let administrator: TestPerson

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(refuses ? new Error('no such mailbox') : null),
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        letters.push(Buffer.concat(parts).toString('utf8'))
        done()
      })
    },
  })
  const port = await freePort()
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve))
  program = await testProgram({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Uurwerk <hours@noordkade.example>' })
  administrator = new TestPerson(program.base)
  const { slug } = await administrator.good<{ slug: string }>('POST', '/setup', { sample: true, language: 'nl' })
  administrator.firm = slug
})
afterAll(async () => {
  await program?.stop()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

const invite = (email: string) =>
  administrator.good<{ link: string | null; mailed: boolean; member: { id: string } }>('POST', '/people', {
    name: 'Zoë Jansen',
    email,
    roles: ['employee'],
    language: 'nl',
  })

/** The text of a letter, its soft line breaks taken out. */
const textOf = (letter: string) => letter.replace(/=\r\n/g, '').replace(/=3D/g, '=')

describe('inviting somebody by mail', () => {
  it('mails the link instead of showing it, and the link lets the person in once', async () => {
    expect(await invite('zoe@example.nl')).toMatchObject({ mailed: true, link: null })
    expect(letters).toHaveLength(1)
    const link = /http\S+\/invite\/[\w-]+/.exec(textOf(letters[0] as string))?.[0] as string
    expect(link.startsWith(program.base)).toBe(true)
    const token = link.split('/').at(-1) as string
    const zoe = new TestPerson(program.base)
    expect(await zoe.good('GET', `/invitations/${token}`)).toMatchObject({
      firm: 'Bureau Noordkade B.V.',
      email: 'zoe@example.nl',
      hasAccount: false,
    })
    const session = await zoe.good<{ firms: { roles: string[] }[] }>('POST', `/invitations/${token}/acceptance`, {
      name: 'Zoë Jansen',
      password: 'een lang genoeg woord',
    })
    expect(session.firms).toMatchObject([{ roles: ['employee'] }])
    const again = new TestPerson(program.base)
    expect(await again.ask('GET', `/invitations/${token}`)).toMatchObject({
      status: 404,
      body: { code: 'invitation-gone' },
    })
    zoe.firm = administrator.firm
    expect(await zoe.ask('GET', '/people')).toMatchObject({ status: 403, body: { code: 'no-right' } })
  })

  it('shows the link when the mail server refuses the address', async () => {
    refuses = true
    const made = await invite('nobody@example.nl')
    expect(made).toMatchObject({ mailed: false })
    expect(made.link).toContain('/invite/')
    refuses = false
  })

  it('a new invitation makes the one before worthless', async () => {
    const { member } = await invite('twice@example.nl')
    const first = /\/invite\/([\w-]+)/.exec(textOf(letters.at(-1) as string))?.[1]
    await administrator.good('POST', `/people/${member.id}/invitation`)
    const person = new TestPerson(program.base)
    expect(await person.ask('GET', `/invitations/${first}`)).toMatchObject({ status: 404 })
  })
})
