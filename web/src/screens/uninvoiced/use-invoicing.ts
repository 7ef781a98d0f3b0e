import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { useKeys } from '../../parts/keys.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Selecting } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { keepChosen } from '../package-invoices/chosen-entries.ts'
import { useMaker } from '../package-invoices/MadeWhere.tsx'
import { seriesQuery } from '../settings/series-query.ts'
import { draftCount, mostProjects, type ShownRow, type SplitBy, selectionOf } from './uninvoiced.ts'

const post = (
  body: ReturnType<typeof selectionOf> & { splitBy: SplitBy; groupBy: 'activity'; date: string; seriesId?: string },
  key: { readonly 'Idempotency-Key': string },
) => answer(api.POST('/invoices/from-entries', { params: { header: key }, headers: key, body }))

/** How the selected projects become drafts here, or documents in the package. */
export function useInvoicing({
  rows,
  selecting,
  asAt,
  approval,
  teamId,
  isFresh,
}: {
  rows: readonly ShownRow[]
  selecting: Selecting
  asAt: string
  approval: boolean
  teamId: string[] | undefined
  /** The rows are of the filter that is set now. */
  isFresh: boolean
}) {
  const t = useT()
  const format = useFormat()
  const mayInvoice = useMay()('invoices:write')
  const client = useQueryClient()
  const go = useNavigate()
  const { slug: firm } = useFirm()
  const [splitBy, setSplitBy] = useState<SplitBy>('customer')
  const [date, setDate] = useState<string | null>(asAt)
  const [seriesId, setSeriesId] = useState('')
  const [asked, setAsked] = useState<readonly ShownRow[]>([])
  const maker = useMaker()
  const series = useQuery({ ...seriesQuery(), enabled: mayInvoice })
  const chosen = rows.filter(({ id }) => selecting.has(id))
  const drafts = draftCount(chosen, splitBy)
  const act = useAct({
    run: (body: Parameters<typeof post>[0], key) => post(body, key),
    done: (made) => {
      if (made.invoices.length > 0) selecting.clear()
      return Promise.all(
        ['uninvoiced', 'invoices', 'hours', 'hours-totals', 'expenses', 'trips', 'instalments', 'subscriptions'].map(
          (queryKey) => client.invalidateQueries({ queryKey: [queryKey] }),
        ),
      )
    },
  })
  const tooMany = chosen.length > mostProjects
  const ready = mayInvoice && drafts > 0 && !tooMany && date !== null && isFresh
  const what = () => ({
    asAt,
    approval,
    isToday: asAt === today(),
    ...(teamId ? { teamId } : {}),
  })
  const invoice = () => {
    if (!ready) return
    setAsked(chosen)
    act.mutate({
      ...selectionOf(chosen, what()),
      splitBy,
      groupBy: 'activity',
      date,
      ...(seriesId ? { seriesId } : {}),
    })
  }
  const inPackage = () => {
    if (!ready) return
    const body = { ...selectionOf(chosen, what()), splitBy, groupBy: 'activity' as const, date }
    const kept = keepChosen({ from: 'uninvoiced', body })
    void go({ to: '/f/$firm/package-invoices/preview', params: { firm }, search: { chosen: kept } })
  }
  useKeys([
    {
      keys: 'I',
      does: t('uninvoiced.invoice', { count: drafts, shown: format.count(drafts) }),
      run: invoice,
      disabled: !ready || act.isPending || act.data !== undefined,
    },
  ])
  return {
    maker,
    series: series.data?.rows ?? [],
    act,
    asked,
    chosen,
    drafts,
    tooMany,
    ready,
    splitBy,
    setSplitBy,
    date,
    setDate,
    seriesId,
    setSeriesId,
    invoice,
    inPackage,
  }
}
export type Invoicing = ReturnType<typeof useInvoicing>
