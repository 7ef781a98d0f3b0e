import { Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { SwitchField, Tabs } from '../../parts/Choose.tsx'
import { EmptyState, ErrorNotice, ErrorState, NoRights, Skeleton } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice, Told } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT, type Word } from '../../words/words.tsx'
import { useImportConnection } from '../imports/import-settings.ts'
import styles from './coming-back.module.css'
import {
  type ComingBack,
  comingBackChanged,
  comingBackQuery,
  type Difference,
  differencesKey,
  type Reconciliation as Run,
  runsKey,
  useFollowComingBack,
} from './coming-back.ts'
import { DifferenceShown } from './DifferenceShown.tsx'

const route = getRouteApi('/f/$firm/reconciliation')
const views = ['open', 'accepted', 'solved', 'runs'] as const
const viewWords = {
  open: 'coming-back.view.open',
  accepted: 'coming-back.view.accepted',
  solved: 'coming-back.view.solved',
  runs: 'coming-back.view.runs',
} as const satisfies Record<(typeof views)[number], Word>

/** What was posted, beside what the books show of it now. */
export function Reconciliation() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  useFollowComingBack(client)
  const { slug: firm } = useFirm()
  const { isKnown, error, again, connection } = useImportConnection()
  if (!may('postings:read'))
    return (
      <Page>
        <PageHead title={t('coming-back.title')} />
        <NoRights />
      </Page>
    )
  if (connection) return <OfConnection connectionId={connection.id} isConnected={connection.state === 'connected'} />
  return (
    <Page>
      <PageHead title={t('coming-back.title')} />
      <Body>
        {error && !isKnown ? <ErrorState error={error} retry={again} /> : null}
        {!isKnown && !error ? <Skeleton height={72} /> : null}
        {isKnown ? (
          <EmptyState
            icon="plug"
            title={t('coming-back.noPackage.title')}
            action={
              <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
                {t('coming-back.noPackage.action')}
              </ButtonLink>
            }
          >
            {t('coming-back.noPackage.text')}
          </EmptyState>
        ) : null}
      </Body>
    </Page>
  )
}

function OfConnection({ connectionId, isConnected }: { connectionId: string; isConnected: boolean }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const { slug: firm } = useFirm()
  const { view = 'open', posting } = route.useSearch()
  const loaded = useQuery(comingBackQuery(connectionId))
  const { data } = loaded
  const running = data?.tasks.find(({ kind }) => kind === 'reconcile')
  const compare = useAct({
    run: (scope: 'open-periods' | 'all', key) =>
      answer(
        api.POST('/connections/{id}/reconciliations', {
          params: { path: { id: connectionId } },
          headers: key,
          body: { scope },
        }),
      ),
    done: () => comingBackChanged(client),
    failed: sayProblem,
  })
  const mayCompare = may('postings:write') && isConnected && data?.offers.reconciliation === true
  const isBusy = compare.isPending || running !== undefined
  useKeys([
    {
      keys: 'C',
      does: mayCompare ? t('coming-back.compare') : undefined,
      run: () => compare.mutate('open-periods'),
      disabled: !mayCompare || isBusy,
    },
  ])
  return (
    <Page>
      <PageHead
        title={t('coming-back.title')}
        actions={
          mayCompare ? (
            <>
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button iconAfter="down" disabled={isBusy}>
                    {t('coming-back.compare.more')}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => compare.mutate('all')}>{t('coming-back.compare.all')}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
              <Button
                kind="primary"
                icon="refresh"
                keys="C"
                busy={isBusy}
                onClick={() => compare.mutate('open-periods')}
              >
                {t('coming-back.compare')}
              </Button>
            </>
          ) : null
        }
      />
      <Body>
        <div className={styles.page}>
          {loaded.isError && !data ? <ErrorState error={loaded.error} retry={loaded.refetch} /> : null}
          {loaded.isPending ? <Skeleton height={96} /> : null}
          {data ? (
            <>
              {isConnected ? null : (
                <Notice is="needs" title={t('coming-back.reconnect', { package: data.packageName })}>
                  <p>
                    <Link to="/f/$firm/settings/connections/$connectionId" params={{ firm, connectionId }}>
                      {t('coming-back.reconnect.action')}
                    </Link>
                  </p>
                </Notice>
              )}
              {running ? (
                <TaskProgress now={running.now ?? t('coming-back.comparing')} done={running.done} of={running.total} />
              ) : null}
              <Standing data={data} />
              <Tabs
                name={t('coming-back.title')}
                value={view}
                options={views.map((value) => ({
                  value,
                  label: t(viewWords[value]),
                  ...(value === 'open' && data.differing > 0 ? { count: data.differing } : {}),
                }))}
                onChange={(value) => navigate({ search: (before) => ({ ...before, view: value }), replace: true })}
              >
                {view === 'runs' ? (
                  <Runs />
                ) : (
                  <Differences
                    connectionId={connectionId}
                    state={view}
                    never={data.lastReconciliation === null}
                    {...(posting === undefined ? {} : { postingId: posting })}
                  />
                )}
              </Tabs>
              <Nightly data={data} />
            </>
          ) : null}
        </div>
      </Body>
    </Page>
  )
}

/** What the last comparison came to, and how far everything is paid. */
function Standing({ data }: { data: ComingBack }) {
  const { lastReconciliation: last } = data
  return (
    <>
      {last ? <RunNotice run={last} differing={data.differing} /> : null}
      <Settled data={data} />
    </>
  )
}

const useTotals = (run: Run): string => {
  const format = useFormat()
  return run.totals.map(({ gross, currency }) => format.money(gross, currency)).join(' + ')
}

function RunNotice({ run, differing }: { run: Run; differing: number }) {
  const t = useT()
  const format = useFormat()
  const values = {
    count: run.documents,
    total: useTotals(run),
    moment: format.moment(run.finishedAt ?? run.startedAt),
    where: `${run.packageName}${run.administrationName ? `, ${run.administrationName}` : ''}`,
  }
  const about = t(run.scope === 'all' ? 'coming-back.run.all' : 'coming-back.run.openPeriods')
  if (run.state === 'failed')
    return (
      <Notice is="refused" title={t('coming-back.run.failed', values)}>
        {run.problem ? <Told rows={[[run.problem.cause, run.problem.remedy]]} /> : null}
      </Notice>
    )
  const unknown =
    run.unknown > 0 ? (
      <p>
        {t('coming-back.run.unknown', { count: run.unknown })} {run.problem?.cause} {run.problem?.remedy}
      </p>
    ) : null
  // What was decided on since is not counted any more.
  if (differing > 0)
    return (
      <Notice is="needs" title={t('coming-back.run.differs', { ...values, differing })}>
        <p className="muted">{about}</p>
        {unknown}
      </Notice>
    )
  if (run.outcome === 'differs')
    return (
      <Notice is="progress" title={t('coming-back.run.decided', values)}>
        {unknown}
      </Notice>
    )
  if (run.unknown > 0)
    return (
      <Notice is="needs" title={t('coming-back.run.cannotKnow', values)}>
        {unknown}
      </Notice>
    )
  return (
    <Notice is="done" title={t(run.documents === 0 ? 'coming-back.run.nothing' : 'coming-back.run.well', values)}>
      {run.documents === 0 ? null : (
        <p className="muted">
          {about}
          {run.accepted > 0 ? ` ${t('coming-back.run.accepted', { count: run.accepted })}` : ''}
        </p>
      )}
    </Notice>
  )
}

const settledWords = {
  open: 'coming-back.settled.open',
  'partly-paid': 'coming-back.settled.partly',
  paid: 'coming-back.settled.paid',
  settled: 'coming-back.settled.settled',
  'over-paid': 'coming-back.settled.overPaid',
  unknown: 'coming-back.settled.unknown',
} as const satisfies Record<keyof ComingBack['settled'], Word>

/** How far posted documents are paid there, and a way to ask now. */
function Settled({ data }: { data: ComingBack }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const look = useAct({
    run: (id: string, key) =>
      answer(api.POST('/connections/{id}/payments', { params: { path: { id } }, headers: key, body: { full: false } })),
    done: () => comingBackChanged(client),
    failed: sayProblem,
  })
  if (!data.offers.payments) return null
  const running = data.tasks.some(({ kind }) => kind === 'read-payments')
  const parts = Object.entries(data.settled).flatMap(([state, count]) =>
    count > 0 ? [t(settledWords[state as keyof ComingBack['settled']], { count, shown: format.count(count) })] : [],
  )
  return (
    <section className={styles.settled} aria-labelledby="settled">
      <div>
        <h2 id="settled">{t('coming-back.settled', { package: data.packageName })}</h2>
        <p>
          {data.paymentsReadAt === null
            ? t('coming-back.settled.never')
            : parts.length > 0
              ? parts.join(', ')
              : t('coming-back.settled.none')}
          {data.paymentsReadAt === null ? null : (
            <span className="muted">
              {' '}
              · {t('coming-back.books.seen', { moment: format.moment(data.paymentsReadAt) })}
            </span>
          )}
        </p>
      </div>
      {may('invoices:write') ? (
        <Button
          size="sm"
          icon="refresh"
          busy={running || look.isPending}
          onClick={() => look.mutate(data.connectionId)}
        >
          {t('coming-back.settled.look')}
        </Button>
      ) : null}
    </section>
  )
}

function Differences({
  connectionId,
  state,
  never,
  postingId,
}: {
  connectionId: string
  state: Difference['state']
  never: boolean
  /** Only those of this document, when somebody came here from it. */
  postingId?: string
}) {
  const t = useT()
  const { slug: firm } = useFirm()
  const pages = usePages({
    queryKey: differencesKey(connectionId, state, postingId),
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/books-differences', {
          params: { query: { state, limit: 25, cursor, ...(postingId ? { postingId } : { connectionId }) } },
          signal,
        }),
      ),
  })
  const all = postingId ? (
    <p>
      <Link to="/f/$firm/reconciliation" params={{ firm }} search={{ view: state }}>
        {t('coming-back.ofOne.all')}
      </Link>
    </p>
  ) : null
  if (pages.state === 'failed') return <ErrorNotice error={pages.error} retry={pages.again} />
  if (pages.state === 'loading') return <Skeleton height={160} />
  if (pages.rows.length === 0 && postingId)
    return (
      <EmptyState
        icon="checked"
        title={t('coming-back.ofOne.none')}
        action={
          <ButtonLink to="/f/$firm/reconciliation" params={{ firm }} search={{ view: state }}>
            {t('coming-back.ofOne.all')}
          </ButtonLink>
        }
      >
        {state === 'open' ? t('coming-back.ofOne.none.text') : null}
      </EmptyState>
    )
  if (pages.rows.length === 0)
    return (
      <EmptyState
        icon={state === 'open' && !never ? 'checked' : 'search'}
        title={t(
          state !== 'open'
            ? state === 'accepted'
              ? 'coming-back.none.accepted'
              : 'coming-back.none.solved'
            : never
              ? 'coming-back.none.never'
              : 'coming-back.none.open',
        )}
      >
        {state === 'open' ? t(never ? 'coming-back.none.never.text' : 'coming-back.none.open.text') : null}
      </EmptyState>
    )
  return (
    <div className={styles.differences}>
      {all}
      {pages.rows.map((difference) => (
        <DifferenceShown key={difference.id} difference={difference} />
      ))}
      {pages.more ? (
        <div>
          <Button busy={pages.loadingMore} onClick={() => pages.more?.()}>
            {t('coming-back.more')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

const outcomes = {
  well: { is: 'done', word: 'coming-back.outcome.well' },
  differs: { is: 'needs', word: 'coming-back.outcome.differs' },
  'cannot-know': { is: 'needs', word: 'coming-back.outcome.cannotKnow' },
} as const

function Runs() {
  const t = useT()
  const format = useFormat()
  const pages = usePages({
    queryKey: runsKey,
    fetchPage: (cursor, signal) =>
      answer(api.GET('/reconciliations', { params: { query: { limit: 25, cursor } }, signal })),
  })
  if (pages.state === 'failed') return <ErrorNotice error={pages.error} retry={pages.again} />
  if (pages.state === 'loading') return <Skeleton height={160} />
  if (pages.rows.length === 0)
    return (
      <EmptyState icon="clock" title={t('coming-back.none.runs')}>
        {t('coming-back.none.never.text')}
      </EmptyState>
    )
  return (
    <>
      <ul className={styles.runs}>
        {pages.rows.map((run) => (
          <li key={run.id}>
            <span className="fig">{format.moment(run.startedAt)}</span>
            <span>
              {run.outcome ? (
                <State is={outcomes[run.outcome].is}>{t(outcomes[run.outcome].word)}</State>
              ) : (
                <State is={run.state === 'failed' ? 'refused' : 'progress'}>
                  {t(run.state === 'failed' ? 'coming-back.outcome.failed' : 'coming-back.outcome.running')}
                </State>
              )}
              <span className="muted small">
                {run.packageName}
                {run.administrationName ? `, ${run.administrationName}` : ''} ·{' '}
                {run.startedBy ?? t('coming-back.run.byNight')}
              </span>
            </span>
            <RunCounts run={run} />
          </li>
        ))}
      </ul>
      {pages.more ? (
        <Button busy={pages.loadingMore} onClick={() => pages.more?.()}>
          {t('coming-back.more')}
        </Button>
      ) : null}
    </>
  )
}

function RunCounts({ run }: { run: Run }) {
  const t = useT()
  const total = useTotals(run)
  return (
    <span className="muted">
      {[
        t('coming-back.count.documents', { count: run.documents }),
        ...(total ? [total] : []),
        ...(run.differing > 0 ? [t('coming-back.count.differing', { count: run.differing })] : []),
        ...(run.accepted > 0 ? [t('coming-back.count.accepted', { count: run.accepted })] : []),
        ...(run.solved > 0 ? [t('coming-back.count.solved', { count: run.solved })] : []),
        ...(run.unknown > 0 ? [t('coming-back.count.unknown', { count: run.unknown })] : []),
      ].join(' · ')}
    </span>
  )
}

/** What is done by itself; off and on at once. */
function Nightly({ data }: { data: ComingBack }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const change = useAct({
    run: (body: { nightlyPayments?: boolean; nightlyReconciliation?: boolean }) =>
      answer(api.PATCH('/connections/{id}/coming-back', { params: { path: { id: data.connectionId } }, body })),
    done: () => comingBackChanged(client),
    failed: sayProblem,
  })
  const disabled = !may('connections:write') || change.isPending
  return (
    <section className={styles.nightly} aria-labelledby="nightly">
      <h2 id="nightly">{t('coming-back.nightly')}</h2>
      {data.offers.payments ? (
        <SwitchField
          label={t('coming-back.nightly.payments')}
          description={t('coming-back.nightly.payments.text')}
          checked={data.nightlyPayments}
          disabled={disabled}
          onChange={({ currentTarget }) => change.mutate({ nightlyPayments: currentTarget.checked })}
        />
      ) : null}
      {data.offers.reconciliation ? (
        <SwitchField
          label={t('coming-back.nightly.reconciliation')}
          description={t('coming-back.nightly.reconciliation.text')}
          checked={data.nightlyReconciliation}
          disabled={disabled}
          onChange={({ currentTarget }) => change.mutate({ nightlyReconciliation: currentTarget.checked })}
        />
      ) : null}
      {may('invoices:read') ? (
        <p>
          <Link to="/f/$firm/vat" params={{ firm }}>
            {t('coming-back.toVat')}
          </Link>
        </p>
      ) : null}
    </section>
  )
}
