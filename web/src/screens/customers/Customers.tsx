import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Page, PageHead } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { firmQuery } from '../settings/firm-query.ts'
import { type CustomerAnswer, vatCaseWords } from './customer-values.ts'
import { inactiveWords } from './PackageState.tsx'

const route = getRouteApi('/f/$firm/customers')

function useColumns(): ReadonlyArray<Column<CustomerAnswer>> {
  const t = useT()
  const format = useFormat()
  const firm = useQuery(firmQuery)
  const firmDays = firm.data?.defaultPaymentDays
  const firmMonth = firm.data?.defaultPaymentEndOfMonth ?? false
  return useMemo((): ReadonlyArray<Column<CustomerAnswer>> => {
    const term = (row: CustomerAnswer) => {
      const days = row.paymentDays ?? firmDays
      if (days === undefined) return ''
      return (row.paymentEndOfMonth ?? firmMonth)
        ? t('customers.term.month', { days })
        : t('customers.term.days', { days })
    }
    return [
      {
        id: 'number',
        head: t('customers.number'),
        width: 100,
        from: 480,
        cell: (row) => <span className="fig muted">{row.number ?? '–'}</span>,
      },
      {
        id: 'name',
        head: t('customers.name'),
        width: 'minmax(180px, 2fr)',
        always: true,
        cell: (row) => (
          <>
            <b>{row.name}</b>{' '}
            {row.inPackage?.inactive ? (
              <State is={row.inPackage.inactive === 'blocked' ? 'needs' : 'refused'} icon="warning">
                {t(inactiveWords[row.inPackage.inactive], { package: row.inPackage.packageName })}
              </State>
            ) : null}
          </>
        ),
      },
      {
        id: 'city',
        head: t('customers.city'),
        width: 'minmax(110px, 1fr)',
        from: 560,
        cell: (row) => row.visitAddress.city,
      },
      {
        id: 'country',
        head: t('customers.country'),
        width: 'minmax(110px, 1fr)',
        from: 820,
        cell: (row) => <span className="muted">{format.country(row.country)}</span>,
      },
      {
        id: 'vatId',
        head: t('customers.vatId'),
        width: 150,
        hidden: true,
        cell: (row) => <span className="fig">{row.vatId}</span>,
      },
      {
        id: 'vatCase',
        head: t('customers.vat'),
        width: 'minmax(170px, 1.2fr)',
        cell: (row) =>
          row.vatCaseConfirmed ? (
            t(vatCaseWords[row.vatCase])
          ) : (
            <State is="needs">{t('customers.vat.toConfirm', { vatCase: t(vatCaseWords[row.vatCase]) })}</State>
          ),
      },
      {
        id: 'term',
        head: t('customers.term'),
        width: 'minmax(120px, 1fr)',
        from: 940,
        cell: (row) => <span className={row.paymentDays === null ? 'muted' : undefined}>{term(row)}</span>,
      },
      { id: 'email', head: t('customers.email'), width: 'minmax(150px, 1fr)', hidden: true, cell: (row) => row.email },
    ]
  }, [t, format, firmDays, firmMonth])
}

export function Customers() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const rows = usePages({
    queryKey: ['customers', 'list', search],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/customers', {
          params: {
            query: {
              ...(search.search ? { search: search.search } : {}),
              ...(search.archived ? { archived: 'true' as const } : {}),
              ...(cursor ? { cursor } : {}),
            },
          },
          signal,
        }),
      ),
  })
  const columns = useColumns()
  const filters = useMemo(
    (): readonly Filter[] => [
      { kind: 'text', name: 'search', label: t('customers.search') },
      {
        kind: 'flag',
        name: 'archived',
        label: t('customers.archived'),
        yes: t('customers.archived.yes'),
        no: t('customers.archived.no'),
      },
    ],
    [t],
  )
  const open = (customerId: string) => navigate({ to: '/f/$firm/customers/$customerId', params: { firm, customerId } })
  const canMake = may('customers:write')
  useKeys([{ keys: 'N', does: t('customers.new'), disabled: !canMake, run: () => void open('new') }])
  const newLink = canMake ? (
    <ButtonLink
      kind="primary"
      icon="plus"
      keys="N"
      to="/f/$firm/customers/$customerId"
      params={{ firm, customerId: 'new' }}
    >
      {t('customers.new')}
    </ButtonLink>
  ) : null
  return (
    <Page>
      <PageHead title={t('customers.title')} actions={newLink} />
      <FilteredTable
        id="customers"
        name={t('customers.title')}
        narrowing={{
          filters,
          search,
          change: (patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true }),
          isNarrowed: search.search !== undefined || search.archived !== undefined,
        }}
        noneFound={{ title: t('customers.none.title'), text: t('customers.none.text') }}
        rows={rows}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        onOpen={(row) => void open(row.id)}
        empty={
          <EmptyState icon="customers" title={t('customers.empty.title')} action={newLink}>
            {t('customers.empty.text')}
          </EmptyState>
        }
      />
    </Page>
  )
}
