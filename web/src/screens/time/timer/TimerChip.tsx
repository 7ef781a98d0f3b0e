import { useFormat } from '../../../format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import styles from './timer.module.css'
import { openTimer, type Timer, useElapsed, useTimer } from './use-timer.ts'

/** The time a timer has counted; only this is drawn every second. */
export function Elapsed({ timer }: { timer: Timer }) {
  const format = useFormat()
  const { minutes, seconds } = useElapsed(timer)
  return (
    <span className={`${styles.elapsed} fig`} role="timer">
      {format.hours(minutes)}
      <small>:{String(seconds).padStart(2, '0')}</small>
    </span>
  )
}

/** What a timer is on, or that this is still to be said. */
export function useTimerWords() {
  const t = useT()
  return (timer: Timer): string =>
    [timer.activityName, timer.projectName].filter(Boolean).join(' · ') || t('time.timer.nothing')
}

/** In the head of My hours: what runs, with its button, or the button that starts one. */
export function TimerChip() {
  const t = useT()
  const words = useTimerWords()
  const { running, waiting, known, start, stop } = useTimer()
  if (!known) return null
  return (
    <>
      {waiting.map((timer) => (
        <Button key={timer.id} icon="warning" className={styles.waits} onClick={() => openTimer(timer.id)}>
          {t('time.timer.waits')}
        </Button>
      ))}
      {running ? (
        <div className={styles.chip}>
          <button type="button" className={styles.open} onClick={() => openTimer(running.id)}>
            <i className={styles.dot} aria-hidden="true" />
            <span className="only-spoken">{t('time.timer.change')} </span>
            <span className={styles.on}>
              {running.activityName ? (
                <>
                  <b>{running.activityName}</b> <span className="muted">· {running.projectName}</span>
                </>
              ) : (
                words(running)
              )}
            </span>
          </button>
          <Elapsed timer={running} />
          <button
            type="button"
            className={styles.stop}
            aria-label={t('time.timer.stop')}
            title={t('time.timer.stopKey')}
            onClick={stop}
          >
            <Icon name="stop" />
          </button>
        </div>
      ) : (
        <Button icon="play" keys="S" onClick={() => start({ projectId: null, activityId: null })}>
          {t('time.timer.start')}
        </Button>
      )}
    </>
  )
}
