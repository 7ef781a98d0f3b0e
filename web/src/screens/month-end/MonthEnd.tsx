import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addMonths, type CalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { ErrorState, NoRights, Skeleton } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Bar } from '../../parts/Task.tsx'
import { today } from '../../parts/today.ts'
import { useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { Approving } from './Approving.tsx'
import { Invoicing, Paying, Posting, Refused, Sending } from './Documents.tsx'
import styles from './month-end.module.css'
import {
  leftOf,
  type MonthEnd as Month,
  monthEndQuery,
  type StepName,
  shownMonth,
  steps,
  stepsOf,
} from './month-end.ts'
import { Step } from './Step.tsx'
import { Submitting } from './Submitting.tsx'

const route = getRouteApi('/f/$firm/month-end')

/** From hours to money: what is left of a month, in the order in which it is done. */
export function MonthEnd() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const navigate = route.useNavigate()
  const now = today()
  const month = shownMonth(route.useSearch().month, now)
  const isLast = month === startOfMonth(now)
  const query = useQuery({ ...monthEndQuery(month.slice(0, 7)), enabled: may('invoices:read') })
  const client = useQueryClient()
  // Whatever happens in the firm may end a step; adding up a whole firm is not done at every word that somebody writes.
  useEvents('/events', { look: () => client.invalidateQueries({ queryKey: ['month-end'] }), restMs: 1_000 })
  const show = (date: CalendarDate) => void navigate({ search: { month: date.slice(0, 7) } })
  useKeys([
    { keys: '[', does: t('month-end.previous'), run: () => show(addMonths(month, -1)) },
    { keys: ']', does: t('month-end.next'), disabled: isLast, run: () => show(addMonths(month, 1)) },
  ])
  return (
    <Page>
      <PageHead
        title={t('month-end.title')}
        period={<span className={styles.month}>{format.date(month, 'month')}</span>}
        actions={
          <>
            <IconButton
              icon="back"
              name={t('month-end.previous')}
              keys="["
              onClick={() => show(addMonths(month, -1))}
            />
            <IconButton
              icon="next"
              name={t('month-end.next')}
              keys="]"
              disabled={isLast}
              onClick={() => show(addMonths(month, 1))}
            />
            <Button kind="quiet" icon="refresh" busy={query.isFetching} onClick={() => void query.refetch()}>
              {t('month-end.refresh')}
            </Button>
          </>
        }
      />
      <Body>
        {may('invoices:read') ? null : <NoRights />}
        {query.error && !query.data ? <ErrorState error={query.error} retry={query.refetch} /> : null}
        {query.data ? <Steps data={query.data} /> : null}
        {!query.data && !query.error && may('invoices:read') ? (
          <div className={styles.steps} aria-busy>
            {steps.map((step) => (
              <Skeleton key={step} height={64} />
            ))}
          </div>
        ) : null}
      </Body>
    </Page>
  )
}

function Steps({ data }: { data: Month }) {
  const t = useT()
  const { submitting, approving, invoicing, posting, refused } = data
  const all = stepsOf(data)
  const left = leftOf(data)
  const seen = Object.values(left)
  const values = { done: seen.filter((count) => count === 0).length, all: all.length }
  const said =
    values.done === values.all
      ? t('month-end.allDone')
      : values.done === seen.length
        ? t('month-end.seenDone', { hidden: values.all - seen.length })
        : t('month-end.progress', values)
  return (
    <>
      <div className={styles.progress}>
        <p>{said}</p>
        <Bar name={t('month-end.progress', values)} value={values.done} of={values.all} />
      </div>
      <ol className={styles.steps}>
        {submitting ? <Submitting month={data.month} submitting={submitting} /> : <Unseen step="submitting" />}
        {data.approval ? approving ? <Approving approving={approving} /> : <Unseen step="approving" /> : null}
        {invoicing ? <Invoicing until={data.until} invoicing={invoicing} /> : <Unseen step="invoicing" />}
        <Sending data={data} />
        {posting ? <Posting posting={posting} refused={refused?.count ?? 0} /> : <Unseen step="posting" />}
        {refused ? posting?.connection ? <Refused refused={refused} /> : null : <Unseen step="refused" />}
        <Paying data={data} />
      </ol>
    </>
  )
}

const unseenTitles = {
  submitting: 'month-end.submitting',
  approving: 'month-end.approving',
  invoicing: 'month-end.invoicing',
  posting: 'month-end.posting',
  refused: 'month-end.refused',
} as const satisfies Partial<Record<StepName, Word>>

/** A step of which this person may see nothing, so that nothing is said of it. */
function Unseen({ step }: { step: keyof typeof unseenTitles }) {
  const t = useT()
  return <Step title={t(unseenTitles[step])} is="wait" state={t('month-end.unseen')} />
}
