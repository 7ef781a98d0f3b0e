import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Pill } from '../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './absence-settings.module.css'

type Kind = components['schemas']['AbsenceKind']
type Counts = Kind['counts']

const countsWords: Readonly<Record<Counts, Word>> = {
  'as-worked': 'absence-settings.counts.asWorked',
  'less-contract': 'absence-settings.counts.lessContract',
}

const useCountsOptions = () => {
  const t = useT()
  return Object.entries(countsWords).map(([value, word]) => ({ value, label: t(word) }))
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['absence-kinds'] }),
      client.invalidateQueries({ queryKey: ['week'] }),
    ])
}

const changeKind = (id: string, version: number, body: { name?: string; counts?: Counts; archived?: boolean }) =>
  answer(api.PATCH('/absence-kinds/{id}', { params: { path: { id } }, headers: ifMatch(version), body }))

function NewKind({ onClose }: { onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const options = useCountsOptions()
  const form = useApiForm({
    initial: { name: '', counts: 'as-worked' as Counts },
    validate: { name: (value: string) => (value.trim() ? null : t('absence-settings.name.missing')) },
    save: ({ name, counts }) => answer(api.POST('/absence-kinds', { body: { name: name.trim(), counts } })),
    saved: async ({ name }) => {
      await lookAgain()
      say(t('absence-settings.made', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <Form form={form}>
      <Fields columns={1}>
        <TextField label={t('absence-settings.name')} withAsterisk data-autofocus {...form.field('name')} />
        <SelectField
          label={t('absence-settings.counts')}
          description={t('absence-settings.counts.text')}
          data={options}
          {...form.field('counts')}
        />
      </Fields>
      <FormFoot form={form} action={t('absence-settings.create')} onCancel={onClose} />
    </Form>
  )
}

function EditKind({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const options = useCountsOptions()
  const { form, tell } = useEditForm({
    thing: kind,
    toValues: ({ name, counts }: Kind) => ({ name, counts }),
    toBody: ({ name, counts }) => ({ name: name.trim(), counts }),
    labels: { name: t('absence-settings.name'), counts: t('absence-settings.counts') },
    show: (field, value) => (field === 'counts' ? t(countsWords[value as Counts]) : String(value)),
    validate: { name: (value: string) => (value.trim() ? null : t('absence-settings.name.missing')) },
    change: (body, version) => changeKind(kind.id, version, body),
    saved: async (after) => {
      await lookAgain()
      say(t('absence-settings.saved', { name: after.name }))
      onClose()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <Fields columns={1}>
        <TextField
          label={t('absence-settings.name')}
          description={kind.code ? t('absence-settings.name.fixed') : undefined}
          readOnly={kind.code !== null}
          {...form.field('name')}
        />
        <SelectField
          label={t('absence-settings.counts')}
          description={kind.used ? t('absence-settings.counts.used') : t('absence-settings.counts.text')}
          data={options}
          readOnly={kind.used}
          {...form.field('counts')}
        />
      </Fields>
      <FormFoot form={form} action={t('absence-settings.save')} onCancel={onClose} />
    </Form>
  )
}

/** Leave, sickness and kinds of one's own, and how each counts against the contract. */
export function AbsenceKinds() {
  const t = useT()
  const lookAgain = useLookAgain()
  const [making, setMaking] = useState(false)
  const [editing, setEditing] = useState<Kind | null>(null)
  const query = useQuery({
    queryKey: ['absence-kinds', 'with archived'],
    queryFn: async ({ signal }) => {
      const [kept, archived] = await Promise.all([
        answer(api.GET('/absence-kinds', { signal })),
        answer(api.GET('/absence-kinds', { params: { query: { archived: 'true' } }, signal })),
      ])
      return [...kept.rows, ...archived.rows]
    },
  })
  const shelve = useAct({
    run: (kind: Kind) => changeKind(kind.id, kind.version, { archived: !kind.archived }),
    done: async (after) => {
      await lookAgain()
      const { id, name, version } = after
      if (!after.archived) say(t('absence-settings.broughtBack', { name }))
      else
        sayUndo(t('absence-settings.archived.done', { name }), async () => {
          await changeKind(id, version, { archived: false })
          await lookAgain()
        })
    },
    failed: (error) => sayProblem(error),
  })
  return (
    <section className={styles.section} aria-labelledby="absence-kinds">
      <div>
        <h2 id="absence-kinds">{t('absence-settings.kinds')}</h2>
        <p>{t('absence-settings.kinds.text')}</p>
      </div>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={150} /> : null}
      {query.data ? (
        <ul className={styles.kinds}>
          {query.data.map((kind) => (
            <li key={kind.id} className={kind.archived ? styles.works : undefined}>
              <div>
                <b>{kind.name}</b>
                {kind.archived ? <Pill is="wait">{t('absence-settings.archived')}</Pill> : null}
                <small>{t(countsWords[kind.counts])}</small>
              </div>
              {kind.archived || (kind.code && kind.used) ? null : (
                <IconButton
                  icon="edit"
                  name={t('absence-settings.edit', { name: kind.name })}
                  onClick={() => setEditing(kind)}
                />
              )}
              <IconButton
                icon={kind.archived ? 'undo' : 'archive'}
                name={t(kind.archived ? 'absence-settings.bringBack' : 'absence-settings.archive', { name: kind.name })}
                onClick={() => shelve.mutate(kind)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <div>
        <Button icon="plus" onClick={() => setMaking(true)}>
          {t('absence-settings.new')}
        </Button>
      </div>
      <Dialog open={making} onClose={() => setMaking(false)} title={t('absence-settings.new')}>
        <NewKind onClose={() => setMaking(false)} />
      </Dialog>
      <Dialog open={editing !== null} onClose={() => setEditing(null)} title={editing?.name ?? ''}>
        {editing ? <EditKind kind={editing} onClose={() => setEditing(null)} /> : null}
      </Dialog>
    </section>
  )
}
