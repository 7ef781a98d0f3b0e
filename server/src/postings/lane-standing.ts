import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import type { Rests } from './lane-due.ts'
import { isPaused, type Paused } from './pause.ts'
import type { Firm } from './posting-rows.ts'

/** How it stands with what goes to one connection. */
export interface LaneStanding {
  readonly connectionId: string
  readonly package: string
  readonly packageName: string
  readonly administrationName: string
  readonly mode: 'sandbox' | 'live'
  readonly state: 'running' | 'waiting' | 'paused' | 'reconnect' | 'idle'
  /** To be sent, on their way, and in doubt. */
  readonly waiting: number
  readonly needsYou: number
  /** Left and not answered yet, oldest first; a few. */
  readonly underWay: readonly {
    readonly id: string
    readonly label: string
    readonly kind: Kind
    readonly state: string
  }[]
  /** When something happens next by itself; null when nothing waits, or what waits waits for a person. */
  readonly nextAt: Date | null
  /** Kinds that were refused twice in a row. */
  readonly pauses: readonly {
    readonly kind: Kind
    readonly refusedAt: Date
    /** Null: the probe was refused too, and a person has to act. */
    readonly probeAt: Date | null
  }[]
  /** Until when nothing goes, and why. */
  readonly rest: { readonly until: Date; readonly problem: Problem | null } | null
  readonly lastPosted: { readonly at: Date; readonly label: string } | null
  readonly day: LimitStanding | null
  readonly minute: LimitStanding | null
}

export interface LimitStanding {
  readonly left: number
  readonly most: number
  /** Kept back from imports, for postings. */
  readonly reserve: number
  readonly resetsAt: Date
}

interface Row {
  readonly id: string
  readonly package: string
  readonly country: string
  readonly mode: 'sandbox' | 'live'
  readonly administration: string | null
  readonly administrationName: string | null
  readonly state: string
  readonly paused: Paused | null
  readonly isHeld: boolean
  readonly rest: Rests | null
  readonly nextAt: Date | null
  readonly waiting: number
  readonly needsYou: number
  readonly underWay: LaneStanding['underWay']
  readonly lastPosted: { readonly at: string; readonly label: string } | null
  readonly whyLater: Problem | null
}

const shownUnderWay = 3

/** All lanes of a firm in one statement, and one each for the limits of its package. */
export async function readLanes(
  { trx, firmId }: Firm,
  services: Pick<Services, 'connections' | 'connectors' | 'clock'>,
): Promise<readonly LaneStanding[]> {
  const now = services.clock.now()
  const { rows } = await sql<Row>`
    select c.id, c.package, c.country, c.mode, c.administration, c.administration_name as "administrationName", c.state,
      l.paused, coalesce(l.lease_until > clock_timestamp(), false) as "isHeld", d.rest, d.due_at as "nextAt",
      p.waiting, p."needsYou", coalesce(u.rows, '[]') as "underWay", s.row as "lastPosted", w.problem as "whyLater"
    from connection c
    left join directory.lane l on l.key = c.lane_key
    left join directory.lane_due d on d.lane_key = c.lane_key and d.firm_id = c.firm_id and d.connection_id = c.id
    cross join lateral (
      select count(*) filter (where state in ('waiting', 'sending', 'checking', 'accepted'))::int as waiting,
        count(*) filter (where state in ('refused', 'blocked', 'needs-person'))::int as "needsYou"
      from posting where firm_id = c.firm_id and connection_id = c.id
        and state not in ('posted', 'discarded')) p
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', o.id, 'label', o.label, 'kind', o.kind, 'state', o.state) order by o.sequence) as rows
      from (select id, label, kind, state, sequence from posting
        where firm_id = c.firm_id and connection_id = c.id and state in ('sending', 'checking')
        order by sequence limit ${sql.lit(shownUnderWay)}) o) u on true
    left join lateral (
      select jsonb_build_object('at', settled_at, 'label', label) as row from posting
      where firm_id = c.firm_id and connection_id = c.id and state = 'posted'
      order by settled_at desc nulls last limit 1) s on true
    left join lateral (
      select problem from posting where firm_id = c.firm_id and connection_id = c.id and state = 'waiting'
        and due_at > ${now} and problem is not null order by due_at, sequence limit 1) w on true
    where c.firm_id = ${firmId} and c.state in ('connected', 'reconnect') and c.lane_key is not null
    order by c.created_at, c.id`.execute(trx)
  const lanes: LaneStanding[] = []
  for (const row of rows) lanes.push(await standingOf({ trx, firmId }, services, row, now))
  return lanes
}

async function standingOf(
  firm: Firm,
  services: Pick<Services, 'connections' | 'connectors'>,
  row: Row,
  now: Date,
): Promise<LaneStanding> {
  const manifest = services.connectors.get(row.package)?.manifest
  const uses = await services.connections.limitUse(firm, { ...row, firmId: firm.firmId })
  const limitOf = (span: 'day' | 'minute'): LimitStanding | null => {
    const rule = manifest?.limits.find((one) => one.span === span && one.scope !== 'endpoint')
    if (!rule) return null
    const use = uses.find((one) => one.span === span)
    const most = use?.most ?? rule.most
    const resetsAt = use?.resetsAt ?? (span === 'day' ? nextMidnight(now) : new Date(now.getTime() + 60_000))
    return { left: Math.max(0, most - (use?.used ?? 0)), most, reserve: rule.reserve, resetsAt }
  }
  const pauses = Object.entries(row.paused ?? {})
    .filter(([, pause]) => isPaused(pause))
    .map(([kind, pause]) => ({
      kind: kind as Kind,
      refusedAt: new Date(pause.lastAt),
      probeAt: pause.probeAt && !pause.stopped ? new Date(pause.probeAt) : null,
    }))
  const rest = restOf(row, now)
  return {
    connectionId: row.id,
    package: row.package,
    packageName: manifest?.name ?? row.package,
    administrationName: row.administrationName ?? row.administration ?? '',
    mode: row.mode,
    state: stateOf(row, pauses.length > 0, rest !== null),
    waiting: row.waiting,
    needsYou: row.needsYou,
    underWay: row.underWay,
    nextAt: row.waiting > 0 ? row.nextAt : null,
    pauses,
    rest,
    lastPosted: row.lastPosted ? { at: new Date(row.lastPosted.at), label: row.lastPosted.label } : null,
    day: limitOf('day'),
    minute: limitOf('minute'),
  }
}

function stateOf(row: Row, isPausedNow: boolean, rests: boolean): LaneStanding['state'] {
  if (row.state === 'reconnect') return 'reconnect'
  if (isPausedNow) return 'paused'
  if (row.underWay.length > 0) return 'running'
  if (row.waiting === 0) return 'idle'
  return row.isHeld && !rests ? 'running' : 'waiting'
}

/** The rest that ends last, with what the package said to what waits for it. */
function restOf({ rest, waiting, whyLater }: Row, now: Date): LaneStanding['rest'] {
  const ends = Object.values(rest ?? {})
    .map(({ until }) => new Date(until))
    .filter((until) => until > now)
  const [last] = ends.sort((a, b) => b.getTime() - a.getTime())
  if (!last || waiting === 0) return null
  return { until: last, problem: whyLater ? readStored(storedProblem, whyLater, 'the problem of a posting') : null }
}

const nextMidnight = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
