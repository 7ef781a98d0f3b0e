import type { App } from '@uurwerk/connectors/contract/contract.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Secret } from '../secrets.ts'
import type { ConnectionKey, InFirm, Parts } from './connection.ts'

/** The app that we are at a package: client id and secret of the firm, else of the installation. */
export interface RegisteredApp {
  readonly clientId: string
  readonly clientSecret: Secret
}

type Place = Pick<ConnectionKey, 'package' | 'country' | 'mode'>

export const appSecretPlace = (firmId: string, place: { readonly package: string; readonly country: string }) => ({
  firmId,
  purpose: `app-secret ${place.package} ${place.country}`,
})

/** Where a package sends the browser back to; it stands in the registration of the app, so it is one for all firms. */
export const redirectUriOf = (settings: Pick<Parts['settings'], 'publicUrl'>): string =>
  `${settings.publicUrl}/oauth/return`

export async function findApp(parts: Parts, { trx, firmId }: InFirm, place: Place): Promise<RegisteredApp | undefined> {
  // The simulator takes the first secret that comes with a client id as the registered one.
  if (place.mode === 'sandbox')
    return { clientId: `uurwerk-${firmId}`, clientSecret: parts.seals.derive(`sandbox app ${firmId}`) }
  const own = await trx
    .selectFrom('appRegistration')
    .select(['clientId', 'clientSecretSealed'])
    .where('firmId', '=', firmId)
    .where('package', '=', place.package)
    .where('country', '=', place.country)
    .executeTakeFirst()
  if (own)
    return {
      clientId: own.clientId,
      clientSecret: parts.seals.open(own.clientSecretSealed, appSecretPlace(firmId, place)),
    }
  return place.package === 'exact-online' ? (parts.settings.exactOnline ?? undefined) : undefined
}

export async function getApp(parts: Parts, firm: InFirm, place: Place): Promise<RegisteredApp> {
  const app = await findApp(parts, firm, place)
  if (!app)
    throw new ProblemError({
      kind: 'setup',
      code: 'app-missing',
      values: { package: place.package, country: place.country },
    })
  return app
}

export interface Addresses {
  /** In front of every path that the wire calls. */
  readonly ours: string
  /** In front of the sign-in page, for the browser. */
  readonly theirs: string
}

/** A connection reaches the host of its own country and nothing else; in the sandbox a path of our own stands for it. */
export async function addressesOf(parts: Parts, { trx, firmId }: InFirm, place: Place): Promise<Addresses> {
  const host = parts.connectors.get(place.package)?.manifest.hosts[place.country]
  if (!host) throw new ProblemError({ kind: 'setup', code: 'country-not-served', values: { country: place.country } })
  if (place.mode === 'live') return { ours: `https://${host}`, theirs: `https://${host}` }
  if (!parts.settings.sandbox) throw new ProblemError({ kind: 'setup', code: 'sandbox-off' })
  const world = await trx
    .selectFrom('sandbox.world')
    .select('id')
    .where('firmId', '=', firmId)
    .where('package', '=', place.package)
    .executeTakeFirst()
  assert(world, 'a sandbox connection has a world')
  const path = `/sandbox/${world.id}/${place.package}/${host}`
  return { ours: parts.sandboxOrigin() + path, theirs: parts.settings.publicUrl + path }
}

export const appFor = (parts: Parts, { clientId, clientSecret }: RegisteredApp, baseUrl: string): App => ({
  clientId,
  clientSecret: clientSecret.reveal(),
  redirectUri: redirectUriOf(parts.settings),
  baseUrl,
})
