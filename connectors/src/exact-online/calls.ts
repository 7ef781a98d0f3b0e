import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Call, Connection, Wire } from '../contract/contract.ts'
import { isSuccess, jsonOf } from '../kit/json-answer.ts'
import { listOf, type Query, withQuery } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { readingProblem } from './judge.ts'

/** Exact Online is served for these countries; its day turns here, give or take an hour. */
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
  all<S extends Fields>(resource: string, row: S, asked?: Asked): Promise<readonly z.output<S>[]>
}

export function exactCalls(division: string, wire: Wire, priority: NonNullable<Call['priority']>): ExactCalls {
  const calls: ExactCalls = {
    division,
    today: () => dateIn(zone, wire.clock.now()),
    now: () => wire.clock.now(),
    async *pages(resource, row, asked = {}) {
      const page = listOf(row)
      let path = withQuery(`/api/v1/${division}/${resource}`, { ...asked, select: Object.keys(row.shape) })
      for (;;) {
        const answer = await wire.send({
          method: 'GET',
          path,
          headers: { accept: 'application/json' },
          endpoint: resource.replace(/\(.*\)$/, ''),
          safe: true,
          priority,
        })
        if (!isSuccess(answer)) throw new ProblemError(readingProblem(answer, wire.clock.now()))
        const { rows, next } = parse(page, jsonOf(answer), resource)
        yield { rows: rows as readonly z.output<typeof row>[], last: next === undefined }
        if (next === undefined) return
        assert(next !== path, `${resource} names the same page as the next`)
        // Verbatim: it carries the cursor and what is left of $top.
        path = next
      }
    },
    async all(resource, row, asked) {
      const rows: z.output<typeof row>[] = []
      for await (const page of calls.pages(resource, row, asked)) rows.push(...page.rows)
      return rows
    },
  }
  return calls
}

/** The division that was chosen; never the one the user happens to have open (`CurrentDivision`). */
export function chosenDivision(at: Connection<unknown>): string {
  assert(at.administration !== undefined && /^\d+$/.test(at.administration), 'no administration was chosen')
  return at.administration
}
