import { useNavigate } from '@tanstack/react-router'
import { add, decimal, zero } from '@uurwerk/core/shared/money.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { today } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { MoreActs } from '../../table/MoreActs.tsx'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import type { Selecting } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { AttachFiles } from '../postings/AttachFiles.tsx'
import { toAddress } from '../postings/chosen-invoices.ts'
import { useSalesPackage } from '../postings/sales-package.ts'
import { ExportInvoices } from './ExportInvoices.tsx'
import type { InvoiceRow } from './invoice.ts'
import { exportedOf, mostIds } from './invoice-export.ts'
import type { InvoiceSearch } from './invoice-filters.ts'
import { MarkSelection } from './MarkSelection.tsx'
import { PaySelection } from './PaySelection.tsx'
import { RemindSelection } from './RemindSelection.tsx'
import { SendSelection } from './SendSelection.tsx'

/** As many as one preview takes (`POST /postings/preview`). */
const mostAtOnce = 500

/** What is selected of the list, added up, and what can be done with it. */
export function InvoiceSelection({
  search,
  selecting,
  chosen,
  matching,
  complete,
}: {
  search: InvoiceSearch
  selecting: Selecting
  /** The rows that are selected, as far as they are here. */
  chosen: readonly InvoiceRow[]
  matching: number | null
  /** All that is selected is here. */
  complete: boolean
}) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const navigate = useNavigate()
  const { slug: firm } = useFirm()
  const salesPackage = useSalesPackage()
  const drafts = chosen.filter(({ state }) => state === 'draft')
  const sent = chosen.filter(({ state }) => state !== 'draft')
  const onlyDrafts = sent.length === 0
  const mayPost = may('postings:write') && Boolean(salesPackage) && !onlyDrafts
  const preview = () => {
    if (onlyDrafts || !complete || chosen.length > mostAtOnce) return
    void navigate({
      to: '/f/$firm/invoices/preview',
      params: { firm },
      search: { invoices: toAddress(chosen.map(({ id }) => id)) },
    })
  }
  useKeys([
    {
      keys: 'B',
      does: salesPackage ? t('invoices.post.button', { package: salesPackage.name }) : undefined,
      run: preview,
      disabled: !mayPost,
    },
  ])

  const byCurrency = Map.groupBy(onlyDrafts ? chosen : sent, ({ currency }) => currency)
  const sums = [...byCurrency].map(([currency, rows]) => ({
    value: format.money(rows.map(({ gross }) => decimal(gross)).reduce(add, zero), currency),
    under: t('invoices.selected.gross'),
  }))
  const customers = new Set(chosen.map(({ customerId }) => customerId)).size
  const { selection } = selecting
  const named = selection.kind === 'ids' ? selection.ids.size : selection.except.size
  const tooMany =
    named > mostIds
      ? t('invoice-exports.tooMany', { most: mostIds })
      : mayPost && chosen.length > mostAtOnce
        ? t('invoices.post.most', { most: mostAtOnce })
        : null
  return (
    <SelectionBar
      selecting={selecting}
      matching={matching}
      under={
        drafts.length > 0 && !onlyDrafts
          ? t('invoices.selected.drafts', { count: drafts.length })
          : t('invoices.selected.customers', { count: customers })
      }
      figures={complete ? sums : []}
    >
      {tooMany ? <span className="muted small">{tooMany}</span> : null}
      <ExportInvoices
        exported={exportedOf({ search, rows: chosen, complete, selecting, today: today() })}
        busy={!complete}
        disabled={named > mostIds}
        upwards
      />
      <MoreActs>
        <PaySelection chosen={chosen} busy={!complete} onDone={selecting.clear} />
        <RemindSelection chosen={chosen} busy={!complete} onDone={selecting.clear} />
        <AttachFiles
          chosen={sent.map(({ id, number, booking }) =>
            booking
              ? { id, label: number ?? '', postingId: booking.postingId }
              : { id, label: number ?? '', why: t('postings.files.notPosted') },
          )}
          busy={!complete}
          onDone={selecting.clear}
        />
        {salesPackage ? <MarkSelection sent={sent} busy={!complete} onDone={selecting.clear} /> : null}
      </MoreActs>
      <SendSelection drafts={drafts} busy={!complete} primary={onlyDrafts} onDone={selecting.clear} />
      {may('postings:write') && salesPackage === null && !onlyDrafts && may('connections:read') ? (
        <ButtonLink to="/f/$firm/settings/apps" params={{ firm }} icon="plug">
          {t('invoices.post.connect')}
        </ButtonLink>
      ) : null}
      {mayPost && salesPackage ? (
        <Button
          kind="primary"
          keys="B"
          icon="send"
          onClick={preview}
          busy={!complete}
          disabled={chosen.length > mostAtOnce}
        >
          {t('invoices.post.button', { package: salesPackage.name })}
        </Button>
      ) : null}
      {onlyDrafts && complete && chosen.length > 0 && !may('invoices:send') ? (
        <TwoLines under={t('invoices.selected.onlyDrafts.text')}>{t('invoices.selected.onlyDrafts')}</TwoLines>
      ) : null}
    </SelectionBar>
  )
}
