import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { causeIn } from '../http/problems.ts'
import { noLongerTell, tellPeople } from '../notifications/tell-people.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { countOpen } from './conflicts.ts'

interface Ended {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Services
  readonly taskId: string
  readonly connection: { readonly id: string; readonly package: string }
  /** Nobody looked on. */
  readonly isNight: boolean
  readonly problem?: Problem
}

/** When an import ended by itself at night, people are told what it left to them; what was put right they need not read. */
export async function tellImport({
  trx,
  firmId,
  services,
  taskId,
  connection,
  isNight,
  problem,
}: Ended): Promise<void> {
  const telling = { trx, firmId, services, now: services.clock.now() }
  const connector = services.connections.connectorOf(connection.package)
  const packageName = connector.manifest.name
  const key = (what: string) => `import-${what}:${connection.id}`
  if (problem) {
    if (isNight)
      await tellPeople(telling, {
        to: 'connections:write',
        code: 'import-failed',
        values: { package: packageName, ...causeIn(problem, connector.messages) },
        link: `/settings/imports/${taskId}`,
        key: key('failed'),
      })
    return
  }
  await noLongerTell(telling, key('failed'))
  const { conflicts, proposals } = await countOpen({ trx, firmId }, connection.id)
  const counts = { conflicts, proposals }
  for (const what of ['conflicts', 'proposals'] as const) {
    if (counts[what] === 0) await noLongerTell(telling, key(what))
    else if (isNight)
      await tellPeople(telling, {
        to: 'customers:write',
        code: `import-${what}`,
        values: { package: packageName, count: counts[what] },
        link: `/settings/imports/${what}`,
        key: key(what),
      })
  }
}

/** A decision was the last that was waited for. */
export async function tellSettled(
  call: { readonly trx: Trx; readonly firmId: string; readonly services: Services; readonly now: Date },
  connectionId: string,
): Promise<void> {
  const { conflicts, proposals } = await countOpen(call, connectionId)
  if (conflicts === 0) await noLongerTell(call, `import-conflicts:${connectionId}`)
  if (proposals === 0) await noLongerTell(call, `import-proposals:${connectionId}`)
}
