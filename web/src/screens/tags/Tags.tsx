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
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { allRows } from '../../table/rows.ts'
import { type Say, useT } from '../../words/words.tsx'

type Tag = components['schemas']['Tag']
interface Values extends Record<string, unknown> {
  name: string
}

const route = getRouteApi('/f/$firm/settings/tags')

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['tags'], ['hours'], ['expenses'], ['trips']].map((queryKey) => client.invalidateQueries({ queryKey })),
    )
}

const rules = (t: Say) => ({ name: (value: string) => (value.trim() ? null : t('tags.name.missing')) })
const toBody = ({ name }: Values) => ({ name: name.trim() })

function NewTag({ onClose }: { onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const form = useApiForm<Values>({
    initial: { name: '' },
    validate: rules(t),
    save: (values) => answer(api.POST('/tags', { body: toBody(values) })),
    saved: async ({ name }) => {
      await lookAgain()
      say(t('tags.made', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <Form form={form}>
      <TextField label={t('tags.name')} withAsterisk data-autofocus {...form.field('name')} />
      <FormFoot form={form} action={t('tags.create')} onCancel={onClose} />
    </Form>
  )
}

function EditTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const change = (body: Partial<ReturnType<typeof toBody>> & { archived?: boolean }, version: number) =>
    answer(api.PATCH('/tags/{id}', { params: { path: { id: tag.id } }, headers: ifMatch(version), body }))
  const { form, tell } = useEditForm({
    thing: tag,
    toValues: ({ name }: Tag): Values => ({ name }),
    toBody,
    validate: rules(t),
    labels: { name: t('tags.name') },
    change,
    saved: async (after) => {
      await lookAgain()
      say(t('tags.saved', { name: after.name }))
      onClose()
    },
  })
  const archive = useAct({
    run: () => change({ archived: !tag.archived }, tag.version),
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
      <TextField
        label={t('tags.name')}
        description={t('tags.rename')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        withAsterisk
        data-autofocus
        {...form.field('name')}
      />
      <FormFoot
        form={form}
        action={t('tags.save')}
        more={
          <Button kind="quiet" icon="archive" busy={archive.isPending} onClick={() => archive.mutate(undefined)}>
            {t(tag.archived ? 'parts.shelf.bringBack' : 'parts.shelf.archive')}
          </Button>
        }
      />
    </Form>
  )
}

export function Tags() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<string | null>(null)
  const query = useQuery({
    queryKey: ['tags', 'list', search],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/tags', { params: { query: search.archived ? { archived: 'true' } : {} }, signal }))).rows,
    enabled: may('projects:read'),
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<Tag>> => [
      {
        id: 'name',
        head: t('tags.name'),
        width: 'minmax(160px, 1fr)',
        always: true,
        sortBy: (row) => row.name,
        cell: (row) => <b>{row.name}</b>,
      },
    ],
    [t],
  )
  const filters = useMemo(
    (): readonly Filter[] => [
      {
        kind: 'flag',
        name: 'archived',
        label: t('tags.archived'),
        yes: t('tags.archived'),
        no: t('tags.inUse'),
      },
    ],
    [t],
  )
  const canWrite = may('activities:write')
  useKeys([{ keys: 'N', does: t('tags.new'), disabled: !canWrite, run: () => setOpen('new') }])
  const button = canWrite ? (
    <Button kind="primary" icon="plus" keys="N" onClick={() => setOpen('new')}>
      {t('tags.new')}
    </Button>
  ) : null
  const close = () => setOpen(null)
  const edited = canWrite ? query.data?.find(({ id }) => id === open) : undefined
  return (
    <Page>
      <PageHead
        title={t('tags.title')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
        actions={button}
      />
      {may('projects:read') ? (
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
              id="tags"
              name={t('tags.title')}
              rows={allRows(query)}
              columns={columns}
              idOf={(row) => row.id}
              nameOf={(row) => row.name}
              {...(canWrite ? { onOpen: (row: Tag) => setOpen(row.id) } : {})}
              empty={
                search.archived ? (
                  <EmptyState icon="archive" title={t('tags.none.title')}>
                    {t('tags.none.text')}
                  </EmptyState>
                ) : (
                  <EmptyState icon="flag" title={t('tags.empty.title')} action={button}>
                    {t('tags.empty.text')}
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
      <Dialog open={open === 'new' || edited !== undefined} onClose={close} title={edited?.name ?? t('tags.new')}>
        {open === 'new' ? <NewTag onClose={close} /> : null}
        {edited ? <EditTag key={edited.id} tag={edited} onClose={close} /> : null}
      </Dialog>
    </Page>
  )
}
