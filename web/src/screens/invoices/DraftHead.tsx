import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FocusEvent, useState } from 'react'
import { useFormat } from '../../format.ts'
import { SwitchField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { DecimalField, SelectField, TextField } from '../../parts/fields.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { seriesQuery } from '../settings/series-query.ts'
import { DayField, LineOfText, MoreText, useUnclear } from './DraftFields.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import type { Draft } from './use-draft.ts'
import { type SaveHead, useHead } from './use-head.ts'
import { useSavedField } from './use-saved-field.ts'

function ExchangeFields({ invoice, save }: { invoice: Invoice; save: SaveHead }) {
  const t = useT()
  const format = useFormat()
  const { currency: home } = useFirm()
  const { exchange } = invoice
  const [source, setSource] = useState(exchange?.source ?? '')
  const rate = useSavedField(exchange?.rate ?? '', (text) =>
    save(
      {
        exchange:
          text.trim() === ''
            ? null
            : {
                rate: text,
                source: exchange?.source ?? (source.trim() || t('invoices.exchange.own')),
                ...(exchange ? { date: exchange.date } : {}),
              },
      },
      t('invoices.exchange.rate'),
      (one) => one.exchange?.rate ?? '–',
    ),
  )
  const from = useSavedField(exchange?.source ?? '', async (text) => {
    if (!exchange || text.trim() === '') return
    await save(
      { exchange: { rate: exchange.rate, source: text.trim(), date: exchange.date } },
      t('invoices.exchange.source'),
      (one) => one.exchange?.source ?? '–',
    )
  })
  return (
    <>
      <DecimalField
        label={t('invoices.exchange.rate')}
        description={
          exchange
            ? t('invoices.exchange.vat', { vat: format.money(exchange.vat, home) })
            : t('invoices.exchange.help', { home, currency: invoice.currency })
        }
        value={rate.value}
        error={rate.error}
        onChange={rate.type}
        onBlur={() => rate.commit()}
      />
      <TextField
        label={t('invoices.exchange.source')}
        description={t('invoices.exchange.source.help')}
        maxLength={60}
        value={exchange ? from.value : source}
        error={from.error}
        onChange={(event) => {
          setSource(event.currentTarget.value)
          from.type(event.currentTarget.value)
        }}
        onBlur={() => from.commit()}
      />
      {exchange ? (
        <DayField
          label={t('invoices.exchange.date')}
          help={t('invoices.exchange.date.help')}
          stored={exchange.date}
          save={async (date) =>
            date &&
            save({ exchange: { ...kept(exchange), date } }, t('invoices.exchange.date'), (one) =>
              one.exchange ? format.date(one.exchange.date) : '–',
            )
          }
        />
      ) : null}
    </>
  )
}

const kept = ({ rate, source }: { readonly rate: string; readonly source: string }) => ({ rate, source })

/** First and last day of what is invoiced: as the lines say, until both are chosen here. */
function PeriodFields({ invoice, save }: { invoice: Invoice; save: SaveHead }) {
  const t = useT()
  const format = useFormat()
  const { periodFrom, periodUntil, periodFixed } = invoice
  const label = t('invoices.period')
  const shown = (one: Invoice) =>
    one.periodFrom && one.periodUntil ? format.dateRange(one.periodFrom, one.periodUntil, 'short') : '–'
  const stored = `${periodFrom ?? ''}/${periodUntil ?? ''}`
  const field = useSavedField(stored, (text) => {
    const [from = '', until = ''] = text.split('/')
    return save({ period: from && until ? { from, until } : null }, label, shown)
  })
  const [half, setHalf] = useState<string | null>(null)
  const unclear = { from: useUnclear(), until: useUnclear() }
  const [from = '', until = ''] = (half ?? field.value).split('/')
  const set = (next: { from?: string; until?: string }) => {
    const text = `${next.from ?? from}/${next.until ?? until}`
    const isWhole = text === '/' || !(text.startsWith('/') || text.endsWith('/'))
    setHalf(isWhole ? null : text)
    field.tellUnclear(!isWhole)
    if (isWhole) field.type(text)
  }
  const leave = (which: 'from' | 'until') => (event: FocusEvent<HTMLInputElement>) => {
    const other = unclear[which === 'from' ? 'until' : 'from'].message !== null
    const isUnclear = unclear[which].look(event.currentTarget) || other
    field.tellUnclear(isUnclear || half !== null || field.error !== null)
    if (!isUnclear && half === null) field.commit()
  }
  const missing = t('invoices.period.both')
  return (
    <>
      <DateField
        label={t('invoices.period.from')}
        description={periodFixed ? t('invoices.period.fixed') : t('invoices.period.follows')}
        clearable
        value={from || null}
        error={unclear.from.message ?? (half !== null && !from ? missing : null)}
        onChange={(date) => {
          unclear.from.clear()
          set({ from: date ?? '' })
        }}
        onBlur={leave('from')}
      />
      <DateField
        label={t('invoices.period.until')}
        clearable
        value={until || null}
        error={unclear.until.message ?? (half !== null && !until ? missing : field.error)}
        onChange={(date) => {
          unclear.until.clear()
          set({ until: date ?? '' })
        }}
        onBlur={leave('until')}
      />
    </>
  )
}

function SeriesField({ invoice, save }: { invoice: Invoice; save: SaveHead }) {
  const t = useT()
  const series = useQuery(seriesQuery())
  const rows = series.data?.rows ?? []
  // One that was archived meanwhile still numbers what was made for it.
  if (rows.length < 2 && rows.some(({ id }) => id === invoice.seriesId)) return null
  const nameOf = (id: string) => rows.find((one) => one.id === id)?.name ?? t('invoices.series.archived')
  const known = rows.some(({ id }) => id === invoice.seriesId)
  return (
    <SelectField
      label={t('invoices.series')}
      data={[
        ...rows.map(({ id, name }) => ({ value: id, label: name })),
        ...(known ? [] : [{ value: invoice.seriesId, label: nameOf(invoice.seriesId) }]),
      ]}
      value={invoice.seriesId}
      onChange={(seriesId) => {
        if (seriesId) save({ seriesId }, t('invoices.series'), (one) => nameOf(one.seriesId)).catch(sayProblem)
      }}
    />
  )
}

/** Whom it is for, and everything that stands above its lines. */
export function DraftHead({ invoice, draft }: { invoice: Invoice; draft: Draft }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm, currency: home } = useFirm()
  const save = useHead(invoice, draft)
  const words = {
    date: t(invoice.credits ? 'invoices.credit.date' : 'invoices.date'),
    due: t('invoices.due'),
    order: t('invoices.orderNumber'),
    reference: t('invoices.reference'),
    introduction: t('invoices.introduction'),
  }
  return (
    <section aria-labelledby="details">
      <div className={styles.partHead}>
        <h2 id="details">{t('invoices.details')}</h2>
      </div>
      <div className={styles.fields}>
        <div className={styles.customer}>
          <span className={styles.label}>{t('invoices.customer')}</span>
          <p>
            {invoice.customer.number ? <span className="muted fig">{invoice.customer.number}</span> : null}
            {may('customers:read') ? (
              <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: invoice.customerId }}>
                {invoice.customer.name}
              </Link>
            ) : (
              <span>{invoice.customer.name}</span>
            )}
            <span className={styles.atEnd}>
              {[invoice.customer.address.city, invoice.customer.vatId].filter(Boolean).join(', ')}
            </span>
          </p>
        </div>
        <DayField
          label={words.date}
          help={invoice.nextNumber ? t('invoices.nextNumber', { number: invoice.nextNumber }) : undefined}
          stored={invoice.date}
          save={async (date) => date && save({ date }, words.date, (one) => format.date(one.date))}
        />
        {invoice.credits ? null : (
          <DayField
            label={words.due}
            help={t('invoices.due.help')}
            stored={invoice.dueDate}
            clearable
            save={(dueDate) => save({ dueDate }, words.due, (one) => (one.dueDate ? format.date(one.dueDate) : '–'))}
          />
        )}
        <LineOfText
          label={words.order}
          most={40}
          stored={invoice.orderNumber}
          save={(orderNumber) => save({ orderNumber }, words.order, (one) => one.orderNumber ?? '–')}
        />
        <LineOfText
          label={words.reference}
          most={60}
          stored={invoice.reference}
          save={(reference) => save({ reference }, words.reference, (one) => one.reference ?? '–')}
        />
        {invoice.credits ? null : <PeriodFields invoice={invoice} save={save} />}
        <SeriesField invoice={invoice} save={save} />
        {invoice.currency === home || invoice.credits ? null : <ExchangeFields invoice={invoice} save={save} />}
        <div className={styles.wide}>
          <MoreText
            label={words.introduction}
            placeholder={t('invoices.introduction.placeholder')}
            least={1}
            stored={invoice.introduction}
            save={(introduction) => save({ introduction }, words.introduction, (one) => one.introduction)}
          />
        </div>
      </div>
    </section>
  )
}

/** What a credit note takes back, what of it is fixed, and what becomes of the entries behind it. */
export function DraftCredits({ invoice, draft }: { invoice: Invoice; draft: Draft }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const save = useHead(invoice, draft)
  const { credits } = invoice
  if (!credits) return null
  const shown = (releases: boolean) => t(releases ? 'invoices.credit.free' : 'invoices.credit.keep')
  return (
    <section className={styles.card} aria-labelledby="takes-back">
      <h2 id="takes-back">{t('invoices.credit.takesBack')}</h2>
      <p>
        <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: credits.id }}>
          {t('invoices.credit.numberAndDate', { number: credits.number, date: format.date(credits.date) })}
        </Link>
      </p>
      <p className="muted">{t('invoices.credit.fixed')}</p>
      <SwitchField
        label={t('invoices.credit.releaseSwitch')}
        description={t('invoices.credit.free.lines')}
        checked={invoice.releasesEntries}
        onChange={(event) => {
          const releasesEntries = event.currentTarget.checked
          save({ releasesEntries }, t('invoices.credit.release'), (one) => shown(one.releasesEntries)).catch(sayProblem)
        }}
      />
    </section>
  )
}
