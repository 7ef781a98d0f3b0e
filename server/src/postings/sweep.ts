import { sql } from 'kysely'
import type { Engine } from './engine.ts'

/** Wakes lanes that are due and that nobody works on: a wake was lost, or a process died. */
export async function sweepLanes(engine: Pick<Engine, 'store' | 'clock' | 'wake'>): Promise<readonly string[]> {
  return engine.store.withDirectory(async (trx) => {
    const { rows } = await sql<{ key: string }>`
      select l.key from directory.lane l
      where l.package <> 'task' and (l.lease_until is null or l.lease_until < clock_timestamp())
        and exists (select 1 from directory.lane_due d where d.lane_key = l.key and d.due_at <= ${engine.clock.now()})
      order by l.key`.execute(trx)
    for (const { key } of rows) await engine.wake(trx, key)
    return rows.map(({ key }) => key)
  })
}
