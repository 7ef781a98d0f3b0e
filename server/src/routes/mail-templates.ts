import type { mailTemplate as templateShape } from '@uurwerk/api/letters.ts'
import { addDays, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { findInvoice } from '../invoices/invoice-rows.ts'
import { exampleDaysOverdue, exampleValues, invoiceValues } from '../letters/letter-values.ts'
import { addressesOf, contactOf, forecastOf } from '../letters/proposal.ts'
import {
  filledText,
  ours,
  placeholderNames,
  placeholders,
  type TemplateKind,
  templateKinds,
  unknownIn,
  type Values,
} from '../letters/templates.ts'
import type { MailTemplate } from '../store/schema.gen.ts'

type Names = 'listMailTemplates' | 'changeMailTemplate' | 'deleteMailTemplate' | 'previewMailTemplate'
type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'services' | 'now' | 'language'>
type TemplateAnswer = z.input<typeof templateShape>
type Own = Selectable<MailTemplate>

const languages: readonly Language[] = ['nl', 'en']

export const mailTemplateHandlers: Handlers<Names> = {
  listMailTemplates: async (call) => {
    const { trx, firmId, language } = call
    const own = await trx.selectFrom('mailTemplate').selectAll().where('firmId', '=', firmId).execute()
    const ownOf = (kind: TemplateKind, of: Language) => own.find((row) => row.kind === kind && row.language === of)
    const examples = await exampleOf(call, language)
    return {
      rows: templateKinds.flatMap((kind) => languages.map((of) => toAnswer(kind, of, ownOf(kind, of)))),
      placeholders: placeholderNames.map((name) => ({
        name,
        says: say(language, `letter.placeholder.${name}`),
        kinds: [...placeholders[name]],
        example: examples[name] ?? '',
      })),
    }
  },

  changeMailTemplate: async (call) => {
    const { trx, firmId, params, body, services, now } = call
    const { kind, language } = params
    for (const field of ['subject', 'body'] as const) {
      const unknown = unknownIn(body[field], kind)
      if (unknown.length > 0)
        throw wrongField(`/${field}`, 'placeholder-unknown', { names: unknown.map((name) => `{${name}}`).join(', ') })
    }
    const before = await lockTemplate(call, params)
    const version = (before?.version ?? 0) + 1
    await trx
      .insertInto('mailTemplate')
      .values({ firmId, id: services.ids.next(), kind, language, ...body, version, createdAt: now, updatedAt: now })
      .onConflict((conflict) =>
        conflict.columns(['firmId', 'kind', 'language']).doUpdateSet({ ...body, version, updatedAt: now }),
      )
      .execute()
    const row = await ownTemplate(call, params)
    if (!row) throw notThere('mail-template')
    await remember(call, { kind: 'mail-template', id: row.id }, 'changed', {
      before: before ? { subject: before.subject, body: before.body } : ours(kind, language),
      after: body,
    })
    await services.events.publish(trx, firmId, { topic: 'letters' })
    return toAnswer(kind, language, row)
  },

  deleteMailTemplate: async (call) => {
    const { trx, firmId, params, services } = call
    const before = await lockTemplate(call, params)
    if (!before) return undefined
    await trx.deleteFrom('mailTemplate').where('firmId', '=', firmId).where('id', '=', before.id).execute()
    await remember(call, { kind: 'mail-template', id: before.id }, 'deleted', {
      before: { kind: params.kind, language: params.language, subject: before.subject, body: before.body },
    })
    await services.events.publish(trx, firmId, { topic: 'letters' })
    return undefined
  },

  previewMailTemplate: async (call) => {
    const { kind, language, subject, body, invoiceId } = call.body
    const values = invoiceId ? await valuesOf(call, invoiceId, language) : await exampleOf(call, language, kind)
    return {
      ...filledText({ subject, body }, values),
      unknown: [...new Set([...unknownIn(subject, kind), ...unknownIn(body, kind)])],
    }
  },
}

const toAnswer = (kind: TemplateKind, language: Language, own: Own | undefined): TemplateAnswer => {
  const text = ours(kind, language)
  return {
    kind,
    language,
    subject: own?.subject ?? text.subject,
    body: own?.body ?? text.body,
    own: own !== undefined,
    ours: text,
    version: own?.version ?? 0,
  }
}

type Which = { readonly kind: TemplateKind; readonly language: Language }

const ownTemplate = ({ trx, firmId }: Pick<Call, 'trx' | 'firmId'>, { kind, language }: Which) =>
  trx
    .selectFrom('mailTemplate')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('kind', '=', kind)
    .where('language', '=', language)
    .forUpdate()
    .executeTakeFirst()

async function lockTemplate(
  call: Pick<Call, 'trx' | 'firmId'> & { readonly version: number },
  which: Which,
): Promise<Own | undefined> {
  const own = await ownTemplate(call, which)
  const current = own?.version ?? 0
  if (current !== call.version) throw new StaleEdit(current, toAnswer(which.kind, which.language, own))
  return own
}

/** Of a reminder an invoice that is late, else one of today. */
async function exampleOf({ trx, firmId, firm, now }: Call, language: Language, kind?: TemplateKind): Promise<Values> {
  const row = await trx
    .selectFrom('firm')
    .select(['name', 'iban', 'currency', 'defaultPaymentDays'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const today = dateIn(firm.timeZone, now)
  const date = kind?.startsWith('reminder') ? addDays(today, -exampleDaysOverdue - row.defaultPaymentDays) : today
  return exampleValues({ language, date, dueDate: addDays(date, row.defaultPaymentDays), firm: row })
}

async function valuesOf(call: Call, invoiceId: string, language: Language): Promise<Values> {
  const { trx, firmId, firm, now } = call
  const stored = await findInvoice(trx, firmId, invoiceId)
  if (!stored) throw wrongField('/invoiceId', 'invoice-unknown')
  const to = (await addressesOf(call, stored.row.customerId)).filter(({ isDefault }) => isDefault)
  const values = invoiceValues(stored, { language, contact: contactOf(to), today: dateIn(firm.timeZone, now) })
  return { ...values, ...(await forecastOf(call, stored)).values }
}
