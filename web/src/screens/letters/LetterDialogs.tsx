import { useQuery } from '@tanstack/react-query'
import { invoiceQuery } from '../invoices/invoice.ts'
import type { LetterAct } from './LetterActs.tsx'
import type { LetterRow } from './letter.ts'
import { MendLetter } from './MendLetter.tsx'
import { ResendInvoice } from './ResendInvoice.tsx'
import { WithdrawLetter } from './WithdrawLetter.tsx'

export interface Asked {
  readonly act: LetterAct
  readonly letter: LetterRow
}

function Resend({ invoiceId, toNobody, onClose }: { invoiceId: string; toNobody: boolean; onClose: () => void }) {
  const { data } = useQuery(invoiceQuery(invoiceId))
  return data ? (
    <ResendInvoice invoice={{ ...data, number: data.number ?? '' }} toNobody={toNobody} onClose={onClose} />
  ) : null
}

/** What was asked to be done with a letter. */
export function LetterDialogs({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  if (!asked) return null
  const { act, letter } = asked
  if (act === 'withdraw') return <WithdrawLetter letter={letter} onClose={onClose} />
  if (act === 'mend') return <MendLetter id={letter.id} onClose={onClose} />
  return letter.invoiceId ? (
    <Resend invoiceId={letter.invoiceId} toNobody={act === 'elsewhere'} onClose={onClose} />
  ) : null
}
