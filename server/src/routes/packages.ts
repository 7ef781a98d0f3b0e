import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { activeSales } from '../connections/active.ts'
import { appSecretPlace, redirectUriOf } from '../connections/app.ts'
import { webhookSecretPlace } from '../connections/hints.ts'
import type { ConnectionAt } from '../connections/service.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import { type SealPlace, Secret } from '../secrets.ts'

type PackageApp = AnswerOf<(typeof connectionRoutes)['listPackages']>['rows'][number]['apps'][number]

/** What can be connected, and as which registered app. */
export const packageHandlers: Handlers<'listPackages' | 'registerApp'> = {
  listPackages: async ({ trx, firmId, services }) => {
    const { parts, simulators } = services.connections
    const active = await activeSales({ trx, firmId })
      .select(['id', 'package', 'state', 'mode', 'administrationName'])
      .executeTakeFirst()
    const own = await trx
      .selectFrom('appRegistration')
      .select(['package', 'country', 'clientId', 'webhookSecretSealed'])
      .where('firmId', '=', firmId)
      .execute()
    return {
      rows: [...services.connectors.values()].map(({ manifest }) => {
        const countries = Object.entries(manifest.hosts).map(([code, host]) => ({ code, host }))
        const environment = manifest.id === 'exact-online' ? parts.settings.exactOnline : null
        const connection = active?.package === manifest.id ? active : null
        return {
          id: manifest.id,
          name: manifest.name,
          available: true,
          countries,
          sandbox: parts.settings.sandbox && simulators.has(manifest.id),
          apps: countries.flatMap(({ code: country }): PackageApp[] => {
            const mine = own.find((one) => one.package === manifest.id && one.country === country)
            if (mine)
              return [
                {
                  country,
                  clientId: mine.clientId,
                  from: 'firm',
                  hasWebhookSecret: mine.webhookSecretSealed !== null,
                },
              ]
            return environment
              ? [{ country, clientId: environment.clientId, from: 'environment', hasWebhookSecret: false }]
              : []
          }),
          webhooks: manifest.webhooks,
          redirectUri: redirectUriOf(parts.settings),
          connection: connection
            ? {
                id: connection.id,
                state: connection.state as ConnectionAt['state'],
                mode: connection.mode as ConnectionAt['mode'],
                administrationName: connection.administrationName,
              }
            : null,
          posts: [...manifest.posts],
        }
      }),
    }
  },

  registerApp: async (call) => {
    const { trx, firmId, params, body, now, services } = call
    const place = { package: params.package, country: params.country }
    const { manifest } = services.connections.connectorOf(params.package)
    if (!manifest.hosts[params.country])
      throw wrongField('/path/country', 'country-not-served', { package: manifest.name })
    const before = await trx
      .selectFrom('appRegistration')
      .select(['id', 'clientId', 'clientSecretSealed', 'webhookSecretSealed'])
      .where('firmId', '=', firmId)
      .where('package', '=', place.package)
      .where('country', '=', place.country)
      .forUpdate()
      .executeTakeFirst()
    const id = before?.id ?? services.ids.next()
    const sealed = (text: string, at: SealPlace) => services.seals.seal(new Secret(text), at)
    const clientSecretSealed = body.clientSecret
      ? sealed(body.clientSecret, appSecretPlace(firmId, place))
      : before?.clientSecretSealed
    if (!clientSecretSealed) throw wrongField('/clientSecret', 'secret-missing')
    const { webhookSecret } = body
    const webhookSecretSealed =
      webhookSecret === undefined
        ? (before?.webhookSecretSealed ?? null)
        : webhookSecret && sealed(webhookSecret, webhookSecretPlace(firmId, place))
    const kept = { clientId: body.clientId, clientSecretSealed, webhookSecretSealed, updatedAt: now }
    await trx
      .insertInto('appRegistration')
      .values({ firmId, id, ...place, ...kept, createdAt: now })
      .onConflict((conflict) =>
        conflict
          .columns(['firmId', 'package', 'country'])
          .doUpdateSet((set) => ({ ...kept, version: set('appRegistration.version', '+', 1) })),
      )
      .execute()
    await remember(call, { kind: 'app-registration', id }, before ? 'changed' : 'created', {
      ...(before ? { before: { clientId: before.clientId } } : {}),
      after: { ...place, clientId: body.clientId, hasWebhookSecret: webhookSecretSealed !== null },
    })
    return undefined
  },
}
