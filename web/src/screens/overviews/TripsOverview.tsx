import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answer, api } from '../../api.ts'
import { useFirm, useMay } from '../../session.ts'
import { TripBox } from '../trips/TripBox.tsx'
import { Overview } from './Overview.tsx'
import { tripsKind } from './trips-kind.tsx'
import { useAddress } from './use-address.ts'

const route = getRouteApi('/f/$firm/overviews/trips')

export function TripsOverview() {
  const address = useAddress(route.useSearch(), route.useNavigate())
  return <Overview kind={tripsKind} {...address} opened={(id, close) => <Opened key={id} id={id} close={close} />} />
}

function Opened({ id, close }: { id: string; close: () => void }) {
  const may = useMay()
  const { memberId } = useFirm()
  const { data } = useQuery({
    queryKey: ['trips', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/trips/{id}', { params: { path: { id } }, signal })),
  })
  const own = data === undefined || data.memberId === memberId
  return (
    <TripBox
      open={id}
      trips={data ? [data] : []}
      memberId={data?.memberId ?? memberId}
      own={own}
      mayWrite={own || may('hours:write')}
      close={close}
    />
  )
}
