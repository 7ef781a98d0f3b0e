import { useQuery, useQueryClient } from '@tanstack/react-query'
import { formatNumber, parseSeries } from '@uurwerk/core/invoicing/number-series.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Code } from '../../parts/Small.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useMay } from '../../session.ts'
import { T, useT } from '../../words/words.tsx'
import styles from './settings.module.css'

const readSeries = (signal?: AbortSignal) => answer(api.GET('/series', { ...(signal ? { signal } : {}) }))
type Series = Awaited<ReturnType<typeof readSeries>>['rows'][number]

/** The number the pattern makes, or null while the pattern or the first number is not right. */
function exampleOf(pattern: string, firstNumber: string): string | null {
  if (!/^[1-9]\d{0,7}$/.test(firstNumber) || 'problem' in parseSeries(pattern)) return null
  return formatNumber(pattern, { date: today(), counter: Number(firstNumber) })
}

function EditSeries({ series, onClose }: { series: Series; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: series,
    toValues: ({ name, pattern, firstNumber }: Series) => ({ name, pattern, firstNumber: String(firstNumber) }),
    toBody: (values) => ({
      name: values.name.trim(),
      pattern: values.pattern.trim(),
      firstNumber: Number(values.firstNumber),
    }),
    validate: {
      firstNumber: (value: string) => (/^[1-9]\d{0,7}$/.test(value) ? null : t('settings.series.firstNumber.wrong')),
    },
    labels: {
      name: t('settings.series.name'),
      pattern: t('settings.series.pattern'),
      firstNumber: t('settings.series.firstNumber'),
    },
    change: async (body, version) => {
      await answer(api.PATCH('/series/{id}', { params: { path: { id: series.id } }, headers: ifMatch(version), body }))
      return (await readSeries()).rows.find(({ id }) => id === series.id) ?? series
    },
    saved: async () => {
      await client.invalidateQueries({ queryKey: ['series'] })
      say(t('settings.series.saved'))
      onClose()
    },
  })
  const values = form.form.getValues()
  const example = exampleOf(values.pattern, values.firstNumber)
  const locked = series.used
  return (
    <Form form={form} tell={tell}>
      <TextField label={t('settings.series.name')} {...form.field('name')} data-autofocus />
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
      <p className={styles.example} aria-live="polite">
        <span className="muted">{t('settings.series.first')}</span>
        {example ? <Code>{example}</Code> : <span className="muted">{t('settings.series.noExample')}</span>}
      </p>
      {locked ? <StateLine is="wait">{t('settings.series.used')}</StateLine> : null}
      {example && !/^\d+$/.test(example) && !locked ? (
        <StateLine is="progress" icon="info">
          {t('settings.series.digits', { pattern: '{yy}{0000}' })}
        </StateLine>
      ) : null}
      <FormFoot form={form} action={t('settings.series.save')} onCancel={onClose} />
    </Form>
  )
}

export function NumberSeries() {
  const t = useT()
  const may = useMay()
  const [editing, setEditing] = useState<Series | null>(null)
  const query = useQuery({ queryKey: ['series'], queryFn: ({ signal }) => readSeries(signal) })
  return (
    <section className={styles.after}>
      <div>
        <h2>{t('settings.series.title')}</h2>
        <p>{t('settings.series.text')}</p>
      </div>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={48} /> : null}
      {query.data?.rows.map((series) => (
        <div key={series.id} className={styles.series}>
          <div>
            <b>{series.name}</b>
            <span className="muted small">
              <T id="settings.series.next" values={{ number: series.next, pattern: series.pattern }} />
            </span>
            {series.notes.map((note) => (
              <StateLine key={note.code} is="needs">
                {note.cause} {note.remedy}
              </StateLine>
            ))}
          </div>
          {may('firm:write') ? (
            <Button icon="edit" onClick={() => setEditing(series)}>
              {t('settings.series.edit')}
            </Button>
          ) : null}
        </div>
      ))}
      <Dialog
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={t('settings.series.editTitle')}
        size={560}
      >
        {editing ? <EditSeries series={editing} onClose={() => setEditing(null)} /> : null}
      </Dialog>
    </section>
  )
}
