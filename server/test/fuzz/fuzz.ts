import { createRequire } from 'node:module'
import type { Route } from '@uurwerk/api/route.ts'
import { api } from '@uurwerk/api/routes.ts'
import { problem as problemShape } from '@uurwerk/api/shapes.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { type FurnishedApp, type FurnishedFirm, furnishedFirm } from '../../src/testing/furnished.ts'
import { ifMatch } from '../../src/testing/route-samples.ts'
import { type Description, type FuzzRequest, fuzzRequest } from './requests.ts'
import { chanceOf } from './schema-values.ts'

const description = createRequire(import.meta.url)('@uurwerk/api/generated/openapi.json') as Description
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

export interface Finding {
  /** Counted from 1; with the seed it can be asked again. */
  readonly request: number
  readonly what: string
  readonly asked: string
  readonly answer: string
}

export interface FuzzResult {
  readonly findings: readonly Finding[]
  /** How many answers of each status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Routes that answered well at least once. */
  readonly answeredWell: ReadonlySet<string>
}

export interface FuzzSettings {
  readonly app: FurnishedApp
  readonly requests: number
  readonly seed: number
  readonly onProgress?: (done: number) => void
}

/** A firm wears out: rows are deleted, connections ended. So another takes its place now and then. */
const requestsPerFirm = 2500

export async function fuzz({ app, requests, seed, onProgress }: FuzzSettings): Promise<FuzzResult> {
  const chance = chanceOf(seededRandom(seed))
  const theirs = await furnishedFirm(app, 'Zeearend')
  const idsOfTheirs = new Set((await rowsOf(app, theirs)).flatMap((row) => row.match(uuid) ?? []))
  const before = await rowsOf(app, theirs)
  const findings: Finding[] = []
  const statuses: Record<string, number> = {}
  const answeredWell = new Set<string>()
  let ours: FurnishedFirm | undefined
  for (let count = 1; count <= requests; count++) {
    if (!ours || count % requestsPerFirm === 0) {
      ours = await furnishedFirm(app, `Kwartel${count}`)
      for (const id of (await rowsOf(app, ours)).flatMap((row) => row.match(uuid) ?? [])) idsOfTheirs.delete(id)
    }
    // The limits of the package are per minute of its clock.
    app.clock.forward(2000)
    const asked = fuzzRequest(description, chance, { ours, theirs })
    const answer = await send(app, ours, asked)
    if (!answer) continue
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    if (answer.status < 300) answeredWell.add(asked.route)
    for (const what of wrongs(asked, answer, { idsOfTheirs, word: theirs.word }))
      findings.push({ request: count, what, asked: told(asked), answer: answer.text.slice(0, 600) })
    if (count % 1000 === 0) onProgress?.(count)
  }
  const after = await rowsOf(app, theirs)
  if (after.join('\n') !== before.join('\n'))
    findings.push({ request: requests, what: 'rows of another firm were changed', asked: '', answer: '' })
  return { findings, statuses, answeredWell }
}

async function rowsOf(app: FurnishedApp, { firm }: FurnishedFirm): Promise<readonly string[]> {
  const tables = await app.database.asOwner<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id'
     where n.nspname = 'public' and c.relkind = 'r' order by 1`,
  )
  const rows: string[] = []
  for (const { name } of tables) {
    const found = await app.database.asOwner<{ row: string }>(
      `select '${name} ' || t::text as row from ${name} t where firm_id = $1 order by 1`,
      [firm.id],
    )
    rows.push(...found.map(({ row }) => row))
  }
  return rows
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

async function send(app: FurnishedApp, ours: FurnishedFirm, asked: FuzzRequest): Promise<Answer | undefined> {
  const route: Route = api[asked.route]
  const match =
    route.versioned && !asked.headers['if-match'] ? await ifMatch(app.services.store, ours.firm.id, asked.row) : {}
  const who =
    asked.as === 'nobody'
      ? {}
      : asked.as === 'visitor' || route.access === 'user' || route.access === 'anyone'
        ? ours.headers
        : ours.firm.as(asked.as)
  try {
    const answer = await app.app.inject({
      method: asked.method,
      url: asked.url,
      headers: {
        ...(asked.payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(asked.bytes === undefined ? {} : { 'content-type': 'image/png' }),
        ...who,
        ...match,
        ...asked.headers,
      },
      ...(asked.payload === undefined ? {} : { payload: asked.payload }),
      ...(asked.bytes === undefined ? {} : { payload: Buffer.from(asked.bytes) }),
    })
    return { status: answer.statusCode, type: String(answer.headers['content-type'] ?? ''), text: answer.body }
  } catch (error) {
    // No HTTP client could have sent it.
    if (error instanceof TypeError || (error as { code?: string }).code === 'ERR_INVALID_CHAR') return undefined
    throw error
  }
}

const told = ({ as, method, url, headers, payload }: FuzzRequest) =>
  `${as}: ${method} ${url.slice(0, 400)} ${JSON.stringify(headers).slice(0, 300)} ${payload?.slice(0, 600) ?? ''}`

interface Fence {
  readonly idsOfTheirs: ReadonlySet<string>
  readonly word: string
}

function wrongs(asked: FuzzRequest, { status, type, text }: Answer, { idsOfTheirs, word }: Fence): string[] {
  const found: string[] = []
  const request =
    decodeURIComponent(asked.url.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/%(?=[89a-f])/gi, '%25')) +
    (asked.payload ?? '')
  if (text.includes(word) && !request.includes(word)) found.push('a name of another firm')
  for (const id of new Set(text.match(uuid) ?? []))
    if (idsOfTheirs.has(id) && !request.includes(id)) found.push('an id of another firm')
  if (status >= 500) found.push(`status ${status}`)
  else if (status >= 400) found.push(...wrongsOfProblem(api[asked.route], { status, type, text }))
  // `/customers/x/..` is the address of the list.
  else if (status < 300 && !/\/(\.|%2e)+(?=[/?]|$)/i.test(asked.url)) {
    const { answer }: Route = api[asked.route]
    const parsed = answer?.safeParse(text === '' ? undefined : JSON.parse(text))
    if (parsed && !parsed.success) found.push(`an answer of another shape: ${parsed.error.issues[0]?.path.join('/')}`)
  }
  return found
}

function wrongsOfProblem(route: Route, { status, type, text }: Answer): string[] {
  if (!type.startsWith('application/problem+json')) return [`a refusal that is no problem document: ${type}`]
  const parsed = problemShape.safeParse(JSON.parse(text))
  if (!parsed.success) return [`a problem document of another shape: ${parsed.error.issues[0]?.path.join('/')}`]
  const { code, cause, remedy, errors, status: said } = parsed.data
  const found: string[] = []
  if (said !== status) found.push(`status ${status}, but its document says ${said}`)
  if (cause === '' || remedy === '' || cause === code) found.push(`no words for ${code}`)
  if (code === 'input-wrong' && !errors?.length) found.push('a wrong field that is not named')
  // A file has no fields: the empty pointer is the whole of it.
  const isPlace = (pointer: string) => pointer.startsWith('/') || (pointer === '' && route.takes !== undefined)
  for (const error of errors ?? [])
    if (!isPlace(error.pointer) || error.message === '' || error.message === error.code)
      found.push(`a field without place or words: ${error.pointer} ${error.code}`)
  return found
}
