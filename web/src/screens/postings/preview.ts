import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'

export type PreviewDocument = components['schemas']['PreviewDocument']
export type PreviewProblem = PreviewDocument['problems'][number]

export const previewQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['posting-preview', ids],
    queryFn: ({ signal }) => answer(api.POST('/postings/preview', { body: { invoiceIds: [...ids] }, signal })),
    staleTime: 0,
    enabled: ids.length > 0,
  })

export type PreviewAnswer = Awaited<ReturnType<NonNullable<ReturnType<typeof previewQuery>['queryFn']>>>

const order = { 'needs-you': 0, ready: 1, 'left-out': 2 } as const satisfies Record<PreviewDocument['state'], number>
/** What needs somebody first, what stays behind last; else as chosen. */
export const inOrder = (documents: readonly PreviewDocument[]): readonly PreviewDocument[] =>
  documents.toSorted((a, b) => order[a.state] - order[b.state])

/** Lines that cannot be booked as they are. */
export const unbookable = ({ lines }: PreviewDocument): number =>
  lines.filter(({ ledgerAccount, vatCode, item }) => !ledgerAccount || !vatCode || !item).length
