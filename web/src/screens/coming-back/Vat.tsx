import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { type Format, useFormat } from '../../format.ts'
import { Body, Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { EmptyState, ErrorState, NoRights, Skeleton } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useMay } from '../../session.ts'
import { type Say, useT, type Word } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import { VatInvoices } from './VatInvoices.tsx'
import { MadeThere, VatShown } from './VatShown.tsx'
import { type Length, lengths, movedPeriod, periodAt, shownPeriod, type VatPeriod } from './vat-period.ts'

const route = getRouteApi('/f/$firm/vat')

const lengthWords = {
  month: 'coming-back.vat.month',
  quarter: 'coming-back.vat.quarter',
  year: 'coming-back.vat.year',
} as const satisfies Record<Length, Word>

const periodName = (t: Say, format: Format, { length, from }: VatPeriod): string => {
  if (length === 'month') return format.date(from, 'month')
  if (length === 'year') return from.slice(0, 4)
  return t('coming-back.vat.quarterOf', { quarter: Math.ceil(Number(from.slice(5, 7)) / 3), year: from.slice(0, 4) })
}

/** VAT of a period from our own invoices, beside what the books show of them. */
export function Vat() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const period = shownPeriod({ length: search.length, from: search.from }, today())
  const by = search.by ?? 'date'
  const asked = { from: period.from, until: period.until, by }
  const mayRead = may('invoices:read')
  const loaded = useQuery({
    queryKey: ['invoices', 'vat', asked],
    queryFn: ({ signal }) => answer(api.GET('/vat-overview', { params: { query: asked }, signal })),
    enabled: mayRead,
  })
  const show = (next: VatPeriod) =>
    navigate({ search: (before) => ({ ...before, length: next.length, from: next.from }), replace: true })
  useKeys([
    { keys: '[', does: t('coming-back.vat.before'), run: () => show(movedPeriod(period, -1)), disabled: !mayRead },
    { keys: ']', does: t('coming-back.vat.after'), run: () => show(movedPeriod(period, 1)), disabled: !mayRead },
  ])
  if (!mayRead)
    return (
      <Page>
        <PageHead title={t('coming-back.vat.title')} />
        <NoRights />
      </Page>
    )
  const isList = search.view === 'invoices'
  const { data } = loaded
  return (
    <Page>
      <PageHead
        title={t('coming-back.vat.title')}
        period={
          <>
            <IconButton icon="back" name={t('coming-back.vat.before')} onClick={() => show(movedPeriod(period, -1))} />
            <b aria-live="polite">{periodName(t, format, period)}</b>
            <IconButton icon="next" name={t('coming-back.vat.after')} onClick={() => show(movedPeriod(period, 1))} />
          </>
        }
        actions={<ExportVat asked={asked} />}
      />
      <Tools>
        <Segments
          name={t('coming-back.vat.period')}
          value={period.length}
          options={lengths.map((value) => ({ value, label: t(lengthWords[value]) }))}
          onChange={(length) => show(periodAt(length, period.from))}
        />
        <Segments
          name={t('coming-back.vat.by')}
          value={by}
          options={[
            { value: 'date', label: t('coming-back.vat.byDate') },
            { value: 'booked', label: t('coming-back.vat.byBooked') },
          ]}
          onChange={(value) => navigate({ search: (before) => ({ ...before, by: value }), replace: true })}
        />
        <Segments
          name={t('coming-back.vat.view')}
          value={isList ? 'invoices' : 'overview'}
          options={[
            { value: 'overview', label: t('coming-back.vat.overview') },
            { value: 'invoices', label: t('coming-back.vat.invoices') },
          ]}
          onChange={(view) =>
            navigate({
              search: (before) => ({ length: before.length, from: before.from, by: before.by, view }),
              replace: true,
            })
          }
        />
      </Tools>
      {isList ? (
        <Fill>
          <VatInvoices asked={asked} lines={data?.lines ?? []} />
        </Fill>
      ) : (
        <Body>
          {loaded.isError && !data ? <ErrorState error={loaded.error} retry={loaded.refetch} /> : null}
          {loaded.isPending ? <Skeleton height={240} /> : null}
          {data && data.total.invoices === 0 ? (
            <>
              <EmptyState icon="document" title={t('coming-back.vat.empty')}>
                {t('coming-back.vat.empty.text')}
              </EmptyState>
              <MadeThere overview={data} />
            </>
          ) : null}
          {data && data.total.invoices > 0 ? (
            <VatShown
              overview={data}
              onDrill={(filter) =>
                navigate({
                  search: ({ length, from, by: way }) => ({ length, from, by: way, view: 'invoices', ...filter }),
                })
              }
            />
          ) : null}
        </Body>
      )}
    </Page>
  )
}

const exports = ['lines', 'eu-services', 'invoices', 'made'] as const
const exportWords = {
  lines: 'coming-back.vat.export.lines',
  'eu-services': 'coming-back.vat.export.eu',
  invoices: 'coming-back.vat.export.invoices',
  made: 'coming-back.vat.export.made',
} as const satisfies Record<(typeof exports)[number], Word>

function ExportVat({ asked }: { asked: { from: string; until: string; by: string } }) {
  const t = useT()
  const [saving, setSaving] = useState(false)
  const save = async (what: string, format: 'csv' | 'xlsx') => {
    setSaving(true)
    try {
      await download('/vat-overview/export', new URLSearchParams({ ...asked, what, format }))
    } catch (error) {
      sayProblem(error)
    } finally {
      setSaving(false)
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button iconAfter="down" busy={saving}>
          {t('invoice-exports.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {exports.flatMap((what) =>
          (['xlsx', 'csv'] as const).map((format) => (
            <Menu.Item key={`${what} ${format}`} onClick={() => save(what, format)}>
              {t(exportWords[what], { format: format.toUpperCase() })}
            </Menu.Item>
          )),
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
