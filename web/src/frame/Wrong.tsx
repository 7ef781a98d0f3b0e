import { Link } from '@tanstack/react-router'
import { EmptyState, ErrorState, PageSkeleton } from '../parts/Empty.tsx'
import { useT } from '../words/words.tsx'
import { Page, PageHead } from './Page.tsx'

/** An address that leads nowhere, or to something this person may not see: the same page, on purpose. */
export function NotFound() {
  const t = useT()
  return (
    <Page>
      <PageHead title={t('frame.notFound.title')} />
      <EmptyState
        icon="search"
        title={t('frame.notFound.head')}
        action={<Link to="/">{t('frame.notFound.home')}</Link>}
      >
        {t('frame.notFound.text')}
      </EmptyState>
    </Page>
  )
}

export const RouteError = ({ error, reset }: { error: unknown; reset: () => void }) => (
  <Page>
    <ErrorState error={error} retry={reset} />
  </Page>
)

export const RoutePending = () => <PageSkeleton />
