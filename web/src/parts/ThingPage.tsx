import type { UseQueryResult } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Page, PageHead } from '../frame/Page.tsx'
import { useT } from '../words/words.tsx'
import { ErrorState, PageSkeleton } from './Empty.tsx'
import { useKeys } from './keys.tsx'
import { ShelfMenu } from './ShelfMenu.tsx'
import { Pill } from './State.tsx'

interface Thing {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly archived: boolean
}

/**
 * The page of one thing, or of one that is to be made: its name, whether it is archived, what can be done with the
 * whole of it, and below that its form. Escape leads back to the list.
 */
export function ThingPage<One extends Thing>({
  query,
  words,
  crumbs,
  shelf,
  back,
  make,
  children,
}: {
  /** Of the thing; disabled while there is none. */
  query: UseQueryResult<One>
  words: { readonly new: string; readonly one: string; readonly archived: string }
  crumbs: ReactNode[]
  /** Null for who may not change it. */
  shelf: {
    readonly archive: (archived: boolean, version: number) => Promise<One>
    readonly remove: (version: number) => Promise<unknown>
    readonly restore: () => Promise<unknown>
    /** Look again at everything that shows it. */
    readonly changed: () => unknown
  } | null
  back: () => unknown
  /** The form of a new one; null on the page of one that exists. */
  make: ReactNode
  children: (thing: One) => ReactNode
}) {
  const t = useT()
  const thing = query.data
  useKeys([{ keys: 'Escape', does: t('parts.back'), run: () => void back() }])
  return (
    <Page>
      <PageHead
        title={make ? words.new : (thing?.name ?? words.one)}
        crumbs={crumbs}
        state={thing?.archived ? <Pill is="wait">{words.archived}</Pill> : null}
        actions={thing && shelf ? <ShelfMenu thing={thing} name={thing.name} {...shelf} gone={back} /> : null}
      />
      {make}
      {query.isError ? <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} /> : null}
      {!make && query.isPending ? <PageSkeleton /> : null}
      {thing && !make ? <Fragment key={thing.id}>{children(thing)}</Fragment> : null}
    </Page>
  )
}
