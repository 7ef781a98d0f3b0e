import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Dash } from '../../parts/Figures.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { type Asked, LetterDialogs } from './LetterDialogs.tsx'
import { LetterShown } from './LetterShown.tsx'
import { kindWords, type LetterRow, lettersChanged, mailSettingsQuery } from './letter.ts'
import { LetterState, stateShown } from './letter-state.tsx'
import styles from './letters.module.css'

const route = getRouteApi('/f/$firm/letters')

function useColumns(): ReadonlyArray<Column<LetterRow>> {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  return useMemo(
    (): ReadonlyArray<Column<LetterRow>> => [
      {
        id: 'state',
        head: t('letters.state'),
        width: 'minmax(150px, 1fr)',
        always: true,
        cell: (row) => <LetterState letter={row} />,
      },
      {
        id: 'subject',
        head: t('letters.subject'),
        width: 'minmax(150px, 3fr)',
        always: true,
        cell: (row) => (
          <span className={styles.cell}>
            <span>{row.subject}</span>
            <span className="muted small">
              {row.problem && row.state !== 'sent'
                ? [row.problem.cause, row.problem.theirWords].filter(Boolean).join(' ')
                : row.to.map(({ address }) => address).join(', ')}
            </span>
          </span>
        ),
      },
      {
        id: 'kind',
        head: t('letters.kind'),
        width: 126,
        from: 940,
        cell: (row) => t(kindWords[row.kind], { step: row.step ?? 0 }),
      },
      {
        id: 'invoice',
        head: t('letters.invoice'),
        width: 116,
        from: 620,
        cell: (row) =>
          row.invoiceId && row.invoiceNumber ? (
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: row.invoiceId }}>
              {row.invoiceNumber}
            </Link>
          ) : (
            <Dash />
          ),
      },
      {
        id: 'customer',
        head: t('letters.customer'),
        width: 'minmax(120px, 2fr)',
        from: 760,
        cell: (row) =>
          may('customers:read') ? (
            <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: row.customerId }}>
              {row.customerName}
            </Link>
          ) : (
            row.customerName
          ),
      },
      {
        id: 'time',
        head: t('letters.time'),
        width: 168,
        align: 'end',
        from: 520,
        cell: (row) => <span className="fig muted">{format.moment(row.sentAt ?? row.createdAt)}</span>,
      },
    ],
    [t, format, may, firm],
  )
}

export function MailLog() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [asked, setAsked] = useState<Asked | null>(null)
  const canSee = may('invoices:read')
  const settings = useQuery({ ...mailSettingsQuery, enabled: canSee })
  const { letter: openId, ...filter } = search
  const rows = usePages({
    queryKey: ['letters', 'list', filter],
    enabled: canSee,
    fetchPage: (cursor, signal) =>
      answer(api.GET('/letters', { params: { query: { ...filter, cursor, limit: 100 } }, signal })),
  })
  useEvents(canSee ? '/events' : null, { look: () => lettersChanged(client) })
  const ofCustomers = useCustomerFilter(t('letters.customer'), search.customerId)
  const columns = useColumns()
  const open = (letter: string | undefined) =>
    navigate({ search: (before) => ({ ...before, letter }), replace: openId !== undefined && letter !== undefined })
  const filters: Filter[] = [
    { kind: 'text', name: 'search', label: t('letters.filter.search') },
    {
      kind: 'choice',
      name: 'state',
      label: t('letters.state'),
      options: Object.entries(stateShown).map(([value, { word }]) => ({ value, label: t(word) })),
    },
    {
      kind: 'choice',
      name: 'kind',
      label: t('letters.kind'),
      options: Object.entries(kindWords).map(([value, word]) => ({ value, label: t(word, { step: 0 }) })),
    },
    ...ofCustomers,
    { kind: 'period', label: t('letters.filter.period'), from: 'from', until: 'until' },
  ]
  const off = settings.data?.works === false
  return (
    <Page>
      <PageHead
        title={t('letters.title')}
        crumbs={[<InvoicesCrumb key="invoices" />]}
        actions={
          may('firm:write') ? (
            <ButtonLink icon="settings" to="/f/$firm/settings/mail" params={{ firm }}>
              {t('letters.settings')}
            </ButtonLink>
          ) : undefined
        }
      />
      <FilteredTable
        id="letters"
        name={t('letters.title')}
        mayRead={canSee}
        narrowing={{
          filters,
          search,
          change: (patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true }),
          isNarrowed: Object.values(filter).some((value) => value !== undefined),
        }}
        noneFound={{
          title: t('letters.nothing.title'),
          text: t('letters.nothing.text'),
          clear: { word: t('letters.nothing.clear'), run: () => navigate({ search: {} }) },
        }}
        rows={rows}
        columns={columns}
        twoLines
        idOf={(row) => row.id}
        nameOf={(row) => row.subject}
        openId={openId ?? null}
        onOpen={(row) => open(row.id)}
        toneOf={(row) => (row.state === 'failed' ? 'refused' : row.state === 'uncertain' ? 'needs' : undefined)}
        empty={
          <EmptyState
            icon="mail"
            title={t('letters.empty.title')}
            action={
              <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }}>
                {t('letters.empty.button')}
              </ButtonLink>
            }
          >
            {t(off ? 'letters.empty.off' : 'letters.empty.text')}
          </EmptyState>
        }
      />
      {openId ? (
        <LetterShown
          id={openId}
          onClose={() => open(undefined)}
          onAsk={(act, letter) => {
            void open(undefined)
            setAsked({ act, letter })
          }}
        />
      ) : null}
      <LetterDialogs asked={asked} onClose={() => setAsked(null)} />
    </Page>
  )
}
