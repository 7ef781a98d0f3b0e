import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Suspense, useCallback, useMemo } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Page } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { today as todayHere } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import type { Column } from '../../table/column.ts'
import { allRows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useEntryState } from '../time/entry-state.ts'
import { PersonMonthHead, usePersonMonth } from '../time/PersonMonth.tsx'
import { PersonMonthTable, usePersonMonthRows } from '../time/PersonMonthTable.tsx'
import { useLockReason } from './lock-reason.ts'
import { kindWords, kmPerKind, type Trip } from './trip.ts'
import { monthQuery, tripsAgain } from './trip-queries.ts'
import styles from './trips.module.css'

const route = getRouteApi('/f/$firm/trips')

const TripBox = lazyPart(() => import('./TripBox.tsx'), 'TripBox')

/** The same trip once more, today. */
function useAgain(own: boolean) {
  const t = useT()
  const client = useQueryClient()
  return useAct({
    run: (trip: Trip, headers) => {
      const { from, to, distanceKm, returnTrip, vehicleId, kind, projectId, note, billable, reimbursable } = trip
      const facts = { from, to, distanceKm, returnTrip, vehicleId, kind, projectId, note, billable, reimbursable }
      const body = { ...facts, date: todayHere(), ...(own ? {} : { memberId: trip.memberId }) }
      return answer(api.POST('/trips', { body, headers }))
    },
    done: async (made) => {
      await tripsAgain(client)
      sayUndo(t('trips.again.done', { from: made.from, to: made.to }), async () => {
        const params = { path: { id: made.id } }
        await answer(api.DELETE('/trips/{id}', { params, headers: ifMatch(made.version) }))
        await tripsAgain(client)
      })
    },
    failed: sayProblem,
  })
}

/** A person's trips, month by month, with the kilometres of each kind. */
export function Trips() {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const view = usePersonMonth(search, (search) => navigate({ search }))
  const { month, memberId, own, mayWrite, onPhone } = view

  const query = usePersonMonthRows(view, { query: monthQuery, noun: 'trips', again: () => tripsAgain(client) })

  const open = useCallback((trip: string) => navigate({ search: (before) => ({ ...before, trip }) }), [navigate])
  const make = useCallback(() => open('new'), [open])
  const close = () => navigate({ search: { ...search, trip: undefined } })
  const again = useAgain(own)
  const stateOf = useEntryState()
  const lockReason = useLockReason()

  const columns = useMemo(
    (): ReadonlyArray<Column<Trip>> => [
      {
        id: 'date',
        head: t('trips.date'),
        width: 176,
        from: 560,
        sortBy: (trip) => trip.date,
        cell: (trip) => <span className="fig">{format.date(trip.date, 'day')}</span>,
      },
      {
        id: 'route',
        head: t('trips.route'),
        width: onPhone ? 'minmax(150px, 1fr)' : 'minmax(240px, 4fr)',
        always: true,
        cell: (trip) =>
          onPhone ? (
            <TwoLines
              under={`${format.date(trip.date, 'weekday')} ${Number(trip.date.slice(8))} · ${t('trips.startedAt', { from: trip.from })}`}
            >
              <b className={styles.cut}>{trip.to}</b>
            </TwoLines>
          ) : (
            <TwoLines
              under={[trip.projectName ?? t(kindWords[trip.kind]), trip.customerName, trip.note]
                .filter(Boolean)
                .join(' · ')}
            >
              <b className={styles.cut} title={`${trip.from} → ${trip.to}`}>
                {trip.from} → {trip.to}
              </b>
            </TwoLines>
          ),
      },
      {
        id: 'kind',
        head: t('trips.kind'),
        width: 104,
        from: 700,
        sortBy: (trip) => trip.kind,
        cell: (trip) => t(kindWords[trip.kind]),
      },
      {
        id: 'vehicle',
        head: t('trips.vehicle'),
        width: 'minmax(110px, 1fr)',
        from: 1100,
        sortBy: (trip) => trip.vehicleName,
        cell: (trip) => trip.vehicleName ?? <span className="faint">–</span>,
      },
      {
        id: 'pays',
        head: t('trips.pays'),
        width: 160,
        from: 940,
        cell: (trip) =>
          [trip.billable ? t('trips.pays.customer') : null, trip.reimbursable ? t('trips.pays.you') : null]
            .filter(Boolean)
            .join(', ') || <span className="faint">–</span>,
      },
      {
        id: 'state',
        head: t('trips.state'),
        width: 120,
        from: 620,
        cell: (trip) => {
          const state = stateOf(trip)
          const paid = trip.reimbursement ? t('trips.paid') : null
          if (!state) return paid ? <State is="done">{paid}</State> : null
          return (
            <span title={lockReason(trip) ?? trip.rejectedReason ?? undefined}>
              <State is={state.is} icon={state.icon}>
                {state.word}
              </State>
            </span>
          )
        },
      },
      {
        id: 'km',
        head: 'km',
        align: 'end',
        width: onPhone ? 70 : 90,
        always: true,
        sortBy: (trip) => Number(trip.km),
        cell: (trip) => <span className="fig">{format.quantity(trip.km, 1)}</span>,
        total: query.data ? <span className="fig sum">{format.quantity(kmPerKind(query.data).km, 1)}</span> : null,
      },
      ...(mayWrite
        ? [
            {
              id: 'again',
              head: t('trips.again.column'),
              width: 84,
              align: 'end' as const,
              always: true,
              cell: (trip: Trip) => (
                <IconButton
                  icon="copy"
                  name={t('trips.again', { from: trip.from, to: trip.to })}
                  disabled={again.isPending}
                  onClick={(event) => {
                    // The row below it opens the trip.
                    event.stopPropagation()
                    again.mutate(trip)
                  }}
                />
              ),
            },
          ]
        : []),
    ],
    [t, format, onPhone, mayWrite, stateOf, lockReason, query.data, again],
  )

  const totals = kmPerKind(query.data ?? [])
  const makeButton = mayWrite ? (
    <Button kind="primary" icon="plus" keys="N" onClick={make}>
      {t('trips.new')}
    </Button>
  ) : null
  return (
    <Page>
      <PersonMonthHead
        view={view}
        id="trip"
        icon="trip"
        title={view.name ? t('trips.of', { name: view.name }) : t('trips.title')}
        words={{
          new: t('trips.new'),
          previous: t('trips.previous'),
          next: t('trips.next'),
          thisMonth: t('trips.thisMonth'),
        }}
        make={make}
        button={makeButton}
      />
      <PersonMonthTable
        view={view}
        figures={{
          name: t('trips.totals'),
          shown: (
            <>
              {' '}
              {totals.kinds.map(({ kind, km }) => (
                <span key={kind}>
                  <span className="muted">{t(kindWords[kind])}</span> <b className="fig">{format.quantity(km, 1)}</b> km
                </span>
              ))}
            </>
          ),
        }}
        add={mayWrite ? { word: t('trips.new'), icon: 'plus', run: make } : null}
        id="trips"
        name={t('trips.title')}
        rows={allRows(query)}
        columns={columns}
        nameOf={(trip) => `${trip.from} → ${trip.to}`}
        onOpen={(trip) => open(trip.id)}
        openId={search.trip ?? null}
        totals={t('trips.count', { count: query.data?.length ?? 0 })}
        empty={
          <EmptyState
            icon="trip"
            title={t('trips.empty.title', { month: format.date(month, 'month') })}
            action={onPhone ? null : makeButton}
          >
            {t('trips.empty.text')}
          </EmptyState>
        }
      />
      <Suspense fallback={null}>
        <TripBox
          open={search.trip ?? null}
          trips={query.data ?? []}
          memberId={memberId}
          own={own}
          mayWrite={mayWrite}
          close={close}
        />
      </Suspense>
    </Page>
  )
}
