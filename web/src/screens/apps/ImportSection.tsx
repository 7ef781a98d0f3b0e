import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Segments, SwitchField } from '../../parts/Choose.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { TextField } from '../../parts/fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type ImportSettings, importSettingsQuery, importsChanged } from '../imports/import-settings.ts'
import { Counts, startedBy, TaskFailed, TaskRuns } from '../imports/TaskShown.tsx'
import { isUnderWay, tasksChanged } from '../imports/task.ts'
import styles from './connection.module.css'
import { type Connection, connectionChanged } from './connection.ts'

type Change = Partial<Pick<ImportSettings, 'nightlyImport' | 'nightlyAt' | 'leader'>>

function useChange(connection: Connection, settings: ImportSettings) {
  const t = useT()
  const client = useQueryClient()
  const { packageName } = connection
  const said = ({ nightlyImport, nightlyAt, leader }: Change) => {
    if (leader === 'uurwerk') return t('imports.leader.saved.uurwerk')
    if (leader) return t('imports.leader.saved.package', { package: packageName })
    if (nightlyAt !== undefined) return t('imports.nightly.saved', { at: nightlyAt })
    return t(nightlyImport ? 'imports.nightly.on' : 'imports.nightly.off')
  }
  return useAct({
    run: (change: Change, key) =>
      answer(
        api.PATCH('/connections/{id}/import-settings', {
          params: { path: { id: connection.id } },
          headers: { ...key, ...ifMatch(settings.version) },
          body: change,
        }),
      ),
    done: async (after, change) => {
      client.setQueryData(importSettingsQuery(connection.id).queryKey, after)
      say(said(change))
      await Promise.all([connectionChanged(client, connection.id), importsChanged(client)])
    },
    failed: async (error) => {
      sayProblem(error)
      // Somebody changed it at the same moment: what stands now is shown.
      await client.invalidateQueries({ queryKey: ['imports'] })
    },
  })
}

/** `4`, `4:30`, `04.30` and `0430` are all times; null is none. */
function timeFrom(typed: string): string | null {
  const [, hour = '', minute = '00'] = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(typed.trim()) ?? []
  const at = `${hour.padStart(2, '0')}:${minute}`
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(at) ? at : null
}

/** The switch, the time and which side leads: each holds from the moment it is chosen. */
function Rules({ connection, settings }: { connection: Connection; settings: ImportSettings }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const change = useChange(connection, settings)
  const [at, setAt] = useState<string | null>(null)
  const mayWrite = may('connections:write')
  const values = { package: connection.packageName }
  const [wrong, setWrong] = useState(false)
  const saveTime = () => {
    if (at === null) return
    const nightlyAt = timeFrom(at)
    setWrong(nightlyAt === null)
    if (nightlyAt === null) return
    if (nightlyAt !== settings.nightlyAt) change.mutate({ nightlyAt })
    setAt(null)
  }
  return (
    <>
      <SwitchField
        label={t('imports.nightly')}
        description={t('imports.nightly.text', values)}
        checked={settings.nightlyImport}
        disabled={!mayWrite || change.isPending}
        onChange={(event) => change.mutate({ nightlyImport: event.currentTarget.checked })}
      />
      {settings.nightlyImport ? (
        <div className={styles.nightly}>
          <TextField
            label={t('imports.nightly.at')}
            description={t('imports.nightly.zone', { zone: settings.timeZone.replaceAll('_', ' ') })}
            inputMode="numeric"
            placeholder="04:00"
            value={at ?? settings.nightlyAt}
            readOnly={!mayWrite || change.isPending}
            error={wrong ? t('imports.nightly.wrong') : undefined}
            onChange={(event) => setAt(event.currentTarget.value)}
            onBlur={saveTime}
            onKeyDown={(event) => {
              if (event.key === 'Enter') saveTime()
            }}
          />
          {settings.nextAt ? (
            <p className="muted small">{t('imports.nightly.next', { at: format.moment(settings.nextAt) })}</p>
          ) : null}
        </div>
      ) : null}
      <div className={styles.leader}>
        <p className="small">
          <b>{t('imports.leader')}</b>
        </p>
        <Segments
          name={t('imports.leader')}
          value={settings.leader}
          disabled={!mayWrite || change.isPending}
          options={[
            { value: 'package', label: t('imports.leader.package', values) },
            { value: 'uurwerk', label: t('imports.leader.uurwerk') },
          ]}
          onChange={(leader) => {
            if (leader !== settings.leader) change.mutate({ leader })
          }}
        />
        <p className="muted small">
          {t(settings.leader === 'package' ? 'imports.leader.package.text' : 'imports.leader.uurwerk.text')}
        </p>
      </div>
    </>
  )
}

/** What waits for a person, each with the page where it is done. */
function Waiting({ settings }: { settings: ImportSettings }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const waits = [
    ['imports.wait.conflicts', settings.openConflicts, '/f/$firm/settings/imports/conflicts'],
    ['imports.wait.proposals', settings.openProposals, '/f/$firm/settings/imports/proposals'],
    ['imports.wait.vatCases', settings.vatCasesToConfirm, '/f/$firm/settings/imports/vat-cases'],
  ] as const
  return waits.map(([what, count, to]) =>
    count > 0 ? (
      <StateLine key={what} is="needs">
        <Link to={to} params={{ firm }}>
          {t(what, { count })}
        </Link>
      </StateLine>
    ) : null,
  )
}

/** Customers from the package: when, who leads, how the last time went, and by hand. */
export function ImportSection({ connection }: { connection: Connection }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { data: settings, error, refetch } = useQuery(importSettingsQuery(connection.id))
  const start = useAct({
    run: (full: boolean, key) =>
      answer(
        api.POST('/connections/{id}/imports', {
          params: { path: { id: connection.id } },
          headers: key,
          body: { full },
        }),
      ),
    done: () => Promise.all([tasksChanged(client), client.invalidateQueries({ queryKey: ['imports'] })]),
    failed: sayProblem,
  })
  const head = (
    <h2 id="import" tabIndex={-1}>
      {t('apps.import')}
    </h2>
  )
  if (!settings)
    return (
      <section className={styles.section} aria-labelledby="import">
        {head}
        {error ? <ErrorNotice error={error} retry={refetch} /> : <Skeleton height={90} />}
      </section>
    )
  if (!settings.offered)
    return (
      <section className={styles.section} aria-labelledby="import">
        {head}
        <p className={styles.sub}>{t('imports.notOffered', { package: connection.packageName })}</p>
      </section>
    )
  const last = settings.lastRun
  const underWay = isUnderWay(last)
  const isOff = underWay || connection.state !== 'connected'
  return (
    <section className={styles.section} aria-labelledby="import">
      {head}
      <p className={styles.sub}>{t('apps.import.text')}</p>
      <Rules connection={connection} settings={settings} />
      {underWay ? <TaskRuns task={last} /> : null}
      {last?.state === 'failed' ? <TaskFailed task={last} /> : null}
      {last?.state === 'done' ? (
        <div className={styles.last}>
          <p className="muted small">
            {t('apps.import.last', { at: format.moment(last.finishedAt ?? last.createdAt) })} · {startedBy(t, last)}
          </p>
          <p className={styles.counts}>
            {last.done > 0 ? <Counts task={last} /> : <span className="muted small">{t('imports.nothingNew')}</span>}
          </p>
        </div>
      ) : null}
      <Waiting settings={settings} />
      <div className={styles.line}>
        {may('connections:write') ? (
          <>
            <Button size="sm" disabled={isOff} busy={start.isPending} onClick={() => start.mutate(false)}>
              {t('apps.import.now')}
            </Button>
            {last ? (
              <Button kind="quiet" size="sm" disabled={isOff || start.isPending} onClick={() => start.mutate(true)}>
                {t('apps.import.full')}
              </Button>
            ) : null}
          </>
        ) : null}
        <span className="grow" />
        {last ? (
          <Link to="/f/$firm/settings/imports/$taskId" params={{ firm, taskId: last.id }}>
            {t('apps.import.report')}
          </Link>
        ) : null}
      </div>
    </section>
  )
}
