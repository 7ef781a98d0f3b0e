import { useQueryClient } from '@tanstack/react-query'
import { periodsAhead, periodsDue } from '@uurwerk/core/invoicing/becoming-due.ts'
import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { parseDecimal } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../../api.ts'
import { currencySign, useFormat } from '../../../format.ts'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { CheckField } from '../../../parts/Choose.tsx'
import { DateField } from '../../../parts/DateField.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { Amount, Money } from '../../../parts/Figures.tsx'
import { Fields, Form, FormFoot } from '../../../parts/Form.tsx'
import { DecimalField, SelectField, TextField } from '../../../parts/fields.tsx'
import { Icon } from '../../../parts/icons.tsx'
import { State, StateLine } from '../../../parts/State.tsx'
import { say, sayProblem } from '../../../parts/Toasts.tsx'
import { today } from '../../../parts/today.ts'
import { useApiForm } from '../../../parts/use-api-form.ts'
import { useAct } from '../../../query.ts'
import { useMay } from '../../../session.ts'
import { useT } from '../../../words/words.tsx'
import { HeldBy } from '../../package-invoices/HeldBy.tsx'
import styles from './invoicing.module.css'
import {
  type Subscriptions as Agreed,
  dueChanged,
  type LastPeriod,
  type Period,
  periodWords,
  type Subscription,
} from './invoicing.ts'
import { VatClassField } from './VatClassField.tsx'

/** What is asked again and again, with the periods that are due and those to come. */
export function Subscriptions({ projectId, agreed }: { projectId: string; agreed: Agreed }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const [editing, setEditing] = useState<Subscription | 'new' | null>(null)
  const change = may('projects:write')
  const one = editing === 'new' || editing === null ? undefined : editing
  return (
    <div className={styles.agreed}>
      {agreed.rows.length === 0 ? <StateLine is="needs">{t('invoicing.subscription.none')}</StateLine> : null}
      {agreed.rows.map((subscription) => (
        <OneSubscription
          key={subscription.id}
          {...{ projectId, subscription, change }}
          currency={agreed.currency}
          edit={() => setEditing(subscription)}
        />
      ))}
      {change ? (
        <div className={styles.acts}>
          <Button size="sm" icon="plus" onClick={() => setEditing('new')}>
            {t('invoicing.subscription.add')}
          </Button>
        </div>
      ) : null}
      <Dialog
        open={editing !== null}
        onClose={() => setEditing(null)}
        size={560}
        title={one ? t('invoicing.subscription.change') : t('invoicing.subscription.add')}
      >
        {editing !== null ? (
          <SubscriptionForm
            {...{ projectId }}
            currency={agreed.currency}
            {...(one ? { subscription: one } : {})}
            close={() => setEditing(null)}
            done={async () => {
              await dueChanged(client, projectId)
              setEditing(null)
              say(one ? t('invoicing.subscription.changed') : t('invoicing.subscription.added'))
            }}
          />
        ) : null}
      </Dialog>
    </div>
  )
}

const mostShown = 6

function OneSubscription({
  projectId,
  subscription,
  currency,
  change,
  edit,
}: {
  projectId: string
  subscription: Subscription
  currency: string
  change: boolean
  edit: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [all, setAll] = useState(false)
  const { due, ahead } = subscription
  const changed = async (text: string) => {
    await dueChanged(client, projectId)
    say(text)
  }
  const skip = useAct({
    run: ({ id, skipped, version }: Subscription['due'][number]) =>
      answer(
        api.PATCH('/projects/{id}/subscription-periods/{periodId}', {
          params: { path: { id: projectId, periodId: id } },
          headers: ifMatch(version),
          body: { skipped: !skipped },
        }),
      ),
    done: (_, { skipped }) => changed(skipped ? t('invoicing.skip.undone') : t('invoicing.skip.done')),
    failed: (error) => sayProblem(error),
  })
  const remove = useAct({
    run: ({ id, version }: Subscription) =>
      answer(
        api.DELETE('/projects/{id}/subscriptions/{subscriptionId}', {
          params: { path: { id: projectId, subscriptionId: id } },
          headers: ifMatch(version),
        }),
      ),
    done: () => changed(t('invoicing.subscription.removed')),
    failed: (error) => sayProblem(error),
  })
  const shown = all ? due : due.slice(0, mostShown)
  return (
    <div className={styles.part}>
      <div className={styles.head}>
        <div>
          <h3>{subscription.description}</h3>
          <Money amount={subscription.amount} currency={currency} strong />{' '}
          <span className="muted">
            {t('invoicing.subscription.per', { period: t(periodWords[subscription.period]).toLowerCase() })}
            {', '}
            {subscription.inAdvance ? t('invoicing.inAdvance.short') : t('invoicing.afterwards.short')}
            {', '}
            {subscription.until
              ? format.dateRange(subscription.from, subscription.until, 'short')
              : t('invoicing.since', { date: format.date(subscription.from, 'short') })}
          </span>
        </div>
        {change ? (
          <div className="row">
            <IconButton
              icon="edit"
              name={t('invoicing.subscription.edit.name', { subscription: subscription.description })}
              onClick={edit}
            />
            {due.some(({ claimed }) => claimed) ? null : (
              <IconButton
                icon="trash"
                name={t('invoicing.subscription.remove.name', { subscription: subscription.description })}
                onClick={() => remove.mutate(subscription)}
              />
            )}
          </div>
        ) : null}
      </div>
      <div className={styles.wide}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('invoicing.period')}</th>
              <th scope="col">{t('invoicing.dueOn')}</th>
              <th scope="col" className="num">
                {t('invoicing.amount')} <span className="faint">{currencySign(currency)}</span>
              </th>
              <th scope="col">
                <span className="only-spoken">{t('invoicing.acts')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {ahead.toReversed().map((period) => (
              <tr key={period.periodFrom} className={styles.ahead}>
                <td>{format.dateRange(period.periodFrom, period.periodUntil, 'short')}</td>
                <td className="fig nowrap">{format.date(period.dueOn, 'short')}</td>
                <td className="num">
                  <Amount value={period.amount} />
                </td>
                <td>
                  <State is="wait">{t('invoicing.toCome')}</State>
                </td>
              </tr>
            ))}
            {shown.map((period) => (
              <tr key={period.id} className={period.skipped ? styles.ahead : undefined}>
                <td>{format.dateRange(period.periodFrom, period.periodUntil, 'short')}</td>
                <td className="fig nowrap">{format.date(period.dueOn, 'short')}</td>
                <td className="num">
                  <Amount value={period.amount} />
                </td>
                <td>
                  {period.invoice ? (
                    <span className="nowrap">
                      <Icon name="lock" size={12} />{' '}
                      <HeldBy held={period.invoice}>
                        {period.invoice.number ??
                          t(period.invoice.inPackage ? 'package-invoices.onDocument' : 'invoicing.onDraft')}
                      </HeldBy>
                    </span>
                  ) : period.skipped ? (
                    <span className="nowrap">
                      <State is="wait">{t('invoicing.skipped')}</State>{' '}
                      {change ? (
                        <Button kind="link" size="sm" onClick={() => skip.mutate(period)}>
                          {t('invoicing.skip.undo')}
                        </Button>
                      ) : null}
                    </span>
                  ) : (
                    <span className="nowrap">
                      <State is="needs">{t('invoicing.due')}</State>{' '}
                      {change ? (
                        <Button kind="link" size="sm" onClick={() => skip.mutate(period)}>
                          {t('invoicing.skip')}
                        </Button>
                      ) : null}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {due.length > mostShown && !all ? (
        <Button kind="link" size="sm" onClick={() => setAll(true)}>
          {t('invoicing.earlier', { count: due.length - mostShown })}
        </Button>
      ) : null}
    </div>
  )
}

function SubscriptionForm({
  projectId,
  currency,
  subscription,
  close,
  done,
}: {
  projectId: string
  currency: string
  subscription?: Subscription
  close: () => void
  done: () => Promise<unknown>
}) {
  const t = useT()
  const format = useFormat()
  const free = subscription?.due.filter(({ claimed, skipped }) => !claimed && !skipped).length ?? 0
  const form = useApiForm({
    initial: {
      description: subscription?.description ?? '',
      amount: subscription?.amount ?? '',
      period: (subscription?.period ?? 'month') as string,
      from: (subscription?.from ?? today()) as string | null,
      until: (subscription?.until ?? null) as string | null,
      when: subscription?.inAdvance === false ? 'afterwards' : 'in-advance',
      lastPeriod: (subscription?.lastPeriod ?? 'whole') as string,
      vatClass: (subscription?.vatClass ?? '') as string,
      dueToo: false,
    },
    paths: { inAdvance: 'when' },
    validate: {
      description: (value: string) => (value.trim() ? null : t('invoicing.description.missing')),
      amount: (value: string) => (value.trim() ? null : t('invoicing.amount.missing')),
      from: (value: string | null) => (value ? null : t('invoicing.from.missing')),
    },
    save: ({ description, amount, period, from, until, when, lastPeriod, vatClass, dueToo }) => {
      const body = {
        description,
        amount,
        period: period as Period,
        from: from ?? '',
        until,
        inAdvance: when === 'in-advance',
        lastPeriod: lastPeriod as LastPeriod,
        vatClass: (vatClass || null) as Subscription['vatClass'],
      }
      return subscription
        ? answer(
            api.PATCH('/projects/{id}/subscriptions/{subscriptionId}', {
              params: { path: { id: projectId, subscriptionId: subscription.id } },
              headers: ifMatch(subscription.version),
              body: { ...body, dueToo },
            }),
          )
        : answer(api.POST('/projects/{id}/subscriptions', { params: { path: { id: projectId } }, body }))
    },
    saved: done,
  })
  const values = form.form.getValues()
  const [from, until, amount] = [
    values.from ? parseCalendarDate(values.from) : null,
    values.until ? parseCalendarDate(values.until) : null,
    parseDecimal(values.amount),
  ]
  const terms = from &&
    amount && {
      from,
      until,
      amount,
      period: values.period as Period,
      inAdvance: values.when === 'in-advance',
      lastPeriod: values.lastPeriod as LastPeriod,
    }
  const dueNow = terms ? periodsDue(terms, today()).length : 0
  return (
    <Form form={form}>
      <TextField
        label={t('invoicing.subscription.what')}
        description={t('invoicing.subscription.what.text')}
        data-autofocus
        {...form.field('description')}
      />
      <Fields>
        <DecimalField
          label={t('invoicing.amount')}
          leftSection={<span className="muted">{currencySign(currency)}</span>}
          {...form.field('amount')}
        />
        <SelectField
          label={t('invoicing.subscription.every')}
          data={Object.entries(periodWords).map(([value, word]) => ({ value, label: t(word) }))}
          {...form.field('period')}
        />
        <DateField label={t('invoicing.from')} {...form.field('from')} />
        <DateField label={t('invoicing.until')} clearable {...form.field('until')} />
        <SelectField
          label={t('invoicing.when')}
          data={[
            { value: 'in-advance', label: t('invoicing.inAdvance') },
            { value: 'afterwards', label: t('invoicing.afterwards') },
          ]}
          {...form.field('when')}
        />
        {values.until ? (
          <SelectField
            label={t('invoicing.lastPeriod')}
            data={[
              { value: 'whole', label: t('invoicing.lastPeriod.whole') },
              { value: 'by-day', label: t('invoicing.lastPeriod.byDay') },
            ]}
            {...form.field('lastPeriod')}
          />
        ) : null}
      </Fields>
      <VatClassField form={form} ofActivity={false} itemText={t('invoicing.subscription.item')} />
      {free > 0 && values.amount !== subscription?.amount ? (
        <CheckField label={t('invoicing.dueToo', { count: free })} {...form.check('dueToo')} />
      ) : null}
      {terms ? (
        <div className={styles.preview} aria-live="polite">
          {subscription === undefined && dueNow > 0 ? <p>{t('invoicing.dueNow', { count: dueNow })}</p> : null}
          <p className="muted">{t('invoicing.next')}</p>
          <ul>
            {periodsAhead(terms, today(), 3).map((period) => (
              <li key={period.number}>
                <span>{format.dateRange(period.periodFrom, period.periodUntil, 'short')}</span>
                <span className="muted">{t('invoicing.dueOn.on', { date: format.date(period.dueOn, 'short') })}</span>
                <Money amount={period.amount} currency={currency} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <FormFoot
        form={form}
        action={subscription ? t('invoicing.subscription.save') : t('invoicing.subscription.make')}
        onCancel={close}
      />
    </Form>
  )
}
