import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from '../letters/addresses.ts'
import { LetterActs } from '../letters/LetterActs.tsx'
import { type Asked, LetterDialogs } from '../letters/LetterDialogs.tsx'
import { LetterSaid } from '../letters/LetterSaid.tsx'
import { LetterShown } from '../letters/LetterShown.tsx'
import { kindWords, type LetterRow, lettersOfInvoiceQuery } from '../letters/letter.ts'
import { LetterState } from '../letters/letter-state.tsx'
import letterStyles from '../letters/letters.module.css'
import { ResendInvoice } from '../letters/ResendInvoice.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'

function Line({ letter, onShow, onAsk }: { letter: LetterRow; onShow: () => void; onAsk: (asked: Asked) => void }) {
  const t = useT()
  const format = useFormat()
  return (
    <li>
      <div className={letterStyles.line}>
        <LetterState letter={letter} />
        <button type="button" className={letterStyles.open} onClick={onShow}>
          {t(kindWords[letter.kind], { step: letter.step ?? 0 })}
        </button>
        <span className="muted small fig">{format.moment(letter.sentAt ?? letter.createdAt)}</span>
      </div>
      <span className={`muted ${letterStyles.whom}`}>
        {t('letters.toWhom', {
          to: toKnown(letter.to)
            .map(({ address }) => address)
            .join(', '),
        })}
      </span>
      <LetterSaid letter={letter} />
      <LetterActs letter={letter} onAsk={(act) => onAsk({ act, letter })} />
    </li>
  )
}

/** Of a sent invoice: every letter by e-mail, and how it stands with it. */
export function Letters({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const letters = useQuery(lettersOfInvoiceQuery(invoice.id))
  const [resending, setResending] = useState(false)
  const [shown, setShown] = useState<string | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const rows = letters.data
  return (
    <section className={styles.card} aria-labelledby="letters">
      <div className={styles.partHead}>
        <h2 id="letters">{t('letters.panel')}</h2>
        <span className="grow" />
        {rows && may('invoices:send') ? (
          <Button size="sm" icon="mail" onClick={() => setResending(true)}>
            {t(rows.length > 0 ? 'letters.resend.ask' : 'letters.resend.first')}
          </Button>
        ) : null}
      </div>
      {rows ? (
        rows.length === 0 ? (
          <p className="muted">{t('letters.panel.none')}</p>
        ) : (
          <ul className={letterStyles.list}>
            {rows.map((letter) => (
              <Line key={letter.id} letter={letter} onShow={() => setShown(letter.id)} onAsk={setAsked} />
            ))}
          </ul>
        )
      ) : letters.isError ? (
        <ErrorNotice error={letters.error} retry={letters.refetch} />
      ) : (
        <Skeleton height={36} />
      )}
      {resending ? (
        <ResendInvoice invoice={{ ...invoice, number: invoice.number ?? '' }} onClose={() => setResending(false)} />
      ) : null}
      {shown ? (
        <LetterShown
          id={shown}
          onClose={() => setShown(null)}
          onAsk={(act, letter) => {
            setShown(null)
            setAsked({ act, letter })
          }}
        />
      ) : null}
      <LetterDialogs asked={asked} onClose={() => setAsked(null)} />
    </section>
  )
}
