import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { parseDistanceInput } from '@uurwerk/core/shared/decimal-input.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { distanceWords, typedKm } from './trip.ts'
import { tripsAgain } from './trip-queries.ts'
import styles from './trips.module.css'
import { useTypingLanguage } from './use-typing-language.ts'

type Distance = components['schemas']['Distance']
interface Values extends Record<string, unknown> {
  readonly from: string
  readonly to: string
  readonly distance: string
}

/** Places of a customer and how far they lie apart. */
export function CustomerDistances({ customerId, archived }: { customerId: string; archived: boolean }) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const [open, setOpen] = useState<Distance | 'new' | null>(null)
  const close = () => setOpen(null)
  const query = useInfiniteQuery({
    queryKey: ['distances', customerId],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/distances', {
          params: { query: { customerId, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const remove = useAct({
    run: async (row: Distance) => {
      await answer(api.DELETE('/distances/{id}', { params: { path: { id: row.id } }, headers: ifMatch(row.version) }))
      return row
    },
    done: async ({ id, from, to }) => {
      await tripsAgain(client)
      sayUndo(t('trips.stored.removed', { from, to }), async () => {
        await answer(api.POST('/distances/{id}/restoration', { params: { path: { id } } }))
        await tripsAgain(client)
      })
    },
    failed: sayProblem,
  })
  const rows = query.data?.pages.flatMap((page) => page.rows)
  const change = may('customers:write') && !archived
  return (
    <section>
      <h2>{t('trips.stored')}</h2>
      <p>{t('trips.stored.text')}</p>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton /> : null}
      {rows?.length === 0 ? <p className="muted">{t('trips.stored.none')}</p> : null}
      {rows && rows.length > 0 ? (
        <div className={styles.wide}>
          <table className={styles.stored}>
            <thead>
              <tr>
                <th scope="col">{t('trips.from')}</th>
                <th scope="col">{t('trips.to')}</th>
                <th scope="col" className="num">
                  km
                </th>
                <th scope="col">
                  <span className="only-spoken">{t('trips.stored.acts')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>{row.from}</td>
                  <td>{row.to}</td>
                  <td className="num fig">{format.quantity(row.distanceKm, 1)}</td>
                  <td>
                    {change ? (
                      <>
                        <IconButton
                          icon="edit"
                          name={t('trips.stored.edit', { from: row.from, to: row.to })}
                          onClick={() => setOpen(row)}
                        />
                        <IconButton
                          icon="trash"
                          name={t('trips.stored.remove', { from: row.from, to: row.to })}
                          onClick={() => remove.mutate(row)}
                        />
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {query.hasNextPage ? (
        <div>
          <Button size="sm" busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {t('trips.stored.more')}
          </Button>
        </div>
      ) : null}
      {change ? (
        <div>
          <Button size="sm" icon="plus" onClick={() => setOpen('new')}>
            {t('trips.stored.add')}
          </Button>
        </div>
      ) : null}
      <Dialog open={open !== null} onClose={close} title={t('trips.stored.title')}>
        {open === 'new' ? <NewDistance customerId={customerId} close={close} /> : null}
        {open && open !== 'new' ? <EditDistance key={open.id} distance={open} close={close} /> : null}
      </Dialog>
    </section>
  )
}

const paths = { distanceKm: 'distance' }

function useRules() {
  const t = useT()
  const language = useTypingLanguage()
  return {
    from: (value: string) => (value.trim() ? null : t('trips.from.missing')),
    to: (value: string) => (value.trim() ? null : t('trips.to.missing')),
    distance: (value: string) => {
      const read = parseDistanceInput(value, language)
      return 'problem' in read ? t(distanceWords[read.problem]) : null
    },
  }
}

function useBody() {
  const language = useTypingLanguage()
  return ({ from, to, distance }: Values) => ({
    from: from.trim(),
    to: to.trim(),
    distanceKm: typedKm(distance, language) ?? distance.trim(),
  })
}

function DistanceFields({ form }: { form: ApiForm<Values> }) {
  const t = useT()
  return (
    <>
      <Fields>
        <TextField label={t('trips.from')} maxLength={100} data-autofocus {...form.field('from')} />
        <TextField label={t('trips.to')} maxLength={100} {...form.field('to')} />
      </Fields>
      <TextField
        label={t('trips.distance')}
        description={t('trips.distance.oneWay')}
        inputMode="decimal"
        rightSection={<span className="muted">km</span>}
        classNames={{ input: 'figures' }}
        {...form.field('distance')}
      />
    </>
  )
}

function NewDistance({ customerId, close }: { customerId: string; close: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const toBody = useBody()
  const form = useApiForm<Values>({
    initial: { from: '', to: '', distance: '' },
    paths,
    validate: useRules(),
    save: async (values) => {
      await answer(api.POST('/distances', { body: { customerId, ...toBody(values) } }))
      await tripsAgain(client)
      say(t('trips.stored.added'))
    },
    saved: close,
  })
  return (
    <Form form={form}>
      <DistanceFields form={form} />
      <FormFoot form={form} action={t('trips.stored.add')} onCancel={close} />
    </Form>
  )
}

function EditDistance({ distance, close }: { distance: Distance; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const toBody = useBody()
  const { form, tell } = useEditForm({
    thing: distance,
    toValues: (one: Distance): Values => ({
      from: one.from,
      to: one.to,
      distance: format.quantity(one.distanceKm, 1),
    }),
    toBody,
    paths,
    validate: useRules(),
    labels: { from: t('trips.from'), to: t('trips.to'), distanceKm: t('trips.distance') },
    change: (body, version) =>
      answer(api.PATCH('/distances/{id}', { params: { path: { id: distance.id } }, headers: ifMatch(version), body })),
    saved: async () => {
      await tripsAgain(client)
      say(t('trips.stored.added'))
      close()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <DistanceFields form={form} />
      <FormFoot form={form} action={t('trips.stored.save')} onCancel={close} />
    </Form>
  )
}
