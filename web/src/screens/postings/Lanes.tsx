import { Link } from '@tanstack/react-router'
import { useFormat } from '../../format.ts'
import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill } from '../../parts/State.tsx'
import { Bar } from '../../parts/Task.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './postings.module.css'
import type { Summary } from './summary.ts'

export type Lane = Summary['lanes'][number]

const states = {
  running: { is: 'progress', icon: 'send', word: 'postings.lane.running' },
  waiting: { is: 'wait', icon: 'clock', word: 'postings.lane.waiting' },
  paused: { is: 'needs', icon: 'pause', word: 'postings.lane.paused' },
  reconnect: { is: 'needs', icon: 'plug', word: 'postings.lane.reconnect' },
  idle: { is: 'done', icon: 'check', word: 'postings.lane.idle' },
} as const satisfies Record<Lane['state'], { is: Meaning; icon: IconName; word: Word }>

/** One lane per administration: how it stands, what happens next, and how many calls are left today. */
export function Lanes({ lanes }: { lanes: readonly Lane[] }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  if (lanes.length === 0) return null
  return (
    <div className={styles.lanes}>
      {lanes.map((lane) => {
        const { is, icon, word } = states[lane.state]
        return (
          <section key={lane.connectionId} className={styles.lane} aria-label={lane.packageName}>
            <div>
              <h2>
                {lane.packageName} <span>{lane.administrationName}</span>
                <Pill is={is} icon={icon}>
                  {t(word)}
                </Pill>
              </h2>
              <p>
                {lane.detail}{' '}
                {lane.state === 'reconnect' && may('connections:write') ? (
                  <Link
                    to="/f/$firm/settings/connections/$connectionId"
                    params={{ firm, connectionId: lane.connectionId }}
                  >
                    {t('postings.lane.toReconnect')}
                  </Link>
                ) : null}
              </p>
            </div>
            {lane.budget ? (
              <div className={styles.budget}>
                <p>
                  {t('postings.budget')}
                  <span>
                    <b>{format.count(lane.budget.left)}</b>{' '}
                    {t('postings.budget.of', { most: format.count(lane.budget.most) })}
                  </span>
                </p>
                <Bar
                  value={lane.budget.left}
                  of={lane.budget.most}
                  name={t('postings.budget')}
                  is={lane.budget.left <= lane.budget.reserve ? 'needs' : 'plain'}
                />
                <p>
                  <span>{t('postings.budget.reserve', { reserve: format.count(lane.budget.reserve) })}</span>
                  <span>{t('postings.budget.resets', { time: format.time(lane.budget.resetsAt) })}</span>
                </p>
                {lane.minute ? (
                  <p>
                    <span>{t('postings.budget.minute')}</span>
                    <span>
                      <b>{format.count(lane.minute.left)}</b>{' '}
                      {t('postings.budget.of', { most: format.count(lane.minute.most) })}
                    </span>
                  </p>
                ) : null}
              </div>
            ) : null}
          </section>
        )
      })}
    </div>
  )
}
