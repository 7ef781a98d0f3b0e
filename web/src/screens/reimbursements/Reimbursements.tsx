import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { useId } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Body, Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { EmptyState, ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Segments } from '../../parts/Segments.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { PaidList } from './PaidList.tsx'
import { PersonOpen } from './PersonOpen.tsx'
import styles from './reimbursements.module.css'

const route = getRouteApi('/f/$firm/reimbursements')

/** What employees still get, and what they were paid. */
export function Reimbursements() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const paid = search.view === 'paid'
  const untilId = useId()
  useEvents('/events', {
    look: () => {},
    heard: ({ data }) => {
      if (/expenses|trips/.test(data)) void client.invalidateQueries({ queryKey: ['reimbursements'] })
    },
  })
  const head = (
    <PageHead
      title={t('reimbursements.title')}
      actions={paid ? null : <ExportMenu query={{ until: search.until }} />}
    />
  )
  if (!may('reimbursements:read'))
    return (
      <Page>
        {head}
        <NoRights />
      </Page>
    )
  return (
    <Page>
      {head}
      <Tools>
        <Segments
          name={t('reimbursements.view')}
          value={paid ? 'paid' : 'open'}
          options={[
            { value: 'open', label: t('reimbursements.open') },
            { value: 'paid', label: t('reimbursements.paid') },
          ]}
          onChange={(view) => navigate({ search: view === 'paid' ? { view } : {} })}
        />
        {paid ? null : (
          <>
            <span className="grow" />
            <div className={styles.until}>
              <label className="muted" htmlFor={untilId}>
                {t('reimbursements.until')}
              </label>
              <DateField
                id={untilId}
                placeholder={t('reimbursements.until.all')}
                clearable
                w={170}
                value={search.until ?? null}
                onChange={(until) => navigate({ search: until ? { until } : {}, replace: true })}
              />
            </div>
          </>
        )}
      </Tools>
      {paid ? (
        <Fill>
          <PaidList
            open={search.payment ?? null}
            show={(payment) => navigate({ search: payment ? { view: 'paid', payment } : { view: 'paid' } })}
          />
        </Fill>
      ) : (
        <OpenList until={search.until} />
      )}
    </Page>
  )
}

function OpenList({ until }: { until: string | undefined }) {
  const t = useT()
  const format = useFormat()
  const { currency } = useFirm()
  const query = useQuery({
    queryKey: ['reimbursements', 'open', until ?? null],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/reimbursements/open', { params: { query: { until } }, signal }))).rows,
  })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
  if (!query.data) return <PageSkeleton lines={6} />
  if (query.data.length === 0)
    return (
      <EmptyState icon="wallet" title={t('reimbursements.empty.title')}>
        {t('reimbursements.empty.text')}
      </EmptyState>
    )
  const total = toCents(sum(query.data.map(({ amount }) => decimal(amount))))
  return (
    <Body>
      <p className={styles.all}>
        {t('reimbursements.all', { count: query.data.length, amount: format.money(total, currency) })}
      </p>
      <div className={styles.people}>
        {query.data.map((open) => (
          <PersonOpen key={open.memberId} open={open} until={until} />
        ))}
      </div>
    </Body>
  )
}
