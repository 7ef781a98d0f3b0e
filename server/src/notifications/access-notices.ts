import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import type { Events } from '../http/events.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { noLongerTell, tellPeople } from './tell-people.ts'

type Parts = Pick<Services, 'clock' | 'ids' | 'connectors'> & { readonly events: Pick<Events, 'publish'> }

interface Lost {
  readonly id: string
  readonly package: string
  readonly administration: string
  readonly timeZone: string
}

const lostKey = (connectionId: string) => `reconnect:${connectionId}`
const endsKey = (connectionId: string) => `access-ends-soon:${connectionId}`
const dayMs = 86_400_000

async function connectionsNamed(trx: Trx, firmId: string, ids: readonly string[]): Promise<readonly Lost[]> {
  const { rows } = await sql<Lost>`
    select c.id, c.package, coalesce(c.administration_name, c.administration, '') as administration, f.time_zone as "timeZone"
    from connection c join firm f on f.firm_id = c.firm_id
    where c.firm_id = ${firmId} and c.id = any(${[...ids]}::uuid[]) order by c.id`.execute(trx)
  return rows
}

const nameOf = ({ connectors }: Parts, packageId: string) => connectors.get(packageId)?.manifest.name ?? packageId

/** Access ended: who can sign in again hears of it. */
export async function tellAccessLost(
  parts: Parts,
  trx: Trx,
  firmId: string,
  connectionIds: readonly string[],
): Promise<void> {
  const call = { trx, firmId, services: parts, now: parts.clock.now() }
  for (const { id, package: packageId, administration } of await connectionsNamed(trx, firmId, connectionIds)) {
    await noLongerTell(call, endsKey(id))
    await tellPeople(call, {
      to: 'connections:write',
      code: 'reconnect',
      values: { package: nameOf(parts, packageId), administration },
      link: `/settings/connections/${id}`,
      key: lostKey(id),
    })
  }
}

/** It could not be renewed for long, and ends at that instant. */
export async function tellAccessEnds(
  parts: Parts,
  trx: Trx,
  firmId: string,
  {
    connectionId,
    unusedSince,
    endsAt,
  }: { readonly connectionId: string; readonly unusedSince: Date; readonly endsAt: Date },
): Promise<void> {
  const now = parts.clock.now()
  for (const { id, package: packageId, timeZone } of await connectionsNamed(trx, firmId, [connectionId]))
    await tellPeople(
      { trx, firmId, services: parts, now },
      {
        to: 'connections:write',
        code: 'access-ends-soon',
        values: {
          package: nameOf(parts, packageId),
          date: dateIn(timeZone, endsAt),
          days: Math.floor((now.getTime() - unusedSince.getTime()) / dayMs),
        },
        link: `/settings/connections/${id}`,
        key: endsKey(id),
      },
    )
}

/** Somebody signed in again, access was renewed, or nobody wants it any more. */
export async function accessIsWell(parts: Parts, trx: Trx, firmId: string, connectionId: string): Promise<void> {
  const call = { trx, firmId, services: parts, now: parts.clock.now() }
  await noLongerTell(call, lostKey(connectionId))
  await noLongerTell(call, endsKey(connectionId))
}
