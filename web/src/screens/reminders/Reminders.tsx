import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { add, decimal } from '@uurwerk/core/shared/money.ts'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Amount, Dash, Money } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useChosenRows } from '../../table/chosen-rows.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { LetterState } from '../letters/letter-state.tsx'
import { NextReminder } from './NextReminder.tsx'
import { type OverdueInvoice, remindersChanged, settingsQuery, stepWord, totalsQuery } from './reminder.ts'
import styles from './reminders.module.css'
import { SendReminders } from './SendReminders.tsx'

const route = getRouteApi('/f/$firm/reminders')

function useColumns(rows: readonly OverdueInvoice[], single: boolean): ReadonlyArray<Column<OverdueInvoice>> {
  const t = useT()
  const format = useFormat()
  const unit = single && rows[0] ? currencySign(rows[0].currency) : undefined
  return useMemo(
    (): ReadonlyArray<Column<OverdueInvoice>> => [
      {
        id: 'invoice',
        head: t('reminders.invoice'),
        width: 'minmax(188px, 3fr)',
        always: true,
        cell: (row) => (
          <span className={styles.invoice}>
            <b className="fig">{row.number}</b>
            <span className={styles.onDesk}>
              {t('reminders.late.days', { count: row.daysLate, shown: format.count(row.daysLate) })}
            </span>
            <span className={styles.onPhone}>
              <NextReminder next={row} short />
            </span>
          </span>
        ),
      },
      {
        id: 'due',
        head: t('reminders.due'),
        width: 124,
        from: 860,
        cell: (row) => <span className="fig">{format.date(row.dueDate, 'short')}</span>,
      },
      {
        id: 'outstanding',
        head: t('reminders.outstanding'),
        ...(unit ? { unit } : {}),
        align: 'end',
        width: single ? 108 : 136,
        always: true,
        cell: (row) =>
          single ? (
            <Amount value={row.outstanding} strong />
          ) : (
            <Money amount={row.outstanding} currency={row.currency} strong />
          ),
      },
      {
        id: 'next',
        head: t('reminders.next'),
        width: 'minmax(200px, 3fr)',
        from: 560,
        cell: (row) => <NextReminder next={row} />,
      },
      {
        id: 'last',
        head: t('reminders.last'),
        width: 'minmax(180px, 2fr)',
        from: 980,
        cell: ({ last }) =>
          last ? (
            <span className={styles.invoice}>
              <span>{t(stepWord(last.step))}</span>
              <span className={styles.when}>
                <LetterState letter={{ state: last.state, refused: [] }} />
                <span className="muted small">{format.moment(last.sentAt ?? last.createdAt)}</span>
              </span>
            </span>
          ) : (
            <Dash />
          ),
      },
      {
        id: 'to',
        head: t('reminders.to'),
        width: 'minmax(140px, 2fr)',
        from: 760,
        cell: ({ to }) => (to.length > 0 ? to.join(', ') : <State is="needs">{t('reminders.noAddress')}</State>),
      },
    ],
    [t, format, single, unit],
  )
}

/** How it stands with reminders that go out by themselves. */
function Automatic() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { data } = useQuery(settingsQuery)
  if (!data) return null
  return (
    <span className={styles.automatic}>
      {data.nextRunAt ? (
        <State is="done" icon="refresh">
          {t('reminders.automatic.on', { at: format.moment(data.nextRunAt) })}
        </State>
      ) : (
        <State is="wait">{t('reminders.automatic.off')}</State>
      )}
      {!data.automatic && may('firm:write') ? (
        <Link to="/f/$firm/settings/reminders" params={{ firm }}>
          {t('reminders.automatic.switch')}
        </Link>
      ) : null}
    </span>
  )
}

export function Reminders() {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const canSee = may('invoices:read')
  const maySend = may('invoices:send')
  const [asked, setAsked] = useState<readonly OverdueInvoice[] | null>(null)
  const filter = {
    customerId: search.customerId,
    search: search.search,
    due: search.due === undefined ? undefined : search.due ? ('true' as const) : ('false' as const),
  }
  const rows = usePages({
    queryKey: ['reminders', 'list', search],
    enabled: canSee,
    fetchPage: (cursor, signal) =>
      answer(api.GET('/reminders', { params: { query: { ...filter, cursor, limit: 100 } }, signal })),
  })
  const totals = useQuery({ ...totalsQuery, enabled: canSee })
  useEvents(canSee ? '/events' : null, { look: () => client.invalidateQueries({ queryKey: ['reminders'] }) })
  const ofCustomers = useCustomerFilter(t('reminders.customer'), search.customerId)

  const selecting = useSelection(JSON.stringify(search))
  const { chosen, complete, matching } = useChosenRows(rows, selecting)
  const ready = chosen.filter(isReady)
  const single = (totals.data?.overdue.length ?? 1) <= 1
  const columns = useColumns(rows.rows, single)
  const ask = () => complete && ready.length > 0 && setAsked(chosen)
  useKeys([
    {
      keys: 'R',
      does: t('reminders.send', { count: ready.length, shown: format.count(ready.length) }),
      run: ask,
      disabled: !maySend || !complete || ready.length === 0 || asked !== null,
    },
  ])

  const filters: Filter[] = [
    { kind: 'text', name: 'search', label: t('reminders.filter.search') },
    ...ofCustomers,
    {
      kind: 'flag',
      name: 'due',
      label: t('reminders.filter.due'),
      yes: t('reminders.filter.due.yes'),
      no: t('reminders.filter.due.no'),
    },
  ]
  const { more } = rows
  const grouping = useMemo(
    () => ({
      of: (row: OverdueInvoice) => row.customerId,
      cells: (_: string, members: readonly OverdueInvoice[]) => {
        const sums = sumsOf(members)
        return {
          invoice: members[0]?.customerName,
          // Of a customer whose invoices are not all here the sum is not known.
          outstanding:
            more && members.includes(rows.rows.at(-1) as OverdueInvoice) ? (
              <Dash />
            ) : single && sums[0] ? (
              <Amount value={sums[0].amount} strong />
            ) : (
              sums.map(({ currency, amount }) => <Money key={currency} amount={amount} currency={currency} strong />)
            ),
        }
      },
    }),
    [more, rows.rows, single],
  )
  const overdue = totals.data?.overdue ?? []
  return (
    <Page>
      <PageHead
        title={t('reminders.title')}
        crumbs={[<InvoicesCrumb key="invoices" />]}
        period={
          overdue.length > 0 ? (
            <span className="muted">
              {[
                t('reminders.overdue', {
                  amounts: overdue.map(({ outstanding, currency }) => format.money(outstanding, currency)).join(' + '),
                }),
                t('reminders.overdue.customers', {
                  count: totals.data?.customers ?? 0,
                  shown: format.count(totals.data?.customers ?? 0),
                }),
              ].join(' · ')}
            </span>
          ) : undefined
        }
        actions={
          may('firm:write') ? (
            <ButtonLink icon="settings" to="/f/$firm/settings/reminders" params={{ firm }}>
              {t('reminders.settings')}
            </ButtonLink>
          ) : undefined
        }
      />
      <FilteredTable
        id="reminders"
        name={t('reminders.title')}
        mayRead={canSee}
        narrowing={{
          filters,
          search,
          change: (patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true }),
          isNarrowed: Object.values(search).some((value) => value !== undefined),
        }}
        noneFound={{
          title: t('reminders.nothing.title'),
          text: t('reminders.nothing.text'),
          clear: { word: t('reminders.nothing.clear'), run: () => navigate({ search: {} }) },
        }}
        tools={<Automatic />}
        rows={rows}
        columns={columns}
        twoLines
        idOf={(row) => row.id}
        nameOf={(row) => `${row.number}, ${row.customerName}`}
        {...(maySend ? { selecting } : {})}
        group={grouping}
        onOpen={(row) => go({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: row.id } })}
        empty={
          <EmptyState
            icon="checked"
            title={t('reminders.empty.title')}
            action={
              <ButtonLink to="/f/$firm/invoices" params={{ firm }}>
                {t('reminders.empty.button')}
              </ButtonLink>
            }
          >
            {t('reminders.empty.text')}
          </EmptyState>
        }
      >
        <SelectionBar
          selecting={selecting}
          matching={matching}
          under={
            chosen.length > ready.length
              ? t('reminders.send.left', {
                  count: chosen.length - ready.length,
                  shown: format.count(chosen.length - ready.length),
                })
              : undefined
          }
          figures={sumsOf(chosen).map(({ currency, amount }) => ({
            value: format.money(amount, currency),
            under: t('reminders.outstanding'),
          }))}
        >
          <Button kind="primary" icon="mail" keys="R" busy={!complete} disabled={ready.length === 0} onClick={ask}>
            {t('reminders.send', { count: ready.length, shown: format.count(ready.length) })}
          </Button>
        </SelectionBar>
      </FilteredTable>
      {asked ? (
        <SendReminders
          chosen={asked}
          onClose={() => setAsked(null)}
          onDone={() => {
            selecting.clear()
            void remindersChanged(client)
          }}
        />
      ) : null}
    </Page>
  )
}

/** Somebody may remind of it now, and there is an address. */
const isReady = ({ whyNotByHand, to }: OverdueInvoice): boolean => whyNotByHand === null && to.length > 0

const sumsOf = (rows: readonly OverdueInvoice[]) =>
  [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, list]) => ({
    currency,
    amount: list.map(({ outstanding }) => decimal(outstanding)).reduce(add, decimal('0')),
  }))
