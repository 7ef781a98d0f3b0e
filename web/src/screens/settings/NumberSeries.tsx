import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  digitsOf,
  formatNumber,
  type NumberLimit,
  numberFits,
  parseSeries,
} from '@uurwerk/core/invoicing/number-series.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { ArchiveButton } from '../../parts/ArchiveButton.tsx'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Code } from '../../parts/Small.tsx'
import { Pill, State, StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { T, useT } from '../../words/words.tsx'
import { type Series, seriesQuery } from './series-query.ts'
import styles from './settings.module.css'

/** The number the pattern makes, or null while the pattern or the first number is not right. */
function exampleOf(pattern: string, firstNumber: string): string | null {
  if (!/^[1-9]\d{0,7}$/.test(firstNumber) || 'problem' in parseSeries(pattern)) return null
  return formatNumber(pattern, { date: today(), counter: Number(firstNumber) })
}

/** What the number field of each package holds (the packages' own documentation). */
const packages = [
  { name: 'Exact Online, Visma eAccounting', limit: 'int32' },
  { name: 'CASH', limit: 'six-digits' },
  { name: 'Xero', limit: 'none' },
] as const satisfies ReadonlyArray<{ readonly name: string; readonly limit: NumberLimit }>

/** How the number comes out in each package: as it is, as its digits, or not at all. */
function Fits({ number }: { number: string }) {
  const t = useT()
  return (
    <ul className={styles.fits} aria-label={t('settings.series.fits')}>
      {packages.map(({ name, limit }) => {
        const fits = numberFits(number, limit)
        const digits = digitsOf(number)
        return (
          <li key={name}>
            <span>{name}</span>
            {fits ? (
              <State is="done">
                {limit === 'none' || digits === number
                  ? t('settings.series.fits.as', { number })
                  : t('settings.series.fits.digits', { digits })}
              </State>
            ) : (
              <State is="needs">
                {t(limit === 'six-digits' ? 'settings.series.fits.sixDigits' : 'settings.series.fits.int32')}
              </State>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface Values extends Record<string, unknown> {
  name: string
  pattern: string
  firstNumber: string
  isDefault: boolean
  isCreditDefault: boolean
}

const useRules = () => {
  const t = useT()
  return {
    name: (value: string) => (value.trim() ? null : t('settings.series.name.missing')),
    pattern: (value: string) => (value.trim() ? null : t('settings.series.pattern.missing')),
    firstNumber: (value: string) => (/^[1-9]\d{0,7}$/.test(value) ? null : t('settings.series.firstNumber.wrong')),
  }
}

function SeriesFields({
  form,
  locked,
  isDefault,
}: {
  form: ApiForm<Values>
  /** A number of this year is given. */
  locked: boolean
  /** Is the default already: another takes it, nobody gives it up. */
  isDefault: boolean
}) {
  const t = useT()
  const { pattern, firstNumber } = form.form.getValues()
  const example = exampleOf(pattern, firstNumber)
  return (
    <>
      <TextField label={t('settings.series.name')} data-autofocus {...form.field('name')} />
      <Fields>
        <TextField
          label={t('settings.series.pattern')}
          description={t('settings.series.patternText', { year: '{year}', yy: '{yy}', counter: '{0000}' })}
          readOnly={locked}
          {...form.field('pattern')}
        />
        <TextField
          label={t('settings.series.firstNumber')}
          description={t('settings.series.firstNumberText')}
          inputMode="numeric"
          readOnly={locked}
          {...form.field('firstNumber')}
        />
      </Fields>
      <div className={styles.example} aria-live="polite">
        <span className="muted">{t('settings.series.first')}</span>
        {example ? <Code>{example}</Code> : <span className="muted">{t('settings.series.noExample')}</span>}
      </div>
      {locked ? <StateLine is="wait">{t('settings.series.used')}</StateLine> : null}
      {example ? <Fits number={example} /> : null}
      <p className="small muted">{t('settings.series.digits', { pattern: '{yy}{0000}' })}</p>
      <CheckField label={t('settings.series.isDefault')} disabled={isDefault} {...form.check('isDefault')} />
      <CheckField label={t('settings.series.isCreditDefault')} {...form.check('isCreditDefault')} />
    </>
  )
}

function NewSeries({ onClose, changed }: { onClose: () => void; changed: () => Promise<unknown> }) {
  const t = useT()
  const form = useApiForm<Values>({
    initial: { name: '', pattern: '', firstNumber: '1', isDefault: false, isCreditDefault: false },
    validate: useRules(),
    save: ({ name, pattern, firstNumber, isDefault, isCreditDefault }) =>
      answer(
        api.POST('/series', {
          body: {
            name: name.trim(),
            pattern: pattern.trim(),
            firstNumber: Number(firstNumber),
            isDefault,
            isCreditDefault,
          },
        }),
      ),
    saved: async ({ name }) => {
      await changed()
      say(t('settings.series.made', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <Form form={form}>
      <SeriesFields form={form} locked={false} isDefault={false} />
      <FormFoot form={form} action={t('settings.series.make')} onCancel={onClose} />
    </Form>
  )
}

function EditSeries({
  series,
  onClose,
  changed,
}: {
  series: Series
  onClose: () => void
  changed: () => Promise<unknown>
}) {
  const t = useT()
  const change = (body: object, version: number) =>
    answer(api.PATCH('/series/{id}', { params: { path: { id: series.id } }, headers: ifMatch(version), body }))
  const yesNo = (value: unknown) => t(value ? 'settings.series.yes' : 'settings.series.no')
  const { form, tell } = useEditForm({
    thing: series,
    toValues: ({ name, pattern, firstNumber, isDefault, isCreditDefault }: Series): Values => ({
      name,
      pattern,
      firstNumber: String(firstNumber),
      isDefault,
      isCreditDefault,
    }),
    toBody: (values) => ({
      name: values.name.trim(),
      pattern: values.pattern.trim(),
      firstNumber: Number(values.firstNumber),
      isDefault: values.isDefault,
      isCreditDefault: values.isCreditDefault,
    }),
    validate: useRules(),
    labels: {
      name: t('settings.series.name'),
      pattern: t('settings.series.pattern'),
      firstNumber: t('settings.series.firstNumber'),
      isDefault: t('settings.series.default'),
      isCreditDefault: t('settings.series.creditDefault'),
    },
    show: (field, value) => (typeof value === 'boolean' ? yesNo(value) : String(value ?? field)),
    change,
    saved: async () => {
      await changed()
      say(t('settings.series.saved'))
      onClose()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <SeriesFields form={form} locked={series.used} isDefault={series.isDefault} />
      <FormFoot
        form={form}
        action={t('settings.series.save')}
        more={
          series.isDefault ? null : <ArchiveButton thing={series} change={change} changed={changed} close={onClose} />
        }
        onCancel={onClose}
      />
    </Form>
  )
}

function Row({ series, edit }: { series: Series; edit: () => void }) {
  const t = useT()
  return (
    <div className={styles.series}>
      <div>
        <span className={styles.seriesName}>
          <b>{series.name}</b>
          {series.isDefault ? <Pill is="done">{t('settings.series.default')}</Pill> : null}
          {series.isCreditDefault ? (
            <Pill is="wait" icon="undo">
              {t('settings.series.creditDefault')}
            </Pill>
          ) : null}
        </span>
        <span className="muted small">
          <T id="settings.series.next" values={{ number: series.next, pattern: series.pattern }} />
          {series.drafts > 0 ? ` · ${t('settings.series.drafts', { count: series.drafts })}` : ''}
        </span>
        {series.notes.map((note) => (
          <StateLine
            key={note.code}
            is={note.code === 'series-not-digits' ? 'progress' : 'needs'}
            icon={note.code === 'series-not-digits' ? 'info' : 'warning'}
          >
            {note.cause} {note.remedy}
          </StateLine>
        ))}
      </div>
      <Button icon="edit" aria-label={t('settings.series.edit.name', { name: series.name })} onClick={edit}>
        {t('settings.series.edit')}
      </Button>
    </div>
  )
}

/** Every series with its next number and what the package in use makes of it; those that were archived below. */
export function NumberSeries() {
  const t = useT()
  const client = useQueryClient()
  const [open, setOpen] = useState<string | null>(null)
  const query = useQuery(seriesQuery())
  const archived = useQuery(seriesQuery(true))
  const changed = () => client.invalidateQueries({ queryKey: ['series'] })
  const close = () => setOpen(null)
  const edited = [...(query.data?.rows ?? []), ...(archived.data?.rows ?? [])].find(({ id }) => id === open)
  return (
    <section className={styles.part} aria-labelledby="series">
      <div className={styles.partHead}>
        <div>
          <h2 id="series">{t('settings.series.title')}</h2>
          <p>{t('settings.series.text')}</p>
        </div>
        <Button icon="plus" onClick={() => setOpen('new')}>
          {t('settings.series.new')}
        </Button>
      </div>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={48} /> : null}
      {query.data?.rows.map((series) => (
        <Row key={series.id} series={series} edit={() => setOpen(series.id)} />
      ))}
      {archived.data && archived.data.rows.length > 0 ? (
        <details className={styles.archived}>
          <summary>{t('settings.series.archived', { count: archived.data.rows.length })}</summary>
          <div className={styles.part}>
            {archived.data.rows.map((series) => (
              <Row key={series.id} series={series} edit={() => setOpen(series.id)} />
            ))}
          </div>
        </details>
      ) : null}
      <Dialog
        open={open === 'new' || edited !== undefined}
        onClose={close}
        title={t(open === 'new' ? 'settings.series.newTitle' : 'settings.series.editTitle')}
        size={560}
      >
        {open === 'new' ? <NewSeries onClose={close} changed={changed} /> : null}
        {edited ? <EditSeries key={edited.id} series={edited} onClose={close} changed={changed} /> : null}
      </Dialog>
    </section>
  )
}
