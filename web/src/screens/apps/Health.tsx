import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { lastTaskQuery } from '../imports/task.ts'
import type { Connection, Finding } from './connection.ts'
import styles from './health.module.css'
import { useSignIn } from './sign-in.tsx'

/** In this order; what there is nothing to say about is not there. */
const abouts = [
  'access',
  'rights',
  'administration',
  'currency',
  'period',
  'mapping',
  'import',
  'posting',
  'payment',
  'comparison',
  'limits',
] as const
type About = Finding['about']

const aboutWord = {
  access: 'apps.health.access',
  rights: 'apps.health.rights',
  administration: 'apps.health.administration',
  currency: 'apps.health.currency',
  period: 'apps.health.period',
  mapping: 'apps.health.mapping',
  import: 'apps.health.import',
  posting: 'apps.health.posting',
  payment: 'apps.health.payment',
  comparison: 'apps.health.comparison',
  limits: 'apps.health.limits',
} as const satisfies Record<About, Word>

const shown = {
  good: { icon: 'checked', word: 'apps.health.good' },
  attention: { icon: 'warning', word: 'apps.health.attention' },
  bad: { icon: 'cross', word: 'apps.health.bad' },
} as const satisfies Record<Finding['state'], { icon: string; word: Word }>

const worst = (findings: readonly Finding[]): Finding['state'] =>
  findings.some(({ state }) => state === 'bad')
    ? 'bad'
    : findings.some(({ state }) => state === 'attention')
      ? 'attention'
      : 'good'

/** The way out stands beside these, on this page or a click away. */
const mendedHere: readonly About[] = ['mapping', 'import', 'posting']

const toElement = (id: string) => {
  const node = document.getElementById(id)
  node?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  node?.focus({ preventScroll: true })
}

/** Where a line can be put right, or looked at. */
function Way({
  about,
  state,
  connection,
  change,
}: {
  about: About
  state: Finding['state']
  connection: Connection
  change: () => void
}): ReactNode {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const signIn = useSignIn(connection.id)
  const last = useQuery({ ...lastTaskQuery('import-customers', connection.id), enabled: about === 'import' })
  const mayWrite = may('connections:write')
  switch (about) {
    case 'access':
      return mayWrite && state !== 'good' ? (
        <button type="button" onClick={() => signIn.mutate(null)}>
          {t('apps.health.signIn')}
        </button>
      ) : null
    case 'administration':
      return mayWrite && connection.state === 'connected' ? (
        <button type="button" onClick={change}>
          {t('apps.health.change')}
        </button>
      ) : null
    case 'mapping': {
      if (state === 'good') return null
      const unset = connection.settingFields.some(({ required, chosen }) => required && !chosen)
      const asksCutOff = connection.mode === 'live' && connection.cutOff === null
      return (
        <button type="button" onClick={() => toElement(asksCutOff ? 'cut-off' : unset ? 'sales' : 'gaps')}>
          {t('apps.health.fix')}
        </button>
      )
    }
    case 'import':
      return last.data ? (
        <Link to="/f/$firm/settings/imports/$taskId" params={{ firm, taskId: last.data.id }}>
          {t('apps.health.report')}
        </Link>
      ) : (
        <button type="button" onClick={() => toElement('import')}>
          {t('apps.health.fix')}
        </button>
      )
    case 'posting':
      return may('postings:read') ? (
        <Link to="/f/$firm/postings" params={{ firm }}>
          {t('apps.health.open')}
        </Link>
      ) : null
    case 'payment':
    case 'comparison':
      return may('postings:read') ? (
        <Link to="/f/$firm/reconciliation" params={{ firm }}>
          {t('apps.health.open')}
        </Link>
      ) : null
    default:
      return null
  }
}

/** Whether everything is in order, line by line; a word beside each mark, and the way out where there is one. */
export function Health({ connection, change }: { connection: Connection; change: () => void }) {
  const t = useT()
  const format = useFormat()
  const lines = abouts.flatMap((about) => {
    const findings = connection.health.filter((one) => one.about === about)
    return findings.length > 0 ? [{ about, findings, state: worst(findings) }] : []
  })
  return (
    <section aria-labelledby="health">
      <h2 id="health">{t('apps.health')}</h2>
      <p className={styles.sub}>
        {connection.healthAt
          ? t('apps.health.checked', { at: format.moment(connection.healthAt) })
          : t('apps.health.notChecked')}
      </p>
      <ul className={styles.lines}>
        {lines.map(({ about, findings, state }) => (
          <li key={about} data-state={state}>
            <Icon name={shown[state].icon} />
            <div>
              <b>
                {t(aboutWord[about])}
                <span className="only-spoken">: {t(shown[state].word)}</span>
              </b>
              {findings.map((finding) => (
                <span key={finding.title}>
                  {about === 'administration' && state === 'good'
                    ? (connection.administration?.name ?? finding.title)
                    : finding.title}
                </span>
              ))}
              {findings.map((finding) =>
                finding.state === 'good' || mendedHere.includes(about) ? null : (
                  <small key={finding.title} className={styles.remedy}>
                    {finding.detail}
                  </small>
                ),
              )}
            </div>
            <Way about={about} state={state} connection={connection} change={change} />
          </li>
        ))}
      </ul>
    </section>
  )
}
