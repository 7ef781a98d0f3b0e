import { useQuery } from '@tanstack/react-query'
import { ErrorNotice, Skeleton } from '../../../parts/Empty.tsx'
import { useT } from '../../../words/words.tsx'
import { Instalments } from './Instalments.tsx'
import { instalmentsQuery, subscriptionsQuery } from './invoicing.ts'
import { Subscriptions } from './Subscriptions.tsx'

/** What is agreed with the customer: a price with its instalments, or subscriptions; by the hour there is nothing here. */
export function Invoicing({ projectId, method }: { projectId: string; method: string }) {
  if (method === 'fixed-price' || method === 'fixed-per-activity') return <Fixed projectId={projectId} />
  return method === 'subscription' ? <Subscribed projectId={projectId} /> : null
}

function Fixed({ projectId }: { projectId: string }) {
  const t = useT()
  const query = useQuery(instalmentsQuery(projectId))
  return (
    <section>
      <h2>{t('invoicing.fixed.title')}</h2>
      <p>{t('invoicing.fixed.text')}</p>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={96} /> : null}
      {query.data ? <Instalments projectId={projectId} agreed={query.data} /> : null}
    </section>
  )
}

function Subscribed({ projectId }: { projectId: string }) {
  const t = useT()
  const query = useQuery(subscriptionsQuery(projectId))
  return (
    <section>
      <h2>{t('invoicing.subscription.title')}</h2>
      <p>{t('invoicing.subscription.text')}</p>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={96} /> : null}
      {query.data ? <Subscriptions projectId={projectId} agreed={query.data} /> : null}
    </section>
  )
}
