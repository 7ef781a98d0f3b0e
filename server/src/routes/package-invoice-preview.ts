import { createHash } from 'node:crypto'
import type { packageInvoiceRoutes } from '@uurwerk/api/package-invoices.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import type { DraftLine } from '@uurwerk/core/invoicing/draft-line.ts'
import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import { type InvoiceTotals, invoiceTotals } from '@uurwerk/core/invoicing/totals.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, decimal, isNegative, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { activeSales } from '../connections/active.ts'
import type { FirmCall } from '../http/call.ts'
import { explainProblem, wrongField } from '../http/problems.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { claimEntries, claimsOf } from '../invoices/invoice-claims.ts'
import { type CustomerRow, type FirmRow, paymentTermOf } from '../invoices/invoice-rows.ts'
import { type Due, draftSelected, type LeftOut, leftOutAnswer, namesNothing } from '../invoices/selected-entries.ts'
import { doubtsOver } from '../package-invoices/in-doubt.ts'
import { type PackageDocument, salesInvoiceDocument } from '../package-invoices/package-document.ts'
import type { ToPost } from '../package-invoices/post.ts'
import { findConnection } from '../postings/engine.ts'
import { ensureLane, lockLanes } from '../postings/lane-due.ts'
import { readSalesMapping } from '../postings/sales-entry-document.ts'
import { draftClosing, reserveClosing } from './closing-invoice.ts'
import {
  customerThere,
  distinct,
  draftFor,
  explain,
  lineOf,
  mendOf,
  named,
  notOpenProblems,
  open,
  type PreviewBench,
  paymentConditionOf,
  periodOf,
  readBenchLists,
  referenceToCome,
} from './preview-bench.ts'

type Routes = typeof packageInvoiceRoutes
export type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
export type Asked = Omit<FirmCall<Routes['createPackageInvoices']>['body'], 'documents'>
type Answer = AnswerOf<Routes['previewPackageInvoices']>
type Shown = Answer['documents'][number]

/** A document as it would be made, what was found wrong with it, and the entries it would hold. */
export interface Prepared {
  readonly toPost: ToPost
  readonly shown: Shown
  readonly members: readonly Due[]
  /** What stands in its way, the first of all. */
  readonly problem: Problem | undefined
}

/** The package that makes invoices, with its lists and books at hand. */
export interface Maker {
  readonly connectionId: string
  readonly answer: NonNullable<Answer['connection']>
  readonly cutOff: string | null
  readonly bench: PreviewBench
}

export interface Prepare {
  readonly maker: Maker
  readonly documents: readonly Prepared[]
  readonly leftOut: readonly LeftOut[]
}

/** The road of posting as a dry run: nothing of it stays. */
export async function previewAnswer(call: Call, asked: Asked): Promise<Answer> {
  const { trx, language } = call
  // A closing document puts the plan of its project right first: that too is only tried.
  await sql`savepoint preview`.execute(trx)
  const prepared = await prepare(call, asked, { onlyLooks: true })
  await sql`rollback to savepoint preview`.execute(trx)
  if ('problem' in prepared) {
    const problem = explainProblem(prepared.problem, language)
    return { connection: null, documents: [], leftOut: [], totals: [], ready: 0, needsYou: 0, problem }
  }
  const { maker, documents, leftOut } = prepared
  const ready = documents.filter(({ shown }) => shown.state === 'ready').map(({ shown }) => shown)
  return {
    connection: maker.answer,
    documents: documents.map(({ shown }) => shown),
    leftOut: leftOutAnswer(leftOut, language),
    totals: totalsOf(ready),
    ready: ready.length,
    needsYou: documents.length - ready.length,
    problem: null,
  }
}

/**
 * The documents of what was chosen, each with everything that is wrong with it. Who posts holds the lane and the entries
 * from here on, in that order, as everybody does.
 */
export async function prepare(
  call: Call,
  asked: Asked,
  { onlyLooks }: { readonly onlyLooks: boolean },
): Promise<Prepare | { readonly problem: Problem }> {
  const { trx, firmId } = call
  if (asked.closesProjectId === undefined && namesNothing(asked)) throw wrongField('/hours', 'required')
  if (asked.closesProjectId !== undefined && !namesNothing(asked)) throw wrongField('/closesProjectId', 'stands-alone')
  if (asked.closesProjectId !== undefined) await knownProject(call, asked.closesProjectId)
  const found = await findMaker(call, onlyLooks)
  if ('problem' in found) return found
  const date = asked.date === undefined ? dateIn(call.firm.timeZone, call.now) : calendarDate(asked.date)
  const { candidates, leftOut } =
    asked.closesProjectId === undefined
      ? await fromSelection(call, asked, date, onlyLooks)
      : { candidates: [await fromClosing(call, asked.closesProjectId, date)], leftOut: [] }
  const customerIds = [...new Set(candidates.map(({ customer }) => customer.id))]
  const lists = await readBenchLists({ trx, firmId }, found.connectionId, customerIds)
  const maker: Maker = { ...found, bench: { ...found.bench, ...lists } }
  const about = await aboutCandidates(call, candidates)
  const documents = []
  for (const candidate of candidates) documents.push(await preparedOf(call, maker, candidate, about))
  return { maker, documents, leftOut }
}

async function knownProject({ trx, firmId }: Call, id: string): Promise<void> {
  const project = await trx
    .selectFrom('project')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!project) throw wrongField('/closesProjectId', 'project-unknown')
}

async function findMaker(call: Call, onlyLooks: boolean): Promise<Maker | { readonly problem: Problem }> {
  const { trx, firmId, services, language } = call
  const row = await activeSales(call).select(['id', 'administrationName']).executeTakeFirst()
  if (!row) return { problem: { kind: 'setup', code: 'no-package-active' } }
  const connection = await findConnection({ trx, firmId }, row.id)
  if (!connection?.laneKey || !['connected', 'reconnect'].includes(connection.state))
    return { problem: { kind: 'setup', code: 'connection-not-finished' } }
  const { manifest } = services.connections.connectorOf(connection.package)
  if (!manifest.posts.includes('salesInvoice'))
    return { problem: { kind: 'setup', code: 'package-offers-no-invoices', values: { package: manifest.name } } }
  if (!onlyLooks) {
    await ensureLane(trx, connection.laneKey, connection.package)
    await lockLanes(trx, [connection.laneKey])
  }
  const settings = (connection.settings ?? {}) as Readonly<Record<string, string | null | undefined>>
  return {
    connectionId: connection.id,
    cutOff: connection.cutOff,
    answer: {
      id: connection.id,
      package: connection.package,
      packageName: manifest.name,
      administrationName: row.administrationName ?? connection.administration ?? '',
      mode: connection.mode,
      accessLost: connection.state === 'reconnect',
      printed: settings.salesInvoices === 'printed' && manifest.posts.includes('printing'),
    },
    bench: {
      call,
      packageId: connection.package,
      packageName: manifest.name,
      ...(await open(call, connection.id)),
      mapping: await readSalesMapping(
        { trx, firmId },
        { id: connection.id, settings: connection.settings, language },
        manifest,
      ),
      lists: { rows: new Map(), links: new Map() },
      lookalikes: new Map(),
      unconfirmed: new Map(),
    },
  }
}

/** What is to become one document, before the package is asked. */
interface Candidate {
  readonly customer: CustomerRow
  readonly firm: FirmRow
  readonly date: CalendarDate
  readonly reference: string | null
  readonly orderNumber: string | null
  readonly projectIds: readonly string[]
  readonly closesProjectId: string | null
  readonly groupedBy: string | null
  readonly lines: readonly DraftLine[]
  readonly totals: InvoiceTotals<VatTreatment>
  readonly members: readonly Due[]
  readonly reserve: ToPost['reserve']
}

async function fromSelection(call: Call, asked: Asked, date: CalendarDate, onlyLooks: boolean) {
  const { groups, leftOut } = await draftSelected(call, { ...asked, date, onlyLooks })
  const candidates = groups.map(
    (group): Candidate => ({
      ...group,
      closesProjectId: null,
      groupedBy: asked.groupBy,
      reserve: (holder, lineIds) => claimEntries(call, holder, claimsOf(group.lines, lineIds)),
    }),
  )
  return { candidates, leftOut }
}

async function fromClosing(call: Call, projectId: string, date: CalendarDate): Promise<Candidate> {
  const closing = await draftClosing(call, projectId, date)
  const totals = invoiceTotals<VatTreatment>(closing.lines.map((line) => ({ ...line, rate: line.vatRate })))
  const lines = closing.lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] as Decimal }))
  return {
    ...closing,
    lines,
    totals,
    projectIds: [projectId],
    closesProjectId: projectId,
    groupedBy: null,
    members: [],
    reserve: (holder, lineIds) => reserveClosing(call, holder, { ...closing, lines }, lineIds),
  }
}

interface AboutCandidates {
  readonly projects: ReadonlyMap<string, { readonly name: string; readonly costUnit: string | null }>
  /** By entry: of a document that was given up while nobody knew whether it had been made. */
  readonly inDoubt: ReadonlyMap<string, Problem>
}

async function aboutCandidates(call: Call, candidates: readonly Candidate[]): Promise<AboutCandidates> {
  const { trx, firmId } = call
  const { rows: projects } = await sql<{ id: string; name: string; costUnit: string | null }>`
    select id, name, cost_unit as "costUnit" from project
    where firm_id = ${firmId}::uuid and id = any(${candidates.flatMap(({ projectIds }) => projectIds)}::uuid[])`.execute(
    trx,
  )
  const doubts = await doubtsOver(
    call,
    candidates.flatMap(({ lines }) => lines.flatMap(({ entryIds }) => entryIds)),
  )
  return {
    projects: new Map(projects.map((row) => [row.id, row])),
    inDoubt: new Map(doubts.flatMap(({ note, entryIds }) => entryIds.map((id) => [id, note] as const))),
  }
}

async function preparedOf(
  call: Call,
  { bench, cutOff }: Maker,
  candidate: Candidate,
  { projects, inDoubt }: AboutCandidates,
): Promise<Prepared> {
  const { customer, firm, date, totals } = candidate
  const { mapping } = bench
  const lines = candidate.lines.map((line) => ({
    ...line,
    costUnit: projects.get(line.projectId ?? '')?.costUnit ?? null,
  }))
  const document: PackageDocument = {
    kind: isNegative(totals.gross) ? 'credit' : 'invoice',
    customerId: customer.id,
    customerName: customer.name,
    date,
    dueDate: dueDateOf(date, paymentTermOf(customer, firm)),
    currency: customer.currency,
    description: candidate.reference?.trim() ?? '',
    orderNumber: candidate.orderNumber,
    lines,
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
  }
  const made = salesInvoiceDocument({ document, reference: referenceToCome, mapping })
  const there = await customerThere(bench, customer)
  const posts = bench.books?.posts.salesInvoice
  const drafted = 'document' in made && posts ? draftFor(bench, posts, made.document, there) : undefined
  const problems = distinct([
    ...(cutOff !== null && date < cutOff
      ? [{ kind: 'conflict', code: 'package-document-before-cut-off', values: { date, cutOff } } as const]
      : []),
    ...notOpenProblems(bench),
    ...('problems' in made ? made.problems : []),
    ...[bench.unconfirmed.get(customer.id) ?? []].flat(),
    ...there.problems,
    ...(drafted && 'problems' in drafted ? drafted.problems : []),
  ])
  const doubts = new Set(lines.flatMap(({ entryIds }) => entryIds.flatMap((id) => inDoubt.get(id) ?? [])))
  const notes: Problem[] = [
    ...(document.kind === 'credit' ? [{ kind: 'input', code: 'credit-in-package' } as const] : []),
    ...doubts,
    ...('notes' in made ? made.notes : []),
    ...there.notes,
    ...(drafted && 'notes' in drafted ? drafted.notes : []),
  ]
  const payload = drafted && 'body' in drafted ? JSON.stringify(drafted.body, null, 2) : null
  const own = candidate.projectIds.map((id) => ({ id, name: projects.get(id)?.name ?? '' }))
  const shown: Shown = {
    key: keyOf(document, lines, payload),
    customerId: customer.id,
    customerName: customer.name,
    // Made there by us, it is not in the list as last read.
    customerCode: there.theirs?.code ?? customer.number,
    customerIs: there.is,
    projects: own,
    closesProjectId: candidate.closesProjectId,
    kind: document.kind,
    state: problems.length > 0 ? 'needs-you' : 'ready',
    journal: named(bench, 'journals', mapping.journal),
    date,
    dueDate: document.dueDate,
    period: periodOf(bench, { date }),
    paymentTerm: paymentConditionOf(bench, there.theirs),
    currency: document.currency,
    description: document.description,
    orderNumber: document.orderNumber,
    lines: lines.map((line) => lineOf(bench, line)),
    vatPerRate: vatRows(call, totals.vatPerRate),
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
    entries: lines.reduce((total, { entryIds }) => total + entryIds.length, 0),
    problems: problems.map((problem) => ({
      ...explain(bench, problem),
      mend: mendOf(bench, problem, { customer }),
    })),
    notes: notes.map((note) => explain(bench, note)),
    payload,
  }
  return {
    shown,
    problem: problems[0],
    members: candidate.members,
    toPost: {
      document,
      language: customer.language,
      lines,
      vatPerRate: totals.vatPerRate,
      projects: own,
      closesProjectId: candidate.closesProjectId,
      groupedBy: candidate.groupedBy,
      reserve: candidate.reserve,
    },
  }
}

/** Changes whenever anything in the document does: what it says, what it holds, or how it is mapped. */
const keyOf = (document: PackageDocument, lines: readonly DraftLine[], payload: string | null): string =>
  createHash('sha256')
    .update(JSON.stringify([document, lines.map(({ entryIds }) => entryIds), payload]))
    .digest('base64url')

export const vatRows = (
  { language }: Pick<Call, 'language'>,
  rows: InvoiceTotals<VatTreatment>['vatPerRate'],
): Shown['vatPerRate'] =>
  rows.map(({ treatment, rate, base, vat }) => ({
    label: treatmentWords(language, treatment),
    rate,
    base: toCents(base),
    vat: toCents(vat),
  }))

const totalsOf = (documents: readonly Shown[]): Answer['totals'] =>
  [...Map.groupBy(documents, ({ currency }) => currency)].map(([currency, ofCurrency]) => {
    const total = (field: 'net' | 'vat' | 'gross') =>
      toCents(ofCurrency.reduce<Decimal>((sum, document) => add(sum, decimal(document[field])), zero))
    return { currency, net: total('net'), vat: total('vat'), gross: total('gross') }
  })

/** The documents that a person saw and chose; every one that is ready when nothing was chosen. */
export function chosenDocuments(
  documents: readonly Prepared[],
  keys: readonly string[] | undefined,
): readonly Prepared[] {
  const ready = documents.filter(({ shown }) => shown.state === 'ready')
  if (keys === undefined) return ready
  const wanted = new Set(keys)
  const chosen = ready.filter(({ shown }) => wanted.has(shown.key))
  if (chosen.length !== wanted.size) throw new ProblemError({ kind: 'conflict', code: 'documents-changed' })
  return chosen
}
