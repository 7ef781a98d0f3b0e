import type { LimitSeen } from '@uurwerk/connectors/contract/contract.ts'
import type { LimitRule, Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { Store, Trx } from '../store/database.ts'

/** Whose limits a call counts against. */
export interface BudgetPlace {
  readonly package: string
  /** Host and client id: limits belong to an app at one site. */
  readonly app: string
  readonly administration: string | null
  readonly endpoint: string
}

/** An app has limits of its own at each site. */
export const budgetApp = (connection: { readonly country: string }, app: { readonly clientId: string }): string =>
  `${connection.country} ${app.clientId}`

/** One count per package, app, administration or endpoint, kept in the database: shared by all processes and firms. */
export interface Budgets {
  /** Counts one call; throws `temporary` with the instant at which there is room again. */
  take(manifest: Manifest, place: BudgetPlace, priority: 'posting' | 'import', now: Date): Promise<void>
  /** Takes over what the package says is left, and counts an answer that it holds against us. */
  learn(
    manifest: Manifest,
    place: BudgetPlace,
    answer: { status: number; seen: readonly LimitSeen[] },
    now: Date,
  ): Promise<void>
}

/** How far one limit is used. */
export interface LimitUse {
  readonly span: LimitRule['span']
  readonly used: number
  readonly most: number
  readonly resetsAt: Date | null
}

const spanMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
/** Their clock may be a little behind ours. */
const afterResetMs = 1_000

const scopeOf = (rule: Pick<LimitRule, 'scope'>, place: BudgetPlace): string => {
  const parts = {
    app: [place.app],
    administration: [place.app, place.administration ?? ''],
    endpoint: [place.app, place.administration ?? '', place.endpoint],
  }[rule.scope]
  return [rule.scope, place.package, ...parts].join(' ')
}
const errorScope = (place: BudgetPlace) => `errors ${scopeOf({ scope: 'endpoint' }, place)}`

/** Windows are taken to end on the whole minute, hour or day (UTC) until the package says otherwise. */
const endOfWindow = (span: LimitRule['span'], now: Date): Date =>
  new Date((Math.floor(now.getTime() / spanMs[span]) + 1) * spanMs[span])

export function createBudgets(store: Pick<Store, 'withDirectory'>): Budgets {
  return {
    async take(manifest, place, priority, now) {
      if (manifest.limits.length === 0 && !manifest.errorBudget) return
      await store.withDirectory(async (trx) => {
        await mindErrors(trx, manifest, place, now)
        // Always in the same order, so that two calls never wait for each other.
        for (const rule of manifest.limits) await spend(trx, rule, scopeOf(rule, place), priority, now)
      })
    },

    async learn(manifest, place, { status, seen }, now) {
      const isCounted = manifest.errorBudget?.statuses.includes(status) ?? false
      const told = manifest.limits.flatMap((rule) =>
        seen.filter(({ span, resetsAt }) => span === rule.span && resetsAt > now).map((limit) => ({ rule, limit })),
      )
      if (!isCounted && told.length === 0) return
      await store.withDirectory(async (trx) => {
        for (const { rule, limit } of told) await takeOver(trx, scopeOf(rule, place), limit)
        if (isCounted) await countError(trx, errorScope(place), manifest.errorBudget?.most ?? 0, now)
      })
    },
  }
}

/** What is used of the limits that all endpoints share; a window that is over counts nothing. */
export async function readLimitUse(
  trx: Trx,
  manifest: Manifest,
  place: Omit<BudgetPlace, 'endpoint'>,
  now: Date,
): Promise<readonly LimitUse[]> {
  const rules = manifest.limits.filter(({ scope }) => scope !== 'endpoint')
  const uses: LimitUse[] = []
  for (const rule of rules) {
    const { rows } = await sql<{ used: number; resetsAt: Date }>`
      select used, resets_at as "resetsAt" from directory.budget
      where scope = ${scopeOf(rule, { ...place, endpoint: '' })} and span = ${rule.span} and resets_at > ${now}`.execute(
      trx,
    )
    uses.push({ span: rule.span, used: rows[0]?.used ?? 0, most: rule.most, resetsAt: rows[0]?.resetsAt ?? null })
  }
  return uses
}

async function spend(
  trx: Trx,
  rule: LimitRule,
  scope: string,
  priority: 'posting' | 'import',
  now: Date,
): Promise<void> {
  const most = priority === 'import' ? rule.ours - rule.reserve : rule.ours
  const ends = endOfWindow(rule.span, now)
  const { rows } = await sql<{ used: number }>`
    insert into directory.budget as b (scope, span, used, most, resets_at)
    values (${scope}, ${rule.span}, 1, ${rule.most}, ${ends})
    on conflict (scope, span) do update set
      used = case when b.resets_at <= ${now} then 1 else b.used + 1 end,
      most = ${rule.most},
      resets_at = case when b.resets_at <= ${now} then ${ends} else b.resets_at end
    where b.resets_at <= ${now} or b.used < ${most}
    returning b.used`.execute(trx)
  if (rows.length > 0) return
  const full = await sql<{ resetsAt: Date }>`
    select resets_at as "resetsAt" from directory.budget where scope = ${scope} and span = ${rule.span}`.execute(trx)
  const resetsAt = full.rows[0]?.resetsAt ?? ends
  throw new ProblemError({
    kind: 'temporary',
    code: priority === 'import' ? 'limit-kept-for-postings' : 'limit-reached',
    values: { span: rule.span, most: String(rule.most) },
    notBefore: new Date(resetsAt.getTime() + afterResetMs).toISOString(),
  })
}

/** Answers may come out of order: within one window the count only rises. */
async function takeOver(trx: Trx, scope: string, { span, most, remaining, resetsAt }: LimitSeen): Promise<void> {
  const used = Math.max(0, most - remaining)
  await sql`
    insert into directory.budget as b (scope, span, used, most, resets_at)
    values (${scope}, ${span}, ${used}, ${most}, ${resetsAt})
    on conflict (scope, span) do update set
      used = case when b.resets_at = excluded.resets_at then greatest(b.used, excluded.used) else excluded.used end,
      resets_at = excluded.resets_at
    where b.resets_at <= excluded.resets_at
      and (b.resets_at < excluded.resets_at or b.used < excluded.used)`.execute(trx)
}

/** One before the package would close the endpoint, we close it ourselves. */
async function mindErrors(trx: Trx, { errorBudget }: Manifest, place: BudgetPlace, now: Date): Promise<void> {
  if (!errorBudget) return
  const { rows } = await sql<{ resetsAt: Date }>`
    select resets_at as "resetsAt" from directory.budget
    where scope = ${errorScope(place)} and span = 'hour' and used >= ${errorBudget.most - 1} and resets_at > ${now}`.execute(
    trx,
  )
  const blocked = rows[0]
  if (!blocked) return
  throw new ProblemError({
    kind: 'temporary',
    code: 'error-budget-spent',
    values: { endpoint: place.endpoint },
    notBefore: blocked.resetsAt.toISOString(),
  })
}

/** Any sixty minutes count, so the hour begins anew with each error: never more than we count, at times less. */
async function countError(trx: Trx, scope: string, most: number, now: Date): Promise<void> {
  const ends = new Date(now.getTime() + spanMs.hour)
  await sql`
    insert into directory.budget as b (scope, span, used, most, resets_at) values (${scope}, 'hour', 1, ${most}, ${ends})
    on conflict (scope, span) do update set
      used = case when b.resets_at <= ${now} then 1 else b.used + 1 end, resets_at = ${ends}`.execute(trx)
}
