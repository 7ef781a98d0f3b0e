import { useQueryClient } from '@tanstack/react-query'
import { splitPrice } from '@uurwerk/core/invoicing/becoming-due.ts'
import { decimal, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../../api.ts'
import { currencySign, useFormat } from '../../../format.ts'
import { Button, IconButton } from '../../../parts/Button.tsx'
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
import { useT, type Word } from '../../../words/words.tsx'
import { HeldBy } from '../../package-invoices/HeldBy.tsx'
import { ClosingInvoice } from './ClosingInvoice.tsx'
import styles from './invoicing.module.css'
import { type Instalments as Agreed, dueChanged, type Instalment, isZero, type Sum } from './invoicing.ts'
import { VatClassField } from './VatClassField.tsx'

type Doing =
  | { readonly what: 'price'; readonly sum: Sum }
  | { readonly what: 'split'; readonly sum: Sum }
  | { readonly what: 'add'; readonly sum: Sum }
  | { readonly what: 'change'; readonly instalment: Instalment }

const titles = {
  price: 'invoicing.price.title',
  split: 'invoicing.split.title',
  add: 'invoicing.add.title',
  change: 'invoicing.change.title',
} as const satisfies Record<Doing['what'], Word>

/** One price, or one for each activity: its instalments, and whether they add up. */
export function Instalments({ projectId, agreed }: { projectId: string; agreed: Agreed }) {
  const t = useT()
  const client = useQueryClient()
  const [doing, setDoing] = useState<Doing | null>(null)
  const done = async (word: Parameters<typeof t>[0]) => {
    await dueChanged(client, projectId)
    setDoing(null)
    say(t(word))
  }
  const close = () => setDoing(null)
  if (agreed.sums.length === 0) return <StateLine is="needs">{t('invoicing.activities.none')}</StateLine>
  return (
    <div className={styles.agreed}>
      {agreed.sums.map((sum) => (
        <PricePart
          key={sum.activityId ?? 'project'}
          {...{ projectId, agreed, sum }}
          start={setDoing}
          changed={() => dueChanged(client, projectId)}
        />
      ))}
      <ClosingInvoice projectId={projectId} agreed={agreed} />
      <Dialog open={doing !== null} onClose={close} title={doing === null ? '' : t(titles[doing.what])}>
        {doing?.what === 'price' ? (
          <PriceForm {...{ projectId, agreed, sum: doing.sum, close }} done={() => done('invoicing.price.done')} />
        ) : null}
        {doing?.what === 'split' ? (
          <SplitForm {...{ projectId, agreed, sum: doing.sum, close }} done={() => done('invoicing.split.done')} />
        ) : null}
        {doing?.what === 'add' ? (
          <InstalmentForm {...{ projectId, agreed, close }} sum={doing.sum} done={() => done('invoicing.add.done')} />
        ) : null}
        {doing?.what === 'change' ? (
          <InstalmentForm
            {...{ projectId, agreed, close }}
            instalment={doing.instalment}
            done={() => done('invoicing.change.done')}
          />
        ) : null}
      </Dialog>
    </div>
  )
}

interface Part {
  readonly projectId: string
  readonly agreed: Agreed
  readonly sum: Sum
}

function PricePart({
  projectId,
  agreed,
  sum,
  start,
  changed,
}: Part & { start: (doing: Doing) => void; changed: () => unknown }) {
  const t = useT()
  const may = useMay()
  const { currency } = agreed
  const rows = agreed.rows.filter(({ activityId }) => activityId === sum.activityId)
  const change = may('projects:write')
  const correct = useAct({
    run: (activityId: string | null, key) =>
      answer(
        api.POST('/projects/{id}/instalments/correction', {
          params: { path: { id: projectId }, header: key },
          headers: key,
          body: activityId ? { activityId } : {},
        }),
      ),
    done: async () => {
      await changed()
      say(t('invoicing.correct.done'))
    },
    failed: (error) => sayProblem(error),
  })
  const remove = useAct({
    run: ({ id, version }: Instalment) =>
      answer(
        api.DELETE('/projects/{id}/instalments/{instalmentId}', {
          params: { path: { id: projectId, instalmentId: id } },
          headers: ifMatch(version),
        }),
      ),
    done: async () => {
      await changed()
      say(t('invoicing.removed'))
    },
    failed: (error) => sayProblem(error),
  })
  return (
    <div className={styles.part}>
      <div className={styles.head}>
        <div>
          {sum.activityName ? <h3>{sum.activityName}</h3> : null}
          <span className="muted">{t('invoicing.price')}</span>{' '}
          {sum.price === null ? (
            <State is="needs">{t('invoicing.price.none')}</State>
          ) : (
            <Money amount={sum.price} currency={currency} strong />
          )}
        </div>
        {change ? (
          <Button size="sm" icon="edit" onClick={() => start({ what: 'price', sum })}>
            {sum.price === null ? t('invoicing.price.set') : t('invoicing.price.change')}
          </Button>
        ) : null}
      </div>
      {rows.length > 0 ? (
        <Rows
          {...{ rows, sum, currency, change }}
          edit={(instalment) => start({ what: 'change', instalment })}
          remove={(instalment) => remove.mutate(instalment)}
        />
      ) : null}
      {sum.difference !== null && !isZero(sum.difference) && rows.length > 0 ? (
        <StateLine is="needs">
          {sum.difference.startsWith('-') ? t('invoicing.sum.over') : t('invoicing.sum.short')}{' '}
          <Money amount={sum.difference.replace('-', '')} currency={currency} strong />
          {change ? (
            <>
              {' '}
              <Button kind="link" size="sm" busy={correct.isPending} onClick={() => correct.mutate(sum.activityId)}>
                {t('invoicing.correct')}
              </Button>
            </>
          ) : null}
        </StateLine>
      ) : null}
      {sum.price !== null && rows.length === 0 ? (
        <StateLine is="needs">{t('invoicing.instalments.none')}</StateLine>
      ) : null}
      {change && sum.price !== null ? (
        <div className={styles.acts}>
          <Button size="sm" onClick={() => start({ what: 'split', sum })}>
            {t('invoicing.split')}
          </Button>
          <Button size="sm" icon="plus" onClick={() => start({ what: 'add', sum })}>
            {t('invoicing.add')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Rows({
  rows,
  sum,
  currency,
  change,
  edit,
  remove,
}: {
  rows: readonly Instalment[]
  sum: Sum
  currency: string
  change: boolean
  edit: (row: Instalment) => void
  remove: (row: Instalment) => void
}) {
  const t = useT()
  const format = useFormat()
  const now = today()
  return (
    <div className={styles.wide}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('invoicing.instalment')}</th>
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
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                {row.description}
                {row.periodFrom && row.periodUntil ? (
                  <small>{format.dateRange(row.periodFrom, row.periodUntil, 'short')}</small>
                ) : null}
                {row.invoice ? (
                  <small>
                    <Icon name="lock" size={12} />{' '}
                    <HeldBy held={row.invoice}>
                      {row.invoice.number ??
                        t(row.invoice.inPackage ? 'package-invoices.onDocument' : 'invoicing.onDraft')}
                    </HeldBy>
                  </small>
                ) : null}
              </td>
              <td className="fig nowrap">
                {format.date(row.dueOn, 'short')}
                {!row.claimed && row.dueOn <= now ? (
                  <div>
                    <State is="needs">{t('invoicing.due')}</State>
                  </div>
                ) : null}
              </td>
              <td className="num">
                <Amount value={row.amount} />
              </td>
              <td className={styles.end}>
                {change && !row.claimed ? (
                  <>
                    <IconButton
                      icon="edit"
                      name={t('invoicing.change.name', { instalment: row.description })}
                      onClick={() => edit(row)}
                    />
                    <IconButton
                      icon="trash"
                      name={t('invoicing.remove.name', { instalment: row.description })}
                      onClick={() => remove(row)}
                    />
                  </>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>{t('invoicing.sum')}</td>
            <td className="num">
              <Amount value={sum.sum} total />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

interface Filling {
  readonly projectId: string
  readonly agreed: Agreed
  readonly close: () => void
  readonly done: () => Promise<unknown>
}

function PriceForm({ projectId, agreed, sum, close, done }: Filling & { sum: Sum }) {
  const t = useT()
  const form = useApiForm({
    initial: { price: sum.price ?? '' },
    paths: { 'activities.0.price': 'price' },
    save: ({ price }) => {
      const amount = price.trim() === '' ? null : price
      const body = sum.activityId ? { activities: [{ activityId: sum.activityId, price: amount }] } : { price: amount }
      return answer(
        api.PUT('/projects/{id}/price', {
          params: { path: { id: projectId } },
          headers: ifMatch(agreed.version),
          body,
        }),
      )
    },
    saved: done,
  })
  return (
    <Form form={form}>
      <DecimalField
        label={t('invoicing.price')}
        description={t('invoicing.price.text')}
        leftSection={<span className="muted">{currencySign(agreed.currency)}</span>}
        data-autofocus
        {...form.field('price')}
      />
      <FormFoot form={form} action={t('invoicing.price.save')} onCancel={close} />
    </Form>
  )
}

const mostParts = 60

function SplitForm({ projectId, agreed, sum, close, done }: Filling & { sum: Sum }) {
  const t = useT()
  const format = useFormat()
  const form = useApiForm({
    initial: { parts: '4', dueOn: today() as string | null, every: 'month' },
    paths: { 'by.parts': 'parts' },
    validate: {
      parts: (value: string) =>
        /^\d{1,2}$/.test(value) && Number(value) >= 1 && Number(value) <= mostParts
          ? null
          : t('invoicing.split.partsWrong', { most: mostParts }),
      dueOn: (value: string | null) => (value ? null : t('invoicing.dueOn.missing')),
    },
    save: ({ parts, dueOn, every }) =>
      answer(
        api.POST('/projects/{id}/instalments/split', {
          params: { path: { id: projectId } },
          body: {
            activityId: sum.activityId,
            by: { parts: Number(parts) },
            dueOn: dueOn ?? today(),
            every: every as 'month' | 'quarter' | 'year',
          },
        }),
      ),
    saved: done,
  })
  const { parts } = form.form.getValues()
  const count = /^\d{1,2}$/.test(parts) ? Number(parts) : 0
  const left = toCents(subtract(decimal(sum.price ?? '0'), decimal(sum.claimed)))
  const amounts = count >= 1 && count <= mostParts ? splitPrice(left, { parts: count }) : []
  const [first, last] = [amounts[0], amounts.at(-1)]
  return (
    <Form form={form}>
      <p className="muted">{t('invoicing.split.text')}</p>
      <Fields columns={3}>
        <TextField label={t('invoicing.split.parts')} inputMode="numeric" data-autofocus {...form.field('parts')} />
        <DateField label={t('invoicing.split.first')} {...form.field('dueOn')} />
        <SelectField
          label={t('invoicing.split.every')}
          data={[
            { value: 'month', label: t('invoicing.period.month') },
            { value: 'quarter', label: t('invoicing.period.quarter') },
            { value: 'year', label: t('invoicing.period.year') },
          ]}
          {...form.field('every')}
        />
      </Fields>
      {first && last ? (
        <p aria-live="polite">
          {first === last
            ? t('invoicing.split.equal', { count, amount: format.money(first, agreed.currency) })
            : t('invoicing.split.preview', {
                count: count - 1,
                amount: format.money(first, agreed.currency),
                last: format.money(last, agreed.currency),
              })}
        </p>
      ) : null}
      <FormFoot form={form} action={t('invoicing.split.save')} onCancel={close} />
    </Form>
  )
}

function InstalmentForm({
  projectId,
  agreed,
  sum,
  instalment,
  close,
  done,
}: Filling & { sum?: Sum; instalment?: Instalment }) {
  const t = useT()
  const form = useApiForm({
    initial: {
      description: instalment?.description ?? '',
      amount: instalment?.amount ?? (sum?.difference && !isZero(sum.difference) ? sum.difference : ''),
      dueOn: (instalment?.dueOn ?? null) as string | null,
      periodFrom: (instalment?.periodFrom ?? null) as string | null,
      periodUntil: (instalment?.periodUntil ?? null) as string | null,
      vatClass: (instalment?.vatClass ?? '') as string,
    },
    validate: {
      amount: (value: string) => (value.trim() ? null : t('invoicing.amount.missing')),
      dueOn: (value: string | null) => (value ? null : t('invoicing.dueOn.missing')),
    },
    save: ({ description, amount, dueOn, periodFrom, periodUntil, vatClass }) => {
      const body = {
        ...(description.trim() ? { description } : {}),
        amount,
        dueOn: dueOn ?? '',
        periodFrom,
        periodUntil,
        vatClass: (vatClass || null) as Instalment['vatClass'],
      }
      return instalment
        ? answer(
            api.PATCH('/projects/{id}/instalments/{instalmentId}', {
              params: { path: { id: projectId, instalmentId: instalment.id } },
              headers: ifMatch(instalment.version),
              body,
            }),
          )
        : answer(
            api.POST('/projects/{id}/instalments', {
              params: { path: { id: projectId } },
              body: { ...body, activityId: sum?.activityId ?? null },
            }),
          )
    },
    saved: done,
  })
  return (
    <Form form={form}>
      <TextField
        label={t('invoicing.description')}
        description={instalment ? undefined : t('invoicing.description.text')}
        data-autofocus
        {...form.field('description')}
      />
      <Fields>
        <DecimalField
          label={t('invoicing.amount')}
          leftSection={<span className="muted">{currencySign(agreed.currency)}</span>}
          {...form.field('amount')}
        />
        <DateField label={t('invoicing.dueOn')} {...form.field('dueOn')} />
        <DateField label={t('invoicing.periodFrom')} clearable {...form.field('periodFrom')} />
        <DateField label={t('invoicing.periodUntil')} clearable {...form.field('periodUntil')} />
      </Fields>
      <p className="small muted">{t('invoicing.servicePeriod.text')}</p>
      <VatClassField
        form={form}
        ofActivity={(instalment?.activityId ?? sum?.activityId ?? null) !== null}
        itemText={t('invoicing.instalment.item')}
      />
      <FormFoot
        form={form}
        action={instalment ? t('invoicing.change.save') : t('invoicing.add.save')}
        onCancel={close}
      />
    </Form>
  )
}
