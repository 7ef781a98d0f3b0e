import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Format, useFormat } from '../../format.ts'
import { Body, Fill, Page, PageHead } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState, ErrorState, NoRights } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { allRows } from '../../table/rows.ts'
import { useSelection } from '../../table/selection.ts'
import { type Say, useT } from '../../words/words.tsx'
import styles from './approvals.module.css'
import { type ApprovalEntry, kindIcons, kindWords, sizeOf, weekDays, weekQuery } from './approvals.ts'
import { useDeciding } from './Deciding.tsx'
import { countIds, type Ids } from './use-acts.ts'
import { useFollowApprovals } from './use-follow-approvals.ts'
import { Warnings } from './Weeks.tsx'

const route = getRouteApi('/f/$firm/approvals/$memberId/$monday')

function EntryState({ entry, t }: { entry: ApprovalEntry; t: Say }) {
  switch (entry.approval) {
    case 'approved':
      return <State is="done">{t('approvals.state.approved')}</State>
    case 'rejected':
      return <State is="refused">{t('approvals.state.rejected')}</State>
    case 'open':
      return <State is="wait">{t('approvals.state.open')}</State>
    case 'submitted':
      if (entry.waits) return <State is="needs">{t('approvals.state.yours')}</State>
      return (
        <State is="progress">{t(entry.internalApproved ? 'approvals.state.customer' : 'approvals.state.others')}</State>
      )
  }
}

function columnsOf(
  t: Say,
  format: Format,
  whose: { firm: string; memberId: string },
): ReadonlyArray<Column<ApprovalEntry>> {
  return [
    {
      id: 'date',
      head: t('approvals.date'),
      width: 108,
      always: true,
      cell: (row) => (
        <span className={styles.day}>
          <Icon name={kindIcons[row.kind]} size={14} />
          <span className="only-spoken">{t(kindWords[row.kind])}</span> {format.date(row.date, 'dayMonth')}
        </span>
      ),
    },
    {
      id: 'about',
      head: t('approvals.about'),
      width: 'minmax(86px, 1.6fr)',
      always: true,
      cell: (row) => (
        <TwoLines under={[row.customerName, row.projectName].filter(Boolean).join(' · ') || t('approvals.noProject')}>
          {row.kind === 'expense' ? (
            // Nobody judges money without having seen the receipt.
            <Link
              to="/f/$firm/expenses"
              params={{ firm: whose.firm }}
              search={{ memberId: whose.memberId, month: row.date.slice(0, 7), expense: row.id }}
            >
              {row.about}
            </Link>
          ) : (
            row.about
          )}
        </TwoLines>
      ),
    },
    {
      id: 'note',
      head: t('approvals.note'),
      width: 'minmax(140px, 1.6fr)',
      from: 760,
      cell: (row) => <span className="muted">{row.rejectedReason ?? row.note}</span>,
    },
    {
      id: 'size',
      head: t('approvals.size'),
      align: 'end',
      width: 104,
      always: true,
      cell: (row) => <span className="fig">{sizeOf(format, row)}</span>,
    },
    { id: 'state', head: t('approvals.state'), width: 170, from: 560, cell: (row) => <EntryState entry={row} t={t} /> },
  ]
}

const idsOf = (entries: readonly ApprovalEntry[]): Ids => {
  const of = (kind: ApprovalEntry['kind']) => entries.filter((entry) => entry.kind === kind).map(({ id }) => id)
  return { hours: of('hours'), expense: of('expense'), trip: of('trip') }
}

/** One person's week: everything of it, and a decision on what waits. */
export function Week() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { memberId, monday } = route.useParams()
  const navigate = route.useNavigate()
  const query = useQuery({ ...weekQuery(memberId, monday), enabled: may('hours:approve') })
  useFollowApprovals()
  const week = query.data
  const selecting = useSelection(`${memberId} ${monday}`)
  const columns = useMemo(() => columnsOf(t, format, { firm, memberId }), [t, format, firm, memberId])
  const waiting = week?.entries.filter(({ waits }) => waits) ?? []
  const chosen = selecting.isEmpty ? waiting : waiting.filter(({ id }) => selecting.has(id))
  const isAll = chosen.length === waiting.length
  const deciding = useDeciding({
    decided: () => {
      selecting.clear()
      if (isAll) void navigate({ to: '/f/$firm/approvals', params: { firm } })
    },
  })
  const ids = idsOf(chosen)
  const count = countIds(ids)
  const off = count === 0 || deciding.busy
  const approve = () => void deciding.approve(ids)
  const reject = () => deciding.reject(ids)
  useKeys([
    { keys: 'A', does: t('approvals.approve'), run: approve, disabled: off },
    { keys: 'R', does: t('approvals.reject'), run: reject, disabled: off },
  ])
  if (!may('hours:approve'))
    return (
      <Page>
        <PageHead title={t('approvals.title')} />
        <Body>
          <NoRights />
        </Body>
      </Page>
    )
  return (
    <Page>
      <PageHead
        title={week?.memberName ?? t('approvals.title')}
        crumbs={[
          <Link key="approvals" to="/f/$firm/approvals" params={{ firm }}>
            {t('approvals.title')}
          </Link>,
        ]}
        period={week ? `${t('approvals.week', { week: week.week })} · ${weekDays(format, monday)}` : undefined}
        actions={
          waiting.length > 0 ? (
            <>
              <Button icon="cross" keys="R" disabled={off} onClick={reject}>
                {t('approvals.reject')}
              </Button>
              <Button
                kind="primary"
                icon="check"
                keys="A"
                busy={deciding.busy}
                disabled={count === 0}
                onClick={approve}
              >
                {t('approvals.approve.count', { count })}
              </Button>
            </>
          ) : undefined
        }
      />
      {query.isError && !week ? (
        <Body>
          <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
        </Body>
      ) : (
        <Fill>
          <div className={styles.told}>
            {deciding.shown}
            {week ? (
              <dl className={styles.facts}>
                {week.contract ? (
                  <>
                    <div>
                      <dt>{t('approvals.registered')}</dt>
                      <dd className="fig">{format.hours(week.contract.registeredMinutes)}</dd>
                    </div>
                    <div>
                      <dt>{t('approvals.absent')}</dt>
                      <dd className="fig">{format.hours(week.contract.absentMinutes)}</dd>
                    </div>
                    <div>
                      <dt>{t('approvals.agreed')}</dt>
                      <dd className="fig">{format.hours(week.contract.contractMinutes)}</dd>
                    </div>
                    <div>
                      <dt>{t('approvals.difference')}</dt>
                      <dd className="fig">{format.hours(week.contract.differenceMinutes, { signed: true })}</dd>
                    </div>
                  </>
                ) : (
                  <div>
                    <dt>{t('approvals.contract')}</dt>
                    <dd className="muted">{t('approvals.contract.unseen')}</dd>
                  </div>
                )}
                <div>
                  <dt>{t('approvals.complete')}</dt>
                  <dd>{week.submittedAt ? format.moment(week.submittedAt) : t('approvals.complete.no')}</dd>
                </div>
                {week.warnings.length > 0 ? (
                  <div>
                    <dt>{t('approvals.notes')}</dt>
                    <dd>
                      <Warnings warnings={week.warnings} submitted t={t} />
                    </dd>
                  </div>
                ) : null}
              </dl>
            ) : null}
          </div>
          <DataTable
            id="approval-week"
            name={t('approvals.entries')}
            rows={allRows({ ...query, data: week?.entries })}
            columns={columns}
            idOf={({ id }) => id}
            nameOf={(row) => `${row.about}, ${format.date(row.date, 'short')}`}
            {...(waiting.length > 0 ? { selecting } : {})}
            toneOf={(row) => (row.waits ? undefined : 'muted')}
            twoLines
            empty={
              <EmptyState icon="clock" title={t('approvals.week.empty')}>
                {t('approvals.week.emptyText')}
              </EmptyState>
            }
          />
        </Fill>
      )}
    </Page>
  )
}
