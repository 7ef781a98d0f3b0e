import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { today } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { ColumnMenu, useColumnChoice } from '../../table/ColumnMenu.tsx'
import { DataTable } from '../../table/DataTable.tsx'
import { ExportLinks } from '../../table/ExportLinks.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { allRows } from '../../table/rows.ts'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { useFilters } from './filters.ts'
import { InvoiceBar } from './InvoiceBar.tsx'
import { Made } from './Made.tsx'
import { Summary } from './Summary.tsx'
import styles from './uninvoiced.module.css'
import { filterOf, isHourly, type ShownRow, shownRows, type UninvoicedSearch, uninvoicedQuery } from './uninvoiced.ts'
import { entriesOf, isTight, useCustomerGroups, useUninvoicedColumns } from './uninvoiced-columns.tsx'
import { useInvoicing } from './use-invoicing.ts'

const route = getRouteApi('/f/$firm/overviews/uninvoiced')

/** What of customers waits to be invoiced, project by project, and the way to invoice it. */
export function Uninvoiced() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search: UninvoicedSearch = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const mayInvoice = may('invoices:write')
  const query = useQuery(uninvoicedQuery(search))
  const { data } = query
  const asAt = search.until ?? search.asAt ?? data?.asAt ?? today()
  const dated = search.until ? t('uninvoiced.until') : t('uninvoiced.asAt')
  const filterKey = JSON.stringify(filterOf(search))
  const selecting = useSelection(filterKey)
  const filters = useFilters(search)
  useEvents('/events', { look: () => client.invalidateQueries({ queryKey: ['uninvoiced'] }), restMs: 1_000 })
  const drafted = useQuery({
    queryKey: ['invoices', 'totals'],
    queryFn: ({ signal }) => answer(api.GET('/invoices/totals', { signal })),
    enabled: may('invoices:read'),
  })
  const waiting = drafted.data?.draft ?? 0
  const set = (patch: Readonly<Record<string, unknown>>) =>
    navigate({ search: (before) => ({ ...before, ...patch }), replace: true })

  const shown = useMemo(() => (data ? shownRows(data) : undefined), [data])
  const grouped = search.group !== 'none'
  const columns = useUninvoicedColumns(data, { grouped, asAt })
  const { hidden, show } = useColumnChoice('uninvoiced', columns)

  const grouping = useCustomerGroups(data, grouped)
  const invoicing = useInvoicing({
    rows: shown ?? [],
    selecting,
    asAt,
    approval: data?.approval ?? false,
    teamId: search.teamId,
    isFresh: data !== undefined && !query.isPlaceholderData,
  })
  const open = (row: ShownRow) =>
    isHourly(row.method)
      ? go({
          to: '/f/$firm/overviews/hours',
          params: { firm },
          search: entriesOf(row, asAt),
        })
      : go({ to: '/f/$firm/projects/$projectId', params: { firm, projectId: row.projectId } })
  const filtered = Object.keys(filterOf(search)).some((name) => name !== 'asAt' && name !== 'until')

  return (
    <Page>
      <PageHead
        title={t('uninvoiced.title')}
        period={
          <div className={styles.asAt}>
            {dated}
            <DateField
              aria-label={dated}
              value={asAt}
              maxDate={today()}
              onChange={(day) => {
                invoicing.setDate(day)
                set({ [search.until ? 'until' : 'asAt']: day === null || day === today() ? undefined : day })
              }}
            />
          </div>
        }
        actions={
          data && data.customers.length > 0 ? <ExportLinks path="/uninvoiced/export" query={filterOf(search)} /> : null
        }
      />
      <Tools>
        <FilterChips filters={filters} search={{ ...search }} onChange={set}>
          <SelectField
            aria-label={t('uninvoiced.group')}
            w={210}
            value={grouped ? 'customer' : 'none'}
            data={[
              { value: 'customer', label: t('uninvoiced.group.customer') },
              { value: 'none', label: t('uninvoiced.group.none') },
            ]}
            onChange={(value) => set({ group: value === 'none' ? 'none' : undefined })}
          />
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      {data && data.totals.length > 0 ? <Summary uninvoiced={data} /> : null}
      <Fill>
        <div className={isTight(data) ? styles.tight : styles.roomy}>
          <DataTable
            id="uninvoiced"
            name={t('uninvoiced.title')}
            rows={allRows({ ...query, data: shown })}
            columns={columns}
            hidden={hidden}
            idOf={(row) => row.id}
            nameOf={(row) => `${row.customer.customerName ?? ''}, ${row.projectName}`}
            {...(mayInvoice ? { selecting } : {})}
            onOpen={open}
            {...(grouping ? { group: grouping } : {})}
            empty={
              filtered ? (
                <EmptyState
                  icon="filter"
                  title={t('uninvoiced.none.title')}
                  action={<Button onClick={() => navigate({ search: {} })}>{t('uninvoiced.none.action')}</Button>}
                >
                  {t('uninvoiced.none.text')}
                </EmptyState>
              ) : (
                <Nothing date={asAt} drafts={asAt === today() ? waiting : 0} />
              )
            }
            totals={
              data
                ? t('uninvoiced.count', {
                    customers: new Set(data.customers.map(({ customerId }) => customerId)).size,
                    projects: shown?.length ?? 0,
                  })
                : ''
            }
          />
        </div>
        {mayInvoice && !selecting.isEmpty ? (
          <InvoiceBar rows={shown ?? []} selecting={selecting} invoicing={invoicing} />
        ) : data && data.customers.length > 0 ? (
          <p className={styles.note}>
            {waiting > 0 ? (
              <>
                <Link to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
                  {t('uninvoiced.drafts', { count: waiting })}
                </Link>
                {'. '}
              </>
            ) : null}
            {data.approval ? t('uninvoiced.note.approval') : t('uninvoiced.note')}
          </p>
        ) : null}
      </Fill>
      {invoicing.act.data ? (
        <Made made={invoicing.act.data} asked={invoicing.asked} close={() => invoicing.act.reset()} />
      ) : null}
    </Page>
  )
}

/** Nothing waits; what was put on drafts has still to be sent. */
function Nothing({ date, drafts }: { date: string; drafts: number }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const day = { date: format.date(date) }
  if (drafts > 0)
    return (
      <EmptyState
        icon="document"
        title={t('uninvoiced.empty.drafts', { count: drafts })}
        action={
          <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
            {t('uninvoiced.empty.drafts.action', { count: drafts })}
          </ButtonLink>
        }
      >
        {t('uninvoiced.empty.drafts.text', day)}
      </EmptyState>
    )
  return (
    <EmptyState
      icon="checked"
      title={t('uninvoiced.empty.title')}
      action={
        may('invoices:read') ? (
          <ButtonLink to="/f/$firm/invoices" params={{ firm }}>
            {t('uninvoiced.empty.action')}
          </ButtonLink>
        ) : null
      }
    >
      {t('uninvoiced.empty.text', day)}
    </EmptyState>
  )
}
