import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useMemo, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Body, Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState, NoRights } from '../../parts/Empty.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { ManyField } from '../../parts/ManyField.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { allRows } from '../../table/rows.ts'
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
  const archive = useAct({
    run: () => change({ archived: !team.archived }, team.version),
    done: async (after) => {
      await lookAgain()
      onClose()
      if (!after.archived) return say(t('parts.shelf.broughtBack', { name: after.name }))
      sayUndo(t('parts.shelf.archived', { name: after.name }), async () => {
        await change({ archived: false }, after.version)
        await lookAgain()
      })
    },
    failed: sayProblem,
  })
  return (
    <Form form={form} tell={tell}>
      <TeamFields form={form} />
      <FormFoot
        form={form}
        action={t('teams.save')}
        more={
          <Button kind="quiet" icon="archive" busy={archive.isPending} onClick={() => archive.mutate(undefined)}>
            {t(team.archived ? 'parts.shelf.bringBack' : 'parts.shelf.archive')}
          </Button>
        }
      />
    </Form>
  )
}

export function Teams() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
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
  const filters = useMemo(
    (): readonly Filter[] => [
      {
        kind: 'flag',
        name: 'archived',
        label: t('teams.archived'),
        yes: t('teams.archived'),
        no: t('teams.inUse'),
      },
    ],
    [t],
  )
  const canWrite = may('people:write')
  useKeys([{ keys: 'N', does: t('teams.new'), disabled: !canWrite, run: () => setOpen('new') }])
  const button = canWrite ? (
    <Button kind="primary" icon="plus" keys="N" onClick={() => setOpen('new')}>
      {t('teams.new')}
    </Button>
  ) : null
  const close = () => setOpen(null)
  const edited = canWrite ? query.data?.find(({ id }) => id === open) : undefined
  return (
    <Page>
      <PageHead
        title={t('teams.title')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
        actions={button}
      />
      {may('people:read') ? (
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
              id="teams"
              name={t('teams.title')}
              rows={allRows(query)}
              columns={columns}
              idOf={(row) => row.id}
              nameOf={(row) => row.name}
              {...(canWrite ? { onOpen: (row: Team) => setOpen(row.id) } : {})}
              empty={
                search.archived ? (
                  <EmptyState icon="archive" title={t('teams.none.title')}>
                    {t('teams.none.text')}
                  </EmptyState>
                ) : (
                  <EmptyState icon="customers" title={t('teams.empty.title')} action={button}>
                    {t('teams.empty.text')}
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
      <Dialog open={open === 'new' || edited !== undefined} onClose={close} title={edited?.name ?? t('teams.new')}>
        {open === 'new' ? <NewTeam onClose={close} /> : null}
        {edited ? <EditTeam key={edited.id} team={edited} onClose={close} /> : null}
      </Dialog>
    </Page>
  )
}
