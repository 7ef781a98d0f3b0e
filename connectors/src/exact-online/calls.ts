import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Answer, Call, Connection, Wire } from '../contract/contract.ts'
import { isSuccess, jsonOf } from '../kit/json-answer.ts'
import { listOf, type Query, singleOf, withQuery } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { readingProblem } from './judge.ts'

/** Its servers keep the time of the Netherlands (`ServerUtcOffset`, recorded); only the day matters here. */
const zone = 'Europe/Amsterdam'

export interface PageOf<T> {
  readonly rows: readonly T[]
  readonly last: boolean
}

type Fields = z.ZodObject
type Asked = Omit<Query, 'select'>

/** Reading from one division, with `$select` made from the fields of the schema. */
export interface ExactCalls {
  readonly division: string
  today(): CalendarDate
  now(): Date
  pages<S extends Fields>(resource: string, row: S, asked?: Asked): AsyncIterable<PageOf<z.output<S>>>
  /** The pages in one list; with `top` no more than that, whether or not Exact Online minds it. */
  all<S extends Fields>(resource: string, row: S, asked?: Asked): Promise<readonly z.output<S>[]>
  /** A function: parameters in, one answer out. */
  ask<S extends Fields>(name: string, parameters: Readonly<Record<string, string>>, answer: S): Promise<z.output<S>>
}

export function exactCalls(division: string, wire: Wire, priority: NonNullable<Call['priority']>): ExactCalls {
  const get = async (path: string, resource: string): Promise<Answer> => {
    const answer = await wire.send({
      method: 'GET',
      path,
      headers: { accept: 'application/json' },
      endpoint: resource,
      safe: true,
      priority,
    })
    if (!isSuccess(answer)) throw new ProblemError(readingProblem(answer, wire.clock.now()))
    return answer
  }
  const calls: ExactCalls = {
    division,
    today: () => dateIn(zone, wire.clock.now()),
    now: () => wire.clock.now(),
    async *pages(resource, row, asked = {}) {
      const page = listOf(row)
      let path = withQuery(`/api/v1/${division}/${resource}`, { ...asked, select: Object.keys(row.shape) })
      for (;;) {
        const { rows, next } = parse(page, jsonOf(await get(path, resource)), resource)
        yield { rows: rows as readonly z.output<typeof row>[], last: next === undefined }
        if (next === undefined) return
        if (next === path) throw new ProblemError(samePageAgain(resource))
        // Verbatim: it carries the cursor and what is left of $top.
        path = next
      }
    },
    async all(resource, row, asked) {
      const rows: z.output<typeof row>[] = []
      const most = asked?.top ?? Number.POSITIVE_INFINITY
      for await (const page of calls.pages(resource, row, asked)) {
        rows.push(...page.rows)
        if (rows.length >= most) return rows.slice(0, most)
      }
      return rows
    },
    async ask(name, parameters, answer) {
      const options = Object.entries(parameters).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      const answered = await get(`/api/v1/${division}/${name}?${options.join('&')}`, name)
      return parse(singleOf(answer), jsonOf(answered), name) as z.output<typeof answer>
    },
  }
  return calls
}

const samePageAgain = (endpoint: string): Problem => ({
  kind: 'defect',
  code: 'answer-not-understood',
  values: { endpoint, field: '__next', rule: 'names the page that it stands on' },
})

/** The division that was chosen; never the one the user happens to have open (`CurrentDivision`). */
export function chosenDivision(at: Connection<unknown>): string {
  assert(at.administration !== undefined && /^\d+$/.test(at.administration), 'no administration was chosen')
  return at.administration
}
