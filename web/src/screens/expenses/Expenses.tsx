import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { addMonths, type CalendarDate, parseCalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { isZero } from '@uurwerk/core/shared/money.ts'
import { Suspense, useEffect, useMemo } from 'react'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { usePaletteActions } from '../../frame/palette.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { today as todayHere } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { allRows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useEntryState } from '../time/entry-state.ts'
import { peopleQuery } from '../time/people.ts'
import { type Expense, totalsOf } from './expense.ts'
import { expensesAgain, monthQuery, useCategories } from './expense-queries.ts'
import styles from './expenses.module.css'
import { useLockReason } from './lock-reason.ts'

const route = getRouteApi('/f/$firm/expenses')

const ExpenseBox = lazyPart(() => import('./ExpenseBox.tsx'), 'ExpenseBox')
const PersonChoice = lazyPart(() => import('../time/PersonChoice.tsx'), 'PersonChoice')

/** A person's expenses, month by month, with what is still paid back. */
export function Expenses() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const firm = useFirm()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const today = todayHere()
  const month = startOfMonth(parseCalendarDate(`${search.month ?? ''}-01`) ?? today)
  const memberId = search.memberId ?? firm.memberId
  const own = memberId === firm.memberId
  const mayWrite = own || may('hours:write')
  const mayChoose = may('hours:read') && may('people:read')
  const people = useQuery({ ...peopleQuery, enabled: !own && mayChoose })
  const person = own ? null : people.data?.rows.find(({ id }) => id === memberId)?.name

  const query = useQuery(monthQuery(month, memberId))
  const categories = useCategories()
  useEvents('/events', {
    look: () => {},
    heard: ({ data }) => {
      if (data.includes('expenses')) void expensesAgain(client)
    },
  })
  useEffect(() => {
    if (query.data) void client.prefetchQuery(monthQuery(addMonths(month, -1), memberId))
  }, [query.data, month, memberId, client])

  const inView = search.memberId ? { memberId: search.memberId } : {}
  const show = (date: CalendarDate) =>
    navigate({ search: { ...inView, ...(date === startOfMonth(today) ? {} : { month: date.slice(0, 7) }) } })
  const open = (expense: string) => navigate({ search: { ...search, expense } })
  const close = () => navigate({ search: { ...search, expense: undefined } })
  const stateOf = useEntryState()
  const lockReason = useLockReason()
  const totals = totalsOf(query.data ?? [])

  const columns = useMemo((): ReadonlyArray<Column<Expense>> => {
    const stateCell = (expense: Expense) => {
      const state = stateOf(expense)
      if (state)
        return (
          <span title={lockReason(expense) ?? expense.rejectedReason ?? undefined}>
            <State is={state.is} icon={state.icon}>
              {state.word}
            </State>
          </span>
        )
      return expense.reimbursement ? <State is="done">{t('expenses.paid')}</State> : null
    }
    const noReceipt = <State is="needs">{t('expenses.receipt.none')}</State>
    return [
      {
        id: 'date',
        head: t('expenses.date'),
        width: 124,
        from: 560,
        sortBy: (expense) => expense.date,
        cell: (expense) => <span className="fig">{format.date(expense.date, 'short')}</span>,
      },
      {
        id: 'what',
        head: t('expenses.what'),
        width: 'minmax(180px, 3fr)',
        always: true,
        cell: (expense) => (
          <TwoLines
            under={
              onPhone ? (
                <span className={styles.under}>
                  {[format.date(expense.date, 'short'), expense.projectName].filter(Boolean).join(' · ')}
                  {stateCell(expense) ?? (expense.files.length > 0 ? null : noReceipt)}
                </span>
              ) : expense.note ? (
                expense.categoryName
              ) : null
            }
          >
            <b>{expense.note || expense.categoryName}</b>
          </TwoLines>
        ),
      },
      {
        id: 'project',
        head: t('expenses.project'),
        width: 'minmax(130px, 2fr)',
        from: 700,
        sortBy: (expense) => expense.projectName,
        cell: (expense) =>
          expense.projectName ? (
            <TwoLines under={expense.customerName}>{expense.projectName}</TwoLines>
          ) : (
            <span className="faint">–</span>
          ),
      },
      {
        id: 'receipt',
        head: t('expenses.receipt'),
        width: 116,
        from: 820,
        cell: (expense) =>
          expense.files.length > 0 ? (
            <span className="row">
              <Icon name="document" size={14} />
              <span className="fig">{t('expenses.receipt.count', { count: expense.files.length })}</span>
            </span>
          ) : (
            noReceipt
          ),
      },
      {
        id: 'pays',
        head: t('expenses.pays'),
        width: 'minmax(172px, 1fr)',
        from: 940,
        cell: (expense) =>
          [expense.billable ? t('expenses.pays.customer') : null, expense.reimbursable ? t('expenses.pays.back') : null]
            .filter(Boolean)
            .join(', ') || <span className="faint">{t('expenses.pays.firm')}</span>,
      },
      { id: 'state', head: t('expenses.state'), width: 140, from: 620, cell: stateCell },
      {
        id: 'vat',
        head: t('expenses.vat'),
        unit: currencySign(firm.currency),
        align: 'end',
        width: 110,
        hidden: true,
        cell: (expense) => <span className="fig">{format.amount(expense.inputVat)}</span>,
      },
      {
        id: 'gross',
        head: t('expenses.gross'),
        unit: currencySign(firm.currency),
        align: 'end',
        width: 118,
        always: true,
        sortBy: (expense) => Number(expense.gross),
        cell: (expense) => <span className="fig">{format.amount(expense.gross)}</span>,
        total: query.data ? <span className="fig sum">{format.amount(totalsOf(query.data).all)}</span> : null,
      },
    ]
  }, [t, format, onPhone, firm.currency, stateOf, lockReason, query.data])
  const { hidden, show: showColumn } = useColumnChoice('expenses', columns)

  useKeys([
    { keys: 'N', does: t('expenses.new'), disabled: !mayWrite, run: () => open('new') },
    { keys: '[', does: t('expenses.previous'), run: () => show(addMonths(month, -1)) },
    { keys: ']', does: t('expenses.next'), run: () => show(addMonths(month, 1)) },
  ])
  usePaletteActions(
    'expenses',
    useMemo(
      () =>
        mayWrite
          ? [
              {
                id: 'expense-new',
                label: t('expenses.new'),
                icon: 'expense' as const,
                keys: 'N',
                run: () => navigate({ search: (before) => ({ ...before, expense: 'new' }) }),
              },
            ]
          : [],
      [t, mayWrite, navigate],
    ),
  )

  const isThisMonth = month === startOfMonth(today)
  const none = categories.data?.length === 0
  const makeButton =
    mayWrite && !none ? (
      <Button kind="primary" icon="plus" keys="N" onClick={() => open('new')}>
        {t('expenses.new')}
      </Button>
    ) : null
  const money = (amount: string) => format.money(amount, firm.currency)
  return (
    <Page>
      <PageHead
        title={person ? t('expenses.of', { name: person }) : t('expenses.title')}
        period={onPhone ? null : <span className={styles.month}>{format.date(month, 'month')}</span>}
        actions={
          <>
            {mayChoose && !onPhone ? (
              <Suspense fallback={null}>
                <PersonChoice
                  memberId={memberId}
                  ownId={firm.memberId}
                  choose={(chosen) => {
                    const { memberId: _, ...rest } = search
                    navigate({ search: chosen ? { ...rest, memberId: chosen } : rest })
                  }}
                />
              </Suspense>
            ) : null}
            {isThisMonth || onPhone ? null : (
              <Button kind="quiet" onClick={() => show(startOfMonth(today))}>
                {t('expenses.thisMonth')}
              </Button>
            )}
            <IconButton icon="back" name={t('expenses.previous')} keys="[" onClick={() => show(addMonths(month, -1))} />
            <IconButton icon="next" name={t('expenses.next')} keys="]" onClick={() => show(addMonths(month, 1))} />
            {onPhone ? null : makeButton}
          </>
        }
      />
      <Tools>
        {onPhone ? <span className={styles.month}>{format.date(month, 'month')}</span> : null}
        {/* biome-ignore lint/a11y/useSemanticElements: figures that belong together, not fields */}
        <div className={styles.totals} role="group" aria-label={t('expenses.totals')}>
          <span>
            <span className="muted">{own ? t('expenses.toPay') : t('expenses.toPay.other')}</span>{' '}
            <b className="fig">{money(totals.toPay)}</b>
          </span>
          {isZero(totals.paid) ? null : (
            <span>
              <span className="muted">{t('expenses.paid')}</span> <b className="fig">{money(totals.paid)}</b>
            </span>
          )}
        </div>
        <span className="grow" />
        {onPhone ? null : <ColumnMenu columns={columns} hidden={hidden} show={showColumn} />}
      </Tools>
      <Fill>
        <DataTable
          id="expenses"
          name={t('expenses.title')}
          rows={allRows(query)}
          columns={columns}
          hidden={hidden}
          idOf={(expense) => expense.id}
          nameOf={(expense) => expense.note || expense.categoryName}
          onOpen={(expense) => open(expense.id)}
          openId={search.expense ?? null}
          twoLines
          totals={t('expenses.count', { count: query.data?.length ?? 0 })}
          empty={
            none ? (
              <EmptyState
                icon="expense"
                title={t('expenses.noCategories.title')}
                action={
                  may('activities:write') ? (
                    <Link to="/f/$firm/settings/expense-categories" params={{ firm: firm.slug }}>
                      {t('expenses.noCategories.link')}
                    </Link>
                  ) : null
                }
              >
                {may('activities:write') ? t('expenses.noCategories.text') : t('expenses.noCategories.ask')}
              </EmptyState>
            ) : (
              <EmptyState
                icon="expense"
                title={t('expenses.empty.title', { month: format.date(month, 'month') })}
                action={onPhone ? null : makeButton}
              >
                {t('expenses.empty.text')}
              </EmptyState>
            )
          }
        />
      </Fill>
      {onPhone && makeButton ? (
        <div className={styles.addBar}>
          <Button kind="primary" size="lg" icon="camera" wide onClick={() => open('new')}>
            {t('expenses.new')}
          </Button>
        </div>
      ) : null}
      <Suspense fallback={null}>
        <ExpenseBox
          open={search.expense ?? null}
          expenses={query.data ?? []}
          memberId={memberId}
          own={own}
          mayWrite={mayWrite}
          close={close}
        />
      </Suspense>
    </Page>
  )
}
