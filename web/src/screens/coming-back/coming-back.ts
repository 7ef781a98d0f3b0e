import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useRef } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import type { Word } from '../../words/words.tsx'

export type Difference = components['schemas']['BooksDifference']
export type Reconciliation = components['schemas']['Reconciliation']
export type ComingBack = components['schemas']['ComingBack']
export type InBooksNow = components['schemas']['InBooksNow']
export type VatOverview = components['schemas']['VatOverview']
export type VatInvoiceRow = components['schemas']['VatInvoiceRow']

const root = 'coming-back'

export const comingBackQuery = (connectionId: string) =>
  queryOptions({
    queryKey: [root, 'of', connectionId],
    queryFn: ({ signal }) =>
      answer(api.GET('/connections/{id}/coming-back', { params: { path: { id: connectionId } }, signal })),
  })

export const differencesKey = (connectionId: string, state: Difference['state'], postingId?: string) =>
  [root, 'differences', connectionId, state, postingId ?? null] as const
export const differencesOfPostingKey = (postingId: string) => [root, 'differences-of', postingId] as const
export const runsKey = [root, 'runs'] as const

/** Whatever shows how posted documents stand looks again. */
export const comingBackChanged = (client: QueryClient) =>
  Promise.all(
    [root, 'postings', 'invoice', 'invoices', 'package-invoices', 'month-end'].map((key) =>
      client.invalidateQueries({ queryKey: [key] }),
    ),
  )

/** Looks again when something was read back from the books, while somebody looks. */
export function useFollowComingBack(client: QueryClient): void {
  const heard = useRef(new Set<unknown>())
  useEvents('/events', {
    heard: ({ data }) => {
      try {
        heard.current.add((JSON.parse(data) as { topic?: unknown }).topic)
      } catch {
        heard.current.clear()
      }
    },
    look: () => {
      const topics = heard.current
      heard.current = new Set()
      const isOurs = topics.size === 0 || ['tasks', 'postings', 'connections'].some((topic) => topics.has(topic))
      return isOurs ? client.invalidateQueries({ queryKey: [root] }) : undefined
    },
  })
}

export const bookedWords = {
  posted: 'coming-back.booked.posted',
  differs: 'coming-back.booked.differs',
  'not-posted': 'coming-back.booked.notPosted',
  'already-in-books': 'coming-back.booked.already',
} as const satisfies Record<VatInvoiceRow['booked'], Word>
