import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Avatar, TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { allRows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { InviteForm, type Member } from './Person.tsx'
import styles from './people.module.css'
import { RoleMatrix } from './RoleMatrix.tsx'
import { roles, roleWords } from './roles.ts'

const route = getRouteApi('/f/$firm/settings/people')

export function People() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<'invite' | 'roles' | null>(null)
  const query = useQuery({
    queryKey: ['people', 'list', search],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/people', { params: { query: search.archived ? { archived: 'true' } : {} }, signal })))
        .rows,
    enabled: may('people:read'),
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<Member>> => [
      {
        id: 'name',
        head: t('people.name'),
        width: 'minmax(220px, 2fr)',
        always: true,
        sortBy: (row) => row.name,
        cell: (row) => (
          <span className={styles.person}>
            <Avatar name={row.name} />
            <TwoLines under={row.email}>
              <b>{row.name}</b>
            </TwoLines>
          </span>
        ),
      },
      {
        id: 'roles',
        head: t('people.roles'),
        width: 'minmax(180px, 2fr)',
        from: 520,
        cell: (row) =>
          roles
            .filter((role) => row.roles.includes(role))
            .map((role) => t(roleWords[role]))
            .join(', '),
      },
      {
        id: 'state',
        head: t('people.state'),
        width: 170,
        sortBy: (row) => row.state,
        cell: (row) =>
          row.state === 'active' ? (
            <State is="done">{t('people.state.active')}</State>
          ) : row.state === 'invited' ? (
            <State is="wait">{t('people.state.invited')}</State>
          ) : (
            <State is="wait" icon="archive">
              {t('people.state.archived')}
            </State>
          ),
      },
    ],
    [t],
  )
  const filters = useMemo(
    (): readonly Filter[] => [
      {
        kind: 'flag',
        name: 'archived',
        label: t('people.state.archived'),
        yes: t('people.state.archived'),
        no: t('people.inUse'),
      },
    ],
    [t],
  )
  const canInvite = may('people:write')
  const invite = () => setOpen('invite')
  useKeys([{ keys: 'N', does: t('people.invite'), disabled: !canInvite, run: invite }])
  const close = () => setOpen(null)
  const button = canInvite ? (
    <Button kind="primary" icon="plus" keys="N" onClick={invite}>
      {t('people.invite')}
    </Button>
  ) : null
  return (
    <Page>
      <PageHead
        title={t('people.title')}
        crumbs={[<SettingsCrumb key="settings" />]}
        actions={
          <>
            <Button kind="quiet" onClick={() => setOpen('roles')}>
              {t('people.matrix')}
            </Button>
            {button}
          </>
        }
      />
      <FilteredTable
        id="people"
        name={t('people.title')}
        mayRead={may('people:read')}
        narrowing={{
          filters,
          search,
          change: (patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true }),
          isNarrowed: search.archived !== undefined,
        }}
        noneFound={{ icon: 'archive', title: t('people.none.title'), text: t('people.none.text') }}
        rows={allRows(query)}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        onOpen={(row) => navigate({ to: '/f/$firm/settings/people/$personId', params: { firm, personId: row.id } })}
        twoLines
        empty={
          <EmptyState icon="customers" title={t('people.empty.title')} action={button}>
            {t('people.empty.text')}
          </EmptyState>
        }
      />
      <Dialog open={open === 'invite'} onClose={close} title={t('people.invite')} size={620}>
        {open === 'invite' ? <InviteForm onClose={close} /> : null}
      </Dialog>
      <Dialog open={open === 'roles'} onClose={close} title={t('people.matrix')} size={860}>
        <RoleMatrix />
      </Dialog>
    </Page>
  )
}
