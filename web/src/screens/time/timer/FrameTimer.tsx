import { useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, useSyncExternalStore } from 'react'
import { useEvents } from '../../../events.ts'
import { Icon } from '../../../parts/icons.tsx'
import { lazyPart } from '../../../parts/lazy-part.ts'
import { useFirm } from '../../../session.ts'
import { useT } from '../../../words/words.tsx'
import { Elapsed, useTimerWords } from './TimerChip.tsx'
import styles from './timer.module.css'
import { openTimer, timerQuery, useOpenedTimer, useTimer } from './use-timer.ts'

const TimerDialog = lazyPart(() => import('./TimerDialog.tsx'), 'TimerDialog')

const useVisible = () =>
  useSyncExternalStore(
    (listener) => {
      document.addEventListener('visibilitychange', listener)
      return () => document.removeEventListener('visibilitychange', listener)
    },
    () => document.visibilityState === 'visible',
  )

/** Timers of which was asked whether they are forgotten. */
const asked = new Set<string>()

/** Once in the frame: hears of other tabs and machines, and holds the dialog of the timer. */
export function TimerLayer() {
  const client = useQueryClient()
  const visible = useVisible()
  const opened = useOpenedTimer()
  const { running, waiting } = useTimer()
  const told = useRef(false)
  const heard = useRef(false)
  // A browser holds few connections to one place: a tab that nobody sees has none, and looks when it is seen again.
  useEvents(visible ? '/events' : null, {
    heard: ({ data }) => {
      heard.current = true
      told.current ||= /"topic":"timer"/.test(data)
    },
    look: () => {
      const asked = told.current || !heard.current
      told.current = false
      heard.current = false
      if (asked) client.invalidateQueries({ queryKey: timerQuery.queryKey })
    },
  })
  // Asked once, so that nobody finds a night of hours at the end of the month.
  const forgotten = running?.long ? running.id : null
  useEffect(() => {
    if (!forgotten || asked.has(forgotten) || document.querySelector('[role=dialog]')) return
    asked.add(forgotten)
    openTimer(forgotten)
  }, [forgotten])
  const timer = [running, ...waiting].find((one) => one?.id === opened)
  if (!timer) return null
  return (
    <Suspense fallback={null}>
      <TimerDialog key={timer.id} timer={timer} close={() => openTimer(null)} />
    </Suspense>
  )
}

/** On every page but My hours, which has a larger one: that a timer runs, for how long, and how to stop it. */
export function FrameTimer() {
  const t = useT()
  const words = useTimerWords()
  const { slug } = useFirm()
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const { running, waiting, stop } = useTimer()
  const [first] = waiting
  if (pathname === `/f/${slug}/time`) return null
  if (!running)
    return first ? (
      <button type="button" className={`${styles.small} ${styles.waits}`} onClick={() => openTimer(first.id)}>
        <Icon name="warning" size={14} />
        <span>{t('time.timer.waits')}</span>
      </button>
    ) : null
  return (
    <div className={styles.small}>
      <button type="button" className={styles.open} title={words(running)} onClick={() => openTimer(running.id)}>
        <i className={styles.dot} aria-hidden="true" />
        <span className="only-spoken">{t('time.timer.change')} </span>
        <span className={styles.on}>{words(running)}</span>
      </button>
      <Elapsed timer={running} />
      <button type="button" className={styles.stop} aria-label={t('time.timer.stop')} onClick={stop}>
        <Icon name="stop" />
      </button>
    </div>
  )
}
