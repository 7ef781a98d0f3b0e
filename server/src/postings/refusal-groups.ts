import { createHash } from 'node:crypto'
import type { PeriodRow } from '@uurwerk/connectors/contract/rows.ts'
import { addDays, calendarDate, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { rowsOf } from '../connections/package-rows.ts'
import type { Language } from '../http/call.ts'
import { type Explained, explainProblem } from '../http/problems.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { firstOpenPeriod } from './actions.ts'

interface Asking {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'connectors'>
  readonly language: Language
}

/** A posting that waits for a person. */
interface Refused {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly state: 'refused' | 'blocked' | 'needs-person'
  readonly connectionId: string
  readonly package: string
  readonly problem: Problem
  readonly currency: string | null
  readonly gross: string | null
  /** Of the invoice that it books. */
  readonly date: string | null
}

export interface RefusalGroup {
  readonly key: string
  readonly problem: Explained
  /** What is to be mended, where the sentences do not name it: `8010 Omzet`. */
  readonly about: string | null
  /** The first open period after that of the invoices, where theirs is closed. */
  readonly canBookIn: { readonly from: string; readonly label: string } | null
  /** In order of their making. */
  readonly members: readonly [Refused, ...Refused[]]
}

/** Values that name what a person mends. A line, its text and its date do not: the next entry has others. */
const naming = [
  'account',
  'activity',
  'code',
  'currency',
  'customer',
  'expenseCategory',
  'field',
  'journal',
  'paymentCondition',
  'period',
  'setting',
  'settings',
  'source',
  'vatCode',
  'vatTreatment',
] as const

/** Those of them that a person reads as they are. */
const readable = ['account', 'customer', 'item', 'journal', 'period', 'vatCode'] as const

/** What waits for a person, of one connection or of all: together as far as one mend helps them all, the latest group first. */
export async function refusalGroups(call: Asking, connectionId?: string): Promise<readonly RefusalGroup[]> {
  const rows = await refusedRows(call, connectionId)
  const closed = rows.filter(({ problem }) => problem.code === 'period-closed')
  const periods = await periodsBehind(call, [...new Set(closed.map((row) => row.connectionId))])
  const groups = new Map<string, Omit<RefusalGroup, 'key' | 'members'> & { members: [Refused, ...Refused[]] }>()
  for (const row of rows) {
    const { language, services } = call
    const problem = explainProblem(row.problem, language, services.connectors.get(row.package)?.messages ?? [])
    const target = row.problem.code === 'period-closed' ? openAfter(row, periods.get(row.connectionId)) : undefined
    const named = { ...namedBy(row.problem), ...(target?.own ? { period: target.own } : {}) }
    const same = [row.connectionId, row.state, problem.code, problem.cause, problem.remedy, named, target?.from ?? null]
    const key = createHash('sha256').update(JSON.stringify(same)).digest('base64url').slice(0, 22)
    const known = groups.get(key)
    if (known) known.members.push(row)
    else
      groups.set(key, {
        problem,
        about: aboutOf(named, problem),
        canBookIn: target?.from ? { from: target.from, label: monthIn(target.from, language) } : null,
        members: [row],
      })
  }
  return [...groups].map(([key, { members, ...group }]) => {
    const [first, ...others] = members.toReversed() as [Refused, ...Refused[]]
    return { key, ...group, members: [first, ...others] }
  })
}

async function refusedRows({ trx, firmId }: Asking, connectionId: string | undefined): Promise<readonly Refused[]> {
  const { rows } = await sql<Omit<Refused, 'problem'> & { problem: unknown }>`
    select p.id, p.kind, p.label, p.state, p.connection_id as "connectionId", c.package, p.problem, p.currency, p.gross, i.date
    from posting p
    join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    left join invoice i on i.firm_id = p.firm_id and p.subject_kind = 'invoice' and i.id = p.subject_id
    where p.firm_id = ${firmId}::uuid and p.state in ('refused', 'blocked', 'needs-person') and c.state <> 'disconnected'
      and (${connectionId ?? null}::uuid is null or c.id = ${connectionId ?? null}::uuid)
    order by p.sequence desc`.execute(trx)
  return rows.map(({ problem, ...row }) => ({
    ...row,
    problem: problem
      ? readStored(storedProblem, problem, 'the problem of a posting')
      : { kind: 'defect', code: 'message-unknown', values: { words: '' } },
  }))
}

function namedBy({ code, values = {} }: Problem): Record<string, string> {
  // Beside a line, an item is what that line says, unless it is the item that is wrong.
  const names = values.line === undefined || code.startsWith('item-') ? [...naming, 'item'] : naming
  const named = names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]] as const]))
  const year = code === 'financial-year-missing' && values.date ? [['year', values.date.slice(0, 4)] as const] : []
  return Object.fromEntries([...named, ...year])
}

function aboutOf(named: Readonly<Record<string, string>>, { cause }: Explained): string | null {
  const texts = readable.flatMap((name) => {
    const text = named[name]
    // An id is no name.
    return text === undefined || cause.includes(text) || /^[0-9a-f-]{36}$/i.test(text) ? [] : [text]
  })
  return texts.length === 0 ? null : [...new Set(texts)].join(', ')
}

interface Periods {
  readonly rows: readonly PeriodRow[]
  readonly journal: string | null
}

async function periodsBehind(
  { trx, firmId, services }: Asking,
  connectionIds: readonly string[],
): Promise<ReadonlyMap<string, Periods>> {
  const found = new Map<string, Periods>()
  for (const id of connectionIds) {
    const { package: packageId, settings } = await trx
      .selectFrom('connection')
      .select(['package', 'settings'])
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const chosen = settings as Readonly<Record<string, string | null>>
    const setting = services.connectors
      .get(packageId)
      ?.manifest.settings.find(({ from }) => typeof from === 'object' && 'list' in from && from.list === 'journals')
    found.set(id, {
      rows: await rowsOf({ trx, firmId }, id, 'periods'),
      journal: setting ? (chosen[setting.name] ?? null) : null,
    })
  }
  return found
}

/** The period of its own invoice, and the first one after it that takes it. */
function openAfter({ date }: Refused, periods: Periods | undefined): { own?: string; from?: string } {
  if (!date || !periods) return {}
  const own = periods.rows.find((period) => period.from <= date && date <= period.until)
  if (!periods.journal) return own ? { own: own.code } : {}
  const first = firstOpenPeriod(periods.rows, periods.journal, date)
  // Open as it was last read, and closed as the package says now: its own period is none to book in.
  const isOwn = first !== undefined && first.from <= date
  const found = isOwn ? firstOpenPeriod(periods.rows, periods.journal, addDays(calendarDate(first.until), 1)) : first
  return { ...(own ? { own: own.code } : {}), ...(found ? { from: found.from } : {}) }
}

const monthIn = (day: string, language: Language): string => {
  const date = calendarDate(day)
  return `${monthName(monthOf(date), language)} ${yearOf(date)}`
}
