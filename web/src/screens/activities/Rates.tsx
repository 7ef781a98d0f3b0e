import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { addDays } from '@uurwerk/core/shared/calendar-date.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { DecimalField } from '../../parts/fields.tsx'
import type { Option } from '../../parts/find-options.ts'
import { Picker } from '../../parts/Picker.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { placeRates, type Rate, type RateScope } from './place-rates.ts'
import { type PreviewBody, RatePreview } from './RatePreview.tsx'
import styles from './rates.module.css'

/** Whose rate it is; `second` when a project has one per activity or person. */
export interface RateSubject {
  readonly activityId?: string
  readonly projectId?: string
  readonly customerId?: string
  readonly memberId?: string
}
interface Second {
  readonly field: 'activityId' | 'memberId'
  readonly label: string
  readonly options: readonly Option[]
}

function AddRate({ scope, subject, second }: { scope: RateScope; subject: RateSubject; second?: Second | undefined }) {
  const t = useT()
  const { currency } = useFirm()
  const client = useQueryClient()
  const form = useApiForm({
    initial: {
      from: today() as string,
      amount: '',
      activityId: null as string | null,
      memberId: null as string | null,
    },
    validate: {
      amount: (value: string) => (value.trim() ? null : t('activities.rate.missing')),
      from: (value: string) => (value ? null : t('activities.rate.fromMissing')),
      ...(second ? { [second.field]: (value: string | null) => (value ? null : t('activities.rate.choose')) } : {}),
    },
    save: ({ from, amount, activityId, memberId }) =>
      answer(
        api.POST('/rates', {
          body: {
            scope,
            ...subject,
            ...(second?.field === 'activityId' ? { activityId } : {}),
            ...(second?.field === 'memberId' ? { memberId } : {}),
            amount,
            currency,
            from,
          },
        }),
      ),
    saved: async () => {
      form.form.setValues({ from: today(), amount: '', activityId: null, memberId: null })
      form.form.resetDirty()
      await lookAgain(client)
      say(t('activities.rate.added'))
    },
  })
  const { from, amount, activityId, memberId } = form.form.getValues()
  const chosen = second ? { [second.field]: second.field === 'activityId' ? activityId : memberId } : {}
  const isWhole = isAmount(amount) && from && (!second || chosen[second.field])
  const preview: PreviewBody | null = isWhole ? { scope, ...subject, ...chosen, amount, currency, from } : null
  return (
    <Form form={form}>
      <div className={second ? `${styles.add} ${styles.two}` : styles.add}>
        {second ? <Picker label={second.label} options={second.options} {...form.field(second.field)} /> : null}
        <DateField label={t('activities.rate.from')} rightSection={null} {...form.field('from')} />
        <DecimalField
          label={t('activities.rate.amount')}
          leftSection={<span className="muted">{currencySign(currency)}</span>}
          {...form.field('amount')}
        />
        <Button type="submit" icon="plus" busy={form.saving}>
          {t('activities.rate.add')}
        </Button>
      </div>
      <RatePreview body={preview} />
    </Form>
  )
}

const isAmount = (typed: string) => /^\d{1,14}(\.\d{1,4})?$/.test(typed)

const lookAgain = (client: ReturnType<typeof useQueryClient>) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ['rates'] }),
    client.invalidateQueries({ queryKey: ['activities'] }),
    client.invalidateQueries({ queryKey: ['activity'] }),
    client.invalidateQueries({ queryKey: ['hours'] }),
  ])

function EditRate({ rate, onClose }: { rate: Rate; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: rate,
    toValues: ({ amount, from }: Rate) => ({ amount, from: from as string }),
    toBody: ({ amount, from }) => ({ amount, from }),
    labels: { amount: t('activities.rate.amount'), from: t('activities.rate.from') },
    change: (body, version) =>
      answer(api.PATCH('/rates/{id}', { params: { path: { id: rate.id } }, headers: ifMatch(version), body })),
    saved: async () => {
      await lookAgain(client)
      say(t('activities.rate.saved'))
      onClose()
    },
  })
  const { amount, from } = form.form.getValues()
  const { scope, activityId, projectId, customerId, memberId, currency } = rate
  const subject = { scope, activityId, projectId, customerId, memberId, currency }
  return (
    <Form form={form} tell={tell}>
      <p className="muted">{t('activities.rate.correctText')}</p>
      <Fields>
        <DateField label={t('activities.rate.from')} {...form.field('from')} />
        <DecimalField
          label={t('activities.rate.amount')}
          leftSection={<span className="muted">{currencySign(rate.currency)}</span>}
          {...form.field('amount')}
        />
      </Fields>
      <RatePreview body={form.dirty && isAmount(amount) && from ? { id: rate.id, ...subject, amount, from } : null} />
      <FormFoot form={form} action={t('activities.rate.save')} onCancel={onClose} />
    </Form>
  )
}

/** Dated rates: a new one holds from its day, what was before stays as it was. */
export function Rates({
  scope,
  subject,
  second,
  optional,
}: {
  scope: RateScope
  subject: RateSubject
  second?: Second
  /** Nothing is missing when there is none. */
  optional?: boolean
}) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const { currency } = useFirm()
  const [editing, setEditing] = useState<Rate | null>(null)
  const [going, setGoing] = useState<Rate | null>(null)
  const query = useQuery({
    queryKey: ['rates', subject],
    queryFn: async ({ signal }) => (await answer(api.GET('/rates', { params: { query: subject }, signal }))).rows,
  })
  const takeBack = useAct({
    run: async (rate: Rate) => {
      await answer(api.DELETE('/rates/{id}', { params: { path: { id: rate.id } }, headers: ifMatch(rate.version) }))
      return rate
    },
    done: async (rate) => {
      setGoing(null)
      await lookAgain(client)
      sayUndo(t('activities.rate.taken', { date: format.date(rate.from) }), async () => {
        await answer(api.POST('/rates/{id}/restoration', { params: { path: { id: rate.id } } }))
        await lookAgain(client)
      })
    },
    failed: sayProblem,
  })
  if (query.isError) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton height={60} />
  const now = today()
  const rows = placeRates(
    query.data.filter((rate) => rate.scope === scope),
    now,
  )
  const nameOf = (rate: Rate) =>
    second ? (second.options.find(({ value }) => value === rate[second.field])?.label ?? '…') : null
  const change = may('rates:write')
  return (
    <div className={styles.rates}>
      {rows.length > 0 ? (
        <div className={styles.wide}>
          <table className={styles.table}>
            <thead>
              <tr>
                {second ? <th scope="col">{second.label}</th> : null}
                <th scope="col">{t('activities.rate.from')}</th>
                <th scope="col">{t('activities.rate.until')}</th>
                <th scope="col" className="num">
                  {t('activities.rate.amount')} <span className="faint">{currencySign(currency)}</span>
                </th>
                <th scope="col">
                  <span className="only-spoken">{t('activities.rate.acts')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ rate, when, next }) => (
                <tr key={rate.id} className={when === 'past' ? styles.past : undefined}>
                  {second ? <td>{nameOf(rate)}</td> : null}
                  <td className="fig nowrap">{format.date(rate.from, 'short')}</td>
                  <td className="fig nowrap">
                    {when === 'now' ? <State is="done">{t('activities.rate.now')}</State> : null}
                    {when === 'later' ? <State is="wait">{t('activities.rate.later')}</State> : null}
                    {next ? <div>{format.date(addDays(next as CalendarDate, -1), 'short')}</div> : null}
                  </td>
                  <td className="num">
                    <span className="fig">{format.quantity(rate.amount, 2)}</span>
                  </td>
                  <td>
                    {change ? (
                      <>
                        <IconButton icon="edit" name={t('activities.rate.correct')} onClick={() => setEditing(rate)} />
                        <IconButton icon="trash" name={t('activities.rate.takeBack')} onClick={() => setGoing(rate)} />
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {!second && !optional && !rows.some(({ when }) => when === 'now') ? (
        <StateLine is="needs">{t('activities.rate.none')}</StateLine>
      ) : null}
      {change ? <AddRate scope={scope} subject={subject} second={second} /> : null}
      <Dialog open={editing !== null} onClose={() => setEditing(null)} title={t('activities.rate.correct')}>
        {editing ? <EditRate rate={editing} onClose={() => setEditing(null)} /> : null}
      </Dialog>
      <Dialog open={going !== null} onClose={() => setGoing(null)} title={t('activities.rate.takeBack')}>
        {going ? (
          <div className={styles.dialog}>
            <p>
              {t('activities.rate.takeBack.text', {
                date: format.date(going.from),
                amount: format.money(going.amount, going.currency),
              })}
            </p>
            <RatePreview body={{ id: going.id, takenBack: true }} />
            <Foot>
              <Button kind="quiet" onClick={() => setGoing(null)}>
                {t('parts.cancel')}
              </Button>
              <Button kind="primary" icon="trash" busy={takeBack.isPending} onClick={() => takeBack.mutate(going)}>
                {t('activities.rate.takeBack')}
              </Button>
            </Foot>
          </div>
        ) : null}
      </Dialog>
    </div>
  )
}
