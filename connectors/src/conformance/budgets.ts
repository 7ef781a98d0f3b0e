import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Call } from '../contract/contract.ts'
import type { LimitRule, Manifest } from '../contract/manifest.ts'
import type { VirtualClock } from './virtual-clock.ts'

const spans = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** Counts calls against the limits of a manifest, in memory; one of these is shared by all who share the limits. */
export class Budgets {
  readonly #manifest: Manifest
  readonly #clock: VirtualClock
  readonly #calls = new Map<string, number[]>()
  readonly #refused = new Map<string, number[]>()

  constructor(manifest: Manifest, clock: VirtualClock) {
    this.#manifest = manifest
    this.#clock = clock
  }

  /** Moves the clock on until there is room; throws `temporary` when that would take longer than `patienceMs`. */
  spend(call: Call, administration: string, patienceMs: number): void {
    this.#mindErrors(call, administration)
    for (const rule of this.#manifest.limits) this.#makeRoom(rule, call, administration, patienceMs)
    const now = this.#clock.now().getTime()
    for (const rule of this.#manifest.limits) this.#within(rule, call, administration).push(now)
  }

  /** Remembers an answer that counts against the package's patience with errors. */
  answered(call: Call, administration: string, status: number): void {
    if (!this.#manifest.errorBudget?.statuses.includes(status)) return
    this.#errors(call, administration).push(this.#clock.now().getTime())
  }

  #makeRoom(rule: LimitRule, call: Call, administration: string, patienceMs: number): void {
    const most = call.priority === 'import' ? rule.ours - rule.reserve : rule.ours
    const calls = this.#within(rule, call, administration)
    const oldest = calls[calls.length - most]
    if (oldest === undefined) return
    const free = oldest + spans[rule.span]
    if (free - this.#clock.now().getTime() > patienceMs)
      throw new ProblemError({ kind: 'temporary', code: 'limit-reached', notBefore: new Date(free).toISOString() })
    this.#clock.advanceTo(new Date(free))
  }

  #within(rule: LimitRule, call: Call, administration: string): number[] {
    const whose = { app: '', administration, endpoint: `${administration} ${call.endpoint}` }[rule.scope]
    return this.#recent(this.#calls, `${rule.scope} ${rule.span} ${whose}`, spans[rule.span])
  }

  #errors(call: Call, administration: string): number[] {
    return this.#recent(this.#refused, `${administration} ${call.endpoint}`, spans.hour)
  }

  #mindErrors(call: Call, administration: string): void {
    const budget = this.#manifest.errorBudget
    const errors = this.#errors(call, administration)
    const oldest = errors[0]
    if (!budget || oldest === undefined || errors.length < budget.most - 1) return
    const notBefore = new Date(oldest + spans.hour).toISOString()
    throw new ProblemError({ kind: 'temporary', code: 'error-budget-spent', notBefore })
  }

  /** The instants that still count. */
  #recent(kept: Map<string, number[]>, key: string, spanMs: number): number[] {
    const since = this.#clock.now().getTime() - spanMs
    const recent = (kept.get(key) ?? []).filter((at) => at > since)
    kept.set(key, recent)
    return recent
  }
}
