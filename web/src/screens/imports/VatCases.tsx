import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type VatCase, vatCases } from '@uurwerk/core/invoicing/vat-cases.ts'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Fill } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState, NoRights } from '../../parts/Empty.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { vatCaseWords } from '../customers/customer-values.ts'
import { ImportPage } from './ImportTabs.tsx'
import { importsChanged } from './import-settings.ts'
import { type LeftOut, LeftOutList } from './LeftOutList.tsx'

const route = getRouteApi('/f/$firm/settings/imports/vat-cases')

interface Row {
  readonly customerId: string
  readonly number: string | null
  readonly name: string
  readonly country: string
  readonly vatId: string | null
  readonly vatCase: VatCase
  readonly version: number
}

/** VAT cases that were derived from country and VAT id: confirmed once, or said otherwise, many at a time. */
export function VatCases() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const rows = usePages({
    queryKey: ['imports', 'vat-cases', search.search ?? ''],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/vat-cases', {
          params: { query: { limit: 100, cursor, ...(search.search ? { search: search.search } : {}) } },
          signal,
        }),
      ),
    enabled: may('customers:read'),
  })
  const selecting = useSelection(search.search ?? '')
  const [said, setSaid] = useState<ReadonlyMap<string, VatCase>>(new Map())
  const [leftOut, setLeftOut] = useState<readonly LeftOut[]>([])
  const chosen = rows.rows.filter((row) => selecting.has(row.customerId))
  const confirm = useAct({
    run: (customers: { id: string; version: number; vatCase: VatCase }[], key) =>
      answer(api.POST('/vat-cases/confirmation', { headers: key, body: { customers } })),
    done: async (answered) => {
      setLeftOut(answered.leftOut)
      setSaid(new Map())
      selecting.clear()
      if (answered.done > 0) say(t('imports.vatCases.confirmed', { count: answered.done }))
      await importsChanged(client)
    },
    failed: sayProblem,
  })
  const mayWrite = may('customers:write')
  const columns = useMemo(
    (): ReadonlyArray<Column<Row>> => [
      {
        id: 'customer',
        head: t('imports.customer'),
        width: 'minmax(150px, 2fr)',
        always: true,
        cell: (row) => (
          <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: row.customerId }}>
            {row.number ? <span className="muted fig">{row.number} </span> : null}
            {row.name}
          </Link>
        ),
      },
      {
        id: 'country',
        head: t('customers.country'),
        width: 'minmax(110px, 1fr)',
        from: 620,
        cell: (row) => format.country(row.country),
      },
      {
        id: 'vatId',
        head: t('customers.vatId'),
        width: 'minmax(130px, 1fr)',
        from: 520,
        cell: (row) => <span className="fig">{row.vatId ?? '–'}</span>,
      },
      {
        id: 'vatCase',
        head: t('customers.vat'),
        width: 'minmax(150px, 1.6fr)',
        always: true,
        cell: (row) =>
          mayWrite ? (
            <SelectField
              size="xs"
              aria-label={t('imports.vatCases.of', { name: row.name })}
              data={vatCases.map((value) => ({ value, label: t(vatCaseWords[value]) }))}
              value={said.get(row.customerId) ?? row.vatCase}
              onClick={(event) => event.stopPropagation()}
              onChange={(value) => {
                if (!value) return
                setSaid((before) => new Map([...before, [row.customerId, value as VatCase]]))
                selecting.set([row.customerId], true)
              }}
            />
          ) : (
            t(vatCaseWords[row.vatCase])
          ),
      },
    ],
    [t, format, firm, mayWrite, said, selecting],
  )
  const filters = useMemo(
    (): readonly Filter[] => [{ kind: 'text', name: 'search', label: t('customers.search') }],
    [t],
  )
  return (
    <ImportPage
      at="vatCases"
      tools={
        <FilterChips
          filters={filters}
          search={search}
          onChange={(patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true })}
        />
      }
    >
      {may('customers:read') ? (
        <>
          <LeftOutList leftOut={leftOut} close={() => setLeftOut([])} />
          <Fill>
            <DataTable
              id="vat-cases"
              name={t('imports.vatCases')}
              rows={rows}
              columns={columns}
              idOf={(row) => row.customerId}
              nameOf={(row) => row.name}
              {...(mayWrite ? { selecting } : {})}
              empty={
                <EmptyState
                  icon="check"
                  title={t(search.search ? 'imports.vatCases.notFound' : 'imports.vatCases.none.title')}
                >
                  {t('imports.vatCases.none.text')}
                </EmptyState>
              }
            />
          </Fill>
          <SelectionBar selecting={selecting} matching={null}>
            <Button
              kind="primary"
              busy={confirm.isPending}
              onClick={() =>
                confirm.mutate(
                  chosen.map((row) => ({
                    id: row.customerId,
                    version: row.version,
                    vatCase: said.get(row.customerId) ?? row.vatCase,
                  })),
                )
              }
            >
              {t('imports.vatCases.confirm', { count: chosen.length })}
            </Button>
          </SelectionBar>
        </>
      ) : (
        <NoRights />
      )}
    </ImportPage>
  )
}
