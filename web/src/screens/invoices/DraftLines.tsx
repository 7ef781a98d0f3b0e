import { Menu } from '@mantine/core'
import { type FocusEvent, useEffect, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { DecimalField, TextAreaField } from '../../parts/fields.tsx'
import { State } from '../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { EntriesDialog, RealHours } from './EntriesDialog.tsx'
import {
  billedBeside,
  type Invoice,
  type InvoiceLine,
  treatments,
  treatmentWord,
  twoParts,
  type Unit,
  units,
} from './invoice.ts'
import styles from './invoices.module.css'
import type { Draft } from './use-draft.ts'
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
  least = 0,
  after,
}: {
  label: string
  stored: string
  save: (value: string) => Promise<unknown>
  least?: number
  after?: string
}) {
  const field = useSavedField(stored, save)
  const shown = least === 2 && /^-?\d+(\.\d)?$/.test(field.value) ? Number(field.value).toFixed(2) : field.value
  const [focused, setFocused] = useState(false)
  return (
    <DecimalField
      aria-label={label}
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

function LineRow({
  invoice,
  line,
  draft,
  lit,
  fresh,
  onLit,
}: {
  invoice: Invoice
  line: InvoiceLine
  draft: Draft
  lit: boolean
  fresh: boolean
  onLit: (id: string | null) => void
}) {
  const t = useT()
  const format = useFormat()
  const save = useLine(invoice, line, draft)
  const [entries, setEntries] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [discount, setDiscount] = useState(false)
  const beside = billedBeside(line)
  const hasDiscount = discount || (line.discountPercent !== null && Number(line.discountPercent) !== 0)
  const quantityLabel = t('invoices.line.quantity')
  const priceLabel = t('invoices.line.price')
  const discountLabel = t('invoices.line.discount')
  const vatLabel = t('invoices.line.vat')
  const known = treatmentWord(line.vatTreatment)

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
    <li className={`${styles.line} ${lit ? styles.lit : ''}`} onFocus={() => onLit(line.id)} onBlur={leave}>
      <div className={styles.what}>
        <Description line={line} save={save} fresh={fresh} />
      </div>
      <div className={styles.figure}>
        <span className={styles.small}>{quantityLabel}</span>
        <Figure
          label={quantityLabel}
          stored={line.quantity}
          save={(quantity) => save({ quantity }, quantityLabel, (one) => format.quantity(one.quantity))}
        />
      </div>
      <div className={styles.figure}>
        <span className={styles.small}>{priceLabel}</span>
        <Figure
          label={priceLabel}
          least={2}
          stored={line.unitPrice}
          save={(unitPrice) => save({ unitPrice }, priceLabel, (one) => format.quantity(one.unitPrice, 2))}
        />
      </div>
      <div className={styles.net}>
        <Amount value={line.net} />
      </div>
      <div className={styles.end}>
        <Menu>
          <Menu.Target>
            <IconButton icon="more" name={t('invoices.line.more', { line: line.position })} />
          </Menu.Target>
          <Menu.Dropdown>
            {hasDiscount || line.creditsLineId ? null : (
              <Menu.Item onClick={() => setDiscount(true)}>{t('invoices.line.addDiscount')}</Menu.Item>
            )}
            <Menu.Item onClick={() => (line.entryCount > 0 ? setRemoving(true) : void remove())}>
              {t('invoices.line.remove')}
            </Menu.Item>
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
        {line.creditsLineId ? (
          <>
            <span className="muted">
              {[known ? t(known) : line.vatTreatment, format.percent(line.vatRate)].join(', ')}
            </span>
            <span className="muted">
              {t('invoices.credit.left', { left: format.money(line.leftNet ?? '0', invoice.currency) })}
            </span>
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
              save={(value) =>
                save({ discountPercent: value.trim() === '' ? null : value }, discountLabel, (one) =>
                  one.discountPercent ? format.percent(one.discountPercent) : '–',
                ).then(() => setDiscount(false))
              }
            />
          </span>
        ) : null}
        <RealHours line={line} onOpen={() => setEntries(true)} />
        {beside === null ? null : (
          <State is="needs">
            {beside > 0
              ? t('invoices.line.more.billed', { hours: format.hours(beside) })
              : t('invoices.line.less.billed', { hours: format.hours(-beside) })}
          </State>
        )}
      </div>
      {entries ? <EntriesDialog invoiceId={invoice.id} line={line} onClose={() => setEntries(false)} /> : null}
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

const groupings = {
  activity: 'invoices.group.activity',
  project: 'invoices.group.project',
  user: 'invoices.group.person',
  entry: 'invoices.group.entry',
} as const

/** The lines of a draft: every figure can be typed over, and every change comes back with the totals of the server. */
export function DraftLines({
  invoice,
  draft,
  litLine,
  onLit,
}: {
  invoice: Invoice
  draft: Draft
  litLine: string | null
  onLit: (id: string | null) => void
}) {
  const t = useT()
  const [fresh, setFresh] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const hasHours = invoice.lines.some(({ entryCount }) => entryCount > 0)

  useEffect(() => {
    if (fresh) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }, [fresh])

  const addLine = async () => {
    const before = new Set(invoice.lines.map(({ id }) => id))
    try {
      const next = await draft.save({
        run: (version) =>
          answer(
            api.POST('/invoices/{id}/lines', {
              params: { path: { id: invoice.id } },
              headers: ifMatch(version),
              body: { description: '', quantity: '1', unit: 'piece', unitPrice: '0.00' },
            }),
          ),
      })
      setFresh(next.lines.find(({ id }) => !before.has(id))?.id ?? null)
    } catch (error) {
      sayProblem(error)
    }
  }
  const regroup = (groupBy: keyof typeof groupings) =>
    draft
      .save({
        run: (version) =>
          answer(
            api.POST('/invoices/{id}/grouping', {
              params: { path: { id: invoice.id } },
              headers: ifMatch(version),
              body: { groupBy },
            }),
          ),
      })
      .catch(sayProblem)

  return (
    <section aria-labelledby="lines">
      <div className={styles.partHead}>
        <h2 id="lines">{t('invoices.lines')}</h2>
        <span className="muted small">{t('invoices.lines.prices', { currency: invoice.currency })}</span>
        <span className="grow" />
        {hasHours ? (
          <Menu width={260}>
            <Menu.Target>
              <Button kind="quiet" size="sm" iconAfter="down">
                {t('invoices.group')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t('invoices.group.note')}</Menu.Label>
              {(['activity', 'project', 'user', 'entry'] as const).map((groupBy) => (
                <Menu.Item key={groupBy} onClick={() => regroup(groupBy)}>
                  {t(groupings[groupBy])}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      <div className={styles.lines}>
        <div className={styles.linesHead} aria-hidden="true">
          <span>{t('invoices.line.description')}</span>
          <span>{t('invoices.line.quantity')}</span>
          <span>{t('invoices.line.price')}</span>
          <span>{t('invoices.line.amount')}</span>
        </div>
        {invoice.lines.length === 0 ? <p className={styles.noLines}>{t('invoices.lines.none')}</p> : null}
        <ul ref={list}>
          {invoice.lines.map((line) => (
            <LineRow
              key={line.id}
              invoice={invoice}
              line={line}
              draft={draft}
              lit={line.id === litLine}
              fresh={line.id === fresh}
              onLit={onLit}
            />
          ))}
        </ul>
        {invoice.credits ? null : (
          <div className={styles.add}>
            <Button kind="quiet" size="sm" icon="plus" onClick={addLine}>
              {t('invoices.line.add')}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}
