import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { Body, Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState, NoRights } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm, useMay } from '../../session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import type { Vehicle } from '../trips/trip.ts'
import { EditVehicle, NewVehicle } from './VehicleForm.tsx'

const route = getRouteApi('/f/$firm/settings/vehicles')

/** What people drive: of the firm, or somebody's own. */
export function Vehicles() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
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
  const filters = useMemo(
    (): readonly Filter[] => [
      { kind: 'text', name: 'search', label: t('vehicles.search') },
      {
        kind: 'flag',
        name: 'archived',
        label: t('vehicles.archived'),
        yes: t('vehicles.archived.yes'),
        no: t('vehicles.archived.no'),
      },
    ],
    [t],
  )
  const mayMake = may('activities:write')
  useKeys([{ keys: 'N', does: t('vehicles.new'), disabled: !mayMake, run: () => setOpenId('new') }])
  const button = mayMake ? (
    <Button kind="primary" icon="plus" keys="N" onClick={() => setOpenId('new')}>
      {t('vehicles.new')}
    </Button>
  ) : null
  const opened = rows.rows.find(({ id }) => id === openId)
  const close = () => setOpenId(null)
  const filtered = search.search !== undefined || search.archived !== undefined
  return (
    <Page>
      <PageHead
        title={t('vehicles.title')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
        actions={button}
      />
      {mayMake ? (
        <>
          <Tools>
            <FilterChips
              filters={filters}
              search={search}
              onChange={(patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true })}
            />
          </Tools>
          <Fill>
            <DataTable
              id="vehicles"
              name={t('vehicles.title')}
              rows={rows}
              columns={columns}
              idOf={(row) => row.id}
              nameOf={(row) => row.name}
              onOpen={(row) => setOpenId(row.id)}
              empty={
                filtered ? (
                  <EmptyState icon="search" title={t('vehicles.none.title')}>
                    {t('vehicles.none.text')}
                  </EmptyState>
                ) : (
                  <EmptyState icon="trip" title={t('vehicles.empty.title')} action={button}>
                    {t('vehicles.empty.text')}
                  </EmptyState>
                )
              }
            />
          </Fill>
        </>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
      <Dialog
        open={openId === 'new' || opened !== undefined}
        onClose={close}
        title={openId === 'new' ? t('vehicles.new') : (opened?.name ?? '')}
      >
        {openId === 'new' ? <NewVehicle close={close} /> : null}
        {opened ? <EditVehicle key={opened.id} vehicle={opened} close={close} /> : null}
      </Dialog>
    </Page>
  )
}
