import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'

export type PreviewDocument = components['schemas']['PreviewDocument']
export type PreviewProblem = PreviewDocument['problems'][number]

/** By invoice: the first day of the period that was chosen for it, because its own is closed. */
export type BookIn = Readonly<Record<string, string>>

/** As the API takes it. */
export const bookInOf = (bookIn: BookIn) => Object.entries(bookIn).map(([invoiceId, from]) => ({ invoiceId, from }))

export const previewQuery = (ids: readonly string[], bookIn: BookIn = {}) =>
  queryOptions({
    queryKey: ['posting-preview', ids, bookIn],
    queryFn: ({ signal }) =>
      answer(api.POST('/postings/preview', { body: { invoiceIds: [...ids], bookIn: bookInOf(bookIn) }, signal })),
    // What was shown stays in sight while a choice is looked at anew.
    placeholderData: (before, query) => (query?.queryKey[1] === ids ? before : undefined),
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

/** Others that need somebody for the same reason: what mends one mends them. */
export const othersWith = (
  problem: PreviewProblem,
  document: PreviewDocument,
  all: readonly PreviewDocument[],
): readonly PreviewDocument[] =>
  all.filter(
    (other) =>
      other.invoiceId !== document.invoiceId &&
      other.state === 'needs-you' &&
      other.problems.some(({ code, cause }) => code === problem.code && cause === problem.cause),
  )
