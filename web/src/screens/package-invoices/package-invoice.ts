import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { components, paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import type { Chosen } from './chosen-entries.ts'

export type PackageInvoiceRow = components['schemas']['PackageInvoice']
export type PackagePreviewDocument = components['schemas']['PackageInvoicePreview']
export type PackagePreviewAnswer =
  paths['/package-invoices/preview']['post']['responses'][200]['content']['application/json']

/** A new key asks anew: what was chosen is too much to be one. */
export const packagePreviewQuery = (name: string, chosen: Chosen | null) =>
  queryOptions({
    queryKey: ['package-preview', name],
    queryFn: ({ signal }) => answer(api.POST('/package-invoices/preview', { body: (chosen as Chosen).body, signal })),
    staleTime: 0,
    enabled: chosen !== null,
  })

export const packageInvoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ['package-invoices', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/package-invoices/{id}', { params: { path: { id } }, signal })),
  })

export type PackageInvoiceDetails = Awaited<ReturnType<NonNullable<ReturnType<typeof packageInvoiceQuery>['queryFn']>>>

/** Everything that says what holds an entry. */
const touched = [
  'package-invoices',
  'postings',
  'uninvoiced',
  'week',
  'hours',
  'hours-totals',
  'expenses',
  'expenses-totals',
  'trips',
  'trips-totals',
  'instalments',
  'subscriptions',
]
export const packageInvoicesChanged = (client: QueryClient) =>
  Promise.all(touched.map((key) => client.invalidateQueries({ queryKey: [key] })))
