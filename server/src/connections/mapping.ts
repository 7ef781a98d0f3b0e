import type { Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import type { ItemRow, LedgerAccountRow, VatCodeRow } from '@uurwerk/connectors/contract/rows.ts'
import {
  partsOf,
  type VatCase,
  type VatTreatment,
  vatRateFor,
  vatTreatments,
} from '@uurwerk/core/invoicing/vat-cases.ts'
import { vatRateAt } from '@uurwerk/core/invoicing/vat-rates.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { inBooksSql } from '../invoices/in-books.ts'
import type { PostingRule } from '../store/schema.gen.ts'
import type { InFirm } from './connection.ts'
import { readSubjects, type Subject, treatmentsOf } from './item-use.ts'
import { namedRows, rowsOf, whyUnusable } from './package-rows.ts'
import type { ConnectionAt } from './service.ts'

/** Which setting of a package is its default item: the one that is chosen from its items. */
export const defaultItemField = (manifest: Pick<Manifest, 'settings'>): string | undefined =>
  manifest.settings.find(({ from }) => typeof from === 'object' && 'list' in from && from.list === 'items')?.name

type Rule = Selectable<PostingRule>
type Gone = { readonly isGone: boolean }

export interface MatrixItem {
  readonly row: ItemRow & Gone
  readonly usedBy: readonly Subject[]
  readonly isDefault: boolean
  readonly ownLedgerAccount: (LedgerAccountRow & Gone) | null
  readonly ownVatCode: (VatCodeRow & Gone) | null
}

export interface MatrixCell {
  readonly item: string
  readonly treatment: VatTreatment
  readonly state: 'set' | 'proposed' | 'missing' | 'not-used'
  readonly rule: Rule | null
  /** Of the rule; else the proposal, which books nothing until somebody saves it. */
  readonly ledgerAccount: (LedgerAccountRow & Partial<Gone>) | null
  readonly vatCode: (VatCodeRow & Partial<Gone>) | null
  readonly waiting: readonly { readonly id: string; readonly number: string | null }[]
  readonly itemDiffers: string | null
  readonly problem: Problem | null
}

export interface Matrix {
  readonly items: readonly MatrixItem[]
  readonly treatments: readonly {
    readonly id: VatTreatment
    readonly rate: Decimal | null
    readonly customers: number
    readonly used: boolean
  }[]
  readonly cells: readonly MatrixCell[]
  /** Used and not set. */
  readonly missing: number
}

const mostWaiting = 100

/** Item across VAT treatment: what is set, what could be, what would fail today. */
export async function readMatrix(
  firm: InFirm,
  connection: ConnectionAt,
  manifest: Manifest,
  today: CalendarDate,
): Promise<Matrix> {
  const use = await readUse(firm, connection, manifest)
  const rules = await readRules(firm, connection.id)
  const itemIds = [...new Set([...use.itemIds, ...rules.map(({ item }) => item)])]
  const items = await namedRows(firm, connection.id, 'items', itemIds)
  const accounts = new Map((await rowsOf(firm, connection.id, 'ledgerAccounts')).map((row) => [row.id, row]))
  const codes = await rowsOf(firm, connection.id, 'vatCodes')
  const goneAccounts = await namedRows(firm, connection.id, 'ledgerAccounts', [
    ...rules.map(({ ledgerAccount }) => ledgerAccount),
    ...[...items.values()].flatMap(({ ledgerAccount }) => ledgerAccount ?? []),
  ])
  const goneCodes = await namedRows(firm, connection.id, 'vatCodes', [
    ...rules.map(({ vatCode }) => vatCode),
    ...[...items.values()].flatMap(({ vatCode }) => vatCode ?? []),
  ])

  const treatments = treatmentsFor(connection.firmCountry, today, use, rules)
  const cells = itemIds.flatMap((itemId) => {
    const item = items.get(itemId)
    if (!item) return []
    return treatments.map(({ id: treatment, rate }): MatrixCell => {
      const rule = rules.find((one) => one.item === itemId && one.vatTreatment === treatment) ?? null
      const isUsed = use.pairs.has(pairOf(itemId, treatment))
      const account = rule
        ? goneAccounts.get(rule.ledgerAccount)
        : // What is paid in the customer's name is no revenue, whatever the item says.
          treatment === 'disbursement'
          ? undefined
          : usableAccount(accounts.get(item.ledgerAccount ?? ''))
      const code = rule ? goneCodes.get(rule.vatCode) : fittingCode(codes, treatment, rate)
      const waiting = rule ? [] : (use.waiting.get(pairOf(itemId, treatment)) ?? [])
      return {
        item: itemId,
        treatment,
        state: rule ? 'set' : !isUsed && waiting.length === 0 ? 'not-used' : account && code ? 'proposed' : 'missing',
        rule,
        ledgerAccount: account ?? null,
        vatCode: code ?? null,
        waiting,
        itemDiffers: differing(item, code, treatment, goneCodes),
        problem: rule ? problemOf(rule, goneAccounts.get(rule.ledgerAccount), goneCodes.get(rule.vatCode), rate) : null,
      }
    })
  })
  return {
    items: itemIds.flatMap((id) => {
      const row = items.get(id)
      if (!row) return []
      return [
        {
          row,
          usedBy: use.usedBy.get(id) ?? [],
          isDefault: id === use.defaultItem,
          ownLedgerAccount: goneAccounts.get(row.ledgerAccount ?? '') ?? null,
          ownVatCode: goneCodes.get(row.vatCode ?? '') ?? null,
        },
      ]
    }),
    treatments,
    cells,
    missing: cells.filter(({ state }) => state === 'missing' || state === 'proposed').length,
  }
}

/** `missing` of the matrix, without what only its cells show. */
export async function countMissing(firm: InFirm, connection: ConnectionAt, manifest: Manifest): Promise<number> {
  const use = await readUse(firm, connection, manifest)
  const rules = await readRules(firm, connection.id)
  const set = new Set(rules.map(({ item, vatTreatment }) => pairOf(item, vatTreatment)))
  const items = await namedRows(firm, connection.id, 'items', [...use.itemIds, ...rules.map(({ item }) => item)])
  const pairs = [...items.keys()].flatMap((item) => vatTreatments.map((treatment) => pairOf(item, treatment)))
  return pairs.filter((pair) => use.pairs.has(pair) && !set.has(pair)).length
}

export const readRules = ({ trx, firmId }: InFirm, connectionId: string): Promise<Rule[]> =>
  trx
    .selectFrom('postingRule')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .orderBy('item')
    .orderBy('vatTreatment')
    .execute()

const pairOf = (item: string, treatment: string): string => `${item} ${treatment}`

interface Use {
  readonly defaultItem: string | null
  readonly itemIds: readonly string[]
  /** What is sold as an item. */
  readonly usedBy: ReadonlyMap<string, readonly Subject[]>
  /** Item and treatment that an invoice of today could bring together, or one that waits does. */
  readonly pairs: ReadonlySet<string>
  readonly waiting: ReadonlyMap<string, readonly { id: string; number: string | null }[]>
  readonly treatments: ReadonlySet<string>
  readonly customersPerCase: ReadonlyMap<string, number>
}

async function readUse(firm: InFirm, connection: ConnectionAt, manifest: Manifest): Promise<Use> {
  const { trx, firmId } = firm
  const defaultItem = connection.settings[defaultItemField(manifest) ?? ''] ?? null
  const subjects = await readSubjects(firm, connection.id)
  const cases = await sql<{ vatCase: VatCase; count: number }>`
    select vat_case as "vatCase", count(*)::int as count from customer
    where firm_id = ${firmId} and archived_at is null and deleted_at is null group by vat_case`.execute(trx)
  const lines = await sql<{ id: string; number: string | null; treatment: string; kind: string; item: string | null }>`
    select distinct i.id, i.number, i.date, l.vat_treatment as treatment, l.kind, m.item
    from invoice i
    join invoice_line l on l.firm_id = i.firm_id and l.invoice_id = i.id
    left join item_mapping m on m.firm_id = l.firm_id and m.connection_id = ${connection.id}
      and case l.kind
        when 'hours' then m.subject = 'activity' and m.subject_id = l.activity_id
        when 'expense' then m.subject = 'expense-category' and m.subject_id = l.expense_category_id
        else m.subject = l.kind end
    where i.firm_id = ${firmId} and i.state <> 'draft' and not ${inBooksSql}
      and (${connection.cutOff}::date is null or i.date >= ${connection.cutOff}::date)
    order by i.date, i.number limit 5000`.execute(trx)

  const usedBy = new Map<string, Subject[]>()
  const pairs = new Set<string>()
  const treatments = new Set<string>()
  const casesMet = cases.rows.map(({ vatCase }) => vatCase)
  for (const subject of subjects) {
    const sold = subject.item ?? defaultItem
    if (!sold || !subject.isUsed) continue
    usedBy.set(sold, [...(usedBy.get(sold) ?? []), subject])
    for (const treatment of treatmentsOf(subject, casesMet)) {
      treatments.add(treatment)
      pairs.add(pairOf(sold, treatment))
    }
  }
  const waiting = new Map<string, { id: string; number: string | null }[]>()
  for (const { id, number, treatment, item } of lines.rows) {
    const sold = item ?? defaultItem
    treatments.add(treatment)
    if (!sold) continue
    const pair = pairOf(sold, treatment)
    pairs.add(pair)
    const known = waiting.get(pair) ?? []
    if (known.length < mostWaiting && known.at(-1)?.id !== id) known.push({ id, number })
    waiting.set(pair, known)
  }
  const itemIds = new Set([...(defaultItem ? [defaultItem] : []), ...subjects.flatMap(({ item }) => item ?? [])])
  return {
    defaultItem,
    itemIds: [...itemIds],
    usedBy,
    pairs,
    waiting,
    treatments,
    customersPerCase: new Map(cases.rows.map(({ vatCase, count }) => [vatCase, count])),
  }
}

/** Those that this firm can meet: with a rate in its country; VAT of consumers elsewhere only when there are any. */
function treatmentsFor(country: string, today: CalendarDate, use: Use, rules: readonly Rule[]): Matrix['treatments'] {
  const named = new Set(rules.map(({ vatTreatment }) => vatTreatment))
  return vatTreatments.flatMap((id) => {
    const { vatCase, vatClass } = partsOf(id)
    const used = use.treatments.has(id)
    const exists = vatClass === null || vatClass === 'exempt' || vatRateAt(country, vatClass, today) !== undefined
    const isOffered = vatCase === 'eu-consumer' || vatCase === 'disbursement' ? false : exists
    if (!used && !named.has(id) && !isOffered) return []
    const rate = vatRateFor(id, country, today)?.rate ?? null
    return [{ id, rate, customers: vatCase === 'disbursement' ? 0 : (use.customersPerCase.get(vatCase) ?? 0), used }]
  })
}

const usableAccount = (row: LedgerAccountRow | undefined): LedgerAccountRow | undefined =>
  row && !whyUnusable('ledgerAccounts', row) ? row : undefined

/** The one VAT code that a treatment can mean; none when there are several, since nobody guesses in the books. */
export function fittingCode(
  codes: readonly VatCodeRow[],
  treatment: VatTreatment,
  rate: Decimal | null,
): VatCodeRow | undefined {
  const { vatCase, vatClass } = partsOf(treatment)
  const fits = (code: VatCodeRow): boolean => {
    if (code.unusable || code.side === 'purchase' || code.kind === 'including') return false
    const isZero = sameAmount(decimal(code.percentage), decimal('0'))
    if (vatCase === 'eu-business') return isZero && code.euListing === 'services'
    if (vatCase === 'domestic-reverse-charge') return isZero && code.reverseCharge && !code.euListing
    if (code.reverseCharge || code.euListing) return false
    if (vatCase === 'outside-eu') return isZero && code.kind === 'base-only'
    if (vatClass === 'exempt' || vatCase === 'disbursement') return isZero && code.kind === 'none'
    return code.kind === 'excluding' && rate !== null && sameAmount(decimal(code.percentage), rate)
  }
  const [one, ...others] = codes.filter(fits)
  return others.length === 0 ? one : undefined
}

/** Where VAT is charged at home, the item's own code should be that of the rule; ours goes, and the difference is shown. */
function differing(
  item: ItemRow,
  code: VatCodeRow | undefined,
  treatment: VatTreatment,
  codes: ReadonlyMap<string, VatCodeRow>,
): string | null {
  if (!code || !item.vatCode || item.vatCode === code.id || partsOf(treatment).vatCase !== 'domestic') return null
  return codes.get(item.vatCode)?.code ?? item.vatCode
}

const dimensions = [
  ['costCentre', 'cost-centre'],
  ['costUnit', 'cost-unit'],
] as const

function problemOf(
  rule: Rule,
  account: (LedgerAccountRow & Gone) | undefined,
  code: (VatCodeRow & Gone) | undefined,
  rate: Decimal | null,
): Problem | null {
  const setup = (what: string, values: Readonly<Record<string, string>>): Problem => ({
    kind: 'setup',
    code: what,
    values,
  })
  if (!account || account.isGone)
    return setup('rule-ledger-account-gone', { ledgerAccount: account?.code ?? rule.ledgerAccount })
  if (!code || code.isGone) return setup('rule-vat-code-gone', { vatCode: code?.code ?? rule.vatCode })
  const reason = whyUnusable('ledgerAccounts', account)
  if (reason) return setup('rule-ledger-account-unusable', { ledgerAccount: account.code, reason })
  for (const [which, word] of dimensions)
    if (rule[which] && account[which] === 'none')
      return setup(`rule-${word}-not-taken`, { ledgerAccount: account.code, code: rule[which] })
  if (code.unusable) return setup('rule-vat-code-unusable', { vatCode: code.code, reason: code.unusable })
  if (rate !== null && !sameAmount(decimal(code.percentage), rate))
    return setup('rule-vat-rate-differs', { vatCode: code.code, theirs: code.percentage, ours: rate })
  return null
}
