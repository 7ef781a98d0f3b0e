import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type OverdueInvoice, remindersChanged } from '../reminders/reminder.ts'
import { SendReminders } from '../reminders/SendReminders.tsx'
import type { InvoiceRow } from './invoice.ts'

/** So many customers fit into the address of one question. */
const mostCustomers = 200

/** What is late of a selection, with the reminder that comes next for each. */
async function overdueOf(late: readonly InvoiceRow[]): Promise<readonly OverdueInvoice[]> {
  const ids = new Set(late.map(({ id }) => id))
  const customers = [...new Set(late.map(({ customerId }) => customerId))]
  const customerId = customers.length > mostCustomers ? undefined : customers
  const found: OverdueInvoice[] = []
  let cursor: string | undefined
  do {
    const { rows, next } = await answer(
      api.GET('/reminders', { params: { query: { customerId, limit: 200, ...(cursor ? { cursor } : {}) } } }),
    )
    found.push(...rows.filter(({ id }) => ids.has(id)))
    cursor = next ?? undefined
  } while (cursor && found.length < ids.size)
  return found
}

/** Reminds of what is late in a selection; each letter is read before it goes. */
export function RemindSelection({
  chosen,
  busy,
  onDone,
}: {
  chosen: readonly InvoiceRow[]
  busy: boolean
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const [looking, setLooking] = useState(false)
  const [asked, setAsked] = useState<readonly OverdueInvoice[] | null>(null)
  const [sent, setSent] = useState(false)
  const tellSent = useCallback(() => {
    setSent(true)
    void remindersChanged(client)
  }, [client])
  const late = chosen.filter(({ overdueDays }) => overdueDays !== null)
  if (!may('invoices:send') || (late.length === 0 && !asked)) return null
  const ask = async () => {
    setLooking(true)
    try {
      setAsked(await overdueOf(late))
    } catch (error) {
      sayProblem(error)
    } finally {
      setLooking(false)
    }
  }
  return (
    <>
      <Button icon="mail" busy={busy || looking} onClick={ask}>
        {t('reminders.send', { count: late.length, shown: format.count(late.length) })}
      </Button>
      {asked ? (
        <SendReminders
          chosen={asked}
          onDone={tellSent}
          onClose={() => {
            setAsked(null)
            // Not before: the bar goes with the selection, and what came of each stands in it.
            if (sent) onDone()
          }}
        />
      ) : null}
    </>
  )
}
