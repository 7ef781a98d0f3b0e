import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useFirm } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { LeftOutReasons, type LeftOutWords } from './LeftOutReasons.tsx'
import type { LeftOut } from './left-out.ts'
import { MadeNotes } from './MadeNotes.tsx'
import styles from './overviews.module.css'

export interface Made {
  readonly invoices: ReadonlyArray<{
    readonly id: string
    readonly customerName: string
    readonly net: string
    readonly currency: string
    readonly entries: number
  }>
  readonly notes: components['schemas']['DraftsMade']['notes']
  readonly leftOut: readonly LeftOut[]
}

export interface MadeWords {
  readonly title: Word
  readonly none: Word
  readonly list: Word
  readonly entries: Word
  readonly open: Word
  readonly openAll: Word
  readonly leftOut: LeftOutWords
}

/** The drafts that were made, what to look at before they go out, and what was left out and why. */
export function MadeDrafts({
  made: { invoices, notes, leftOut },
  words,
  close,
  children,
}: {
  made: Made
  words: MadeWords
  close: () => void
  /** Under the drafts: what became of each thing that was selected. */
  children?: ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const [only] = invoices
  return (
    <Dialog
      open
      onClose={close}
      title={only ? t(words.title, { count: invoices.length, shown: format.count(invoices.length) }) : t(words.none)}
      size={600}
    >
      <div className={styles.dialog} role="status">
        {only ? (
          <ul className={styles.made} aria-label={t(words.list)}>
            {invoices.map((invoice) => (
              <li key={invoice.id}>
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: invoice.id }}>
                  {invoice.customerName}
                </Link>
                <span className="muted">
                  {t(words.entries, { count: invoice.entries, shown: format.count(invoice.entries) })}
                </span>
                <Money amount={invoice.net} currency={invoice.currency} strong />
              </li>
            ))}
          </ul>
        ) : null}
        {children}
        <MadeNotes notes={notes} />
        <LeftOutReasons rows={leftOut} words={words.leftOut} />
        <Foot>
          <Button data-autofocus onClick={close}>
            {t('parts.close')}
          </Button>
          {only ? (
            invoices.length === 1 ? (
              <ButtonLink kind="primary" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: only.id }}>
                {t(words.open)}
              </ButtonLink>
            ) : (
              <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
                {t(words.openAll)}
              </ButtonLink>
            )
          ) : null}
        </Foot>
      </div>
    </Dialog>
  )
}
