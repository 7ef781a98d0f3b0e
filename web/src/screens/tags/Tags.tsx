import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useMemo, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { ArchiveButton } from '../../parts/ArchiveButton.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { allRows } from '../../table/rows.ts'
import { SettingsList } from '../../table/SettingsList.tsx'
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
        more={<ArchiveButton thing={tag} change={change} changed={lookAgain} close={onClose} />}
      />
    </Form>
  )
}

export function Tags() {
  const t = useT()
  const may = useMay()
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
  const canWrite = may('activities:write')
  const close = () => setOpen(null)
  const edited = canWrite ? query.data?.find(({ id }) => id === open) : undefined
  return (
    <SettingsList
      id="tags"
      icon="flag"
      words={{
        title: t('tags.title'),
        new: t('tags.new'),
        archived: t('tags.archived'),
        archivedYes: t('tags.archived'),
        archivedNo: t('tags.inUse'),
        none: { title: t('tags.none.title'), text: t('tags.none.text') },
        empty: { title: t('tags.empty.title'), text: t('tags.empty.text') },
      }}
      rows={allRows(query)}
      columns={columns}
      search={search}
      setSearch={(change) => navigate({ search: change, replace: true })}
      mayRead={may('projects:read')}
      make={canWrite ? () => setOpen('new') : null}
      open={canWrite ? (row) => setOpen(row.id) : undefined}
    >
      <Dialog open={open === 'new' || edited !== undefined} onClose={close} title={edited?.name ?? t('tags.new')}>
        {open === 'new' ? <NewTag onClose={close} /> : null}
        {edited ? <EditTag key={edited.id} tag={edited} onClose={close} /> : null}
      </Dialog>
    </SettingsList>
  )
}
