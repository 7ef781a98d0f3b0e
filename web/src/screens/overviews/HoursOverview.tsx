import { getRouteApi } from '@tanstack/react-router'
import { EntryDialog } from './EntryDialog.tsx'
import { hoursKind } from './hours-kind.tsx'
import { Overview } from './Overview.tsx'
import { useAddress } from './use-address.ts'

const route = getRouteApi('/f/$firm/overviews/hours')

export function HoursOverview() {
  const address = useAddress(route.useSearch(), route.useNavigate())
  return (
    <Overview kind={hoursKind} {...address} opened={(id, close) => <EntryDialog key={id} id={id} close={close} />} />
  )
}
