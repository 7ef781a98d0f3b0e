import type { firm as firmShape } from '@uurwerk/api/people.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import root from '../../../package.json' with { type: 'json' }
import { settleEntries } from '../entries/settle-entries.ts'
import { type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import { signUpOrIn } from '../people/accounts.ts'
import { checkFirm, createFirm, type Founder, sessionOf } from '../people/firms.ts'
import { createSampleFirm, sampleAdministrator, sampleColleagues } from '../sample/sample-firm.ts'
import type { Services } from '../services.ts'
import { isLoopback } from '../settings.ts'
import type { Trx } from '../store/database.ts'
import type { Firm as FirmTable } from '../store/schema.gen.ts'

type FirmAnswer = z.input<typeof firmShape>

export const firmHandlers: Handlers<'readSetup' | 'setUp' | 'createFirm' | 'readFirm' | 'changeFirm'> = {
  readSetup: async ({ services }) => ({
    needed: await isSetupNeeded(services),
    sandbox: services.settings.sandbox,
    mail: services.mail.works,
    version: root.version,
  }),

  setUp: async (call) => {
    const { services, body, ip, setCookies } = call
    if (!(await isSetupNeeded(services))) throw new ProblemError({ kind: 'conflict', code: 'set-up-already' })
    const sample = 'sample' in body
    const input = sample ? null : checkFirm(body.firm, body.firm.country, '/firm')
    // A password that stands in the documentation is for one's own machine alone.
    if (sample && !body.administrator && !isLoopback(services.settings.publicUrl))
      throw wrongField('/administrator', 'required')
    const administrator = body.administrator ?? sampleAdministrator
    const firmId = services.ids.next()
    const { slug, founder, cookies } = await services.store.withFirm(firmId, async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('uurwerk set up', 0))`.execute(trx)
      const other = await trx.selectFrom('directory.firm').select('id').limit(1).executeTakeFirst()
      if (other) throw new ProblemError({ kind: 'conflict', code: 'set-up-already' })
      // Only now: whoever comes second is left without an account, with which firms can be made.
      const signedIn = await signUpOrIn(services, { ...administrator, ip })
      const who = { userId: signedIn.userId, name: administrator.name, email: administrator.email.toLowerCase() }
      const made = input
        ? await createFirm(trx, services, {
            firmId,
            input,
            founder: who,
            roles: ['administrator'],
            sample: false,
          })
        : await createSampleFirm(trx, services, {
            firmId,
            founder: who,
            accounts: body.administrator ? new Map() : await sampleAccounts(services),
            language: (body as { language: Language }).language,
          })
      return { slug: made.slug, founder: who, cookies: signedIn.setCookies }
    })
    setCookies(cookies)
    return { ...(await sessionOf(services, { ...founder, id: founder.userId })), slug }
  },

  createFirm: async ({ services, body, user }) => {
    const firmId = services.ids.next()
    const founder: Founder = { userId: user.id, name: user.name, email: user.email }
    const input = 'sample' in body ? null : checkFirm(body.firm, body.firm.country, '/firm')
    const { slug } = await services.store.withFirm(firmId, (trx) =>
      input
        ? createFirm(trx, services, { firmId, input, founder, roles: ['administrator'], sample: false })
        : createSampleFirm(trx, services, { firmId, founder, language: (body as { language: Language }).language }),
    )
    return { id: firmId, slug }
  },

  readFirm: (call) => firmAnswer(call),

  changeFirm: async (call) => {
    const { trx, firmId, version, now } = call
    const before = await firmAnswer(call)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const body = checkFirm(call.body, call.body.country ?? before.country)
    if (body.currency && body.currency !== before.currency) await refuseCurrencyChange(call)
    const { address, ...plain } = body
    await trx
      .updateTable('firm')
      .set({ ...plain, ...(address ? { address: JSON.stringify(address) } : {}), version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .execute()
    if (body.name) await trx.updateTable('directory.firm').set({ name: body.name }).where('id', '=', firmId).execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: Object.fromEntries(Object.keys(call.body).map((field) => [field, before[field as keyof FirmAnswer]])),
      after: body,
    })
    if (body.approval && body.approval !== before.approval) await settleEntries(call)
    return firmAnswer(call)
  },
}

async function isSetupNeeded(services: Services): Promise<boolean> {
  const firm = await services.store.withDirectory((trx) =>
    trx.selectFrom('directory.firm').select('id').limit(1).executeTakeFirst(),
  )
  return firm === undefined
}

/** The colleagues of the sample firm can sign in too, so that their screens can be seen. */
async function sampleAccounts(services: Services): Promise<Map<string, string>> {
  const accounts = new Map<string, string>()
  for (const { name, email } of sampleColleagues) {
    const { userId } = await signUpOrIn(services, { name, email, password: sampleAdministrator.password })
    accounts.set(email, userId)
  }
  return accounts
}

type Asking = { readonly trx: Trx; readonly firmId: string }

export async function firmAnswer({
  trx,
  firmId,
  firm,
}: Asking & { readonly firm: { readonly slug: string } }): Promise<FirmAnswer> {
  const row: Selectable<FirmTable> = await trx
    .selectFrom('firm')
    .selectAll()
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  return {
    id: row.firmId,
    slug: firm.slug,
    name: row.name,
    address: row.address as FirmAnswer['address'],
    country: row.country,
    vatId: row.vatId,
    kvk: row.kvk,
    iban: row.iban,
    email: row.email,
    phone: row.phone,
    website: row.website,
    currency: row.currency,
    timeZone: row.timeZone,
    language: row.language as Language,
    approval: row.approval as FirmAnswer['approval'],
    approveOwn: row.approveOwn,
    lockedUntil: row.lockedUntil,
    defaultPaymentDays: row.defaultPaymentDays,
    defaultPaymentEndOfMonth: row.defaultPaymentEndOfMonth,
    logo: row.logoSha256,
    sample: row.sample,
    version: row.version,
  }
}

/** Amounts of sent invoices are kept in the currency of then; a firm with invoices keeps its currency. */
async function refuseCurrencyChange({ trx, firmId }: Asking): Promise<void> {
  const sent = await trx
    .selectFrom('invoice')
    .select('id')
    .where('firmId', '=', firmId)
    .where('state', '<>', 'draft')
    .limit(1)
    .executeTakeFirst()
  if (sent) throw wrongField('/currency', 'currency-in-use')
}
