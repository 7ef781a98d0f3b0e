import { minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { Button } from '../../../parts/Button.tsx'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import { clockText } from '../typed-time.ts'
import styles from './run-card.module.css'
import { Elapsed, useTimerWords } from './TimerChip.tsx'
import { openTimer, useTimer } from './use-timer.ts'

/** The timer on the page of a day: large, with what can be said about it. */
export function RunCard() {
  const t = useT()
  const words = useTimerWords()
  const { running, waiting, known, start, stop } = useTimer()
  if (!known) return null
  return (
    <>
      {waiting.map((timer) => (
        <button key={timer.id} type="button" className={styles.waits} onClick={() => openTimer(timer.id)}>
          <Icon name="warning" />
          <span>
            <b>{t('time.timer.waits')}</b> {words(timer)}
          </span>
          <Icon name="next" size={14} />
        </button>
      ))}
      {running ? (
        <section className={styles.card} aria-label={t('time.timer.title')}>
          <p className={styles.big}>
            <Elapsed timer={running} />
          </p>
          <p className={styles.on}>
            {running.activityName ? (
              <>
                <b>{running.activityName}</b> · {running.projectName}
              </>
            ) : (
              words(running)
            )}
          </p>
          <button type="button" className={styles.stop} aria-label={t('time.timer.stop')} onClick={stop}>
            <Icon name="stop" size={22} />
          </button>
          <div className={styles.edit}>
            <Button kind="quiet" icon="clock" onClick={() => openTimer(running.id)}>
              {t('time.timer.since', {
                time: clockText(minuteOfDayIn(running.zone, new Date(running.startedAt))),
              })}
            </Button>
            <Button kind="quiet" icon="note" onClick={() => openTimer(running.id)}>
              {running.note ? t('time.timer.change') : t('time.timer.addNote')}
            </Button>
          </div>
        </section>
      ) : (
        <div className={styles.start}>
          <Button icon="play" wide size="lg" onClick={() => start({ projectId: null, activityId: null })}>
            {t('time.timer.start')}
          </Button>
        </div>
      )}
    </>
  )
}
