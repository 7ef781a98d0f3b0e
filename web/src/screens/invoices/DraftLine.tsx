import { Menu } from '@mantine/core'
import { type FocusEvent, useEffect, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { IconButton } from '../../parts/Button.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { DecimalField, TextAreaField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { HeldBy } from '../package-invoices/HeldBy.tsx'
import { type Invoice, type InvoiceLine, treatments, treatmentWord, twoParts, type Unit, units } from './invoice.ts'
import styles from './invoices.module.css'
import type { TypedFigures } from './live-totals.ts'
import { RegisteredHours } from './RegisteredHours.tsx'
import type { Draft } from './use-draft.ts'
import type { LineOrder } from './use-line-order.ts'
import { useSavedField } from './use-saved-field.ts'

interface LinePatch {
  readonly description?: string
  readonly quantity?: string
  readonly unit?: Unit
  readonly unitPrice?: string
  readonly discountPercent?: string | null
  readonly vatTreatment?: string
}

function useLine(invoice: Invoice, line: InvoiceLine, draft: Draft) {
  return (patch: LinePatch, field: string, show: (line: InvoiceLine) => string) =>
    draft.save({
      run: (version) =>
        answer(
          api.PATCH('/invoices/{id}/lines/{lineId}', {
            params: { path: { id: invoice.id, lineId: line.id } },
            headers: ifMatch(version),
            body: patch,
          }),
        ),
      field,
      mine: show({ ...line, ...patch }),
      theirs: (current) => {
        const now = current.lines.find(({ id }) => id === line.id)
        return now ? show(now) : '–'
      },
    })
}

type SaveLine = ReturnType<typeof useLine>

function Description({ line, save, fresh }: { line: InvoiceLine; save: SaveLine; fresh: boolean }) {
  const t = useT()
  const [editing, setEditing] = useState(fresh)
  const label = t('invoices.line.description')
  const field = useSavedField(line.description, (description) => save({ description }, label, (one) => one.description))
  if (editing || field.error) {
    return (
      <TextAreaField
        aria-label={label}
        autoFocus
        minRows={1}
        maxRows={8}
        maxLength={1000}
        value={field.value}
        error={field.error}
        placeholder={t('invoices.line.description.placeholder')}
        onChange={(event) => field.type(event.currentTarget.value)}
        onBlur={() => {
          field.commit()
          setEditing(false)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    )
  }
  const { first, rest } = twoParts(field.value)
  return (
    <button
      type="button"
      className={styles.description}
      onClick={() => setEditing(true)}
      aria-label={t('invoices.line.description.edit', { description: field.value || t('invoices.line.empty') })}
    >
      {first ? <b>{first}</b> : <span className="faint">{t('invoices.line.description.placeholder')}</span>}
      {rest ? <span>{rest}</span> : null}
    </button>
  )
}

function Figure({
  label,
  stored,
  save,
  onTyped,
  fixed,
  least = 0,
  after,
}: {
  label: string
  stored: string
  save: (value: string) => Promise<unknown>
  /** What stands in it and is not saved yet; null when it is. */
  onTyped: (value: string | null) => void
  fixed?: boolean
  least?: number
  after?: string
}) {
  const field = useSavedField(stored, save)
  const { typed } = field
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever listens is told of what is typed alone
  useEffect(() => {
    onTyped(typed)
    return () => onTyped(null)
  }, [typed])
  const shown = least === 2 && /^-?\d+(\.\d)?$/.test(field.value) ? Number(field.value).toFixed(2) : field.value
  const [focused, setFocused] = useState(false)
  return (
    <DecimalField
      aria-label={label}
      readOnly={fixed}
      value={focused ? field.value : shown}
      onChange={field.type}
      onFocus={(event) => {
        setFocused(true)
        event.currentTarget.select()
      }}
      onBlur={() => {
        setFocused(false)
        field.commit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) field.commit()
      }}
      error={field.error}
      rightSection={after ? <span className="muted">{after}</span> : undefined}
      rightSectionWidth={22}
    />
  )
}

/** A line of a draft: every figure can be typed over, its handle moves it. */
export function DraftLine({
  invoice,
  line,
  live,
  place,
  order,
  draft,
  lit,
  fresh,
  onLit,
  onTyped,
}: {
  invoice: Invoice
  line: InvoiceLine
  /** The same with what is typed in it. */
  live: InvoiceLine
  /** From 1, as it stands now. */
  place: number
  order: LineOrder
  draft: Draft
  lit: boolean
  fresh: boolean
  onLit: (id: string | null) => void
  onTyped: (figures: { readonly [Field in keyof TypedFigures]: string | null }) => void
}) {
  const t = useT()
  const format = useFormat()
  const save = useLine(invoice, line, draft)
  const [removing, setRemoving] = useState(false)
  const [discount, setDiscount] = useState(false)
  const hasDiscount = discount || (line.discountPercent !== null && Number(line.discountPercent) !== 0)
  const quantityLabel = t('invoices.line.quantity')
  const priceLabel = t('invoices.line.price')
  const discountLabel = t('invoices.line.discount')
  const vatLabel = t('invoices.line.vat')
  const known = treatmentWord(line.vatTreatment)
  // On a closing invoice price and deductions belong together.
  const closes = invoice.lines.some(({ deducts }) => deducts) && line.kind === 'instalment'

  const takeOut = () =>
    draft.save({
      run: (version) =>
        answer(
          api.DELETE('/invoices/{id}/lines/{lineId}', {
            params: { path: { id: invoice.id, lineId: line.id } },
            headers: ifMatch(version),
          }),
        ),
    })
  const remove = async () => {
    try {
      await takeOut()
      setRemoving(false)
      if (line.entryCount > 0) {
        say(t('invoices.line.removed.hours', { count: line.entryCount }))
        return
      }
      if (line.creditsLineId) {
        say(t('invoices.line.removed'))
        return
      }
      sayUndo(t('invoices.line.removed'), () =>
        draft.save({
          run: (version) =>
            answer(
              api.POST('/invoices/{id}/lines', {
                params: { path: { id: invoice.id } },
                headers: ifMatch(version),
                body: {
                  description: line.description,
                  quantity: line.quantity,
                  unit: line.unit as Unit,
                  unitPrice: line.unitPrice,
                  discountPercent: line.discountPercent,
                  vatTreatment: line.vatTreatment,
                  activityId: line.activityId,
                  projectId: line.projectId,
                },
              }),
            ),
        }),
      )
    } catch (error) {
      sayProblem(error)
    }
  }

  const leave = (event: FocusEvent<HTMLLIElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) onLit(null)
  }
  return (
    <li
      className={`${styles.line} ${lit ? styles.lit : ''} ${order.carried === line.id ? styles.carried : ''}`}
      onFocus={() => onLit(line.id)}
      onBlur={leave}
    >
      <button
        type="button"
        className={styles.grip}
        aria-label={t('invoices.line.grip', { line: place, count: order.lines.length })}
        title={t('invoices.line.grip.help')}
        disabled={order.lines.length < 2}
        {...order.handle(line.id)}
      >
        <Icon name="grip" size={14} />
      </button>
      <div className={styles.what}>
        <Description line={line} save={save} fresh={fresh} />
      </div>
      <div className={styles.figure}>
        <span className={styles.small}>{quantityLabel}</span>
        <Figure
          label={quantityLabel}
          stored={line.quantity}
          fixed={line.deducts !== null}
          onTyped={(quantity) => onTyped({ quantity })}
          save={(quantity) => save({ quantity }, quantityLabel, (one) => format.quantity(one.quantity))}
        />
      </div>
      <div className={styles.figure}>
        <span className={styles.small}>{priceLabel}</span>
        <Figure
          label={priceLabel}
          least={2}
          stored={line.unitPrice}
          fixed={line.deducts !== null}
          onTyped={(unitPrice) => onTyped({ unitPrice })}
          save={(unitPrice) => save({ unitPrice }, priceLabel, (one) => format.quantity(one.unitPrice, 2))}
        />
      </div>
      <div className={styles.net}>
        <Amount value={live.net} />
      </div>
      <div className={styles.end}>
        <Menu>
          <Menu.Target>
            <IconButton icon="more" name={t('invoices.line.more', { line: place })} />
          </Menu.Target>
          <Menu.Dropdown>
            {place > 1 ? (
              <Menu.Item onClick={() => order.move(line.id, place - 2)}>{t('invoices.line.up')}</Menu.Item>
            ) : null}
            {place < order.lines.length ? (
              <Menu.Item onClick={() => order.move(line.id, place)}>{t('invoices.line.down')}</Menu.Item>
            ) : null}
            {hasDiscount || line.creditsLineId || line.deducts ? null : (
              <Menu.Item onClick={() => setDiscount(true)}>{t('invoices.line.addDiscount')}</Menu.Item>
            )}
            {closes ? null : (
              <Menu.Item onClick={() => (line.entryCount > 0 ? setRemoving(true) : void remove())}>
                {t('invoices.line.remove')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={styles.about}>
        {line.kind === 'free' && !line.creditsLineId ? (
          <select
            className={styles.select}
            aria-label={t('invoices.line.unit')}
            value={line.unit}
            onChange={(event) => {
              const unit = event.currentTarget.value as Unit
              save({ unit }, t('invoices.line.unit'), (one) => one.unit).catch(sayProblem)
            }}
          >
            {Object.entries(units).map(([value, word]) => (
              <option key={value} value={value}>
                {t(word)}
              </option>
            ))}
          </select>
        ) : null}
        {line.creditsLineId || line.deducts ? (
          <>
            <span className="muted">
              {[known ? t(known) : line.vatTreatment, format.percent(line.vatRate)].join(', ')}
            </span>
            {line.deducts ? (
              <HeldBy held={line.deducts}>{t('invoices.closing.deducts', { number: line.deducts.number })}</HeldBy>
            ) : (
              <span className="muted">
                {t('invoices.credit.left', { left: format.money(line.leftNet ?? '0', invoice.currency) })}
              </span>
            )}
          </>
        ) : (
          <select
            className={styles.select}
            aria-label={vatLabel}
            value={line.vatTreatment}
            onChange={(event) => {
              const vatTreatment = event.currentTarget.value
              save({ vatTreatment }, vatLabel, (one) => {
                const word = treatmentWord(one.vatTreatment)
                return word ? t(word) : one.vatTreatment
              }).catch(sayProblem)
            }}
          >
            {known ? null : <option value={line.vatTreatment}>{line.vatTreatment}</option>}
            {Object.entries(treatments).map(([value, word]) => (
              <option key={value} value={value}>
                {t(word)}
                {value === line.vatTreatment ? `, ${format.percent(line.vatRate)}` : ''}
              </option>
            ))}
          </select>
        )}
        {hasDiscount ? (
          <span className={styles.discount}>
            {discountLabel}
            <Figure
              label={discountLabel}
              after="%"
              stored={line.discountPercent ?? ''}
              onTyped={(discountPercent) => onTyped({ discountPercent })}
              save={(value) =>
                save({ discountPercent: value.trim() === '' ? null : value }, discountLabel, (one) =>
                  one.discountPercent ? format.percent(one.discountPercent) : '–',
                ).then(() => setDiscount(false))
              }
            />
          </span>
        ) : null}
        <RegisteredHours invoiceId={invoice.id} line={line} billed={live} />
      </div>
      <ConfirmWithPreview
        open={removing}
        onClose={() => setRemoving(false)}
        title={t('invoices.line.remove.title', { description: twoParts(line.description).first })}
        preview={
          <p>
            {line.realMinutes === null
              ? t('invoices.line.remove.entries', { count: line.entryCount })
              : t('invoices.line.remove.preview', {
                  count: line.entryCount,
                  hours: format.hours(line.realMinutes),
                })}
          </p>
        }
        never={t('invoices.line.remove.never')}
        action={t('invoices.line.remove')}
        onConfirm={remove}
        busy={draft.saving}
      />
    </li>
  )
}
