import { z } from 'zod'
import type { Route } from './route.ts'
import { problem } from './shapes.ts'

type Json = { [key: string]: unknown }

const file: Json = { schema: { type: 'string', format: 'binary' } }

/** The OpenAPI 3.1 document of a route table. Shapes with an id become components. */
export function openApi(table: Readonly<Record<string, Route>>, version: string): Json {
  const schemas: Json = {}
  const shape = (type: z.ZodType, io: 'input' | 'output'): Json => {
    const {
      $defs,
      $schema: _,
      ...schema
    } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Json & { $defs?: Json }
    for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = lift(definition)
    return lift(schema) as Json
  }
  const problems = { 'application/problem+json': { schema: shape(problem, 'output') } }
  const paths: Record<string, Json> = {}
  for (const route of Object.values(table)) {
    paths[route.path] ??= {}
    ;(paths[route.path] as Json)[route.method.toLowerCase()] = {
      operationId: route.id,
      summary: route.summary,
      tags: [route.tag],
      ...(route.access === 'anyone' ? { security: [] } : {}),
      'x-right': route.access,
      parameters: [
        ...parametersOf(route.params, 'path', shape),
        ...parametersOf(route.query, 'query', shape),
        ...(route.access !== 'anyone' && route.access !== 'user' ? [{ $ref: '#/components/parameters/Firm' }] : []),
        ...(route.versioned ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
        ...(route.method === 'POST' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
      ],
      ...(route.body
        ? { requestBody: { required: true, content: { 'application/json': { schema: shape(route.body, 'input') } } } }
        : {}),
      ...(route.takes ? { requestBody: { required: true, content: { 'application/octet-stream': file } } } : {}),
      responses: {
        [String(route.status ?? 200)]: {
          description: 'Good',
          ...(route.answer ? { content: { 'application/json': { schema: shape(route.answer, 'output') } } } : {}),
          ...(route.gives ? { content: { 'application/octet-stream': file } } : {}),
          ...(route.stream ? { content: { 'text/event-stream': { schema: { type: 'string' } } } } : {}),
        },
        default: { description: 'A problem, with cause and remedy', content: problems },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Uurwerk',
      version,
      summary: 'Hours become invoices; invoices reach the books exactly once.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }, { key: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'uurwerk.session_token' },
        key: { type: 'http', scheme: 'bearer' },
      },
      parameters: {
        Firm: {
          name: 'Uurwerk-Firm',
          in: 'header',
          required: false,
          schema: { type: 'string' },
          description: 'Slug or id of the firm, for a person of several',
        },
        IfMatch: {
          name: 'If-Match',
          in: 'header',
          required: false,
          schema: { type: 'string', example: '"3"' },
          description: 'Version the change was made on; missing is 428, stale is 409',
        },
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          schema: { type: 'string', maxLength: 100 },
          description: 'The same key and body again gives the first answer again, for 30 days',
        },
      },
      schemas,
    },
  }
}

function parametersOf(
  type: z.ZodObject | undefined,
  place: 'path' | 'query',
  shape: (type: z.ZodType, io: 'input') => Json,
): Json[] {
  if (!type) return []
  const { properties = {}, required = [] } = shape(type, 'input') as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }))
}

/** `$defs` of one shape stand in the document's components. */
function lift(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lift)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'id' || typeof (value as Json).id !== 'string' || !('type' in value))
      .map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '#/components/schemas/') : lift(inner),
      ]),
  )
}
