import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../../api.ts'
import type { Word } from '../../../words/words.tsx'

export type Statement = components['schemas']['Statement']
export type InCurrency = Statement['currencies'][number]
export type StatementLetter = components['schemas']['StatementLetter']

/** Which statement: as the address of its screen says. */
export interface StatementAsked {
  readonly kind: 'open' | 'all'
  readonly asOf?: string | undefined
  readonly from?: string | undefined
}

export const statementQuery = (id: string, asked: StatementAsked) =>
  queryOptions({
    queryKey: ['statement', id, asked],
    queryFn: ({ signal }) =>
      answer(api.GET('/customers/{id}/statement', { params: { path: { id }, query: asked }, signal })),
    placeholderData: keepPreviousData,
  })

export const statementLetterQuery = (id: string, asked: StatementAsked) =>
  queryOptions({
    queryKey: ['statement-letter', id, asked],
    queryFn: ({ signal }) =>
      answer(api.GET('/customers/{id}/statement/letter', { params: { path: { id }, query: asked }, signal })),
    staleTime: 0,
  })

export const ageWords = {
  'not-due': 'statement.age.notDue',
  '1-30': 'statement.age.30',
  '31-60': 'statement.age.60',
  '61-90': 'statement.age.90',
  'over-90': 'statement.age.over',
  credit: 'statement.age.credit',
} as const satisfies Record<InCurrency['byAge'][number]['age'], Word>
