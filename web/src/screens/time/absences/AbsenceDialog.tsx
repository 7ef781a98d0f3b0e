import { useQuery, useQueryClient } from '@tanstack/react-query'
import { parseDuration } from '@uurwerk/core/time/duration.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../../api.ts'
import { useFormat } from '../../../format.ts'
import { Button } from '../../../parts/Button.tsx'
import { DateField } from '../../../parts/DateField.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNotice, ErrorState, Skeleton } from '../../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../../parts/Form.tsx'
import { SelectField, TextField } from '../../../parts/fields.tsx'
import { Facts } from '../../../parts/Notice.tsx'
import { Segments } from '../../../parts/Segments.tsx'
import { StateLine } from '../../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../../parts/Toasts.tsx'
import { useApiForm } from '../../../parts/use-api-form.ts'
import { hasStatus, isApiProblem } from '../../../problem.ts'
import { useT } from '../../../words/words.tsx'
import { useDurationWords } from '../duration-words.ts'
import { StaleNotice } from '../StaleNotice.tsx'
import { hoursChanged } from '../use-week.ts'
import { type Absence, absenceKindsQuery } from './absence-queries.ts'

interface Given {
  /** Null: a new one. */
  readonly absence: Absence | null
  readonly date: string
  readonly memberId: string
  readonly own: boolean
  readonly mayWrite: boolean
  readonly close: () => void
}

/** Leave, sickness and the like: a day, or every working day of a period. */
export function AbsenceDialog(given: Given) {
  const t = useT()
  const kinds = useQuery(absenceKindsQuery)
  const { absence, mayWrite, close } = given
  const fixed = absence !== null && (absence.locked || !mayWrite || absence.kindId === null)
  return (
    <Dialog open onClose={close} title={absence ? absence.kindName : t('time.absence.add')}>
      {fixed ? (
        <AbsenceFacts absence={absence} />
      ) : kinds.data ? (
        <AbsenceForm {...given} kinds={kinds.data.rows} />
      ) : kinds.isError ? (
        <ErrorState error={kinds.error} retry={kinds.refetch} busy={kinds.isFetching} />
      ) : (
        <div role="status" aria-busy="true" style={{ display: 'grid', gap: 14 }}>
          <span className="only-spoken">{t('parts.loading')}</span>
          <Skeleton height={32} />
          <Skeleton height={32} />
        </div>
      )}
    </Dialog>
  )
}

function AbsenceFacts({ absence }: { absence: Absence }) {
  const t = useT()
  const format = useFormat()
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {absence.locked ? (
        <StateLine is="wait" icon="lock">
          {t('time.absence.locked')}
        </StateLine>
      ) : null}
      <Facts
        rows={[
          [t('time.absence.kind'), absence.kindName],
          [t('time.entry.date'), format.date(absence.date, 'day')],
          [t('time.entry.duration'), format.hours(absence.minutes)],
          [t('time.entry.note'), absence.note || t('time.entry.noNote')],
        ]}
      />
    </div>
  )
}

function AbsenceForm({
  absence,
  date,
  memberId,
  own,
  close,
  kinds,
}: Given & { kinds: ReadonlyArray<{ readonly id: string; readonly name: string }> }) {
  const t = useT()
  const format = useFormat()
  const durationWords = useDurationWords()
  const client = useQueryClient()
  const version = useRef(absence?.version ?? 1)
  const form = useApiForm({
    initial: {
      kindId: absence?.kindId ?? kinds[0]?.id ?? '',
      from: absence?.date ?? date,
      until: '',
      whole: absence ? 'part' : ('whole' as 'whole' | 'part'),
      duration: absence ? format.hours(absence.minutes) : '',
      note: absence?.note ?? '',
    },
    paths: { minutes: 'duration', date: 'from' },
    validate: {
      kindId: (value) => (value ? null : t('time.absence.kind.missing')),
      from: (value) => (value ? null : t('time.entry.date.missing')),
      until: (value, all) => (value && value < all.from ? t('time.absence.until.wrong') : null),
      duration: (value, all) => {
        if (all.whole === 'whole') return null
        const parsed = value.trim() ? parseDuration(value) : { problem: 'duration-not-understood' }
        if ('problem' in parsed) return durationWords(parsed.problem)
        return parsed.minutes > 0 ? null : t('time.duration.nothing')
      },
    },
    save: async (values) => {
      const parsed = parseDuration(values.duration)
      const minutes = values.whole === 'part' && 'minutes' in parsed ? { minutes: parsed.minutes } : {}
      const note = values.note.trim()
      if (absence) {
        await answer(
          api.PATCH('/absences/{id}', {
            params: { path: { id: absence.id } },
            headers: ifMatch(version.current),
            body: { kindId: values.kindId, date: values.from, ...minutes, note },
          }),
        )
      } else {
        const { created, leftOut, warnings } = await answer(
          api.POST('/absences', {
            body: {
              ...(own ? {} : { memberId }),
              kindId: values.kindId,
              from: values.from,
              ...(values.until ? { until: values.until } : {}),
              ...minutes,
              ...(note ? { note } : {}),
            },
          }),
        )
        const told = [
          t('time.absence.created', { count: created.length }),
          ...leftOut.map(({ date, why, holiday }) => {
            const day = format.date(date, 'day')
            if (why === 'holiday') return t('time.absence.leftOut.holiday', { day, holiday: holiday ?? '' })
            if (why === 'day-off') return t('time.absence.leftOut.dayOff', { day })
            if (why === 'not-employed') return t('time.absence.leftOut.notEmployed', { day })
            return t('time.absence.leftOut.already', { day })
          }),
          ...warnings.map((warning) =>
            t('time.absence.over', { day: format.date(warning.date, 'day'), hours: format.hours(warning.minutes) }),
          ),
        ]
        // A long period has many days off; the first few say enough.
        const shown = told.slice(0, 5)
        const text = [...shown, ...(told.length > 5 ? [t('time.absence.more', { count: told.length - 5 })] : [])].join(
          ' ',
        )
        if (created.length === 0) say(text)
        else
          sayUndo(text, async () => {
            for (const one of created)
              await answer(
                api.DELETE('/absences/{id}', { params: { path: { id: one.id } }, headers: ifMatch(one.version) }),
              )
            await hoursChanged(client)
          })
      }
      await hoursChanged(client)
    },
    saved: close,
  })
  const values = form.form.getValues()
  const remove = async (gone: Absence) => {
    close()
    try {
      await answer(api.DELETE('/absences/{id}', { params: { path: { id: gone.id } }, headers: ifMatch(gone.version) }))
      await hoursChanged(client)
      sayUndo(t('time.absence.deleted', { kind: gone.kindName }), async () => {
        await answer(api.POST('/absences/{id}/restoration', { params: { path: { id: gone.id } } }))
        await hoursChanged(client)
      })
    } catch (error) {
      sayProblem(error)
      await hoursChanged(client)
    }
  }
  const theirs =
    hasStatus(form.problem, 409) && isApiProblem(form.problem)
      ? (form.problem.problem.current as Absence | undefined)
      : undefined

  return (
    <Form
      form={form}
      tell={(problem) =>
        theirs?.version ? (
          <StaleNotice
            useOurs={() => {
              version.current = theirs.version
              form.save()
            }}
          >
            <p>
              {[theirs.kindName, format.date(theirs.date, 'day'), format.hours(theirs.minutes), theirs.note]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </StaleNotice>
        ) : (
          <ErrorNotice error={problem} />
        )
      }
    >
      <SelectField
        label={t('time.absence.kind')}
        data={kinds.map(({ id, name }) => ({ value: id, label: name }))}
        data-autofocus
        {...form.field('kindId')}
      />
      <Fields columns={2}>
        <DateField label={absence ? t('time.entry.date') : t('time.absence.from')} {...form.field('from')} />
        {absence ? null : (
          <DateField
            label={t('time.absence.until')}
            description={t('time.absence.untilHow')}
            {...form.field('until')}
          />
        )}
      </Fields>
      {absence ? null : (
        <div className="row">
          <Segments
            name={t('time.absence.howMuch')}
            value={values.whole}
            options={[
              { value: 'whole', label: t('time.absence.whole') },
              { value: 'part', label: t('time.absence.part') },
            ]}
            onChange={(whole) => form.form.setFieldValue('whole', whole)}
          />
        </div>
      )}
      {values.whole === 'part' ? (
        <TextField
          label={absence ? t('time.entry.duration') : t('time.absence.perDay')}
          description={t('time.entry.duration.ways')}
          {...form.field('duration')}
        />
      ) : (
        <p className="muted small">{t('time.absence.wholeHow')}</p>
      )}
      <TextField label={t('time.entry.note')} maxLength={500} {...form.field('note')} />
      <FormFoot
        form={form}
        action={absence ? t('time.entry.save') : t('time.absence.add')}
        onCancel={close}
        more={
          absence ? (
            <Button kind="quiet" icon="trash" onClick={() => remove(absence)}>
              {t('time.entry.delete')}
            </Button>
          ) : null
        }
      />
    </Form>
  )
}
