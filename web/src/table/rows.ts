import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

/** Where a table gets its rows, and how it stands with them. */
export interface Rows<Row> {
  readonly rows: readonly Row[]
  readonly state: 'loading' | 'failed' | 'ready'
  readonly error: unknown
  readonly again: () => unknown
  readonly more: (() => unknown) | null
  readonly loadingMore: boolean
  /** What is shown belongs to the filter before; the new rows are on their way. */
  readonly stale: boolean
}

interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** Rows page by page, by cursor; the table asks for the next page before its end comes into sight. */
export function usePages<Row, OnePage extends Page<Row>>(pages: {
  readonly queryKey: QueryKey
  readonly fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<OnePage>
  readonly enabled?: boolean
}): Rows<OnePage['rows'][number]> & { readonly first: OnePage | undefined } {
  const query = useInfiniteQuery({
    queryKey: pages.queryKey,
    queryFn: ({ pageParam, signal }) => pages.fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: OnePage) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    ...(pages.enabled === undefined ? {} : { enabled: pages.enabled }),
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  return {
    rows,
    first: query.data?.pages[0],
    state: query.data ? 'ready' : query.isError ? 'failed' : 'loading',
    error: query.error,
    again: query.isFetchNextPageError ? query.fetchNextPage : query.refetch,
    more: query.hasNextPage && !query.isFetchNextPageError ? query.fetchNextPage : null,
    loadingMore: query.isFetchingNextPage,
    stale: query.isPlaceholderData,
  }
}

/** Rows that came in one answer: a short list, or rows that the page already has. */
export const allRows = <Row>(query: {
  readonly data: readonly Row[] | undefined
  readonly isError: boolean
  readonly error: unknown
  readonly refetch: () => unknown
  readonly isPlaceholderData?: boolean
}): Rows<Row> => ({
  rows: query.data ?? [],
  state: query.data ? 'ready' : query.isError ? 'failed' : 'loading',
  error: query.error,
  again: query.refetch,
  more: null,
  loadingMore: false,
  stale: query.isPlaceholderData ?? false,
})
