import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { DialogOrSheet } from '../../parts/DialogOrSheet.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { EditExpense, ExpenseFacts, NewExpense } from './ExpenseForm.tsx'
import type { Expense } from './expense.ts'
import { expensesAgain } from './expense-queries.ts'

/** Deletes an expense; for ten seconds it can be taken back. */
function useRemoveExpense(): (expense: Expense) => Promise<void> {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  return async (expense) => {
    const params = { path: { id: expense.id } }
    try {
      await answer(api.DELETE('/expenses/{id}', { params, headers: ifMatch(expense.version) }))
      await expensesAgain(client)
      const amount = format.money(expense.gross, expense.currency)
      sayUndo(t('expenses.deleted', { category: expense.categoryName, amount }), async () => {
        await answer(api.POST('/expenses/{id}/restoration', { params }))
        await expensesAgain(client)
      })
    } catch (error) {
      sayProblem(error)
    }
  }
}

/** The form of one expense: a dialog, and on a phone a sheet from below. */
export function ExpenseBox({
  open,
  expenses,
  memberId,
  own,
  mayWrite,
  close,
}: {
  /** An id, or `new`. */
  open: string | null
  expenses: readonly Expense[]
  memberId: string
  own: boolean
  mayWrite: boolean
  close: () => void
}) {
  const t = useT()
  const drop = useRemoveExpense()
  const here = expenses.find(({ id }) => id === open)
  const wanted = open !== null && open !== 'new' && !here
  const elsewhere = useQuery({
    queryKey: ['expenses', 'one', open],
    queryFn: ({ signal }) => answer(api.GET('/expenses/{id}', { params: { path: { id: open ?? '' } }, signal })),
    enabled: wanted,
  })
  const expense = here ?? (wanted ? elsewhere.data : undefined)
  const typed = useRef(false)
  const [leaving, setLeaving] = useState(false)
  const whose = {
    memberId,
    own,
    close,
    typed: (something: boolean) => {
      typed.current = something
    },
  }
  // A touch beside the sheet throws no receipt away.
  const leave = () => (typed.current ? setLeaving(true) : close())
  const remove = (gone: Expense) => {
    close()
    return drop(gone)
  }
  const inside =
    open === 'new' && mayWrite ? (
      <NewExpense {...whose} />
    ) : expense ? (
      expense.locked || !mayWrite ? (
        <ExpenseFacts expense={expense} />
      ) : (
        <EditExpense key={expense.id} expense={expense} {...whose} remove={remove} />
      )
    ) : elsewhere.isError ? (
      <ErrorNotice error={elsewhere.error} retry={elsewhere.refetch} />
    ) : open ? (
      <PageSkeleton lines={5} />
    ) : null
  // Not there before it is asked: the Escape that asks would be its answer too.
  const asking = leaving ? (
    <Dialog open onClose={() => setLeaving(false)} title={t('parts.leave.title')}>
      <p>{t('parts.leave.text')}</p>
      <Foot>
        <Button
          kind="quiet"
          onClick={() => {
            setLeaving(false)
            close()
          }}
        >
          {t('parts.leave.leave')}
        </Button>
        <Button kind="primary" onClick={() => setLeaving(false)} data-autofocus>
          {t('parts.leave.stay')}
        </Button>
      </Foot>
    </Dialog>
  ) : null
  return (
    <>
      <DialogOrSheet
        open={open !== null}
        onClose={leave}
        title={open === 'new' ? t('expenses.new') : t('expenses.one')}
        size={600}
        asksItself
      >
        {inside}
      </DialogOrSheet>
      {asking}
    </>
  )
}
