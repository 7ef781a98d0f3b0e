import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { isZero } from '@uurwerk/core/shared/money.ts'
import { Suspense, useCallback, useMemo } from 'react'
import { currencySign, useFormat } from '../../format.ts'
import { Page } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { allRows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useEntryState } from '../time/entry-state.ts'
import { PersonMonthHead, usePersonMonth } from '../time/PersonMonth.tsx'
import { PersonMonthTable, usePersonMonthRows } from '../time/PersonMonthTable.tsx'
import { type Expense, totalsOf } from './expense.ts'
import { expensesAgain, monthQuery, useCategories } from './expense-queries.ts'
import styles from './expenses.module.css'
import { useLockReason } from './lock-reason.ts'

const route = getRouteApi('/f/$firm/expenses')

const ExpenseBox = lazyPart(() => import('./ExpenseBox.tsx'), 'ExpenseBox')

/** A person's expenses, month by month, with what is still paid back. */
export function Expenses() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const firm = useFirm()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const view = usePersonMonth(search, (search) => navigate({ search }))
  const { month, memberId, own, mayWrite, onPhone } = view

  const query = usePersonMonthRows(view, { query: monthQuery, noun: 'expenses', again: () => expensesAgain(client) })
  const categories = useCategories()

  const open = useCallback((expense: string) => navigate({ search: (before) => ({ ...before, expense }) }), [navigate])
  const make = useCallback(() => open('new'), [open])
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

  const none = categories.data?.length === 0
  const makeButton =
    mayWrite && !none ? (
      <Button kind="primary" icon="plus" keys="N" onClick={make}>
        {t('expenses.new')}
      </Button>
    ) : null
  const money = (amount: string) => format.money(amount, firm.currency)
  return (
    <Page>
      <PersonMonthHead
        view={view}
        id="expense"
        icon="expense"
        title={view.name ? t('expenses.of', { name: view.name }) : t('expenses.title')}
        words={{
          new: t('expenses.new'),
          previous: t('expenses.previous'),
          next: t('expenses.next'),
          thisMonth: t('expenses.thisMonth'),
        }}
        make={make}
        button={makeButton}
      />
      <PersonMonthTable
        view={view}
        figures={{
          name: t('expenses.totals'),
          shown: (
            <>
              {' '}
              <span>
                <span className="muted">{own ? t('expenses.toPay') : t('expenses.toPay.other')}</span>{' '}
                <b className="fig">{money(totals.toPay)}</b>
              </span>
              {isZero(totals.paid) ? null : (
                <span>
                  <span className="muted">{t('expenses.paid')}</span> <b className="fig">{money(totals.paid)}</b>
                </span>
              )}
            </>
          ),
        }}
        add={makeButton ? { word: t('expenses.new'), icon: 'camera', run: make } : null}
        id="expenses"
        name={t('expenses.title')}
        rows={allRows(query)}
        columns={columns}
        nameOf={(expense) => expense.note || expense.categoryName}
        onOpen={(expense) => open(expense.id)}
        openId={search.expense ?? null}
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
