import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answer, api } from '../../api.ts'
import { useFirm, useMay } from '../../session.ts'
import { ExpenseBox } from '../expenses/ExpenseBox.tsx'
import { expensesKind } from './expenses-kind.tsx'
import { Overview } from './Overview.tsx'
import { useAddress } from './use-address.ts'

const route = getRouteApi('/f/$firm/overviews/expenses')

export function ExpensesOverview() {
  const address = useAddress(route.useSearch(), route.useNavigate())
  return <Overview kind={expensesKind} {...address} opened={(id, close) => <Opened key={id} id={id} close={close} />} />
}

function Opened({ id, close }: { id: string; close: () => void }) {
  const may = useMay()
  const { memberId } = useFirm()
  const { data } = useQuery({
    queryKey: ['expenses', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/expenses/{id}', { params: { path: { id } }, signal })),
  })
  const own = data === undefined || data.memberId === memberId
  return (
    <ExpenseBox
      open={id}
      expenses={data ? [data] : []}
      memberId={data?.memberId ?? memberId}
      own={own}
      mayWrite={own || may('hours:write')}
      close={close}
    />
  )
}
