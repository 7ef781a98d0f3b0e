import type { Role } from '@uurwerk/api/rights.ts'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMail } from '../src/letters/mail.ts'
import { Secret } from '../src/secrets.ts'
import { type TestApp, testApp, testOrigin } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { freePort } from '../src/testing/program.ts'

/** Customers are asked by mail, with a real SMTP server on the other side. */
const letters: string[] = []
let smtp: SMTPServer
let answersWith: 'accepts' | 'refuses' | 'hangs up' = 'accepts'
let test: TestApp

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) =>
      done(answersWith === 'refuses' ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        letters.push(Buffer.concat(parts).toString('utf8'))
        if (answersWith !== 'hangs up') return done()
        // The letter is there, and the answer is lost.
        for (const { socket } of connectionsOf(smtp)) if (socket.remotePort === session.remotePort) socket.destroy()
      })
    },
  })
  smtp.on('error', () => undefined)
  const port = await freePort()
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve))
  const smtpUrl = new Secret(`smtp://127.0.0.1:${port}`)
  test = await testApp(() => ({ mail: createMail({ mail: { smtpUrl, from: 'Uurwerk <uren@voorbeeld.example>' } }) }))
})
afterAll(async () => {
  await test?.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})
beforeEach(() => {
  letters.length = 0
  answersWith = 'accepts'
})

const connectionsOf = (server: SMTPServer) =>
  [
    ...(server as unknown as { connections: Set<{ _socket: { remotePort: number; destroy(): void } }> }).connections,
  ].map(({ _socket }) => ({ socket: _socket }))

interface Request {
  readonly id: string
  readonly state: string
  readonly mail: { readonly state: string; readonly problem: { readonly code: string } | null }
  readonly link: string | null
  readonly counts: Readonly<Record<'entries' | 'approved' | 'rejected' | 'changed', number>>
  readonly minutes: number
  readonly openedAt: string | null
  readonly answeredName: string | null
  readonly entries: readonly { readonly id: string; readonly outcome: string | null; readonly reason: string | null }[]
  readonly evidence: { readonly sha256: string; readonly intact: boolean; readonly messageId: string | null }
}
interface Page {
  readonly state: string
  readonly firm: string
  readonly customer: string
  readonly language: string
  readonly minutes: number
  readonly entries: readonly Record<string, unknown>[]
  readonly code?: string
}

async function ask<Body>(
  headers: Readonly<Record<string, string>>,
  [method, url]: readonly ['GET' | 'POST' | 'PATCH', string],
  body?: unknown,
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { 'accept-language': 'en', ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : null) as Body, text: answer.body }
}

const asRole = <Body>(firm: TestFirm, role: Role, what: readonly ['GET' | 'POST' | 'PATCH', string], body?: unknown) =>
  ask<Body>(firm.as(role), what, body)
/** Somebody without an account, in a browser. */
const asCustomer = <Body>(what: readonly ['GET' | 'POST', string], body?: unknown) =>
  ask<Body>({ 'sec-fetch-site': 'same-origin' }, what, body)

async function firmThatAsks(approval = 'external') {
  const firm = await testFirm(test.services)
  await firm.within((trx) => trx.updateTable('firm').set({ approval }).where('firmId', '=', firm.id).execute())
  return firm
}
const submitted = (firm: TestFirm, change: Parameters<TestFirm['addHours']>[0] = {}) =>
  firm.addHours({ approval: 'submitted', submittedAt: test.clock.now(), note: 'Werk aan de kassa', ...change })

async function askCustomer(firm: TestFirm, more: Record<string, unknown> = {}, as: Role = 'finance') {
  const { status, body, text } = await asRole<Request>(firm, as, ['POST', '/approval-requests'], {
    customerId: firm.customerId,
    email: 'anna@bakkerijzon.example',
    ...more,
  })
  expect(status, text).toBe(201)
  return body
}
const textOf = (letter: string | undefined) => (letter ?? '').replace(/=\r\n/g, '').replace(/=3D/g, '=')
const linkIn = (letter: string | undefined) => /\/approve\/([\w-]+)/.exec(textOf(letter))?.[1] as string
const read = (firm: TestFirm, id: string) =>
  asRole<Request>(firm, 'finance', ['GET', `/approval-requests/${id}`]).then(({ body }) => body)
const rowOf = (firm: TestFirm, id: string) =>
  firm.within((trx) => trx.selectFrom('hourEntry').selectAll().where('id', '=', id).executeTakeFirstOrThrow())

describe('asking a customer', () => {
  it('mails one letter with a link, shows what is asked without money, and takes the answer with its evidence', async () => {
    const firm = await firmThatAsks()
    const [one, other] = [await submitted(firm), await submitted(firm, { date: '2026-03-03', minutes: 90 })]
    await firm.addHours({ date: '2026-03-04' })
    const made = await askCustomer(firm, { message: 'Graag voor vrijdag.' })
    expect(made).toMatchObject({ state: 'open', mail: { state: 'sent', problem: null }, link: null, minutes: 150 })
    expect(letters).toHaveLength(1)
    const { evidence } = await read(firm, made.id)
    expect(letters[0]).toContain(`Message-ID: <${evidence.messageId}>`)
    expect(letters[0]).toContain('To: anna@bakkerijzon.example')
    expect(textOf(letters[0])).toContain(`${testOrigin}/approve/`)
    expect(textOf(letters[0])).toContain('Graag voor vrijdag.')
    const token = linkIn(letters[0])

    const page = await asCustomer<Page>(['GET', `/approvals/${token}`])
    expect(page.status, page.text).toBe(200)
    expect(page.body).toMatchObject({
      state: 'open',
      firm: 'Voorbeeld Advies',
      customer: 'Bakkerij Zon',
      language: 'nl',
      minutes: 150,
      entries: [
        {
          id: one,
          date: '2026-03-02',
          memberName: 'employee',
          projectName: 'Website',
          about: 'Advies',
          minutes: 60,
          changed: false,
        },
        { id: other, date: '2026-03-03', minutes: 90 },
      ],
    })
    expect(page.text).not.toMatch(/104|amount|rate|gross/)
    expect((await read(firm, made.id)).openedAt).not.toBeNull()

    const answered = await asCustomer(['POST', `/approvals/${token}/answer`], {
      name: 'Anna de Vries',
      decisions: [
        { kind: 'hours', id: one, outcome: 'approved' },
        { kind: 'hours', id: other, outcome: 'rejected', reason: 'Dit was maar een uur' },
      ],
    })
    expect(answered.status, answered.text).toBe(200)
    expect(answered.body).toMatchObject({ counts: { entries: 2, approved: 1, rejected: 1, changed: 0 } })
    expect(await rowOf(firm, one)).toMatchObject({ approval: 'approved', customerApproved: true })
    expect(await rowOf(firm, other)).toMatchObject({ approval: 'rejected', rejectedReason: 'Dit was maar een uur' })
    const history = await asRole<{ rows: { act: string; actor: string; why: string | null; after: unknown }[] }>(
      firm,
      'finance',
      ['GET', `/history?subjectKind=hours&subjectId=${other}`],
    )
    expect(history.body.rows[0]).toMatchObject({
      act: 'rejected',
      actor: 'Anna de Vries <anna@bakkerijzon.example>',
      why: 'Dit was maar een uur',
      after: { by: 'customer', approvalRequest: made.id },
    })
    expect(await read(firm, made.id)).toMatchObject({
      state: 'answered',
      answeredName: 'Anna de Vries',
      counts: { approved: 1, rejected: 1 },
      entries: [
        { id: one, outcome: 'approved', reason: null },
        { id: other, outcome: 'rejected', reason: 'Dit was maar een uur' },
      ],
      evidence: { intact: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    const again = await asCustomer<Page>(['POST', `/approvals/${token}/answer`], {
      name: 'Anna',
      decisions: 'approve-all',
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'approval-answered' } })
    expect((await asCustomer<Page>(['GET', `/approvals/${token}`])).body).toMatchObject({ state: 'answered' })
  })

  it('says when what was shown is no longer what was kept', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    const { id } = await askCustomer(firm)
    await firm.within((trx) =>
      trx
        .updateTable('approvalRequest')
        .set({ shown: JSON.stringify({ ...shownOf(firm), message: 'iets anders' }) })
        .where('id', '=', id)
        .execute(),
    )
    expect((await read(firm, id)).evidence.intact).toBe(false)
  })
  const shownOf = (_: TestFirm) => ({
    firm: 'Voorbeeld Advies',
    customer: 'Bakkerij Zon',
    askedBy: 'finance',
    message: '',
    from: '2026-03-02',
    until: '2026-03-02',
    entries: [],
  })

  it('does not approve what changed since it was shown', async () => {
    const firm = await firmThatAsks()
    const [same, changed, gone] = [await submitted(firm), await submitted(firm), await submitted(firm)]
    const { id } = await askCustomer(firm)
    const token = linkIn(letters[0])
    await firm.within(async (trx) => {
      await trx.updateTable('hourEntry').set({ minutes: 480, version: 2 }).where('id', '=', changed).execute()
      await trx
        .updateTable('hourEntry')
        .set({ deletedAt: test.clock.now(), version: 2 })
        .where('id', '=', gone)
        .execute()
    })
    const page = await asCustomer<Page>(['GET', `/approvals/${token}`])
    expect(
      page.body.entries
        .filter((entry) => entry.changed)
        .map((entry) => entry.id)
        .sort(),
    ).toEqual([changed, gone].sort())
    const answered = await asCustomer(['POST', `/approvals/${token}/answer`], {
      name: 'Anna',
      decisions: 'approve-all',
    })
    expect(answered.body).toMatchObject({ counts: { approved: 1, changed: 2 } })
    expect(await rowOf(firm, same)).toMatchObject({ approval: 'approved' })
    expect(await rowOf(firm, changed)).toMatchObject({ approval: 'submitted', customerApproved: false })
    expect((await read(firm, id)).counts).toEqual({ entries: 3, approved: 1, rejected: 0, changed: 2 })
  })

  it('takes an answer to every entry, each once, and a reason for each that is rejected', async () => {
    const firm = await firmThatAsks()
    const [one, other] = [await submitted(firm), await submitted(firm, { date: '2026-03-03' })]
    await askCustomer(firm)
    const token = linkIn(letters[0])
    const answer = (decisions: unknown, name: unknown = 'Anna') =>
      asCustomer<{ errors: { pointer: string; code: string }[] }>(['POST', `/approvals/${token}/answer`], {
        name,
        decisions,
      })
    const good = { kind: 'hours', id: one, outcome: 'approved' }
    for (const [decisions, pointer, code] of [
      [[good], '/decisions', 'decisions-missing'],
      [[good, { kind: 'hours', id: other, outcome: 'rejected', reason: ' ' }], '/decisions/1/reason', 'required'],
      [[good, good], '/decisions/1/id', 'not-in-request'],
      [[good, { kind: 'hours', id: firm.projectId, outcome: 'approved' }], '/decisions/1/id', 'not-in-request'],
    ] as const) {
      const { status, body } = await answer(decisions)
      expect([status, body.errors[0]?.pointer, body.errors[0]?.code]).toEqual([422, pointer, code])
    }
    expect(await answer('approve-all', ' ')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name' }] } })
    expect(await rowOf(firm, one)).toMatchObject({ approval: 'submitted' })
  })

  it('lets the last of two approvals in either order make it approved', async () => {
    for (const flow of ['internal-external', 'external-internal']) {
      const firm = await firmThatAsks(flow)
      const id = await submitted(firm)
      const approveHere = () =>
        asRole<{ report: unknown }>(firm, 'finance', ['POST', '/entries/acts'], {
          kind: 'hours',
          act: 'approve',
          selection: { ids: [id] },
        })
      const approveThere = async () => {
        await askCustomer(firm)
        await asCustomer(['POST', `/approvals/${linkIn(letters.at(-1))}/answer`], {
          name: 'Anna',
          decisions: 'approve-all',
        })
      }
      const [first, second] = flow === 'internal-external' ? [approveHere, approveThere] : [approveThere, approveHere]
      if (flow === 'internal-external') {
        const early = await asRole(firm, 'finance', ['POST', '/approval-requests'], {
          customerId: firm.customerId,
          email: 'anna@bakkerijzon.example',
        })
        expect(early).toMatchObject({ status: 409, body: { code: 'nothing-to-ask' } })
      } else expect((await approveHere()).body.report).toEqual({ skipped: 1 })
      await first()
      expect(await rowOf(firm, id)).toMatchObject({ approval: 'submitted' })
      await second()
      expect(await rowOf(firm, id)).toMatchObject({ approval: 'approved' })
    }
  })
})

describe('a link', () => {
  it('ends after its days, and says so', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    const { id } = await askCustomer(firm, { expiresInDays: 3 })
    const token = linkIn(letters[0])
    const began = test.clock.now().toISOString()
    test.clock.forward(3 * 86_400_000)
    expect((await asCustomer<Page>(['GET', `/approvals/${token}`])).body.state).toBe('open')
    test.clock.forward(86_400_000)
    const page = await asCustomer<Page>(['GET', `/approvals/${token}`])
    expect(page.body).toMatchObject({ state: 'expired', entries: [] })
    expect(
      await asCustomer(['POST', `/approvals/${token}/answer`], { name: 'Anna', decisions: 'approve-all' }),
    ).toMatchObject({ status: 409, body: { code: 'approval-expired' } })
    const again = await asRole<Request>(firm, 'finance', ['POST', `/approval-requests/${id}/sending`], {})
    expect(again).toMatchObject({ status: 200, body: { state: 'open' } })
    expect((await asCustomer<Page>(['GET', `/approvals/${linkIn(letters[1])}`])).body.state).toBe('open')
    expect(await asCustomer(['GET', `/approvals/${token}`])).toMatchObject({
      status: 404,
      body: { code: 'approval-gone' },
    })
    test.clock.set(began)
  })

  it('is taken back, and what it asked can be asked again', async () => {
    const firm = await firmThatAsks()
    const id = await submitted(firm)
    const made = await askCustomer(firm)
    const twice = await asRole(firm, 'finance', ['POST', '/approval-requests'], {
      customerId: firm.customerId,
      email: 'anna@bakkerijzon.example',
      entries: [{ kind: 'hours', id }],
    })
    expect(twice).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/entries/0/id', code: 'not-waiting-for-customer' }] },
    })
    const withdrawn = await asRole<Request>(firm, 'finance', ['POST', `/approval-requests/${made.id}/withdrawal`])
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn' } })
    const token = linkIn(letters[0])
    expect((await asCustomer<Page>(['GET', `/approvals/${token}`])).body).toMatchObject({
      state: 'withdrawn',
      entries: [],
    })
    expect(
      await asCustomer(['POST', `/approvals/${token}/answer`], { name: 'Anna', decisions: 'approve-all' }),
    ).toMatchObject({ status: 409, body: { code: 'approval-withdrawn' } })
    for (const what of ['sending', 'withdrawal'])
      expect(
        await asRole(
          firm,
          'finance',
          ['POST', `/approval-requests/${made.id}/${what}`],
          what === 'sending' ? {} : undefined,
        ),
      ).toMatchObject({ status: 409, body: { code: 'request-withdrawn' } })
    expect((await askCustomer(firm)).counts.entries).toBe(1)
  })

  it('is not found by guessing: who tries many is held back, who has one is not', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    await askCustomer(firm)
    const token = linkIn(letters[0])
    const statuses: number[] = []
    for (let guess = 0; guess < 35; guess += 1) {
      const answer = await test.app.inject({
        method: 'GET',
        url: `/api/v1/approvals/guess${guess}`,
        remoteAddress: '192.0.2.7',
      })
      statuses.push(answer.statusCode)
    }
    expect(new Set(statuses)).toEqual(new Set([404, 429]))
    for (let look = 0; look < 50; look += 1) expect((await asCustomer(['GET', `/approvals/${token}`])).status).toBe(200)
  })

  it('answers a change once when two browsers send at once', async () => {
    const firm = await firmThatAsks()
    const id = await submitted(firm)
    await askCustomer(firm)
    const token = linkIn(letters[0])
    const answers = await Promise.all(
      ['Anna', 'Bert'].map((name) =>
        asCustomer(['POST', `/approvals/${token}/answer`], { name, decisions: 'approve-all' }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await rowOf(firm, id)).version).toBe(2)
  })
})

describe('the letter', () => {
  it('that the mail server refuses is told, and the link is shown to hand over', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    answersWith = 'refuses'
    const made = await askCustomer(firm)
    expect(made).toMatchObject({ mail: { state: 'failed', problem: { code: 'mail-refused' } } })
    expect((await asCustomer<Page>(['GET', `/approvals/${made.link?.split('/').at(-1)}`])).status).toBe(200)
  })

  it('of which the answer was lost is uncertain, and is not sent a second time by itself', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    answersWith = 'hangs up'
    const made = await askCustomer(firm)
    expect(made).toMatchObject({ mail: { state: 'uncertain', problem: { code: 'mail-uncertain' } }, link: null })
    expect(letters).toHaveLength(1)
    answersWith = 'accepts'
    expect((await asCustomer<Page>(['GET', `/approvals/${linkIn(letters[0])}`])).status).toBe(200)
  })

  it('goes once, though the request is sent twice with one key', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    const headers = { ...firm.as('finance'), 'idempotency-key': 'asked-once' }
    const body = { customerId: firm.customerId, email: 'anna@bakkerijzon.example' }
    const [one, other] = [
      await ask<Request>(headers, ['POST', '/approval-requests'], body),
      await ask<Request>(headers, ['POST', '/approval-requests'], body),
    ]
    expect([one.status, other.status]).toEqual([201, 201])
    expect(other.body).toEqual(one.body)
    expect(letters).toHaveLength(1)
  })

  it('of which a process that stopped told nothing is uncertain after a while', async () => {
    const firm = await firmThatAsks()
    await submitted(firm)
    const { id } = await askCustomer(firm)
    await firm.within((trx) =>
      trx.updateTable('approvalRequest').set({ mailState: 'waiting' }).where('id', '=', id).execute(),
    )
    expect((await read(firm, id)).mail.state).toBe('waiting')
    test.clock.forward(180_000)
    expect((await read(firm, id)).mail).toMatchObject({ state: 'uncertain', problem: { code: 'mail-uncertain' } })
  })
})

describe('who asks', () => {
  it('a manager asks for the projects he manages, and sees his own requests', async () => {
    const firm = await firmThatAsks()
    await firm.within((trx) =>
      trx
        .insertInto('projectMember')
        .values({ firmId: firm.id, projectId: firm.projectId, memberId: firm.members.manager, manager: true })
        .execute(),
    )
    await submitted(firm)
    await submitted(firm, { projectId: await firm.addProject({ name: 'Van een ander' }) })
    const waiting = await asRole<{ rows: { entries: number }[] }>(firm, 'manager', [
      'GET',
      '/approval-requests/waiting',
    ])
    expect(waiting.body.rows).toMatchObject([{ customerId: firm.customerId, customerName: 'Bakkerij Zon', entries: 1 }])
    const own = await askCustomer(firm, {}, 'manager')
    const other = await askCustomer(firm)
    const listed = await asRole<{ rows: { id: string }[] }>(firm, 'manager', ['GET', '/approval-requests'])
    expect(listed.body.rows.map(({ id }) => id)).toEqual([own.id])
    expect(await asRole(firm, 'manager', ['GET', `/approval-requests/${other.id}`])).toMatchObject({ status: 404 })
    expect(await asRole(firm, 'manager', ['POST', `/approval-requests/${other.id}/withdrawal`])).toMatchObject({
      status: 404,
    })
  })

  it('leaves out projects on which the customer does not approve', async () => {
    const firm = await firmThatAsks()
    await submitted(firm, { projectId: await firm.addProject({ name: 'Stil', customerApproves: false }) })
    const { body } = await asRole<{ rows: unknown[] }>(firm, 'finance', ['GET', '/approval-requests/waiting'])
    expect(body.rows).toEqual([])
  })
})

describe('what waits for an approver', () => {
  interface Week {
    readonly memberId: string
    readonly monday: string
    readonly minutes: number
    readonly ids: { readonly hours: string[] }
    readonly contract: { differenceMinutes: number } | null
    readonly warnings: string[]
  }
  const weeks = (firm: TestFirm, role: Role, query = '') =>
    asRole<{ rows: Week[]; next: string | null }>(firm, role, ['GET', `/approval-weeks${query}`]).then(
      ({ body }) => body,
    )

  it('stands by person and week, oldest first, with contract and warnings, page after page', async () => {
    const firm = await firmThatAsks('internal')
    await firm.within((trx) =>
      trx
        .insertInto('contractHours')
        .values({
          firmId: firm.id,
          id: test.services.ids.next(),
          memberId: firm.members.employee,
          fromDate: '2026-01-01',
          minutesPerDay: [480, 480, 480, 480, 480, 0, 0],
        })
        .execute(),
    )
    const first = await submitted(firm, { date: '2026-03-02', minutes: 480, startMinute: 540, endMinute: 1020 })
    const second = await submitted(firm, { date: '2026-03-02', minutes: 60, startMinute: 600, endMinute: 660 })
    await submitted(firm, { date: '2026-03-09' })
    await submitted(firm, { date: '2026-03-03', memberId: firm.members.manager })
    await submitted(firm, { date: '2026-03-03', memberId: firm.members.finance })
    const { rows } = await weeks(firm, 'finance')
    expect(rows.map(({ memberId, monday, minutes }) => [memberId, monday, minutes])).toEqual([
      [firm.members.employee, '2026-03-02', 540],
      [firm.members.manager, '2026-03-02', 60],
      [firm.members.employee, '2026-03-09', 60],
    ])
    expect(rows[0]).toMatchObject({
      ids: { hours: [first, second].sort(), expense: [], trip: [] },
      contract: { contractMinutes: 2400, registeredMinutes: 540, differenceMinutes: -1860 },
      warnings: ['overlap'],
    })
    const paged: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = await weeks(firm, 'finance', `?limit=1${next ? `&cursor=${next}` : ''}`)
      paged.push(...page.rows.map(({ memberId, monday }) => `${memberId} ${monday}`))
      next = page.next
    }
    expect(paged).toEqual(rows.map(({ memberId, monday }) => `${memberId} ${monday}`))
    expect((await asRole(firm, 'finance', ['GET', '/approval-weeks/count'])).body).toEqual({ weeks: 3, own: 1 })
    const opened = await asRole<{ entries: { id: string; waits: boolean }[] }>(firm, 'finance', [
      'GET',
      `/approval-weeks/${firm.members.employee}/2026-03-02`,
    ])
    expect(opened.body.entries.map(({ waits }) => waits)).toEqual([true, true])
  })

  it('is of a manager what he manages, without telling hours that he does not see', async () => {
    const firm = await firmThatAsks('internal')
    await firm.within((trx) =>
      trx
        .insertInto('projectMember')
        .values({ firmId: firm.id, projectId: firm.projectId, memberId: firm.members.manager, manager: true })
        .execute(),
    )
    await submitted(firm, { date: '2026-03-02' })
    await submitted(firm, { date: '2026-03-02', projectId: await firm.addProject({ name: 'Geheim' }), minutes: 77 })
    const { rows } = await weeks(firm, 'manager')
    expect(rows).toMatchObject([{ minutes: 60, contract: null }])
    const opened = await asRole<{ entries: unknown[] }>(firm, 'manager', [
      'GET',
      `/approval-weeks/${firm.members.employee}/2026-03-02`,
    ])
    expect(opened.body.entries).toHaveLength(1)
  })
})
