import { getRouteApi } from '@tanstack/react-router'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { today } from '../../parts/today.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Budgets } from './Budgets.tsx'
import { ContractWeeks } from './ContractWeeks.tsx'
import { OutstandingAges, OutstandingByCustomer } from './Outstanding.tsx'
import { periods, type ReportPeriod, reportPeriod } from './period.ts'
import { RevenueByCustomer, RevenueByMonth } from './Revenue.tsx'
import styles from './reports.module.css'
import { UninvoicedAges } from './UninvoicedAges.tsx'

const route = getRouteApi('/f/$firm/reports')

const periodWords = {
  year: 'reports.period.year',
  'last-year': 'reports.period.lastYear',
  'twelve-months': 'reports.period.twelveMonths',
} as const satisfies Record<ReportPeriod, string>

/** How the firm stands: time, budgets, what is still to be invoiced, what was. */
export function Reports() {
  const t = useT()
  const may = useMay()
  const navigate = route.useNavigate()
  const { period: chosen = 'twelve-months' } = route.useSearch()
  const now = today()
  const period = reportPeriod(chosen, now)
  const seesInvoices = may('invoices:read')
  if (!may('reports:read'))
    return (
      <Page>
        <PageHead title={t('reports.title')} />
        <NoRights />
      </Page>
    )
  return (
    <Page>
      <PageHead
        title={t('reports.title')}
        actions={
          seesInvoices ? (
            <Segments
              name={t('reports.period')}
              value={chosen}
              options={periods.map((value) => ({ value, label: t(periodWords[value]) }))}
              onChange={(value) => navigate({ search: { period: value }, replace: true })}
            />
          ) : null
        }
      />
      <Body>
        <div className={styles.grid}>
          <ContractWeeks today={now} />
          <Budgets />
          <UninvoicedAges />
          {seesInvoices ? (
            <>
              <OutstandingAges />
              <OutstandingByCustomer />
              <RevenueByMonth period={period} />
              <RevenueByCustomer period={period} />
            </>
          ) : null}
        </div>
      </Body>
    </Page>
  )
}
