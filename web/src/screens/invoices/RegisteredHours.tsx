import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { State } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { EntriesDialog } from './EntriesDialog.tsx'
import { billedBeside, type InvoiceLine } from './invoice.ts'
import styles from './invoices.module.css'

/** What was registered for a line, behind a button; and that more or less is billed, where it is. */
export function RegisteredHours({
  invoiceId,
  line,
  billed = line,
}: {
  invoiceId: string
  line: InvoiceLine
  /** As it is being typed. */
  billed?: Parameters<typeof billedBeside>[0]
}) {
  const t = useT()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const beside = billedBeside(billed)
  return (
    <>
      {line.entryCount > 0 ? (
        <button type="button" className={styles.source} onClick={() => setOpen(true)} aria-haspopup="dialog">
          <Icon name={line.realMinutes === null ? 'document' : 'clock'} size={14} />
          {line.realMinutes === null
            ? t('invoices.line.entries', { count: line.entryCount })
            : t('invoices.line.real', { hours: format.hours(line.realMinutes), count: line.entryCount })}
        </button>
      ) : null}
      {beside === null || line.realMinutes === null ? null : (
        <State is="needs">
          {t('invoices.line.beside', {
            billed: format.hours(line.realMinutes + beside),
            registered: format.hours(line.realMinutes),
          })}
        </State>
      )}
      {open ? <EntriesDialog invoiceId={invoiceId} line={line} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
