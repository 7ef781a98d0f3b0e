import type { SimulatorAnswer } from '../../contract/simulator.ts'
import { json } from './answers.ts'
import { type Call, notFound } from './call.ts'
import { endpointAt } from './resources/index.ts'

const parameter = ({ request }: Call, name: string): string =>
  /^'(.*)'$/.exec(request.url.searchParams.get(name) ?? '')?.[1] ?? ''

/**
 * A function, not a list, and the one way to tell an empty list from a missing right: R-has-rights.
 * `?endpoint='salesentry/SalesEntries'&action='GET'`; both must be there.
 */
export function answerHasRights(call: Call, lacks: (asked: Call) => boolean): SimulatorAnswer {
  const endpoint = endpointAt(parameter(call, 'endpoint'))
  const action = parameter(call, 'action')
  if (!endpoint || !/^(GET|POST|PUT|DELETE)$/.test(action)) return notFound('UserHasRights', call.wantsJson)
  const name = `${action} ${endpoint.resource.path}`
  return json(200, { d: { UserHasRights: !lacks({ ...call, ...endpoint, name }) } })
}
