import { sql } from 'kysely'
import { readListsAgain } from '../connections/fresh-lists.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { changeTold, noLongerTell, tellPeople } from './tell-people.ts'

interface Stopped {
  readonly connectionId: string
  readonly package: string
  readonly count: number
  readonly labels: readonly string[]
  /** Whether one of those that changed needs somebody now. */
  readonly isNews: boolean
  /** Why those that changed were set aside. */
  readonly problems: readonly { readonly code: string; readonly theirStatus: number | null }[]
}

const labelsShown = 3
// Access that is lost is told by the connection itself.
const needsSomebody = sql`(p.state in ('refused', 'needs-person') or p.state = 'blocked' and p.problem ->> 'kind' <> 'reconnect')`

/** Screens look again, and who can mend them hears of postings that need a person: one notice per connection. */
export const postingsChanged =
  (services: Pick<Services, 'clock' | 'ids' | 'events' | 'connectors' | 'queue'>) =>
  async (trx: Trx, firmId: string, postingIds: readonly string[]): Promise<void> => {
    await services.events.publish(trx, firmId, { topic: 'postings', ids: postingIds })
    if (postingIds.length === 0) return
    const call = { trx, firmId, services, now: services.clock.now() }
    for (const stopped of await stoppedBeside(trx, firmId, postingIds)) {
      const { connectionId, count, labels, isNews } = stopped
      const key = `postings-need-you:${connectionId}`
      await readListsAgain(call, connectionId, stopped.problems)
      if (count === 0) {
        await noLongerTell(call, key)
        continue
      }
      const values = {
        package: services.connectors.get(stopped.package)?.manifest.name ?? stopped.package,
        count,
        labels: labels.join(', '),
        more: count - labels.length,
      }
      if (!isNews) await changeTold(call, key, values)
      else
        await tellPeople(call, {
          to: 'postings:write',
          code: 'postings-need-you',
          values,
          link: `/postings?state=refused&state=blocked&state=needs-person&connectionId=${connectionId}`,
          key,
        })
    }
  }

/** All that needs somebody at the connections of these postings. */
async function stoppedBeside(trx: Trx, firmId: string, postingIds: readonly string[]): Promise<readonly Stopped[]> {
  const { rows } = await sql<Stopped>`
    with changed as (
      select p.connection_id, bool_or(${needsSomebody}) as is_news,
        coalesce(jsonb_agg(distinct jsonb_build_object('code', p.problem ->> 'code', 'theirStatus', p.problem -> 'theirStatus'))
          filter (where p.state = 'blocked'), '[]') as problems
      from posting p
      where p.firm_id = ${firmId} and p.id = any(${[...postingIds]}::uuid[]) group by p.connection_id)
    select c.id as "connectionId", c.package, g.is_news as "isNews", g.problems, count(p.id)::int as count,
      coalesce((array_agg(p.label order by p.sequence) filter (where p.id is not null))[1:${sql.lit(labelsShown)}], '{}') as labels
    from changed g
    join connection c on c.firm_id = ${firmId} and c.id = g.connection_id
    left join posting p on p.firm_id = c.firm_id and p.connection_id = c.id and ${needsSomebody}
    where c.state <> 'disconnected'
    group by c.id, c.package, g.is_news, g.problems order by c.id`.execute(trx)
  return rows
}
