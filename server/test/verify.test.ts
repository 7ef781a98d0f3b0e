import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../src/log.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { Secret } from '../src/secrets.ts'
import { readSettings } from '../src/settings.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { prepareDatabase } from '../src/store/migrate.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { testSeals, testSecretKey } from '../src/testing/seals.ts'
import { verifyFirm } from '../src/verify/verify-firm.ts'
import { verifySent } from '../src/verify/verify-sent.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

async function ask<Body = InvoiceAnswer>(
  firm: TestFirm,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  version = 0,
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...firm.as('administrator'), ...(version ? { 'if-match': `"${version}"` } : {}) },
    ...(body ? { payload: body } : {}),
  })
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
  return answer.headers['content-type']?.includes('json') ? (answer.json() as Body) : (undefined as Body)
}

async function send(firm: TestFirm, price: string): Promise<InvoiceAnswer> {
  const made = await ask(firm, 'POST', '/invoices', { customerId: firm.customerId, date: '2026-03-31' })
  const line = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: price }
  const { id, version } = await ask(firm, 'POST', `/invoices/${made.id}/lines`, line, made.version)
  return ask(firm, 'POST', `/invoices/${id}/sending`, { how: 'post' }, version)
}

/** Three invoices, one of them credited, with the PDF of the first. */
async function sentFirm(): Promise<{ firm: TestFirm; sent: InvoiceAnswer[] }> {
  const firm = await testFirm(test.services)
  const sent = [await send(firm, '104'), await send(firm, '92.50'), await send(firm, '0.05')]
  const note = await ask(firm, 'POST', `/invoices/${sent[1]?.id}/credit-note`, {}, sent[1]?.version)
  await ask(firm, 'POST', `/invoices/${note.id}/sending`, { how: 'post' }, note.version)
  await ask(firm, 'GET', `/invoices/${sent[0]?.id}/documents/pdf`)
  return { firm, sent }
}

const verdictOf = (firm: TestFirm, noted: string[] = []) => verifyFirm(test.services, firm.id, new Set(noted))

/** With every right, past the triggers that keep a sent invoice as it is. */
async function behindTheBack(firm: TestFirm, statement: string): Promise<void> {
  const tables = ['invoice', 'invoice_line', 'sent_document']
  const triggers = (able: string) => tables.map((table) => `alter table ${table} ${able} trigger user`).join(';')
  await test.database.asOwner(
    `select set_config('app.firm', '${firm.id}', false); ${triggers('disable')}; ${statement}; ${triggers('enable')}`,
  )
}

const of = (firm: TestFirm, more: string) => `firm_id = '${firm.id}' and ${more}`

describe('verifying what was sent', () => {
  it('finds all well, and answers the head of the chain', async () => {
    const { firm } = await sentFirm()
    const verdict = await verdictOf(firm)
    expect(verdict).toMatchObject({ sent: 4, brokenAt: null, kept: 1, wrongs: [], head: { position: 4 } })
    expect(verdict.head?.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('finds nothing wrong where nothing was sent', async () => {
    const firm = await testFirm(test.services)
    expect(await verdictOf(firm)).toEqual({ sent: 0, head: null, brokenAt: null, kept: 0, wrongs: [], noted: [] })
  })

  it('knows a noted head again after more was sent, and not one of another chain', async () => {
    const { firm } = await sentFirm()
    const head = (await verdictOf(firm)).head?.hash ?? ''
    await send(firm, '10')
    expect((await verdictOf(firm, [head, 'f'.repeat(64)])).noted).toEqual([head])
  })

  it.each<[string, (firm: TestFirm) => string, number | null, RegExp[]]>([
    [
      'a byte that was changed',
      (firm) => `update sent_document set bytes = set_byte(bytes, 9, 33) where ${of(firm, 'position = 2')}`,
      2,
      [/^position 2: the bytes are not those that were sent$/],
    ],
    [
      'bytes that were changed with their hash',
      (firm) =>
        `update sent_document set bytes = b, sha256 = encode(sha256(b), 'hex') from (select convert_to(replace(convert_from(bytes, 'UTF8'), '125.84', '125.85'), 'UTF8') as b from sent_document where ${of(firm, 'position = 1')}) x where ${of(firm, 'position = 1')}`,
      1,
      [/^position 1: it does not follow the one before it$/, /^invoice 2026-0001: gross is 125\.84, sent was 125\.85$/],
    ],
    [
      'a document that is missing in the middle',
      (firm) => `delete from sent_document where ${of(firm, 'position = 2')}`,
      2,
      [/^position 2 is missing$/, /^invoice 2026-0002: what was sent is missing$/],
    ],
    [
      'a document that is missing at the end',
      (firm) => `delete from sent_document where ${of(firm, 'position = 4')}`,
      4,
      [/^invoice 2026-0004: what was sent is missing$/],
    ],
    [
      'a total that was changed',
      (firm) => `update invoice set gross = gross + 1 where ${of(firm, "number = '2026-0003'")}`,
      null,
      [/^invoice 2026-0003: gross is 1\.06, sent was 0\.06$/],
    ],
    [
      'a number that was changed',
      (firm) => `update invoice set number = '2026-9999' where ${of(firm, "number = '2026-0003'")}`,
      null,
      [/^invoice 2026-9999: number is 2026-9999, sent was 2026-0003$/],
    ],
    [
      'a line that was changed',
      (firm) =>
        `update invoice_line set description = 'Overleg' where invoice_id = (select id from invoice where ${of(firm, "number = '2026-0001'")})`,
      null,
      [/^invoice 2026-0001: line 1: description is Overleg, sent was Advies$/],
    ],
    [
      'a line that was taken away',
      (firm) =>
        `delete from invoice_line where invoice_id = (select id from invoice where ${of(firm, "number = '2026-0003'")})`,
      null,
      [/^invoice 2026-0003: it has 0 lines, sent were 1$/],
    ],
    [
      'a customer that was changed on the invoice',
      (firm) =>
        `update invoice set customer_snapshot = jsonb_set(customer_snapshot, '{name}', '"Slagerij Maan"') where ${of(firm, "number = '2026-0001'")}`,
      null,
      [/^invoice 2026-0001: customer is .*, sent was /],
    ],
    [
      'an invoice that is a draft again',
      (firm) => `update invoice set state = 'draft', number = null where ${of(firm, "number = '2026-0003'")}`,
      null,
      [/^position 3: its invoice is a draft$/],
    ],
  ])('notices %s', async (_, change, brokenAt, wrongs) => {
    const { firm } = await sentFirm()
    await behindTheBack(firm, change(firm))
    const verdict = await verdictOf(firm)
    expect(verdict.brokenAt).toBe(brokenAt)
    expect(verdict.wrongs).toHaveLength(wrongs.length)
    wrongs.forEach((wrong, index) => {
      expect(verdict.wrongs[index]).toMatch(wrong)
    })
  })

  it('notices a kept document that is gone, and one that was changed', async () => {
    const { firm } = await sentFirm()
    const { sha256 } = await firm.within((trx) =>
      trx.selectFrom('invoiceDocument').select('sha256').executeTakeFirstOrThrow(),
    )
    const path = join(test.services.files.place, firm.id, sha256)
    await writeFile(path, 'something else')
    expect((await verdictOf(firm)).wrongs).toEqual(['invoice 2026-0001, pdf: the file is not what it was'])
    await rm(path)
    expect((await verdictOf(firm)).wrongs).toEqual(['invoice 2026-0001, pdf: the file is missing'])
  })

  it('notices an attachment of a letter that is gone', async () => {
    const { firm, sent } = await sentFirm()
    const { ids, clock, files } = test.services
    const [letterId, now] = [ids.next(), clock.now()]
    const sha256 = await files.put(firm.id, Buffer.from('a receipt'))
    await firm.within(async (trx) => {
      const letter = {
        firmId: firm.id,
        id: letterId,
        kind: 'invoice',
        customerId: firm.customerId,
        invoiceId: sent[0]?.id ?? null,
        language: 'nl',
        recipients: '[]',
        senderName: 'Voorbeeld Advies',
        subject: 'Factuur',
        body: '',
        messageId: `${letterId}@example.nl`,
        state: 'sent',
        dueAt: now,
        createdAt: now,
        updatedAt: now,
      }
      await trx.insertInto('letter').values(letter).execute()
      const attachment = { firmId: firm.id, letterId, position: 1, kind: 'receipt', fileName: 'bon.png' }
      await trx
        .insertInto('letterAttachment')
        .values({ ...attachment, mediaType: 'image/png', sha256, sizeBytes: 9 })
        .execute()
    })
    expect(await verdictOf(firm)).toMatchObject({ kept: 2, wrongs: [] })
    await files.remove(firm.id, sha256)
    expect((await verdictOf(firm)).wrongs).toEqual(['letter of 2026-03-31, bon.png: the file is missing'])
  })
})

describe('the command', () => {
  const settingsOf = (env: Record<string, string>) => readSettings({ SECRET_KEY: testSecretKey, ...env })
  async function told(env: Record<string, string>, noted: string[] = []) {
    const lines: string[] = []
    const say = (line: string) => void lines.push(line)
    const whole = await verifySent({ settings: settingsOf(env), log: createLog('silent'), noted, say })
    return { whole, lines }
  }

  it('goes through all firms of a database, and says what is wrong with each', async () => {
    const { firm } = await sentFirm()
    await behindTheBack(firm, `delete from sent_document where ${of(firm, 'position = 4')}`)
    const env = {
      DATA_DIR: join(test.services.files.place, '..'),
      DATABASE_URL: test.database.ownerUrl.reveal(),
      DATABASE_APP_URL: test.database.appUrl.reveal(),
    }
    const { whole, lines } = await told(env)
    expect(whole).toBe(false)
    const at = lines.indexOf(`Voorbeeld Advies (${firm.slug})`)
    expect(lines[at + 1]).toBe('  3 sent, chain BROKEN at position 4; 1 kept document')
    expect(lines[at + 2]).toMatch(/^ {2}head 3 [0-9a-f]{64}$/)
    expect(lines[at + 3]).toBe('  WRONG  invoice 2026-0004: what was sent is missing')
    expect(lines.at(-1)).toMatch(/^NOT WELL: \d+ firms/)
  })

  it('reads the embedded database beside the program that runs, and starts it when none does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'uurwerk-verify-'))
    await chmod(folder, 0o711)
    const log = createLog('silent')
    try {
      await expect(told({ DATA_DIR: folder })).rejects.toThrow(`There is no database in DATA_DIR ${folder}`)
      const running = await startEmbedded({ dataDir: folder, log, careless: true })
      await prepareDatabase({ ownerUrl: new Secret(running.url), appUrl: null, seals: testSeals, log })
      const beside = await told({ DATA_DIR: folder }, ['a'.repeat(64)])
      expect(beside.lines[0]).toMatch(/^Uurwerk runs \(its database is process \d+\)/)
      expect(beside.lines[1]).toMatch(/^NOT FOUND {2}a{64} was noted before/)
      expect(beside.whole).toBe(false)
      await running.stop()
      const alone = await told({ DATA_DIR: folder })
      expect(alone).toEqual({
        whole: true,
        lines: ['Uurwerk does not run: its database is started for this, and stopped again.', 'All well: 0 firms.'],
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('ends with 2 where it could not look', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'uurwerk-verify-'))
    const main = join(import.meta.dirname, '../src/main.ts')
    const ended = spawnSync(process.execPath, [main, 'verify'], {
      env: { ...process.env, DATA_DIR: folder, DATABASE_URL: '' },
      encoding: 'utf8',
    })
    expect(ended.stderr).toContain(`There is no database in DATA_DIR ${folder}`)
    expect(ended.status).toBe(2)
    await rm(folder, { recursive: true, force: true })
  })
})
