import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEvents } from '../../events.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { useT } from '../../words/words.tsx'
import { DraftInvoice } from './DraftInvoice.tsx'
import { invoiceQuery } from './invoice.ts'
import { SentInvoice } from './SentInvoice.tsx'

const route = getRouteApi('/f/$firm/invoices/$invoiceId')

export function Invoice() {
  const t = useT()
  const { invoiceId } = route.useParams()
  const client = useQueryClient()
  const known = client.getQueryData(invoiceQuery(invoiceId).queryKey)
  const isDraft = known?.state === 'draft'
  // While somebody works on a draft it does not change under their hands: saving tells when another was first.
  const invoice = useQuery({ ...invoiceQuery(invoiceId), refetchOnWindowFocus: !isDraft, refetchOnReconnect: !isDraft })
  useEvents(isDraft || !known ? null : '/events', {
    look: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['invoice', invoiceId] }),
        client.invalidateQueries({ queryKey: ['letters'] }),
      ]),
  })
  return (
    <Page>
      {invoice.data ? (
        invoice.data.state === 'draft' ? (
          <DraftInvoice key={invoiceId} invoice={invoice.data} />
        ) : (
          <SentInvoice key={invoiceId} invoice={invoice.data} />
        )
      ) : (
        <>
          <PageHead title={t('invoices.one')} crumbs={[<InvoicesCrumb key="list" />]} />
          <Body>
            {invoice.isError ? <ErrorState error={invoice.error} retry={invoice.refetch} /> : <PageSkeleton />}
          </Body>
        </>
      )}
    </Page>
  )
}
