import { minutesBetween, parseDuration } from '@uurwerk/core/time/duration.ts'
import { useRef } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Form } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import { useAllowed } from './allowed.ts'
import styles from './day.module.css'
import { useDurationWords } from './duration-words.ts'
import { typedSpan } from './typed-time.ts'
import type { HourEntry, RowHead } from './week-rows.ts'

/** One line that makes an entry: project, activity, `1:30` or `9-10:30`, a note. It stays for the next one. */
export function QuickAdd({
  date,
  memberId,
  own,
  head,
  saved,
}: {
  date: string
  memberId: string
  own: boolean
  /** Chosen already: the line begins at the time. */
  head: RowHead | null
  saved: (entry: HourEntry) => unknown
}) {
  const t = useT()
  const format = useFormat()
  const durationWords = useDurationWords()
  const line = useRef<HTMLDivElement>(null)
  const form = useApiForm({
    initial: { projectId: head?.projectId ?? '', activityId: head?.activityId ?? '', time: '', note: '' },
    paths: { minutes: 'time', startMinute: 'time', endMinute: 'time', date: 'time' },
    validate: {
      projectId: (value) => (value ? null : t('time.entry.project.missing')),
      activityId: (value) => (value ? null : t('time.entry.activity.missing')),
      time: (value) => {
        if (typedSpan(value)) return null
        const parsed = value.trim() ? parseDuration(value) : { problem: 'duration-not-understood' }
        if ('problem' in parsed) return durationWords(parsed.problem)
        return parsed.minutes > 0 ? null : t('time.duration.nothing')
      },
    },
    save: async ({ projectId, activityId, time, note }) => {
      const parsed = parseDuration(time)
      const span = typedSpan(time)
      const entry = await answer(
        api.POST('/hours', {
          body: {
            ...(own ? {} : { memberId }),
            date,
            projectId,
            activityId,
            ...(span ?? { minutes: 'minutes' in parsed ? parsed.minutes : 0 }),
            ...(note.trim() ? { note: note.trim() } : {}),
          },
        }),
      )
      saved(entry)
    },
    saved: () => {
      form.form.setValues({ time: '', note: '' })
      line.current?.querySelector<HTMLElement>('[name=time]')?.focus()
    },
  })
  const values = form.form.getValues()
  const allowed = useAllowed(memberId, values.projectId || null)
  const span = typedSpan(values.time)
  const parsed = span ? null : values.time.trim() ? parseDuration(values.time) : null
  const means = span
    ? minutesBetween(span.startMinute, span.endMinute)
    : parsed && 'minutes' in parsed
      ? parsed.minutes
      : null
  return (
    <Form form={form} className={styles.quickForm}>
      <div ref={line} className={styles.quick}>
        <Picker
          aria-label={t('time.entry.project')}
          placeholder={t('time.row.project')}
          searchKey={`time-projects-${memberId}`}
          search={allowed.searchProjects}
          chosen={
            allowed.project
              ? { value: allowed.project.id, label: allowed.project.name }
              : head
                ? { value: head.projectId, label: head.projectName }
                : null
          }
          {...form.field('projectId')}
        />
        <Picker
          aria-label={t('time.entry.activity')}
          placeholder={t('time.row.activity')}
          options={
            values.projectId && allowed.ready
              ? allowed.activities
              : head
                ? [{ value: head.activityId, label: head.activityName }]
                : []
          }
          {...form.field('activityId')}
        />
        <TextField
          aria-label={t('time.entry.duration')}
          placeholder={t('time.day.ways')}
          autoFocus={head !== null}
          rightSection={means === null ? null : <span className={`${styles.means} fig`}>{format.hours(means)}</span>}
          {...form.field('time')}
        />
        <TextField
          aria-label={t('time.entry.note')}
          placeholder={t('time.entry.note')}
          maxLength={1000}
          {...form.field('note')}
        />
        <Button type="submit" icon="plus" busy={form.saving}>
          {t('time.phone.add')}
        </Button>
      </div>
    </Form>
  )
}
