import { type RawBuilder, sql } from 'kysely'
import type { Store, Trx } from '../store/database.ts'

const BATCH = 2000

/**
 * The rows of a query, a batch at a time, in a transaction of its own that holds one batch ahead of its reader. Whoever
 * stops reading ends the query and the transaction.
 */
export function cursorRows<Row>(store: Store, firmId: string, query: RawBuilder<Row>): ReadableStream<Row[]> {
  const { readable, writable } = new TransformStream<Row[], Row[]>()
  const writer = writable.getWriter()
  const read = async (trx: Trx) => {
    // All rows will be read, not the first tenth that a cursor is planned for.
    await sql`set local cursor_tuple_fraction = 1`.execute(trx)
    await sql`declare exported no scroll cursor for ${query}`.execute(trx)
    const fetch = sql<Row>`fetch ${sql.lit(BATCH)} from exported`
    for (;;) {
      const { rows } = await fetch.execute(trx)
      if (rows.length > 0) await writer.write(rows)
      if (rows.length < BATCH) return
    }
  }
  store
    .withFirm(firmId, read, { readOnly: true })
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
    .catch(() => {}) // the reader is gone, or was told by the abort
  return readable
}
