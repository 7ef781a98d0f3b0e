import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useMemo, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { ArchiveButton } from '../../parts/ArchiveButton.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ManyField } from '../../parts/ManyField.tsx'
import { say } from '../../parts/Toasts.tsx'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { allRows } from '../../table/rows.ts'
import { SettingsList } from '../../table/SettingsList.tsx'
import { type Say, useT } from '../../words/words.tsx'
import { usePeopleOptions } from '../projects/ProjectFields.tsx'

type Team = components['schemas']['Team']
interface Values extends Record<string, unknown> {
  name: string
  memberIds: string[]
}

const route = getRouteApi('/f/$firm/settings/teams')

function useLookAgain() {
  const client = useQueryClient()
  return () => Promise.all([['teams'], ['people']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

const rules = (t: Say) => ({ name: (value: string) => (value.trim() ? null : t('teams.name.missing')) })
const toBody = ({ name, memberIds }: Values) => ({ name: name.trim(), memberIds: memberIds.toSorted() })

function TeamFields({ form }: { form: ApiForm<Values> }) {
  const t = useT()
  const people = usePeopleOptions()
  return (
    <>
      <TextField label={t('teams.name')} withAsterisk data-autofocus {...form.field('name')} />
      <ManyField label={t('teams.members')} data={[...people]} {...form.field('memberIds')} />
    </>
  )
}

function NewTeam({ onClose }: { onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const form = useApiForm<Values>({
    initial: { name: '', memberIds: [] },
    validate: rules(t),
    save: (values) => answer(api.POST('/teams', { body: toBody(values) })),
    saved: async ({ name }) => {
      await lookAgain()
      say(t('teams.made', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <Form form={form}>
      <TeamFields form={form} />
      <FormFoot form={form} action={t('teams.create')} onCancel={onClose} />
    </Form>
  )
}

function EditTeam({ team, onClose }: { team: Team; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const people = usePeopleOptions()
  const change = (body: Partial<ReturnType<typeof toBody>> & { archived?: boolean }, version: number) =>
    answer(api.PATCH('/teams/{id}', { params: { path: { id: team.id } }, headers: ifMatch(version), body }))
  const { form, tell } = useEditForm({
    thing: team,
    toValues: ({ name, memberIds }: Team): Values => ({ name, memberIds: memberIds.toSorted() }),
    toBody,
    validate: rules(t),
    labels: { name: t('teams.name'), memberIds: t('teams.members') },
    show: (field, value) =>
      field === 'memberIds' && Array.isArray(value)
        ? value.map((id) => people.find((one) => one.value === id)?.label ?? '…').join(', ') || '–'
        : plainText(value),
    change,
    saved: async (after) => {
      await lookAgain()
      say(t('teams.saved', { name: after.name }))
      onClose()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <TeamFields form={form} />
      <FormFoot
        form={form}
        action={t('teams.save')}
        more={<ArchiveButton thing={team} change={change} changed={lookAgain} close={onClose} />}
      />
    </Form>
  )
}

export function Teams() {
  const t = useT()
  const may = useMay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<string | null>(null)
  const people = usePeopleOptions()
  const query = useQuery({
    queryKey: ['teams', 'list', search],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/teams', { params: { query: search.archived ? { archived: 'true' } : {} }, signal })))
        .rows,
    enabled: may('people:read'),
  })
  const names = useMemo(() => new Map(people.map(({ value, label }) => [value, label])), [people])
  const columns = useMemo(
    (): ReadonlyArray<Column<Team>> => [
      {
        id: 'name',
        head: t('teams.name'),
        width: 'minmax(160px, 1fr)',
        always: true,
        sortBy: (row) => row.name,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'members',
        head: t('teams.members'),
        width: 'minmax(200px, 3fr)',
        from: 520,
        cell: (row) =>
          row.memberIds.length > 0 ? (
            row.memberIds
              .map((id) => names.get(id) ?? '…')
              .toSorted()
              .join(', ')
          ) : (
            <span className="muted">{t('teams.members.none')}</span>
          ),
      },
      {
        id: 'count',
        head: t('teams.count'),
        width: 90,
        align: 'end',
        cell: (row) => <span className="fig">{row.memberIds.length}</span>,
      },
    ],
    [t, names],
  )
  const canWrite = may('people:write')
  const close = () => setOpen(null)
  const edited = canWrite ? query.data?.find(({ id }) => id === open) : undefined
  return (
    <SettingsList
      id="teams"
      icon="customers"
      words={{
        title: t('teams.title'),
        new: t('teams.new'),
        archived: t('teams.archived'),
        archivedYes: t('teams.archived'),
        archivedNo: t('teams.inUse'),
        none: { title: t('teams.none.title'), text: t('teams.none.text') },
        empty: { title: t('teams.empty.title'), text: t('teams.empty.text') },
      }}
      rows={allRows(query)}
      columns={columns}
      search={search}
      setSearch={(change) => navigate({ search: change, replace: true })}
      mayRead={may('people:read')}
      make={canWrite ? () => setOpen('new') : null}
      open={canWrite ? (row) => setOpen(row.id) : undefined}
    >
      <Dialog open={open === 'new' || edited !== undefined} onClose={close} title={edited?.name ?? t('teams.new')}>
        {open === 'new' ? <NewTeam onClose={close} /> : null}
        {edited ? <EditTeam key={edited.id} team={edited} onClose={close} /> : null}
      </Dialog>
    </SettingsList>
  )
}
