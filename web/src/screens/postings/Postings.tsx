import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
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
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { Lanes } from './Lanes.tsx'
import { PostingPanel } from './PostingPanel.tsx'
import { type Posting, PostingStateShown, segments } from './posting-state.tsx'
import styles from './postings.module.css'
import { Refusals } from './Refusals.tsx'
import { usePackageNames } from './sales-package.ts'
import { summaryQuery } from './summary.ts'

const route = getRouteApi('/f/$firm/postings')

type View = 'all' | keyof typeof segments
const isView = (text: string | undefined): text is keyof typeof segments => text !== undefined && text in segments

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
  const wanted = search.state?.[0]
  const view: View = isView(wanted) ? wanted : 'all'
  const openId = search.posting ?? null

  const summary = useQuery(summaryQuery)
  const rows = usePages({
    queryKey: ['postings', 'list', view, search.search ?? ''],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/postings', {
          params: {
            query: {
              ...(view === 'all' ? {} : { state: [...segments[view]] }),
              ...(search.search ? { search: search.search } : {}),
              cursor,
              limit: 100,
            },
          },
          signal,
        }),
      ),
  })
  useEvents('/events', {
    look: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['postings'] }),
        client.invalidateQueries({ queryKey: ['invoices'] }),
      ]),
  })
  const counts = summary.data?.counts

  const sendAgain = useAct({
    run: (body: { ids: string[]; bookIn?: string }, key) =>
      answer(api.POST('/postings/sending', { headers: key, body })),
    done: async ({ postings }) => {
      say(t('postings.sentAgain', { count: postings.length }))
      await client.invalidateQueries({ queryKey: ['postings'] })
    },
  })
  const again = (ids: readonly string[], bookIn?: string) =>
    sendAgain.mutate({ ids: [...ids], ...(bookIn ? { bookIn } : {}) })

  const open = (posting: string | undefined) =>
    navigate({ search: (before) => ({ ...before, posting }), replace: openId !== null && posting !== undefined })

  const lanes = summary.data?.lanes ?? []
  const nameOf = (id: string) => lanes.find((lane) => lane.package === id)?.packageName ?? namedByPackage(id)
  const currencies = new Set(rows.rows.flatMap(({ currency }) => currency ?? []))
  const single = currencies.size <= 1 ? ([...currencies][0] ?? 'EUR') : null
  const columns = useMemo(
    (): ReadonlyArray<Column<Posting>> => [
      {
        id: 'state',
        head: t('postings.state'),
        width: 'minmax(166px, 1fr)',
        always: true,
        cell: (row) => <PostingStateShown state={row.state} differs={row.differs} />,
      },
      {
        id: 'document',
        head: t('postings.document'),
        width: 'minmax(128px, 1fr)',
        always: true,
        cell: (row) => (
          <>
            <span>{row.kind === 'customer' ? (row.theirNumber ?? row.reference) : row.label}</span>
            {row.kind === 'customer' ? <span className={styles.kind}>{t('postings.kind.customer')}</span> : null}
          </>
        ),
      },
      {
        id: 'customer',
        head: t('postings.customer'),
        width: 'minmax(100px, 2fr)',
        from: 520,
        cell: (row) => (row.kind === 'customer' ? row.label : (row.customerName ?? <Dash />)),
      },
      {
        id: 'gross',
        head: t('postings.gross'),
        ...(single ? { unit: currencySign(single) } : {}),
        width: 98,
        align: 'end',
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
        id: 'time',
        head: t('postings.time'),
        width: 76,
        align: 'end',
        from: 460,
        cell: (row) => <span className="muted">{momentOf(row.updatedAt)}</span>,
      },
    ],
    [t, single, momentOf],
  )
  const filters: Filter[] = [{ kind: 'text', name: 'search', label: t('postings.search') }]
  const showGroups = view === 'all' || view === 'needs-you'

  return (
    <Page>
      <PageHead
        title={t('postings.title')}
        period={<span className={`muted ${styles.day}`}>{format.date(today(), 'day')}</span>}
        actions={
          <Segments<View>
            name={t('postings.show')}
            value={view}
            onChange={(next) =>
              navigate({
                search: (before) => ({ ...before, state: next === 'all' ? undefined : [next] }),
                replace: true,
              })
            }
            options={[
              { value: 'all', label: t('postings.all'), count: counts?.all },
              { value: 'needs-you', label: t('postings.needsYou'), count: counts?.needsYou },
              { value: 'in-progress', label: t('postings.inProgress'), count: counts?.inProgress },
              { value: 'posted', label: t('postings.posted'), count: counts?.posted },
            ]}
          />
        }
      />
      <Lanes lanes={lanes} />
      <div className={`${styles.two} ${openId ? styles.withPanel : ''}`}>
        <div className={styles.left}>
          {sendAgain.error ? (
            <div className={styles.groups}>
              <ErrorNotice error={sendAgain.error} />
            </div>
          ) : null}
          {showGroups && summary.data ? (
            <Refusals
              groups={summary.data.groups}
              packageName={lanes[0]?.packageName ?? ''}
              connectionId={lanes[0]?.connectionId}
              busy={sendAgain.isPending}
              onSendAgain={again}
              onOpen={open}
            />
          ) : null}
          {(counts?.all ?? 0) > 0 || search.search ? (
            <div className={styles.chips}>
              <FilterChips
                filters={filters}
                search={search}
                onChange={(patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true })}
              />
            </div>
          ) : null}
          <div className={styles.rows}>
            <DataTable
              id="postings"
              name={t('postings.title')}
              rows={rows}
              columns={columns}
              idOf={(row) => row.id}
              nameOf={(row) => row.label}
              openId={openId}
              onOpen={(row) => open(row.id)}
              empty={
                view !== 'all' || search.search ? (
                  <EmptyState
                    icon={view === 'needs-you' && !search.search ? 'checked' : 'search'}
                    title={
                      view === 'needs-you' && !search.search
                        ? t('postings.empty.needsYou')
                        : t('postings.empty.filtered')
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
        </div>
        {openId ? (
          <PostingPanel
            key={openId}
            id={openId}
            nameOf={nameOf}
            onClose={() => open(undefined)}
            onSendAgain={(ids) => again(ids)}
            sendingAgain={sendAgain.isPending}
          />
        ) : null}
      </div>
    </Page>
  )
}
