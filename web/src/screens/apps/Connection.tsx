import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { ConfirmWithPreview, Dialog } from '../../parts/Dialog.tsx'
import { EmptyState, ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { Pill } from '../../parts/State.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { TaskFailed, TaskRuns, useFollowTasks } from '../imports/TaskShown.tsx'
import { isUnderWay, lastTaskQuery } from '../imports/task.ts'
import { Automatic } from './Automatic.tsx'
import { ChooseAdministration } from './ChooseAdministration.tsx'
import { Completeness } from './Completeness.tsx'
import { ConnectionPill } from './ConnectionPill.tsx'
import { CutOff } from './CutOff.tsx'
import styles from './connection.module.css'
import { type Connection as ConnectionShape, connectionChanged, connectionQuery } from './connection.ts'
import { Health } from './Health.tsx'
import { Hints } from './Hints.tsx'
import { ImportSection } from './ImportSection.tsx'
import { ItemMapping } from './ItemMapping.tsx'
import { Lists } from './Lists.tsx'
import { PostingRules } from './PostingRules.tsx'
import { SalesSettings } from './SalesSettings.tsx'
import { SignInAgain, SignInProblem } from './sign-in.tsx'

const route = getRouteApi('/f/$firm/settings/connections/$connectionId')

/** What happens when the firm lets go of the package. */
function Disconnect({ connection, close }: { connection: ConnectionShape; close: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const disconnect = useAct({
    run: (_: null, key) =>
      answer(api.POST('/connections/{id}/disconnection', { params: { path: { id: connection.id } }, headers: key })),
    done: async ({ revoked, givenUp }) => {
      const told = { package: connection.packageName }
      say(
        [
          t('apps.disconnected', told),
          revoked ? null : t('apps.disconnect.there', told),
          givenUp > 0 ? t('apps.disconnect.givenUp', { count: givenUp }) : null,
        ]
          .filter(Boolean)
          .join(' '),
      )
      await navigate({ to: '/f/$firm/settings/apps', params: { firm }, search: {} })
      await connectionChanged(client, connection.id)
    },
  })
  const values = { package: connection.packageName }
  return (
    <ConfirmWithPreview
      open
      onClose={close}
      title={t('apps.disconnect.title', values)}
      preview={
        <ul className={styles.bullets}>
          <li>
            {t(connection.mode === 'sandbox' ? 'apps.disconnect.staysInSandbox' : 'apps.disconnect.stays', values)}
          </li>
          <li>{t('apps.disconnect.waits', values)}</li>
          <li>{t('apps.disconnect.access', values)}</li>
          <li>{t('apps.disconnect.another')}</li>
        </ul>
      }
      never={t('apps.disconnect.never', values)}
      action={t('apps.disconnect')}
      busy={disconnect.isPending}
      error={disconnect.error}
      onConfirm={() => disconnect.mutate(null)}
    />
  )
}

/** Access is gone: what to do, and that nothing is lost. */
function Reconnect({ connection }: { connection: ConnectionShape }) {
  const t = useT()
  const { problem, packageName } = connection
  return (
    <Notice is="refused" title={problem?.cause ?? t('apps.reconnect.title', { package: packageName })}>
      <Told
        rows={[
          [t('parts.remedy'), problem?.remedy ?? t('apps.reconnect.remedy')],
          ...(problem?.theirWords ? [[t('parts.theirWords'), `“${problem.theirWords}”`] as const] : []),
          [t('apps.reconnect.queue'), t('apps.reconnect.kept')],
        ]}
      />
      <Actions>
        <SignInAgain connection={connection} kind="primary" />
      </Actions>
    </Notice>
  )
}

/** The page of a connection that has an administration. */
function Settings({ connection }: { connection: ConnectionShape }) {
  const t = useT()
  const may = useMay()
  const [changing, setChanging] = useState(false)
  const { data: reading } = useQuery(lastTaskQuery('refresh-lists', connection.id))
  // Nothing can be chosen from lists that were never read.
  const isFirst = connection.lists.every(({ readAt }) => readAt === null)
  return (
    <div className={styles.two}>
      <div className={styles.side}>
        <Health connection={connection} change={() => setChanging(true)} />
        <ImportSection connection={connection} />
        <CutOff connection={connection} />
        <Automatic connection={connection} />
        <Hints connection={connection} />
        {isFirst ? null : <Lists connection={connection} />}
      </div>
      <div className={styles.right}>
        {connection.state === 'reconnect' ? <Reconnect connection={connection} /> : null}
        {may('connections:write') ? null : (
          <Notice is="wait" icon="lock" title={t('apps.readOnly.title')}>
            <p>{t('apps.readOnly.text')}</p>
          </Notice>
        )}
        {isFirst ? (
          <section className={styles.first}>
            <h2>{t('apps.reading.title', { package: connection.packageName })}</h2>
            <p className="muted">{t('apps.reading.text')}</p>
            {isUnderWay(reading) ? <TaskRuns task={reading} /> : null}
            {reading?.state === 'failed' ? <TaskFailed task={reading} /> : null}
          </section>
        ) : (
          <>
            <Completeness connection={connection} />
            <SalesSettings connection={connection} />
            <ItemMapping connection={connection} />
            <PostingRules connection={connection} />
          </>
        )}
      </div>
      {changing ? (
        <Dialog open onClose={() => setChanging(false)} title={t('apps.administrations.change')} size={620}>
          <ChooseAdministration
            connection={connection}
            done={() => setChanging(false)}
            cancel={() => setChanging(false)}
          />
        </Dialog>
      ) : null}
    </div>
  )
}

/** One connection, from the sign-in that is not finished to the posting rules. */
export function Connection() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { connectionId } = route.useParams()
  const { problem } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: connection, error, refetch, isFetching } = useQuery(connectionQuery(connectionId))
  const [leaving, setLeaving] = useState(false)
  useFollowTasks(connectionId)
  const check = useAct({
    run: (_: null, key) =>
      answer(api.POST('/connections/{id}/check', { params: { path: { id: connectionId } }, headers: key })),
    done: (after) => {
      client.setQueryData(connectionQuery(connectionId).queryKey, after)
    },
    failed: sayProblem,
  })
  const crumbs = [
    <SettingsCrumb key="settings" />,
    <Link key="apps" to="/f/$firm/settings/apps" params={{ firm }}>
      {t('apps.title')}
    </Link>,
  ]
  if (!connection) {
    return (
      <Page>
        <PageHead title={t('apps.connection')} crumbs={crumbs} />
        {error ? <ErrorState error={error} retry={refetch} busy={isFetching} /> : <PageSkeleton />}
      </Page>
    )
  }
  const { state, packageName } = connection
  const mayWrite = may('connections:write')
  const isOpen = state === 'connected' || state === 'reconnect'
  const since = connection.connectedAt
    ? t('apps.since', {
        country: format.country(connection.country),
        date: format.date(connection.connectedAt.slice(0, 10)),
      })
    : format.country(connection.country)
  const notice = problem ? (
    <SignInProblem
      code={problem}
      packageName={packageName}
      connection={connection}
      close={() => navigate({ search: {}, replace: true })}
    />
  ) : null
  return (
    <Page>
      <PageHead
        title={packageName}
        crumbs={crumbs}
        state={
          <>
            <ConnectionPill state={state} />
            {connection.mode === 'sandbox' ? (
              <Pill is="progress" icon="switch">
                {t('apps.sandbox')}
              </Pill>
            ) : null}
            <span className={styles.since}>{since}</span>
          </>
        }
        actions={
          <>
            {mayWrite && state !== 'disconnected' ? (
              <Button kind="quiet" onClick={() => setLeaving(true)}>
                {t('apps.disconnect')}
              </Button>
            ) : null}
            {isOpen ? (
              <Button icon="refresh" busy={check.isPending} onClick={() => check.mutate(null)}>
                {t('apps.check')}
              </Button>
            ) : null}
          </>
        }
      />
      <Body padded={!isOpen}>
        {notice ? <div className={isOpen ? styles.noticeAbove : styles.noticeIn}>{notice}</div> : null}
        {isOpen ? <Settings connection={connection} /> : null}
        {state === 'choosing' && mayWrite ? <ChooseAdministration connection={connection} /> : null}
        {state === 'choosing' && !mayWrite ? (
          <EmptyState icon="firm" title={t('apps.administrations.title')}>
            {t('apps.askAdministrator')}
          </EmptyState>
        ) : null}
        {state === 'signing-in' ? (
          <EmptyState
            icon="key"
            title={t('apps.signIn.title', { package: packageName })}
            action={notice ? undefined : <SignInAgain connection={connection} kind="primary" />}
          >
            {mayWrite ? t('apps.signIn.text', { package: packageName }) : t('apps.askAdministrator')}
          </EmptyState>
        ) : null}
        {state === 'disconnected' ? (
          <EmptyState
            icon="plug"
            title={t('apps.disconnected', { package: packageName })}
            action={
              <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
                {t('apps.title')}
              </ButtonLink>
            }
          >
            {t('apps.disconnected.text')}{' '}
            {may('postings:read') ? (
              <Link to="/f/$firm/postings" params={{ firm }} search={{ connectionId: [connection.id] }}>
                {t('apps.disconnected.postings')}
              </Link>
            ) : null}
          </EmptyState>
        ) : null}
      </Body>
      {leaving ? <Disconnect connection={connection} close={() => setLeaving(false)} /> : null}
    </Page>
  )
}
