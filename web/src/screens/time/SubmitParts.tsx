import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Pill } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import styles from './time.module.css'
import type { Submission } from './use-submission.ts'
import type { HourEntry } from './week-rows.ts'

/** Beside the title: where the week is. */
export function WeekState({ submission }: { submission: Submission }) {
  const t = useT()
  const format = useFormat()
  if (submission.rejected.length > 0) return <Pill is="refused">{t('time.state.rejected')}</Pill>
  if (submission.allApproved)
    return (
      <Pill is="done" icon="lock">
        {t('time.state.approved')}
      </Pill>
    )
  if (submission.submittedAt)
    return <Pill is="progress">{t('time.submit.since', { moment: format.moment(submission.submittedAt) })}</Pill>
  return null
}

export function SubmitButton({ submission, week, wide }: { submission: Submission; week: number; wide?: boolean }) {
  const t = useT()
  const { submittedAt, again, allApproved, busy } = submission
  if (allApproved) return null
  if (submittedAt && !again)
    return (
      <Button icon="undo" wide={wide} busy={busy} onClick={submission.withdraw}>
        {t('time.submit.withdraw')}
      </Button>
    )
  return (
    <Button kind="primary" keys="mod+Enter" wide={wide} busy={busy} onClick={submission.submit}>
      {again ? t('time.submit.again', { week }) : t('time.submit.week', { week })}
    </Button>
  )
}

/** What came back, with the reason, and what was left out when the week was submitted. */
export function SubmissionLines({
  submission,
  mayWrite,
  open,
}: {
  submission: Submission
  mayWrite: boolean
  open: (entry: HourEntry) => void
}) {
  const t = useT()
  const format = useFormat()
  const { rejected, leftOut } = submission
  if (rejected.length === 0 && leftOut.length === 0) return null
  const shown = rejected.slice(0, 4)
  return (
    <div className={styles.troubles}>
      {shown.map((entry) => (
        <div key={entry.id} className={`${styles.line} ${styles.refused}`}>
          <Icon name="cross" size={14} />
          <span>
            <b>{format.date(entry.date, 'day')}:</b> {entry.projectName}, {entry.activityName}{' '}
            <span className="fig">{format.hours(entry.minutes)}</span>.{' '}
            {entry.rejectedReason
              ? t('time.entry.rejected', { reason: entry.rejectedReason })
              : t('time.state.rejected')}
          </span>
          {mayWrite ? (
            <Button kind="link" size="sm" onClick={() => open(entry)}>
              {t('time.submit.change')}
            </Button>
          ) : null}
        </div>
      ))}
      {rejected.length > shown.length ? (
        <p className="small muted">{t('time.submit.more', { count: rejected.length - shown.length })}</p>
      ) : null}
      {leftOut.map(({ id, label, problem }) => (
        <div key={id} className={styles.line} role="alert">
          <Icon name="warning" size={14} />
          <span>
            <b>{label}:</b> {[problem.cause, problem.remedy].filter(Boolean).join(' ')}
          </span>
          <Button kind="link" size="sm" onClick={submission.forget}>
            {t('parts.close')}
          </Button>
        </div>
      ))}
    </div>
  )
}
