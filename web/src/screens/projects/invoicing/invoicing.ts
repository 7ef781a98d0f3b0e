import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../../api.ts'
import type { Word } from '../../../words/words.tsx'

export type Instalments = components['schemas']['Instalments']
export type Instalment = components['schemas']['Instalment']
export type Subscriptions = components['schemas']['Subscriptions']
export type Subscription = components['schemas']['Subscription']
export type Sum = Instalments['sums'][number]
export type Period = Subscription['period']
export type LastPeriod = Subscription['lastPeriod']

export const instalmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['instalments', id],
    queryFn: ({ signal }) => answer(api.GET('/projects/{id}/instalments', { params: { path: { id } }, signal })),
  })

export const subscriptionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['subscriptions', id],
    queryFn: ({ signal }) => answer(api.GET('/projects/{id}/subscriptions', { params: { path: { id } }, signal })),
  })

/** What was answered stands at once; whoever shows what is due looks again. */
export const dueChanged = (client: QueryClient, projectId: string) =>
  Promise.all(
    [
      ['instalments', projectId],
      ['subscriptions', projectId],
      ['project', projectId],
      ['uninvoiced'],
      ['history', 'project'],
    ].map((queryKey) => client.invalidateQueries({ queryKey })),
  )

export const periodWords = {
  week: 'invoicing.period.week',
  month: 'invoicing.period.month',
  quarter: 'invoicing.period.quarter',
  year: 'invoicing.period.year',
} as const satisfies Record<Period, Word>

export const isZero = (amount: string): boolean => /^-?0*\.?0*$/.test(amount)
