import type { firmInput, session as sessionShape } from '@uurwerk/api/people.ts'
import type { Role } from '@uurwerk/api/rights.ts'
import { rightsOf } from '@uurwerk/api/rights.ts'
import { parseKvkNumber } from '@uurwerk/core/customers/kvk.ts'
import { parseVatId } from '@uurwerk/core/customers/vat-id.ts'
import { isTimeZone } from '@uurwerk/core/shared/calendar-date.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { ApprovalFlow } from '@uurwerk/core/time/approval.ts'
import type { z } from 'zod'
import { createDefaultCategories } from '../entries/default-categories.ts'
import { createDefaultSeries } from '../invoices/invoice-series.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { createAbsenceKinds } from '../time/absence-rows.ts'

export type FirmInput = z.output<typeof firmInput>
export type Session = z.input<typeof sessionShape>

export interface Founder {
  readonly userId: string
  readonly name: string
  readonly email: string
}

/** VAT id, KvK number and time zone of a firm in their one form, or a message at the field. */
export function checkFirm<Input extends Partial<FirmInput>>(input: Input, country: string, at = ''): Input {
  const fields: FieldProblem[] = []
  const checked: Partial<FirmInput> = {}
  if (input.vatId) {
    const parsed = parseVatId(input.vatId, country)
    if ('vatId' in parsed) checked.vatId = parsed.vatId
    else if (parsed.problem !== 'vat-id-country-unknown') fields.push({ pointer: `${at}/vatId`, code: parsed.problem })
  }
  if (input.kvk && country === 'NL') {
    const kvk = parseKvkNumber(input.kvk)
    if (kvk) checked.kvk = kvk
    else fields.push({ pointer: `${at}/kvk`, code: 'kvk-format' })
  }
  if (input.timeZone && !isTimeZone(input.timeZone))
    fields.push({ pointer: `${at}/timeZone`, code: 'time-zone-unknown' })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
  return { ...input, ...checked }
}

const slugOf = (name: string): string => {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '')
  return plain.length >= 2 ? plain : 'firm'
}

async function freeSlug(trx: Trx, name: string): Promise<string> {
  const slug = slugOf(name)
  const taken = new Set(
    (await trx.selectFrom('directory.firm').select('slug').where('slug', 'like', `${slug}%`).execute()).map(
      (row) => row.slug,
    ),
  )
  if (!taken.has(slug)) return slug
  for (let number = 2; ; number++) if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`
}

export interface NewFirm {
  readonly firmId: string
  readonly input: FirmInput
  readonly founder: Founder
  readonly roles: readonly Role[]
  readonly sample: boolean
}

/** A firm with its first member and number series, in the transaction of that firm. */
export async function createFirm(
  trx: Trx,
  services: Services,
  { firmId, input, founder, roles, sample }: NewFirm,
): Promise<{ slug: string; memberId: string }> {
  const now = services.clock.now()
  const slug = await freeSlug(trx, input.name)
  await trx.insertInto('directory.firm').values({ id: firmId, slug, name: input.name, createdAt: now }).execute()
  const { address, ...plain } = input
  await trx
    .insertInto('firm')
    .values({ ...plain, address: JSON.stringify(address), firmId, sample, createdAt: now, updatedAt: now })
    .execute()
  const memberId = services.ids.next()
  await trx
    .insertInto('member')
    .values({
      firmId,
      id: memberId,
      userId: founder.userId,
      name: founder.name,
      email: founder.email,
      language: null,
      roles: [...roles],
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  await trx.insertInto('directory.membership').values({ userId: founder.userId, firmId, memberId }).execute()
  await createDefaultSeries(trx, firmId, services.ids, now)
  await createDefaultCategories(trx, firmId, { ids: services.ids, now, language: input.language })
  await createAbsenceKinds(trx, services, { firmId, language: input.language })
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'firm',
      subjectId: firmId,
      act: 'created',
      actorId: memberId,
      actorName: founder.name,
      at: now,
    })
    .execute()
  return { slug, memberId }
}

/** Who is signed in, and in which firms with which rights. */
export async function sessionOf(
  services: Services,
  user: { readonly id: string; readonly name: string; readonly email: string },
): Promise<Session> {
  const firms = await services.store.withDirectory((trx) =>
    trx
      .selectFrom('directory.membership')
      .innerJoin('directory.firm', 'directory.firm.id', 'directory.membership.firmId')
      .select(['directory.firm.id', 'directory.firm.slug'])
      .where('directory.membership.userId', '=', user.id)
      .orderBy('directory.firm.name')
      .execute(),
  )
  const found: Session['firms'] = []
  for (const { id, slug } of firms) {
    const row = await services.store.withFirm(id, (trx) =>
      trx
        .selectFrom('member')
        .innerJoin('firm', 'firm.firmId', 'member.firmId')
        .select([
          'member.id as memberId',
          'member.roles',
          'member.language',
          'member.archivedAt',
          'firm.name',
          'firm.country',
          'firm.currency',
          'firm.timeZone',
          'firm.sample',
          'firm.approval',
        ])
        .where('member.firmId', '=', id)
        .where('member.userId', '=', user.id)
        .executeTakeFirst(),
    )
    if (!row || row.archivedAt) continue
    found.push({
      id,
      slug,
      name: row.name,
      memberId: row.memberId,
      roles: row.roles as Role[],
      rights: [...rightsOf(row.roles as Role[])],
      language: row.language as 'nl' | 'en' | null,
      country: row.country,
      currency: row.currency,
      timeZone: row.timeZone,
      sample: row.sample,
      approval: row.approval as ApprovalFlow,
    })
  }
  return { user: { id: user.id, name: user.name, email: user.email }, firms: found }
}
