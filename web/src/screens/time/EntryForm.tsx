import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { minutesBetween, parseDuration } from '@uurwerk/core/time/duration.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextAreaField, TextField } from '../../parts/fields.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { hasStatus, isApiProblem } from '../../problem.ts'
import { useT } from '../../words/words.tsx'
import { useAllowed } from './allowed.ts'
import { useDurationWords } from './duration-words.ts'
import { useLockReason } from './lock-words.ts'
import { StaleNotice } from './StaleNotice.tsx'
import styles from './time.module.css'
import { clockText, typedBreak, typedTime } from './typed-time.ts'
import type { HourEntry, RowHead } from './week-rows.ts'

interface EntryFormProps {
  /** Absent: a new entry. Give the component a `key` when it changes. */
  readonly entry: HourEntry | null
  readonly memberId: string
  readonly own: boolean
  readonly date: string
  readonly head?: RowHead | null
  /** Of a new entry: the times it was drawn at. */
  readonly times?: { readonly startMinute: number | null; readonly endMinute: number | null } | undefined
  readonly focus?: 'duration' | 'note' | 'project'
  readonly mayWrite: boolean
  readonly saved: (entry: HourEntry, before: HourEntry | null) => unknown
  readonly remove?: ((entry: HourEntry) => unknown) | undefined
  readonly close: () => void
}

const clockOrNothing = (minute: number | null) => (minute === null ? '' : clockText(minute))

/** Date, project, activity, time and note of one entry; new or changed. */
export function EntryForm({
  entry,
  memberId,
  own,
  date,
  head,
  times,
  focus,
  mayWrite,
  saved,
  remove,
  close,
}: EntryFormProps) {
  const t = useT()
  const format = useFormat()
  const durationWords = useDurationWords()
  const lockReason = useLockReason()
  const version = useRef(entry?.version ?? 1)
  const fixed = entry?.locked || !mayWrite
  const start = entry ?? head ?? null

  const form = useApiForm({
    initial: {
      projectId: start?.projectId ?? '',
      activityId: start?.activityId ?? '',
      date,
      duration: entry ? format.hours(entry.minutes) : '',
      from: clockOrNothing((entry ?? times)?.startMinute ?? null),
      until: clockOrNothing((entry ?? times)?.endMinute ?? null),
      breakText: entry?.breakMinutes ? format.hours(entry.breakMinutes) : '',
      note: entry?.note ?? '',
      billable: entry?.billable ?? true,
    },
    paths: { minutes: 'duration', startMinute: 'from', endMinute: 'until', breakMinutes: 'breakText' },
    validate: {
      projectId: (value) => (value ? null : t('time.entry.project.missing')),
      activityId: (value) => (value ? null : t('time.entry.activity.missing')),
      date: (value) => (value ? null : t('time.entry.date.missing')),
      duration: (value, all) => {
        if (all.from || all.until) return null
        const parsed = value.trim() ? parseDuration(value) : { problem: 'duration-not-understood' }
        if ('problem' in parsed) return durationWords(parsed.problem)
        return parsed.minutes > 0 ? null : t('time.duration.nothing')
      },
      from: (value, all) => timeProblem(value, all.until),
      until: (value, all) => timeProblem(value, all.from),
      breakText: (value) => (typedBreak(value) === null ? t('time.entry.break.wrong') : null),
    },
    save: async (values) => {
      const parsed = parseDuration(values.duration)
      const time =
        values.from || values.until
          ? {
              startMinute: typedTime(values.from),
              endMinute: typedTime(values.until),
              breakMinutes: typedBreak(values.breakText) ?? 0,
            }
          : { minutes: 'minutes' in parsed ? parsed.minutes : 0 }
      const body = {
        date: values.date,
        projectId: values.projectId,
        activityId: values.activityId,
        note: values.note.trim(),
        ...time,
      }
      const answered = entry
        ? await answer(
            api.PATCH('/hours/{id}', {
              params: { path: { id: entry.id } },
              headers: ifMatch(version.current),
              body: { ...body, billable: values.billable },
            }),
          )
        : await answer(api.POST('/hours', { body: { ...body, ...(own ? {} : { memberId }) } }))
      saved(answered, entry)
    },
    saved: close,
  })
  const timeProblem = (value: string, other: string) => {
    if (!value) return other ? t('time.entry.time.both') : null
    return typedTime(value) === null ? t('time.entry.time.wrong') : null
  }

  const values = form.form.getValues()
  const allowed = useAllowed(memberId, values.projectId || null)
  const [from, until, pause] = [typedTime(values.from), typedTime(values.until), typedBreak(values.breakText)]
  const between = from === null || until === null || pause === null ? null : minutesBetween(from, until, pause)
  const clocked = Boolean(values.from || values.until)
  const parsed = values.duration.trim() ? parseDuration(values.duration) : null
  const theirs =
    hasStatus(form.problem, 409) && isApiProblem(form.problem) ? (form.problem.problem.current as HourEntry) : null

  if (entry && fixed) return <EntryFacts entry={entry} reason={entry.locked ? lockReason(entry) : null} />

  return (
    <Form form={form}>
      {theirs?.version ? (
        <StaleNotice
          keepTheirs={() => {
            saved(theirs, theirs)
            close()
          }}
          useOurs={() => {
            version.current = theirs.version
            form.save()
          }}
        >
          <Facts
            rows={[
              [t('time.stale.theirs'), `${format.hours(theirs.minutes)} · ${theirs.note || t('time.entry.noNote')}`],
              [
                t('time.stale.yours'),
                `${clocked ? clockRange(values) : values.duration} · ${values.note || t('time.entry.noNote')}`,
              ],
            ]}
          />
        </StaleNotice>
      ) : null}
      <Fields columns={2}>
        <Picker
          label={t('time.entry.project')}
          searchKey={`time-projects-${memberId}`}
          search={allowed.searchProjects}
          chosen={
            allowed.project
              ? {
                  value: allowed.project.id,
                  label: allowed.project.name,
                  ...(allowed.project.customerName ? { hint: allowed.project.customerName } : {}),
                }
              : start
                ? { value: start.projectId, label: start.projectName }
                : null
          }
          data-autofocus={focus === 'project' || undefined}
          {...form.field('projectId')}
        />
        <Picker
          label={t('time.entry.activity')}
          options={
            allowed.ready || !start
              ? values.projectId
                ? allowed.activities
                : []
              : [{ value: start.activityId, label: start.activityName }]
          }
          placeholder={values.projectId ? undefined : t('time.entry.activity.first')}
          {...form.field('activityId')}
        />
      </Fields>
      <div className={styles.pair}>
        <TextField
          label={t('time.entry.duration')}
          inputMode="text"
          description={
            !clocked && parsed && 'minutes' in parsed && format.hours(parsed.minutes) !== values.duration.trim()
              ? t('time.entry.duration.means', { hours: format.hours(parsed.minutes) })
              : t('time.entry.duration.ways')
          }
          data-autofocus={focus === 'duration' || undefined}
          {...form.field('duration')}
          {...(clocked ? { value: between === null ? '' : format.hours(between), readOnly: true } : {})}
        />
        <DateField label={t('time.entry.date')} {...form.field('date')} />
      </div>
      <div className={styles.times}>
        <TextField label={t('time.entry.from')} placeholder="09:00" {...form.field('from')} />
        <TextField label={t('time.entry.until')} placeholder="10:30" {...form.field('until')} />
        <TextField label={t('time.entry.break')} placeholder="30" disabled={!clocked} {...form.field('breakText')} />
      </div>
      <TextAreaField
        label={t('time.entry.note')}
        minRows={2}
        maxLength={1000}
        data-autofocus={focus === 'note' || undefined}
        {...form.field('note')}
      />
      {entry ? <CheckField label={t('time.entry.billable')} {...form.check('billable')} /> : null}
      {entry?.rejectedReason ? (
        <StateLine is="refused">{t('time.entry.rejected', { reason: entry.rejectedReason })}</StateLine>
      ) : null}
      <FormFoot
        form={form}
        action={t('time.entry.save')}
        onCancel={close}
        more={
          entry && remove ? (
            <Button kind="quiet" icon="trash" onClick={() => remove(entry)}>
              {t('time.entry.delete')}
            </Button>
          ) : null
        }
      />
    </Form>
  )
}

const clockRange = (values: { readonly from: string; readonly until: string }) => `${values.from}–${values.until}`

/** What cannot be changed is still shown, with the reason. */
function EntryFacts({ entry, reason }: { entry: HourEntry; reason: string | null }) {
  const t = useT()
  const format = useFormat()
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {reason ? (
        <StateLine is="wait" icon="lock">
          {reason}
        </StateLine>
      ) : null}
      <Facts
        rows={[
          [t('time.entry.project'), [entry.projectName, entry.customerName].filter(Boolean).join(', ')],
          [t('time.entry.activity'), entry.activityName],
          [t('time.entry.date'), format.date(entry.date as CalendarDate, 'day')],
          [
            t('time.entry.duration'),
            [
              format.hours(entry.minutes),
              entry.startMinute === null || entry.endMinute === null
                ? null
                : `${clockText(entry.startMinute)}–${clockText(entry.endMinute)}`,
            ]
              .filter(Boolean)
              .join(' · '),
          ],
          [t('time.entry.note'), entry.note || t('time.entry.noNote')],
          [t('time.entry.billable'), entry.billable ? t('time.entry.yes') : t('time.entry.no')],
        ]}
      />
    </div>
  )
}
