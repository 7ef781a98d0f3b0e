import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Fill } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState, ErrorState, NoRights } from '../../parts/Empty.tsx'
import { State } from '../../parts/State.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { ImportPage } from './ImportTabs.tsx'
import { importsChanged, type Proposal, useImportConnection } from './import-settings.ts'
import { type LeftOut, LeftOutList } from './LeftOutList.tsx'
import { SettledChoice } from './SettledChoice.tsx'

const route = getRouteApi('/f/$firm/settings/imports/proposals')

export const fieldWords = {
  vatId: 'customers.vatId',
  vatCase: 'customers.vat',
  term: 'customers.term',
  email: 'customers.email',
} as const

const stateWords = {
  open: 'imports.proposal.open',
  accepted: 'imports.proposal.accepted',
  rejected: 'imports.proposal.rejected',
  withdrawn: 'imports.proposal.withdrawn',
} as const
const stateMeaning = { open: 'needs', accepted: 'done', rejected: 'wait', withdrawn: 'wait' } as const

/** What the package has otherwise and what work depends on: taken over or turned down, one by one or many at once. */
export function Proposals() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const client = useQueryClient()
  const { settled } = route.useSearch()
  const navigate = route.useNavigate()
  const { connection, isKnown, error, again } = useImportConnection()
  const id = connection?.id ?? ''
  const rows = usePages({
    queryKey: ['imports', 'proposals', id, settled ?? false],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/connections/{id}/proposals', {
          params: { path: { id }, query: { limit: 100, cursor, ...(settled ? { settled: 'true' as const } : {}) } },
          signal,
        }),
      ),
    enabled: connection !== null && may('customers:read'),
  })
  const selecting = useSelection(String(settled))
  const chosen = rows.rows.filter((row) => selecting.has(row.id))
  const [leftOut, setLeftOut] = useState<readonly LeftOut[]>([])
  const decide = useAct({
    run: ({ accept, proposals }: { accept: boolean; proposals: { id: string; version: number }[] }, key) =>
      answer(
        api.POST('/connections/{id}/proposals/decisions', {
          params: { path: { id } },
          headers: key,
          body: { accept, proposals },
        }),
      ),
    done: async (answered, { accept }) => {
      setLeftOut(answered.leftOut)
      selecting.clear()
      if (answered.done > 0)
        say(t(accept ? 'imports.proposals.accepted' : 'imports.proposals.rejected', { count: answered.done }))
      await importsChanged(client)
    },
    failed: sayProblem,
  })
  const decideChosen = (accept: boolean) =>
    decide.mutate({ accept, proposals: chosen.map((row) => ({ id: row.id, version: row.version })) })
  const columns = useMemo(
    (): ReadonlyArray<Column<Proposal>> => [
      {
        id: 'customer',
        head: t('imports.customer'),
        width: 'minmax(160px, 2fr)',
        always: true,
        cell: ({ customer }) => (
          <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: customer.id }}>
            {customer.number ? <span className="muted fig">{customer.number} </span> : null}
            {customer.name}
          </Link>
        ),
      },
      {
        id: 'field',
        head: t('imports.proposal.field'),
        width: 'minmax(96px, 1fr)',
        cell: (row) => t(fieldWords[row.field]),
      },
      {
        id: 'ours',
        head: t('imports.proposal.ours'),
        width: 'minmax(110px, 1.4fr)',
        from: 520,
        cell: (row) => <span className="muted">{row.ours ?? '–'}</span>,
      },
      {
        id: 'theirs',
        head: t('imports.proposal.theirs', { package: connection?.packageName ?? '' }),
        width: 'minmax(110px, 1.4fr)',
        always: true,
        cell: (row) => <b>{row.theirs}</b>,
      },
      {
        id: 'at',
        head: settled ? t('imports.proposal.decided') : t('imports.proposal.since'),
        width: 'minmax(150px, 1fr)',
        from: 860,
        cell: (row) => (
          <span className="muted">
            {format.moment(row.decidedAt ?? row.openedAt)}
            {row.decidedBy ? ` · ${row.decidedBy}` : ''}
          </span>
        ),
      },
      ...(settled
        ? [
            {
              id: 'state',
              head: t('imports.state'),
              width: 130,
              cell: (row: Proposal) => <State is={stateMeaning[row.state]}>{t(stateWords[row.state])}</State>,
            },
          ]
        : []),
    ],
    [t, format, firm, settled, connection?.packageName],
  )
  return (
    <ImportPage
      at="proposals"
      tools={
        <SettledChoice
          name={t('imports.proposal.which')}
          settled={settled === true}
          onChange={(chosen) => navigate({ search: chosen ? { settled: true } : {}, replace: true })}
        />
      }
    >
      {may('customers:read') ? (
        <>
          <LeftOutList leftOut={leftOut} close={() => setLeftOut([])} />
          <Fill>
            {error ? (
              <ErrorState error={error} retry={again} />
            ) : (
              <DataTable
                id="proposals"
                name={t('imports.proposals')}
                rows={isKnown && !connection ? { ...rows, state: 'ready', rows: [] } : rows}
                columns={columns}
                idOf={(row) => row.id}
                nameOf={(row) => `${row.customer.name}, ${t(fieldWords[row.field])}`}
                {...(may('customers:write') && !settled ? { selecting } : {})}
                empty={
                  <EmptyState
                    icon="check"
                    title={t(settled ? 'imports.proposals.noneSettled' : 'imports.proposals.none.title')}
                  >
                    {t('imports.proposals.none.text')}
                  </EmptyState>
                }
              />
            )}
          </Fill>
          <SelectionBar selecting={selecting} matching={null} under={t('imports.proposals.keep')}>
            <Button disabled={decide.isPending} onClick={() => decideChosen(false)}>
              {t('imports.proposals.reject')}
            </Button>
            <Button kind="primary" busy={decide.isPending} onClick={() => decideChosen(true)}>
              {t('imports.proposals.accept')}
            </Button>
          </SelectionBar>
        </>
      ) : (
        <NoRights />
      )}
    </ImportPage>
  )
}
