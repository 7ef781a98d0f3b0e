import { isProblem } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Reads, Wire } from '../../contract/contract.ts'
import { ask } from './calls.ts'
import { changedRows } from './wire.ts'

/** A list by versions: the mark is the version of the last row that was read. */
export const listReads = <S extends z.ZodType, R>(
  wire: Wire,
  path: string,
  row: S,
  toRow: (found: z.output<S>) => R,
): Reads<R> => ({
  async *changes(since) {
    const endpoint = path.split('/').at(-1) ?? path
    let after = since ?? '0'
    for (;;) {
      const page = await ask(wire, `${path}?since=${after}`, endpoint, changedRows(row), 'import').catch(
        (error: unknown): 'reset' => {
          if (isProblem(error) && error.problem.theirStatus === 410) return 'reset'
          throw error
        },
      )
      if (page === 'reset') {
        yield 'reset'
        return
      }
      after = page.last
      yield { rows: page.rows.map(toRow), gone: page.gone, ...(page.more ? {} : { mark: after }) }
      if (!page.more) return
    }
  },
})
