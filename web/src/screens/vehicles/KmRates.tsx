import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
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
import { useT, type Word } from '../../words/words.tsx'
import { placeRates } from '../activities/place-rates.ts'
import rates from '../activities/rates.module.css'
import { findCustomers } from '../customers/find-customers.ts'
import { projectOption } from '../time/allowed.ts'
import { peopleQuery } from '../time/people.ts'
import styles from './km-rates.module.css'

type KmRate = components['schemas']['KmRate']
type Subject = 'customerId' | 'projectId' | 'memberId'

const lookAgain = (client: ReturnType<typeof useQueryClient>) =>
  Promise.all([['km-rates'], ['trips']].map((queryKey) => client.invalidateQueries({ queryKey })))

async function findProjects(search: string, signal: AbortSignal): Promise<readonly Option[]> {
  const query = { limit: 100, ...(search ? { search } : {}) }
  const { rows } = await answer(api.GET('/projects', { params: { query }, signal }))
  return rows.filter(({ customerId }) => customerId !== null).map(projectOption)
}
async function findPeople(search: string, signal: AbortSignal): Promise<readonly Option[]> {
  const { rows } = await peopleQuery.queryFn({ signal })
  const text = search.toLowerCase()
  return rows
    .filter(({ state, name }) => state !== 'archived' && name.toLowerCase().includes(text))
    .map(({ id, name }) => ({ value: id, label: name }))
}
const searches = {
  customerId: findCustomers,
  projectId: findProjects,
  memberId: findPeople,
} as const satisfies Record<Subject, (search: string, signal: AbortSignal) => Promise<readonly Option[]>>

interface Part {
  readonly purpose: KmRate['purpose']
  readonly scope: KmRate['scope']
  readonly title: Word
  readonly subject?: Subject
  readonly label?: Word
}
const groups: ReadonlyArray<{ readonly title: Word; readonly text: Word; readonly parts: readonly Part[] }> = [
  {
    title: 'km-rates.billing',
    text: 'km-rates.billing.text',
    parts: [
      { purpose: 'billing', scope: 'firm', title: 'km-rates.firm' },
      {
        purpose: 'billing',
        scope: 'customer',
        title: 'km-rates.customers',
        subject: 'customerId',
        label: 'km-rates.customer',
      },
      {
        purpose: 'billing',
        scope: 'project',
        title: 'km-rates.projects',
        subject: 'projectId',
        label: 'km-rates.project',
      },
    ],
  },
  {
    title: 'km-rates.reimbursement',
    text: 'km-rates.reimbursement.text',
    parts: [
      { purpose: 'reimbursement', scope: 'firm', title: 'km-rates.firm' },
      {
        purpose: 'reimbursement',
        scope: 'user',
        title: 'km-rates.people',
        subject: 'memberId',
        label: 'km-rates.person',
      },
    ],
  },
]

/** What customers pay per kilometre, and what employees get: each a list of days from which a rate holds. */
export function KmRates() {
  const t = useT()
  const may = useMay()
  const query = useQuery({
    queryKey: ['km-rates'],
    queryFn: async ({ signal }) => (await answer(api.GET('/km-rates', { signal }))).rows,
    enabled: may('rates:read'),
  })
  const [editing, setEditing] = useState<KmRate | null>(null)
  const close = () => setEditing(null)
  return (
    <Page>
      <PageHead title={t('km-rates.title')} crumbs={[<SettingsCrumb key="settings" />]} />
      <Body>
        {!may('rates:read') ? (
          <NoRights />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
        ) : !query.data ? (
          <PageSkeleton />
        ) : (
          <div className={styles.groups}>
            {groups.map((group) => (
              <section key={group.title} className={styles.group}>
                <div>
                  <h2>{t(group.title)}</h2>
                  <p className="muted">{t(group.text)}</p>
                </div>
                {group.parts.map((part) => (
                  <DatedRates
                    key={`${part.purpose} ${part.scope}`}
                    part={part}
                    all={query.data.filter(({ purpose, scope }) => purpose === part.purpose && scope === part.scope)}
                    edit={setEditing}
                  />
                ))}
              </section>
            ))}
          </div>
        )}
      </Body>
      <Dialog open={editing !== null} onClose={close} title={t('km-rates.correct')}>
        {editing ? <EditKmRate key={editing.id} rate={editing} close={close} /> : null}
      </Dialog>
    </Page>
  )
}

function DatedRates({ part, all, edit }: { part: Part; all: readonly KmRate[]; edit: (rate: KmRate) => void }) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const { currency } = useFirm()
  const [adding, setAdding] = useState(false)
  const takeBack = useAct({
    run: async (rate: KmRate) => {
      await answer(api.DELETE('/km-rates/{id}', { params: { path: { id: rate.id } }, headers: ifMatch(rate.version) }))
      return rate
    },
    done: async (rate) => {
      await lookAgain(client)
      sayUndo(t('km-rates.taken', { date: format.date(rate.from) }), async () => {
        await answer(api.POST('/km-rates/{id}/restoration', { params: { path: { id: rate.id } } }))
        await lookAgain(client)
      })
    },
    failed: sayProblem,
  })
  const rows = placeRates(all, today()).toSorted(
    ({ rate: a }, { rate: b }) =>
      nameOf(a).localeCompare(nameOf(b), format.locale) || subjectOf(a).localeCompare(subjectOf(b)),
  )
  const change = may('rates:write')
  const missing = !part.subject && !rows.some(({ when }) => when === 'now')
  return (
    <section className={rates.rates} aria-label={t(part.title)}>
      <h3>{t(part.title)}</h3>
      {rows.length > 0 ? (
        <div className={rates.wide}>
          <table className={rates.table}>
            <thead>
              <tr>
                {part.label ? <th scope="col">{t(part.label)}</th> : null}
                <th scope="col">{t('km-rates.from')}</th>
                <th scope="col" className={part.label ? styles.roomy : undefined}>
                  {t('km-rates.until')}
                </th>
                <th scope="col" className="num">
                  {t('km-rates.amount')} <span className="faint">{currencySign(currency)}</span>
                </th>
                <th scope="col">
                  <span className="only-spoken">{t('km-rates.acts')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ rate, when, next }) => (
                <tr key={rate.id} className={when === 'past' ? rates.past : undefined}>
                  {part.label ? <td>{nameOf(rate)}</td> : null}
                  <td className="fig nowrap">
                    {format.date(rate.from, 'short')}
                    {part.label ? (
                      <div className={styles.narrow}>
                        <When of={when} />
                      </div>
                    ) : null}
                  </td>
                  <td className={`fig nowrap ${part.label ? styles.roomy : ''}`}>
                    <When of={when} />
                    {next ? <div>{format.date(addDays(next as CalendarDate, -1), 'short')}</div> : null}
                  </td>
                  <td className="num">
                    <span className="fig">
                      {rate.currency === currency ? null : `${currencySign(rate.currency)} `}
                      {format.quantity(rate.amount, 2)}
                    </span>
                  </td>
                  <td>
                    {change ? (
                      <>
                        <IconButton icon="edit" name={t('km-rates.correct')} onClick={() => edit(rate)} />
                        <IconButton icon="trash" name={t('km-rates.takeBack')} onClick={() => takeBack.mutate(rate)} />
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : part.subject ? (
        <p className="muted">{t('km-rates.noExceptions')}</p>
      ) : null}
      {missing ? <StateLine is="needs">{t('km-rates.none')}</StateLine> : null}
      {change && (adding || !part.subject) ? <AddKmRate part={part} /> : null}
      {change && part.subject && !adding ? (
        <div>
          <Button size="sm" icon="plus" onClick={() => setAdding(true)}>
            {t('km-rates.addException')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

/** Whether a rate holds today, or will; nothing is said of what is past. */
function When({ of }: { of: 'past' | 'now' | 'later' }) {
  const t = useT()
  if (of === 'past') return null
  return of === 'now' ? <State is="done">{t('km-rates.now')}</State> : <State is="wait">{t('km-rates.later')}</State>
}

const nameOf = (rate: KmRate): string => rate.projectName ?? rate.customerName ?? rate.memberName ?? ''
const subjectOf = (rate: KmRate): string => rate.projectId ?? rate.customerId ?? rate.memberId ?? ''

function useRules(part: Part | null) {
  const t = useT()
  return {
    amount: (value: string) => (value.trim() ? null : t('km-rates.amount.missing')),
    from: (value: string) => (value ? null : t('km-rates.from.missing')),
    ...(part?.subject ? { [part.subject]: (value: string | null) => (value ? null : t('km-rates.choose')) } : {}),
  }
}

function AddKmRate({ part }: { part: Part }) {
  const t = useT()
  const { currency } = useFirm()
  const client = useQueryClient()
  const nothing = {
    from: today() as string,
    amount: '',
    customerId: null as string | null,
    projectId: null as string | null,
    memberId: null as string | null,
  }
  const form = useApiForm({
    initial: nothing,
    validate: useRules(part),
    save: (values) =>
      answer(
        api.POST('/km-rates', {
          body: {
            purpose: part.purpose,
            scope: part.scope,
            ...(part.subject ? { [part.subject]: values[part.subject] } : {}),
            amount: values.amount,
            currency,
            from: values.from,
          },
        }),
      ),
    saved: async () => {
      form.form.setValues(nothing)
      form.form.resetDirty(nothing)
      await lookAgain(client)
      say(t('km-rates.added'))
    },
  })
  return (
    <Form form={form}>
      <div className={part.subject ? `${rates.add} ${rates.two}` : rates.add}>
        {part.subject && part.label ? (
          <Picker
            label={t(part.label)}
            searchKey={`km-${part.subject}`}
            search={searches[part.subject]}
            {...form.field(part.subject)}
          />
        ) : null}
        <DateField label={t('km-rates.from')} rightSection={null} {...form.field('from')} />
        <DecimalField
          label={t('km-rates.amount')}
          leftSection={<span className="muted">{currencySign(currency)}</span>}
          {...form.field('amount')}
        />
        <Button type="submit" icon="plus" busy={form.saving}>
          {t('km-rates.add')}
        </Button>
      </div>
    </Form>
  )
}

function EditKmRate({ rate, close }: { rate: KmRate; close: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: rate,
    toValues: ({ amount, from }: KmRate) => ({ amount, from: from as string }),
    toBody: ({ amount, from }) => ({ amount, from }),
    validate: useRules(null),
    labels: { amount: t('km-rates.amount'), from: t('km-rates.from') },
    change: (body, version) =>
      answer(api.PATCH('/km-rates/{id}', { params: { path: { id: rate.id } }, headers: ifMatch(version), body })),
    saved: async () => {
      await lookAgain(client)
      say(t('km-rates.saved'))
      close()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <p className="muted">{t('km-rates.correct.text')}</p>
      <Fields>
        <DateField label={t('km-rates.from')} {...form.field('from')} />
        <DecimalField
          label={t('km-rates.amount')}
          leftSection={<span className="muted">{currencySign(rate.currency)}</span>}
          {...form.field('amount')}
        />
      </Fields>
      <FormFoot form={form} action={t('km-rates.save')} onCancel={close} />
    </Form>
  )
}
