import { Menu } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { DiscountDialog } from './DiscountDialog.tsx'
import { DraftLine } from './DraftLine.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import type { TypedFigures } from './live-totals.ts'
import type { Draft } from './use-draft.ts'
import { useLineOrder } from './use-line-order.ts'

const groupings = {
  activity: 'invoices.group.activity',
  project: 'invoices.group.project',
  user: 'invoices.group.person',
  entry: 'invoices.group.entry',
} as const

/** The lines of a draft, in the order in which they stand on the invoice. */
export function DraftLines({
  invoice,
  live,
  draft,
  litLine,
  onLit,
  onTyped,
}: {
  invoice: Invoice
  live: Invoice
  draft: Draft
  litLine: string | null
  onLit: (id: string | null) => void
  onTyped: (id: string, figures: { readonly [Field in keyof TypedFigures]: string | null }) => void
}) {
  const t = useT()
  const order = useLineOrder(invoice, draft)
  const [discounting, setDiscounting] = useState(false)
  const [fresh, setFresh] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const hasHours = invoice.lines.some(({ kind, entryCount }) => entryCount > 0 && (kind === 'hours' || kind === 'trip'))

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
          <span />
          <span>{t('invoices.line.description')}</span>
          <span>{t('invoices.line.quantity')}</span>
          <span>{t('invoices.line.price')}</span>
          <span>{t('invoices.line.amount')}</span>
        </div>
        {invoice.lines.length === 0 ? <p className={styles.noLines}>{t('invoices.lines.none')}</p> : null}
        <ul ref={list}>
          {order.lines.map((line, index) => (
            <DraftLine
              key={line.id}
              invoice={invoice}
              line={line}
              live={live.lines.find(({ id }) => id === line.id) ?? line}
              place={index + 1}
              order={order}
              onTyped={(figures) => onTyped(line.id, figures)}
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
            {invoice.lines.length > 0 ? (
              <Button kind="quiet" size="sm" icon="minus" onClick={() => setDiscounting(true)}>
                {t('invoices.discount')}
              </Button>
            ) : null}
          </div>
        )}
      </div>
      <p className="only-spoken" aria-live="assertive">
        {order.told}
      </p>
      {discounting ? <DiscountDialog invoice={invoice} draft={draft} onClose={() => setDiscounting(false)} /> : null}
    </section>
  )
}
