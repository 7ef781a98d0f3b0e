import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { EmptyState, ErrorNotice } from '../../parts/Empty.tsx'
import { Amount, Dash, Money } from '../../parts/Figures.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { ColumnMenu, useColumnChoice } from '../../table/ColumnMenu.tsx'
import { useChosenRows } from '../../table/chosen-rows.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { ExportLinks } from '../../table/ExportLinks.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useSelection } from '../../table/selection.ts'
import { sortOf, sortText } from '../../table/sort.ts'
import { useT } from '../../words/words.tsx'
import { inTurns } from './in-turns.ts'
import { Lanes } from './Lanes.tsx'
import { PostingPanel } from './PostingPanel.tsx'
import { PostingSelection } from './PostingSelection.tsx'
import { usePostingFilters } from './posting-filters.ts'
import { filterOf, isFiltered, showsNeeding, type View, viewOf } from './posting-search.ts'
import { kindWord, type Posting, PostingStateShown, segments } from './posting-state.tsx'
import styles from './postings.module.css'
import { Refusals } from './Refusals.tsx'
import { usePackageNames } from './sales-package.ts'
import { summaryQuery } from './summary.ts'
import { Turns } from './Turns.tsx'

const route = getRouteApi('/f/$firm/postings')

/** When it last moved: the clock for today, else the day. */
function useMoment() {
  const format = useFormat()
  return (instant: string) => {
    const day = new Date(instant)
    const local = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`
    return local === today() ? format.time(instant) : format.date(local, 'short')
  }
}

export function Postings() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const momentOf = useMoment()
  const namedByPackage = usePackageNames()
  const view = viewOf(search)
  const openId = search.posting ?? null
  const filter = filterOf(search)

  // The navigation looks now and then; whoever comes here wants it as it stands.
  const summary = useQuery({ ...summaryQuery, refetchOnMount: 'always' })
  const rows = usePages({
    queryKey: ['postings', 'list', filter],
    fetchPage: (cursor, signal) =>
      answer(api.GET('/postings', { params: { query: { ...filter, cursor, limit: 100 } }, signal })),
  })
  useEvents('/events', {
    look: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['postings'] }),
        client.invalidateQueries({ queryKey: ['invoices'] }),
      ]),
  })
  const counts = summary.data?.counts

  const [asked, setAsked] = useState(0)
  const sendAgain = useAct({
    run: async ({ ids, bookIn }: { ids: string[]; bookIn?: string }, key) => {
      const answers = await inTurns(
        ids,
        key,
        (turn, headers) =>
          answer(api.POST('/postings/sending', { headers, body: { ids: turn, ...(bookIn ? { bookIn } : {}) } })),
        setAsked,
      )
      return {
        sent: answers.reduce((total, { postings }) => total + postings.length, 0),
        leftOut: answers.reduce((total, { leftOut }) => total + leftOut.length, 0),
      }
    },
    done: async ({ sent, leftOut }) => {
      say(
        [
          ...(sent > 0 ? [t('postings.sentAgain', { count: sent })] : []),
          ...(leftOut > 0 ? [t('postings.sentAgain.leftOut', { count: leftOut })] : []),
        ].join(' '),
      )
      selecting.clear()
      await client.invalidateQueries({ queryKey: ['postings'] })
    },
  })
  const again = (ids: readonly string[], bookIn?: string) =>
    sendAgain.mutate({ ids: [...ids], ...(bookIn ? { bookIn } : {}) })

  const open = (posting: string | undefined) =>
    navigate({ search: (before) => ({ ...before, posting }), replace: openId !== null && posting !== undefined })
  const patch = (change: Record<string, unknown>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true })

  const lanes = summary.data?.lanes ?? []
  const nameOf = (id: string) => lanes.find((lane) => lane.package === id)?.packageName ?? namedByPackage(id)
  const currencies = new Set(rows.rows.flatMap(({ currency }) => currency ?? []))
  const single = currencies.size <= 1 ? ([...currencies][0] ?? 'EUR') : null
  const columns = useMemo(
    (): ReadonlyArray<Column<Posting>> => [
      {
        id: 'state',
        head: t('postings.state'),
        width: 'minmax(144px, 1fr)',
        always: true,
        cell: (row) => (
          <PostingStateShown state={row.state} differs={row.differs} differsInBooks={row.differsInBooks} />
        ),
      },
      {
        id: 'document',
        head: t('postings.document'),
        width: 'minmax(156px, 1.3fr)',
        always: true,
        sortKey: 'label',
        cell: (row) => {
          const kind = row.kind === 'salesEntry' ? undefined : kindWord(row.kind)
          return (
            <>
              <span>{row.kind === 'customer' ? (row.theirNumber ?? row.reference) : row.label}</span>
              {kind ? <span className={styles.kind}>{t(kind)}</span> : null}
            </>
          )
        },
      },
      {
        id: 'customer',
        head: t('postings.customer'),
        width: 'minmax(100px, 2fr)',
        from: 520,
        sortKey: 'customer',
        cell: (row) => (row.kind === 'customer' ? row.label : (row.customerName ?? <Dash />)),
      },
      {
        id: 'gross',
        head: t('postings.gross'),
        ...(single ? { unit: currencySign(single) } : {}),
        width: 98,
        align: 'end',
        sortKey: 'gross',
        cell: (row) =>
          single || !row.currency || !row.gross ? (
            <Amount value={row.gross} />
          ) : (
            <Money amount={row.gross} currency={row.currency} />
          ),
      },
      {
        id: 'number',
        head: t('postings.inBooks'),
        width: 100,
        align: 'end',
        from: 600,
        cell: (row) => row.theirNumber ?? <Dash />,
      },
      {
        id: 'reference',
        head: t('postings.reference'),
        width: 120,
        from: 900,
        hidden: true,
        cell: (row) => <code>{row.reference}</code>,
      },
      {
        id: 'made',
        head: t('postings.made'),
        width: 92,
        align: 'end',
        from: 900,
        hidden: true,
        sortKey: 'made',
        cell: (row) => <span className="muted">{momentOf(row.createdAt)}</span>,
      },
      {
        id: 'time',
        head: t('postings.time'),
        width: 76,
        align: 'end',
        from: 460,
        sortKey: 'moved',
        cell: (row) => <span className="muted">{momentOf(row.updatedAt)}</span>,
      },
    ],
    [t, single, momentOf],
  )
  const { hidden, show } = useColumnChoice('postings', columns)
  const filters = usePostingFilters(search)
  const filtered = isFiltered(search)
  const narrowed = isFiltered({ ...search, state: undefined })
  const showGroups = showsNeeding(search)
  const selecting = useSelection(JSON.stringify(filter))
  const { chosen, complete, matching } = useChosenRows(rows, selecting)

  return (
    <Page>
      <PageHead
        title={t('postings.title')}
        period={<span className={`muted ${styles.day}`}>{format.date(today(), 'day')}</span>}
        actions={
          <>
            <Segments<View | 'other'>
              name={t('postings.show')}
              value={view ?? 'other'}
              onChange={(next) =>
                navigate({
                  search: (before) => ({
                    ...before,
                    state: next === 'all' || next === 'other' ? undefined : [...segments[next]],
                  }),
                })
              }
              options={[
                { value: 'all', label: t('postings.all'), count: counts?.all },
                { value: 'needs-you', label: t('postings.needsYou'), count: counts?.needsYou },
                { value: 'in-progress', label: t('postings.inProgress'), count: counts?.inProgress },
                { value: 'posted', label: t('postings.posted'), count: counts?.posted },
              ]}
            />
            <ButtonLink className={styles.compare} to="/f/$firm/reconciliation" params={{ firm }}>
              {t('postings.compare')}
            </ButtonLink>
          </>
        }
      />
      <Lanes lanes={lanes} />
      <div className={`${styles.two} ${openId ? styles.withPanel : ''}`}>
        <div className={styles.left}>
          {sendAgain.isPending ? <Turns done={asked} of={sendAgain.variables.ids.length} /> : null}
          {sendAgain.error ? (
            <div className={styles.groups}>
              <ErrorNotice error={sendAgain.error} />
            </div>
          ) : null}
          {showGroups && summary.data ? (
            <Refusals groups={summary.data.groups} busy={sendAgain.isPending} onSendAgain={again} onOpen={open} />
          ) : null}
          {(counts?.all ?? 0) > 0 || filtered ? (
            <div className={styles.chips}>
              <FilterChips filters={filters} search={search} onChange={patch}>
                <ColumnMenu columns={columns} hidden={hidden} show={show} />
                <ExportLinks path="/postings/export" query={filter} />
              </FilterChips>
            </div>
          ) : null}
          <div className={styles.rows}>
            <DataTable
              id="postings"
              name={t('postings.title')}
              rows={rows}
              columns={columns}
              hidden={hidden}
              idOf={(row) => row.id}
              nameOf={(row) => row.label}
              {...(may('postings:write') ? { selecting } : {})}
              sort={filter.sort ? sortOf(filter.sort) : null}
              onSort={(sort) => patch({ sort: sortText(sort) })}
              openId={openId}
              onOpen={(row) => open(row.id)}
              empty={
                filtered ? (
                  <EmptyState
                    icon={view === 'needs-you' && !narrowed ? 'checked' : 'search'}
                    title={
                      view === 'needs-you' && !narrowed ? t('postings.empty.needsYou') : t('postings.empty.filtered')
                    }
                    action={<Button onClick={() => navigate({ search: {} })}>{t('postings.empty.showAll')}</Button>}
                  />
                ) : (
                  <EmptyState
                    icon="send"
                    title={t('postings.empty.title')}
                    action={
                      may('invoices:read') ? (
                        <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ posted: false }}>
                          {t('postings.empty.button')}
                        </ButtonLink>
                      ) : undefined
                    }
                  >
                    {t('postings.empty.text')}
                  </EmptyState>
                )
              }
            />
          </div>
          <PostingSelection
            selecting={selecting}
            chosen={chosen}
            matching={matching}
            complete={complete}
            sendAgain={(chosenIds) => again(chosenIds)}
            sending={sendAgain.isPending}
          />
        </div>
        {openId ? (
          <PostingPanel
            key={openId}
            id={openId}
            nameOf={nameOf}
            onOpen={open}
            onClose={() => open(undefined)}
            onSendAgain={(ids) => again(ids)}
            sendingAgain={sendAgain.isPending}
          />
        ) : null}
      </div>
    </Page>
  )
}
