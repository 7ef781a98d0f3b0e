import type { SimulatorAnswer, SimulatorRequest } from '../../contract/simulator.ts'
import { error } from './answers.ts'
import type { Family } from './odata-query.ts'
import type { Resource } from './resource.ts'
import { endpointAt } from './resources/index.ts'

/** A call as the path names it. */
export interface Call {
  readonly request: SimulatorRequest
  readonly division: number
  readonly resource: Resource
  readonly family: Family
  /** Text between the parentheses. */
  readonly key: string | undefined
  /** `SalesEntryLines` of an entry, or `$count`. */
  readonly tail: string | undefined
  /** `POST salesentry/SalesEntries` */
  readonly name: string
  readonly wantsJson: boolean
}

export const notFound = (segment: string, wantsJson: boolean): SimulatorAnswer =>
  error(404, `Resource not found for the segment '${segment}'.`, wantsJson)

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname)
  } catch {
    return url.pathname
  }
}

/** The call, or the path that leads nowhere. */
export function readCall(request: SimulatorRequest): Call | string {
  const path = decodedPath(request.url)
  const match =
    /^\/api\/v1\/(?:(\d+)\/(?!current\/)|(?=current\/))([^()]+?)(?:\(([^)]*)\))?(?:\/(\$count|[A-Za-z]+))?\/?$/.exec(
      path,
    )
  if (!match) return path
  // Without a key the last part belongs to the path: `crm/Accounts`, not `crm` with the tail `Accounts`.
  const joined = match[3] === undefined && match[4] && match[4] !== '$count' ? `${match[2]}/${match[4]}` : match[2]
  const endpoint = endpointAt(joined as string)
  if (!endpoint) return joined as string
  return {
    request,
    division: Number(match[1] ?? 0),
    ...endpoint,
    key: match[3],
    tail: match[3] === undefined && match[4] !== '$count' ? undefined : match[4],
    name: `${request.method} ${endpoint.resource.path}`,
    wantsJson: /\bapplication\/json\b/i.test(request.headers.accept ?? ''),
  }
}
