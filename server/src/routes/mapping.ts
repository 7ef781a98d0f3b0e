import type {
  completeness as completenessShape,
  connectionRoutes,
  itemMapping,
  ruleMatrix,
} from '@uurwerk/api/connections.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import { isVatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { createChooser } from '../connections/choose-theirs.ts'
import { readCompleteness } from '../connections/completeness.ts'
import { describeTheirs, reasonOf, todayOf } from '../connections/describe.ts'
import { describeGap, nameOfSubject, whyItemFails } from '../connections/describe-mapping.ts'
import { readSubjects, singleId } from '../connections/item-use.ts'
import { defaultItemField, type MatrixCell, readMatrix, readRules } from '../connections/mapping.ts'
import { namedRows } from '../connections/package-rows.ts'
import { resumeConnection } from '../connections/resume.ts'
import { type ConnectionAt, getConnection } from '../connections/service.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { explainProblem } from '../http/problems.ts'
import { treatmentAtRate } from '../http/vat-words.ts'
import { hasWords } from '../http/words.ts'
import { open } from './preview-bench.ts'

type Names =
  | 'listTheirs'
  | 'readCompleteness'
  | 'readItemMapping'
  | 'changeItemMapping'
  | 'readPostingRules'
  | 'changePostingRules'
type Call = Pick<
  FirmCall<(typeof connectionRoutes)['readPostingRules']>,
  'trx' | 'firmId' | 'services' | 'language' | 'params' | 'now'
>

export const mappingHandlers: Handlers<Names> = {
  listTheirs: async (call) => {
    const { trx, firmId, params, query, language } = call
    const connection = await getConnection(call, call.params.id)
    const after = keyOf(query.cursor, ['text', 'text'])
    let rows = trx
      .selectFrom('packageRow')
      .select(['theirId', 'code', 'name', 'data'])
      .where('firmId', '=', firmId)
      .where('connectionId', '=', connection.id)
      .where('noun', '=', params.noun)
      .where('goneAt', 'is', null)
      .orderBy('code')
      .orderBy('theirId')
      .limit(query.limit + 1)
    if (query.all !== 'true') {
      const offered = offeredOf(params.noun)
      if (offered) rows = rows.where(offered)
    }
    if (query.kind) rows = rows.where(sql<boolean>`data ->> 'kind' = ${query.kind}`)
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) =>
        where.or([
          where('code', 'ilike', like),
          where('name', 'ilike', like),
          where('theirId', '=', query.search as string),
        ]),
      )
    }
    if (after) rows = rows.where(sql<boolean>`(code, their_id) > (${after[0]}, ${after[1]})`)
    return pageOf(
      await rows.execute(),
      query.limit,
      ({ code, theirId }) => [code, theirId],
      ({ theirId, code, name, data }) =>
        describeTheirs(language, params.noun, { ...(data as object), id: theirId, code, name } as Row[Noun]),
    )
  },

  readCompleteness: async (call) => answerCompleteness(call, await getConnection(call, call.params.id)),

  readItemMapping: async (call) => answerItems(call, await getConnection(call, call.params.id)),

  changeItemMapping: async (call) => {
    const { trx, firmId, body, now, services, language } = call
    const connection = await connectionToChange(call)
    const { manifest } = services.connections.connectorOf(connection.package)
    const before = await answerItems(call, connection)
    const chooser = createChooser(call, connection.id, language)
    const known = new Set(before.subjects.map(({ subject, id }) => `${subject} ${id}`))
    const chosen: { subject: string; id: string; item: string | null }[] = []
    for (const [index, { subject, id = null, item }] of (body.subjects ?? []).entries()) {
      if (!known.has(`${subject} ${id}`))
        chooser.refuse({
          pointer: `/subjects/${index}/id`,
          code: subject === 'activity' ? 'activity-unknown' : 'subject-unknown',
        })
      const row = item === null ? null : await chooser.choose('items', item, `/subjects/${index}/item`)
      if (row !== undefined) chosen.push({ subject, id: id ?? singleId, item: row?.id ?? null })
    }
    const field = defaultItemField(manifest)
    const defaultItem = body.defaultItem
      ? ((await chooser.choose('items', body.defaultItem, '/defaultItem'))?.id ?? null)
      : body.defaultItem
    chooser.settle()

    for (const { subject, id, item } of chosen) {
      if (item === null)
        await sql`delete from item_mapping where firm_id = ${firmId} and connection_id = ${connection.id}
          and subject = ${subject} and subject_id = ${id}`.execute(trx)
      else
        await sql`insert into item_mapping (firm_id, connection_id, subject, subject_id, item)
          values (${firmId}, ${connection.id}, ${subject}, ${id}, ${item})
          on conflict (firm_id, connection_id, subject, subject_id) do update set item = excluded.item`.execute(trx)
    }
    if (defaultItem !== undefined && field)
      await trx
        .updateTable('connection')
        .set((set) => ({
          settings: JSON.stringify({ ...connection.settings, [field]: defaultItem }),
          version: set('version', '+', 1),
          updatedAt: now,
        }))
        .where('firmId', '=', firmId)
        .where('id', '=', connection.id)
        .execute()
    const after = await answerItems(call, await getConnection(call, call.params.id))
    await remember(call, { kind: 'connection', id: connection.id }, 'items-changed', { before, after })
    await resumeConnection(call, services, connection.id)
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    return after
  },

  readPostingRules: async (call) => answerRules(call, await getConnection(call, call.params.id)),

  changePostingRules: async (call) => {
    const { trx, firmId, body, now, services, language } = call
    const connection = await connectionToChange(call)
    const chooser = createChooser(call, connection.id, language)
    const rules = await readRules(call, connection.id)
    const before: unknown[] = []
    const stale: typeof rules = []
    const chosen = []
    const seen = new Set<string>()
    for (const [index, asked] of body.rules.entries()) {
      const at = (field: string) => `/rules/${index}/${field}`
      if (!isVatTreatment(asked.vatTreatment))
        chooser.refuse({ pointer: at('vatTreatment'), code: 'vat-treatment-unknown' })
      const item = await chooser.choose('items', asked.item, at('item'))
      const ledgerAccount = await chooser.choose('ledgerAccounts', asked.ledgerAccount, at('ledgerAccount'))
      const vatCode = await chooser.choose('vatCodes', asked.vatCode, at('vatCode'))
      if (!item || !ledgerAccount || !vatCode) continue
      if (seen.has(`${item.id} ${asked.vatTreatment}`)) chooser.refuse({ pointer: at('item'), code: 'rule-twice' })
      seen.add(`${item.id} ${asked.vatTreatment}`)
      const values = {
        ledgerAccount: ledgerAccount.id,
        vatCode: vatCode.id,
        costCentre: await dimension(call, connection, 'costCentre', asked.costCentre, (code) =>
          chooser.refuse({ pointer: at('costCentre'), code, values: { given: asked.costCentre ?? '' } }),
        ),
        costUnit: await dimension(call, connection, 'costUnit', asked.costUnit, (code) =>
          chooser.refuse({ pointer: at('costUnit'), code, values: { given: asked.costUnit ?? '' } }),
        ),
      }
      const known = rules.find((rule) => rule.item === item.id && rule.vatTreatment === asked.vatTreatment)
      const isSame =
        known && Object.entries(values).every(([name, value]) => known[name as keyof typeof values] === value)
      if (isSame) continue
      if (known && known.version !== asked.version) stale.push(known)
      if (known) before.push(known)
      chosen.push({
        item: item.id,
        vatTreatment: asked.vatTreatment,
        ...values,
        id: known?.id ?? services.ids.next(),
        version: (known?.version ?? 0) + 1,
      })
    }
    chooser.settle()
    const [first] = stale
    if (first) throw new StaleEdit(first.version, await answerRules(call, connection))

    for (const rule of chosen)
      await sql`
        insert into posting_rule (firm_id, id, connection_id, item, vat_treatment, ledger_account, vat_code, cost_centre, cost_unit, version, created_at, updated_at)
        values (${firmId}, ${rule.id}, ${connection.id}, ${rule.item}, ${rule.vatTreatment}, ${rule.ledgerAccount}, ${rule.vatCode},
          ${rule.costCentre}, ${rule.costUnit}, ${rule.version}, ${now}, ${now})
        on conflict (firm_id, connection_id, item, vat_treatment) do update set
          ledger_account = excluded.ledger_account, vat_code = excluded.vat_code, cost_centre = excluded.cost_centre,
          cost_unit = excluded.cost_unit, version = excluded.version, updated_at = excluded.updated_at`.execute(trx)
    if (chosen.length > 0) {
      await remember(call, { kind: 'connection', id: connection.id }, 'posting-rules-changed', {
        before,
        after: chosen,
      })
      await resumeConnection(call, services, connection.id)
      await services.events.publish(trx, firmId, { topic: 'connections', ids: [connection.id] })
    }
    return answerRules(call, connection)
  },
}

async function connectionToChange(call: Pick<Call, 'trx' | 'firmId' | 'services' | 'params'>): Promise<ConnectionAt> {
  const found = await getConnection(call, call.params.id, { lock: true })
  call.services.connections.requireAdministration(found)
  return found
}

/** What a picker offers at first; everything else stands behind "all". */
const offeredOf = (noun: Noun) =>
  ({
    ledgerAccounts: sql<boolean>`data ->> 'kind' in ('revenue', 'general') and data ->> 'unusable' is null`,
    vatCodes: sql<boolean>`data ->> 'side' <> 'purchase'`,
    journals: sql<boolean>`data ->> 'kind' = 'sales'`,
    dimensions: sql<boolean>`not coalesce((data ->> 'isEnded')::boolean, false)`,
    customers: null,
    items: null,
    paymentTerms: null,
    periods: null,
  })[noun]

/** Lines name a cost centre by its code. */
async function dimension(
  { trx, firmId }: Pick<Call, 'trx' | 'firmId'>,
  connection: ConnectionAt,
  kind: 'costCentre' | 'costUnit',
  code: string | null | undefined,
  refuse: (code: string) => void,
): Promise<string | null> {
  if (!code) return null
  const row = await trx
    .selectFrom('packageRow')
    .select(['code', 'data'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connection.id)
    .where('noun', '=', 'dimensions')
    .where('code', '=', code)
    .where('goneAt', 'is', null)
    .where(sql<boolean>`data ->> 'kind' = ${kind}`)
    .executeTakeFirst()
  if (!row || (row.data as { isEnded?: boolean }).isEnded) refuse(row ? 'dimension-ended' : 'theirs-unknown')
  return code
}

type Theirs = { readonly id: string; readonly code: string; readonly name: string }
const short = (row: Theirs | null | undefined) => (row ? { id: row.id, code: row.code, name: row.name } : null)

async function answerItems(call: Call, connection: ConnectionAt): Promise<z.input<typeof itemMapping>> {
  const { services, language } = call
  const { manifest } = services.connections.connectorOf(connection.package)
  const subjects = await readSubjects(call, connection.id)
  const items = await namedRows(
    call,
    connection.id,
    'items',
    subjects.flatMap(({ item }) => item ?? []),
  )
  return {
    defaultItem: connection.settings[defaultItemField(manifest) ?? ''] ?? null,
    subjects: subjects.map((subject) => {
      const row = subject.item ? items.get(subject.item) : undefined
      return {
        subject: subject.kind,
        id: subject.id,
        name: nameOfSubject(language, subject),
        item: row ? { id: row.id, code: row.code, name: row.name, unusable: whyItemFails(language, row) } : null,
        isUsed: subject.isUsed,
      }
    }),
  }
}

async function answerRules(call: Call, connection: ConnectionAt): Promise<z.input<typeof ruleMatrix>> {
  const { services, language, now } = call
  const connector = services.connections.connectorOf(connection.package)
  const matrix = await readMatrix(call, connection, connector.manifest, todayOf(connection, now))
  return {
    items: matrix.items.map(({ row, usedBy, isDefault, ownLedgerAccount, ownVatCode }) => ({
      id: row.id,
      code: row.code,
      name: row.name,
      usedBy: usedBy.map((subject) => nameOfSubject(language, subject)),
      isDefault,
      unusable: whyItemFails(language, row),
      ownLedgerAccount: ownLedgerAccount
        ? {
            id: ownLedgerAccount.id,
            code: ownLedgerAccount.code,
            name: ownLedgerAccount.name,
            from: row.ledgerAccountFrom ?? 'item',
          }
        : null,
      ownVatCode: short(ownVatCode),
    })),
    treatments: matrix.treatments.map(({ id, rate, customers, used }) => ({
      id,
      label: treatmentAtRate(language, id, rate),
      customers,
      used,
    })),
    cells: matrix.cells.map((cell) => describeCell(cell, call, connector.messages)),
    missing: matrix.missing,
  }
}

function describeCell(
  cell: MatrixCell,
  { language }: Pick<Call, 'language'>,
  messages: Parameters<typeof explainProblem>[2],
) {
  const { rule, problem } = cell
  const reason = problem?.values?.reason
  const told =
    problem && reason && hasWords(language, `unusable.${reason}`)
      ? { ...problem, values: { ...problem.values, reason: reasonOf(language, reason) } }
      : problem
  return {
    id: rule?.id ?? null,
    item: cell.item,
    vatTreatment: cell.treatment,
    ledgerAccount: short(cell.ledgerAccount),
    vatCode: short(cell.vatCode),
    costCentre: rule?.costCentre ?? null,
    costUnit: rule?.costUnit ?? null,
    version: rule?.version ?? null,
    state: cell.state,
    waiting: [...cell.waiting],
    itemDiffers: cell.itemDiffers,
    problem: told ? explainProblem(told, language, messages) : null,
  }
}

const mostGaps = 200

async function answerCompleteness(call: Call, connection: ConnectionAt): Promise<z.input<typeof completenessShape>> {
  const { services, language, now } = call
  const { manifest, messages } = services.connections.connectorOf(connection.package)
  const found = await readCompleteness(call, connection, {
    manifest,
    // Only what is drafted without asking there: without access or settings the rest is still told.
    books: (await open(call, connection.id, { settings: 'as-stored' })).books,
    today: todayOf(connection, now),
  })
  const counts = { setting: 0, item: 0, rule: 0, customer: 0, project: 0 }
  for (const { about } of found.gaps) counts[about] += 1
  const shown = { setting: 0, item: 0, rule: 0, customer: 0, project: 0 }
  return {
    gaps: found.gaps.flatMap((gap) => {
      shown[gap.about] += 1
      return shown[gap.about] > mostGaps ? [] : [describeGap(language, gap, manifest, messages)]
    }),
    counts,
    checked: found.checked,
  }
}
