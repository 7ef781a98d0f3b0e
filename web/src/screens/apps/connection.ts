import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'

/** All that is known of a connection stands under this key; one event makes all of it look again. */
const root = 'connections'

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: [root, id],
    queryFn: ({ signal }) => answer(api.GET('/connections/{id}', { params: { path: { id } }, signal })),
  })

export const administrationsQuery = (id: string) =>
  queryOptions({
    queryKey: [root, id, 'administrations'],
    queryFn: ({ signal }) => answer(api.GET('/connections/{id}/administrations', { params: { path: { id } }, signal })),
    // Asked at the package itself, where calls are counted.
    staleTime: 5 * 60_000,
  })

export const rulesQuery = (id: string) =>
  queryOptions({
    queryKey: [root, id, 'rules'],
    queryFn: ({ signal }) => answer(api.GET('/connections/{id}/posting-rules', { params: { path: { id } }, signal })),
  })

export const itemsQuery = (id: string) =>
  queryOptions({
    queryKey: [root, id, 'items'],
    queryFn: ({ signal }) => answer(api.GET('/connections/{id}/items', { params: { path: { id } }, signal })),
  })

export const completenessQuery = (id: string) =>
  queryOptions({
    queryKey: [root, id, 'completeness'],
    queryFn: ({ signal }) => answer(api.GET('/connections/{id}/completeness', { params: { path: { id } }, signal })),
  })

export type Connection = Awaited<ReturnType<NonNullable<ReturnType<typeof connectionQuery>['queryFn']>>>
export type Finding = Connection['health'][number]
export type Gap = Awaited<ReturnType<NonNullable<ReturnType<typeof completenessQuery>['queryFn']>>>['gaps'][number]
export type Mapped = Awaited<ReturnType<NonNullable<ReturnType<typeof itemsQuery>['queryFn']>>>['subjects'][number]
export type SettingField = Connection['settingFields'][number]
export type Administration = Awaited<
  ReturnType<NonNullable<ReturnType<typeof administrationsQuery>['queryFn']>>
>['rows'][number]
export type Matrix = Awaited<ReturnType<NonNullable<ReturnType<typeof rulesQuery>['queryFn']>>>
export type MatrixCell = Matrix['cells'][number]
export type Their = NonNullable<MatrixCell['ledgerAccount']>

type Put<Path extends '/connections/{id}/items' | '/connections/{id}/posting-rules'> =
  paths[Path]['put']['requestBody']['content']['application/json']
type Subject = Omit<NonNullable<Put<'/connections/{id}/items'>['subjects']>[number], 'item'>

/** The item of the package that stands for a subject; without one, for all that have none of their own. */
export const saveItem = (connectionId: string, subject: Subject | null, item: string | null) =>
  answer(
    api.PUT('/connections/{id}/items', {
      params: { path: { id: connectionId } },
      body: subject ? { subjects: [{ ...subject, item }] } : { defaultItem: item },
    }),
  )

/** Where items are booked in each VAT case; a rule that somebody else changed meanwhile is refused. */
export const saveRules = (connectionId: string, rules: Put<'/connections/{id}/posting-rules'>['rules']) =>
  answer(api.PUT('/connections/{id}/posting-rules', { params: { path: { id: connectionId } }, body: { rules } }))

/** The connection itself, its rules, items and pickers; not the administrations, which are asked at the package. */
export const connectionChanged = (client: QueryClient, id: string): Promise<unknown> =>
  Promise.all([
    client.invalidateQueries({
      queryKey: [root, id],
      predicate: ({ queryKey }) => queryKey[2] !== 'administrations',
    }),
    client.invalidateQueries({ queryKey: ['packages'] }),
    client.invalidateQueries({ queryKey: ['picker'] }),
  ])
