import type { Right } from '@uurwerk/api/rights.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '@uurwerk/api/route.ts'
import type { Api, RouteName } from '@uurwerk/api/routes.ts'
import type { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

export type Language = 'nl' | 'en'

/** Who asks: a member of the firm, or a key that a member made. */
export interface Actor {
  readonly memberId: string
  readonly userId: string | null
  readonly name: string
  readonly keyId: string | null
  readonly rights: ReadonlySet<Right>
}

interface BaseCall<R extends Route> {
  readonly services: Services
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  /** What the body says it is, for a file. */
  readonly mediaType?: string | undefined
  readonly language: Language
  readonly requestId: string
  /** One instant for the whole request. */
  readonly now: Date
  /** Raw `Cookie` header, for sign-in and sign-out. */
  readonly cookie: string | undefined
  readonly ip: string
  setCookies(cookies: readonly string[]): void
}

export type OpenCall<R extends Route> = BaseCall<R>

export interface UserCall<R extends Route> extends BaseCall<R> {
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
}

export interface FirmCall<R extends Route> extends BaseCall<R> {
  readonly firmId: string
  readonly firm: {
    readonly id: string
    readonly slug: string
    readonly timeZone: string
    readonly currency: string
    readonly country: string
    readonly language: Language
  }
  readonly actor: Actor
  /** The one transaction of this request; the answer to a repeated request is kept in it too. */
  readonly trx: Trx
  /** From `If-Match`; 0 for routes that have no version. */
  readonly version: number
  /** Carried out after the transaction is committed, never when it is rolled back. */
  afterCommit(act: () => void | Promise<void>): void
}

export type HandlerOf<R extends Route> = R['access'] extends 'anyone'
  ? (call: OpenCall<R>) => Promise<AnswerOf<R>>
  : R['access'] extends 'user'
    ? (call: UserCall<R>) => Promise<AnswerOf<R>>
    : (call: FirmCall<R>) => Promise<AnswerOf<R>>

/** A handler that talks to a package must not hold a transaction while it waits: it opens its own by `services.store`. */
export interface FreeCall<R extends Route> extends Omit<FirmCall<R>, 'trx' | 'afterCommit'> {}
export type FreeHandlerOf<R extends Route> = { readonly free: (call: FreeCall<R>) => Promise<AnswerOf<R>> }

export type Handlers<Names extends RouteName> = {
  readonly [K in Names]: HandlerOf<Api[K]> | FreeHandlerOf<Api[K]>
}

/** Answers a stale edit: somebody changed it since; carries what it is now. */
export class StaleEdit extends Error {
  readonly currentVersion: number
  readonly current: unknown
  constructor(currentVersion: number, current: unknown) {
    super('stale')
    this.currentVersion = currentVersion
    this.current = current
  }
}

export type Failure = ProblemError | StaleEdit
