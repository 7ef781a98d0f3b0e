import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'

/**
 * A simulator is the package, small and strict: a pure function over a world. HTTP and in-process are two skins
 * over it; the server keeps worlds in the schema `sandbox`, tests keep them in memory.
 */
export interface Simulator {
  readonly id: string
  /** The small firm every simulator starts with: two customers, items, accounts, codes. */
  create(at: { seed: number; now: Date; language: 'nl' | 'en'; country?: string }): World
  /** Changes the world and answers. `url` has no prefix left: its path starts as at the package's own host. */
  handle(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer
  /** The books as a page of HTML, for people; `said` is what the books answered to the last act by hand. */
  readonly booksPage?: (world: World, base: string, said?: string) => string
  /**
   * Carries out what a person chose on that page, as a bookkeeper at the package's own screens would. Gives the
   * complaint of the books, in their words, when they refuse it.
   */
  readonly byHand?: (form: URLSearchParams, world: World, clock: Clock, random: Random) => string | undefined
  /** Calls that the package itself makes to others; whoever plays the network carries them. */
  readonly callsOut?: {
    due(world: World, now: Date): readonly CallOut[]
    /** When the next one is due; undefined when none waits. */
    nextAt(world: World): Date | undefined
    answered(world: World, id: string, status: number | 'unreachable'): void
  }
}

/** A POST to an address that somebody subscribed with. */
export interface CallOut {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface SimulatorRequest {
  readonly method: string
  /** The real host (`start.exactonline.nl`) and the path as the package sees it. */
  readonly url: URL
  /** What stands before the package's path for the caller, to build absolute links and redirects: `http://127.0.0.1:3000/sandbox/…/start.exactonline.nl`. */
  readonly base: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface SimulatorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** `lost`: it was carried out, but the caller never hears of it. `unreached`: it never arrived. */
  readonly fate?: 'lost' | 'unreached'
  /** How long the package takes before it answers; a test adds it to its clock. */
  readonly delayMs?: number
}

export type SimulatorRow = { readonly [field: string]: unknown }

/** Plain JSON all through. Rows change only by `putRow` and `removeRow`, so that a store writes just what changed. */
export interface World {
  /** Small things: seed, counters, language, faults, breaches. Written whole after each request. */
  readonly state: {
    faults: Fault[]
    breaches: Record<string, number>
    calls: Record<string, number>
    [key: string]: unknown
  }
  readonly tables: Record<string, Record<string, SimulatorRow>>
  /** `table/key` of rows put or removed since the store last wrote. */
  readonly changed: Set<string>
}

/** Something that goes wrong, as input. `times` left out means always; each use counts it down. */
export interface Fault {
  readonly kind: string
  /** `POST salesentry/SalesEntries`; left out means any call. */
  readonly on?: string
  /** How many matching calls pass before it strikes. */
  after?: number
  times?: number
  readonly value?: string | number
}

export function putRow(world: World, table: string, key: string, row: SimulatorRow): void {
  world.tables[table] ??= {}
  world.tables[table][key] = row
  world.changed.add(`${table}/${key}`)
}

export function removeRow(world: World, table: string, key: string): void {
  delete world.tables[table]?.[key]
  world.changed.add(`${table}/${key}`)
}

export const rowsOf = (world: World, table: string): readonly SimulatorRow[] => Object.values(world.tables[table] ?? {})
export const rowOf = (world: World, table: string, key: string): SimulatorRow | undefined => world.tables[table]?.[key]

export function countBreach(world: World, name: string): void {
  world.state.breaches[name] = (world.state.breaches[name] ?? 0) + 1
}

export function countCall(world: World, name: string): void {
  world.state.calls[name] = (world.state.calls[name] ?? 0) + 1
}

/** Takes the fault of this kind that strikes this call, counting it down; undefined when none does. */
export function takeFault(world: World, kind: string, on: string): Fault | undefined {
  const found = world.state.faults.find((fault) => fault.kind === kind && (!fault.on || fault.on === on))
  if (!found) return undefined
  if (found.after) {
    found.after -= 1
    return undefined
  }
  if (found.times !== undefined) {
    found.times -= 1
    if (found.times <= 0) world.state.faults.splice(world.state.faults.indexOf(found), 1)
  }
  return found
}
