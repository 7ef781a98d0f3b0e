import { answer, api, ifMatch } from '../../api.ts'
import type { Invoice } from './invoice.ts'
import type { Draft } from './use-draft.ts'

type HeadPatch = Partial<{
  date: string
  dueDate: string | null
  reference: string | null
  orderNumber: string | null
  introduction: string
  closing: string
  seriesId: string
  period: { from: string; until: string } | null
  language: 'nl' | 'en'
  exchange: { rate: string; source: string; date?: string } | null
  releasesEntries: boolean
}>

/** Saves a field of the head; `show` says what it holds, for the two versions of a stale edit. */
export const useHead =
  (invoice: Invoice, draft: Draft) => (patch: HeadPatch, field: string, show: (invoice: Invoice) => string) =>
    draft.save({
      run: (version) =>
        answer(
          api.PATCH('/invoices/{id}', {
            params: { path: { id: invoice.id } },
            headers: ifMatch(version),
            body: patch,
          }),
        ),
      field,
      mine: show({ ...invoice, ...patch, ...shownPeriod(patch) } as Invoice),
      theirs: show,
    })
export type SaveHead = ReturnType<typeof useHead>

const shownPeriod = ({ period }: HeadPatch) =>
  period === undefined ? {} : { periodFrom: period?.from ?? null, periodUntil: period?.until ?? null }
