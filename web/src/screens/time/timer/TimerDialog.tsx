import { minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../../api.ts'
import { useFormat } from '../../../format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNotice } from '../../../parts/Empty.tsx'
import { Fields, Form } from '../../../parts/Form.tsx'
import { TextAreaField, TextField } from '../../../parts/fields.tsx'
import formStyles from '../../../parts/form.module.css'
import { Notice } from '../../../parts/Notice.tsx'
import { Picker } from '../../../parts/Picker.tsx'
import { useApiForm } from '../../../parts/use-api-form.ts'
import { hasStatus, isApiProblem } from '../../../problem.ts'
import { useFirm } from '../../../session.ts'
import { useT } from '../../../words/words.tsx'
import { useAllowed } from '../allowed.ts'
import { StaleNotice } from '../StaleNotice.tsx'
import { clockText, typedTime } from '../typed-time.ts'
import { endTyped, startTyped } from './moments.ts'
import { Elapsed } from './TimerChip.tsx'
import styles from './timer.module.css'
import { type Timer, useServerNow, useTimer } from './use-timer.ts'

/**
 * What runs, or what was stopped and waits: project, activity, note and times. What was typed is saved before it stops,
 * and a timer whose hours cannot be written yet goes on waiting with all of it.
 */
export function TimerDialog({ timer, close }: { timer: Timer; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const { memberId } = useFirm()
  const { tell, discard, looked } = useTimer()
  const now = useServerNow(10_000)
  const version = useRef(timer.version)
  const { zone } = timer
  const waits = timer.state === 'waiting'
  /** Its end is asked: it waits, or ran for so long that it was perhaps forgotten. */
  const ends = waits || timer.long
  const stopping = useRef(ends)
  const clockAt = (instant: string | null) => (instant ? clockText(minuteOfDayIn(zone, new Date(instant))) : '')

  const form = useApiForm({
    initial: {
      projectId: timer.projectId ?? '',
      activityId: timer.activityId ?? '',
      note: timer.note,
      startedAt: clockAt(timer.startedAt),
      stoppedAt: clockAt(timer.stoppedAt),
    },
    validate: {
      startedAt: (value) => (typedTime(value) === null ? t('time.entry.time.wrong') : null),
      stoppedAt: (value) => {
        if (!ends || !stopping.current || value === '') return null
        return typedTime(value) === null ? t('time.entry.time.wrong') : null
      },
      projectId: (value) => (stopping.current && !value ? t('time.entry.project.missing') : null),
      activityId: (value) => (stopping.current && !value ? t('time.entry.activity.missing') : null),
    },
    save: async (values) => {
      const begun = startTyped(zone, typedTime(values.startedAt) ?? 0, new Date(now), new Date(timer.startedAt))
      const till = typedTime(values.stoppedAt)
      const ended =
        ends && till !== null && values.stoppedAt !== clockAt(timer.stoppedAt) ? endTyped(zone, till, begun) : null
      const id = waits ? { id: timer.id } : {}
      const changed = await answer(
        api.PATCH('/timer', {
          headers: ifMatch(version.current),
          body: {
            ...id,
            projectId: values.projectId || null,
            activityId: values.activityId || null,
            note: values.note.trim(),
            ...(begun.getTime() === Date.parse(timer.startedAt) ? {} : { startedAt: begun.toISOString() }),
            ...(waits && ended ? { stoppedAt: ended.toISOString() } : {}),
          },
        }),
      )
      version.current = changed.version
      if (!stopping.current) {
        await looked()
        return
      }
      const result = await answer(
        api.POST('/timer/stop', { body: { ...id, ...(ended ? { stoppedAt: ended.toISOString() } : {}) } }),
      )
      if (result.waiting) version.current = result.waiting.version
      await tell(result)
    },
    saved: close,
  })
  const values = form.form.getValues()
  const allowed = useAllowed(memberId, values.projectId || null)
  const theirs =
    hasStatus(form.problem, 409) && isApiProblem(form.problem)
      ? (form.problem.problem.current as Timer | undefined)
      : undefined
  // What is missing is named; the words for a whole request would only say that something is.
  const amiss = { '/projectId': t('time.entry.project.missing'), '/activityId': t('time.entry.activity.missing') }
  const fieldsAmiss = timer.problem?.errors
    ?.map(({ pointer, code, message }) => (code === 'required' && amiss[pointer as keyof typeof amiss]) || message)
    .join(' ')
  const [day, started] = [format.moment(timer.startedAt), clockAt(timer.startedAt)]

  return (
    <Dialog open onClose={close} title={waits ? t('time.timer.waitsTitle') : t('time.timer.title')} size={520}>
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
                {[theirs.activityName, theirs.projectName, theirs.note, clockAt(theirs.startedAt)]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </StaleNotice>
          ) : (
            <ErrorNotice error={problem} />
          )
        }
      >
        {waits ? (
          <Notice is="needs" title={(fieldsAmiss ? null : timer.problem?.cause) ?? t('time.timer.waitsText')}>
            <p>{fieldsAmiss || timer.problem?.remedy}</p>
          </Notice>
        ) : timer.long ? (
          <Notice is="needs" title={t('time.timer.long', { moment: day })}>
            <p>{t('time.timer.longText')}</p>
          </Notice>
        ) : (
          <p className={styles.big}>
            <Elapsed timer={timer} />
            <span className="muted">{t('time.timer.since', { time: started })}</span>
          </p>
        )}
        <Fields columns={2}>
          <Picker
            label={t('time.entry.project')}
            searchKey={`time-projects-${memberId}`}
            search={allowed.searchProjects}
            chosen={timer.projectId && timer.projectName ? { value: timer.projectId, label: timer.projectName } : null}
            clearable
            data-autofocus={timer.projectId === null || undefined}
            {...form.field('projectId')}
          />
          <Picker
            label={t('time.entry.activity')}
            options={
              values.projectId && allowed.ready
                ? allowed.activities
                : timer.activityId && timer.activityName
                  ? [{ value: timer.activityId, label: timer.activityName }]
                  : []
            }
            placeholder={values.projectId ? undefined : t('time.entry.activity.first')}
            {...form.field('activityId')}
          />
        </Fields>
        <Fields columns={2}>
          <TextField
            label={t('time.timer.startedAt')}
            description={t('time.timer.clock')}
            {...form.field('startedAt')}
          />
          {ends ? (
            <TextField
              label={t('time.timer.stoppedAt')}
              description={t('time.timer.clock')}
              data-autofocus={timer.projectId !== null || undefined}
              {...form.field('stoppedAt')}
            />
          ) : null}
        </Fields>
        <TextAreaField label={t('time.entry.note')} minRows={2} maxLength={1000} {...form.field('note')} />
        <div className={formStyles.foot}>
          <Button kind="quiet" icon="trash" onClick={() => discard(timer)}>
            {t('time.timer.discard')}
          </Button>
          <span className="grow" />
          {ends ? null : (
            <Button
              icon="stop"
              busy={form.saving && stopping.current}
              onClick={() => {
                stopping.current = true
                form.save()
              }}
            >
              {t('time.timer.stop')}
            </Button>
          )}
          <Button
            kind="primary"
            keys="mod+Enter"
            type="submit"
            busy={form.saving && (ends || !stopping.current)}
            onClick={() => {
              stopping.current = ends
            }}
          >
            {waits ? t('time.timer.write') : ends ? t('time.timer.stop') : t('time.entry.save')}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
