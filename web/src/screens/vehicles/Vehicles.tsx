import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { usePages } from '../../table/rows.ts'
import { SettingsList } from '../../table/SettingsList.tsx'
import { useT } from '../../words/words.tsx'
import type { Vehicle } from '../trips/trip.ts'
import { EditVehicle, NewVehicle } from './VehicleForm.tsx'

const route = getRouteApi('/f/$firm/settings/vehicles')

/** What people drive: of the firm, or somebody's own. */
export function Vehicles() {
  const t = useT()
  const may = useMay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [openId, setOpenId] = useState<string | null>(null)
  const rows = usePages({
    queryKey: ['vehicles', 'list', search],
    enabled: may('activities:write'),
    fetchPage: (cursor, signal) => {
      const { archived, ...rest } = search
      const query = { ...rest, ...(archived ? { archived: 'true' as const } : {}), ...(cursor ? { cursor } : {}) }
      return answer(api.GET('/vehicles', { params: { query }, signal }))
    },
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<Vehicle>> => [
      {
        id: 'name',
        head: t('vehicles.name'),
        width: 'minmax(140px, 2fr)',
        always: true,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'plate',
        head: t('vehicles.plate'),
        width: 130,
        cell: (row) => row.plate ?? <span className="faint">–</span>,
      },
      {
        id: 'whose',
        head: t('vehicles.whose'),
        width: 'minmax(140px, 1fr)',
        from: 480,
        cell: (row) => row.memberName ?? <span className="muted">{t('vehicles.ofFirm')}</span>,
      },
    ],
    [t],
  )
  const mayMake = may('activities:write')
  const opened = rows.rows.find(({ id }) => id === openId)
  const close = () => setOpenId(null)
  return (
    <SettingsList
      id="vehicles"
      icon="trip"
      words={{
        title: t('vehicles.title'),
        new: t('vehicles.new'),
        search: t('vehicles.search'),
        archived: t('vehicles.archived'),
        archivedYes: t('vehicles.archived.yes'),
        archivedNo: t('vehicles.archived.no'),
        none: { title: t('vehicles.none.title'), text: t('vehicles.none.text') },
        empty: { title: t('vehicles.empty.title'), text: t('vehicles.empty.text') },
      }}
      rows={rows}
      columns={columns}
      search={search}
      setSearch={(change) => navigate({ search: change, replace: true })}
      mayRead={mayMake}
      make={mayMake ? () => setOpenId('new') : null}
      open={(row) => setOpenId(row.id)}
    >
      <Dialog
        open={openId === 'new' || opened !== undefined}
        onClose={close}
        title={openId === 'new' ? t('vehicles.new') : (opened?.name ?? '')}
      >
        {openId === 'new' ? <NewVehicle close={close} /> : null}
        {opened ? <EditVehicle key={opened.id} vehicle={opened} close={close} /> : null}
      </Dialog>
    </SettingsList>
  )
}
