import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, type SyntheticEvent, useEffect, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Form } from '../../parts/Form.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from '../letters/addresses.ts'
import { LetterBox } from '../letters/LetterBox.tsx'
import { LetterEditor, useChosenAttachments } from '../letters/LetterEditor.tsx'
import {
  type LetterDraft,
  type LetterInput,
  type LetterValues,
  letterDraftQuery,
  mailSettingsQuery,
  onProposal,
  templateOf,
  toLetterInput,
  valuesOfDraft,
} from '../letters/letter.ts'
import letterStyles from '../letters/letters.module.css'
import { isOff, MailProblems, problemsLeft } from '../letters/MailProblems.tsx'
import { useLetterForm } from '../letters/use-letter-form.ts'
import { type Invoice, invoiceQuery } from './invoice.ts'
import type { Draft } from './use-draft.ts'

type How = 'mail' | 'post' | 'portal' | 'other'
const ways = {
  mail: 'letters.how.mail',
  post: 'invoices.send.post',
  portal: 'invoices.send.portal',
  other: 'invoices.send.other',
} as const
const told = {
  post: 'invoices.send.post.text',
  portal: 'invoices.send.portal.text',
  other: 'invoices.send.other.text',
} as const

/** Chosen and typed before the dialog was closed: it is there again when it opens. */
interface Kept {
  readonly how: How | null
  /** What was typed, and the proposal that it was typed on. */
  readonly letter: { readonly values: LetterValues; readonly on: LetterValues } | null
}

const nothingKept: Kept = { how: null, letter: null }

const nothingYet: LetterValues = { to: [], bcc: [], subject: '', body: '', ubl: false, hours: false, receipts: [] }

function withKept({ letter }: Kept, proposal: LetterDraft | undefined) {
  if (!proposal) return { values: letter?.values ?? nothingYet, outdated: [] }
  const now = valuesOfDraft(proposal)
  return letter ? onProposal(letter.values, letter.on, now) : { values: now, outdated: [] }
}

/** What cannot be taken back: number, dates and amounts, as they will stand. */
function Fixed({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const format = useFormat()
  const entries = invoice.lines.reduce((sum, line) => sum + line.entryCount, 0)
  const rows: ReadonlyArray<readonly [string, ReactNode]> = [
    [t('invoices.number'), <b key="number">{invoice.nextNumber ?? t('invoices.send.numberLater')}</b>],
    [t(invoice.credits ? 'invoices.credit.date' : 'invoices.date'), format.date(invoice.date)],
    invoice.credits
      ? [t('invoices.credit.takesBack'), invoice.credits.number]
      : [t('invoices.due'), format.date(invoice.dueDate)],
    [t('invoices.net'), <Money key="net" amount={invoice.net} currency={invoice.currency} />],
    [t('invoices.vatAmount'), <Money key="vat" amount={invoice.vat} currency={invoice.currency} />],
    [t('invoices.gross'), <Money key="gross" amount={invoice.gross} currency={invoice.currency} total />],
  ]
  return (
    <div className={letterStyles.fixedPart}>
      <dl className={letterStyles.fixed}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="muted small">
        {t(invoice.credits ? 'invoices.credit.send.never' : 'invoices.send.never')}{' '}
        {invoice.credits
          ? t(invoice.releasesEntries ? 'invoices.credit.free.lines' : 'invoices.credit.keep.text', {
              number: invoice.credits.number,
            })
          : entries > 0
            ? t('invoices.send.entries', { count: entries })
            : null}
      </p>
    </div>
  )
}

function SendForm({
  invoice,
  draft,
  proposal,
  proposalError,
  again,
  isMailOff,
  kept,
  onClose,
}: {
  invoice: Invoice
  draft: Draft
  /** Not yet here, or not to be had: then it can go another way. */
  proposal: LetterDraft | undefined
  proposalError: unknown
  again: () => unknown
  /** Known before the letter is: then nobody waits for it. */
  isMailOff: boolean
  kept: { current: Kept }
  onClose: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<How | null>(kept.current.how)
  const send = useAct({
    run: async (body: { how: How; letter?: LetterInput }, key) => {
      const version = await draft.settled()
      return answer(
        api.POST('/invoices/{id}/sending', {
          params: { path: { id: invoice.id } },
          headers: { ...key, ...ifMatch(version) },
          body,
        }),
      )
    },
    done: (sent, { letter }) => {
      kept.current = nothingKept
      client.setQueryData(invoiceQuery(invoice.id).queryKey, sent)
      void client.invalidateQueries({ queryKey: ['invoices'] })
      void client.invalidateQueries({ queryKey: ['letters'] })
      if (sent.credits) void client.invalidateQueries({ queryKey: ['invoice', sent.credits.id] })
      const number = sent.number ?? ''
      say(
        letter
          ? t('letters.send.done', { number, to: letter.to.map(({ address }) => address).join(', ') })
          : t('invoices.send.done', { number }),
      )
    },
  })
  const [first] = useState(() => withKept(kept.current, proposal))
  const [outdated, setOutdated] = useState(first.outdated)
  const letterForm = useLetterForm({
    initial: first.values,
    save: (values) => send.mutateAsync({ how: 'mail', letter: toLetterInput(values) }),
  })
  const { form } = letterForm
  const values = form.getValues()

  // What is proposed follows the draft; what was typed stays.
  const on = useRef(proposal)
  useEffect(() => {
    if (!proposal || on.current === proposal) return
    on.current = proposal
    const next = withKept(kept.current, proposal)
    setOutdated(next.outdated)
    form.setValues(next.values)
    form.resetDirty(next.values)
  }, [proposal, form, kept])
  useEffect(() => {
    if (!letterForm.dirty || !on.current) return
    // A text of before stays one until the proposal is taken.
    const before = outdated.length > 0 ? kept.current.letter?.on : undefined
    kept.current = { ...kept.current, letter: { values, on: before ?? valuesOfDraft(on.current) } }
  }, [letterForm.dirty, values, kept, outdated])
  const takeProposed = () => {
    if (!proposal) return
    const now = valuesOfDraft(proposal)
    form.setValues({ ...values, ...Object.fromEntries(outdated.map((field) => [field, now[field]])) })
    setOutdated([])
  }

  const cannotByItself =
    isMailOff || (proposal ? problemsLeft(proposal.problems, values.to).length > 0 : Boolean(proposalError))
  const how = chosen ?? (cannotByItself ? 'post' : 'mail')
  const choose = (next: How) => {
    send.reset()
    kept.current = { ...kept.current, how: next }
    setChosen(next)
  }
  const byMail = how === 'mail'
  const cannotMail = byMail && (!proposal || isOff(proposal.problems))
  const shown = byMail
    ? letterForm
    : {
        ...letterForm,
        save: (event?: SyntheticEvent<HTMLFormElement>) => {
          event?.preventDefault()
          if (!send.isPending) send.mutate({ how })
        },
        saving: send.isPending,
        problem: send.error,
      }
  const attachments = useChosenAttachments({ ...invoice, isDraft: true }, byMail ? proposal : undefined, values)
  useKeys([{ keys: 'mod+Enter', run: () => shown.save(), whileTyping: true, disabled: shown.saving || cannotMail }])
  const number = invoice.nextNumber
  return (
    <Form
      form={cannotMail ? { ...shown, save: (event) => event?.preventDefault() } : shown}
      className={letterStyles.form}
    >
      <Fixed invoice={invoice} />
      <div className={letterStyles.how}>
        <Segments<How>
          name={t('invoices.send.how')}
          value={how}
          onChange={choose}
          options={(Object.keys(ways) as How[]).map((value) => ({ value, label: t(ways[value]) }))}
        />
        {how === 'mail' ? null : <p className="muted small">{t(told[how])}</p>}
      </div>
      {proposal && (byMail || chosen === null) ? (
        <MailProblems problems={proposal.problems} to={values.to} customerId={invoice.customerId} />
      ) : null}
      {!proposal && proposalError && (byMail || chosen === null) ? (
        <ErrorNotice error={proposalError} retry={again} />
      ) : null}
      {byMail && proposal && outdated.length > 0 ? (
        <Notice is="needs" title={t('letters.outdated')}>
          <Actions>
            <Button size="sm" onClick={takeProposed}>
              {t('letters.outdated.take')}
            </Button>
          </Actions>
        </Notice>
      ) : null}
      {byMail && proposal ? (
        <LetterEditor
          form={letterForm}
          about={{
            kind: templateOf(proposal),
            language: proposal.language,
            invoiceId: invoice.id,
            sender: proposal.sender,
            replyTo: proposal.replyTo,
          }}
          known={toKnown(proposal.known)}
          draft={proposal}
          attachments={attachments}
        />
      ) : null}
      {byMail && !proposal && !proposalError ? <Skeleton height={220} /> : null}
      <div className={letterStyles.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button
          kind="primary"
          type="submit"
          icon={byMail ? 'mail' : undefined}
          keys="mod+Enter"
          busy={shown.saving}
          disabled={cannotMail}
        >
          {byMail
            ? number
              ? t('letters.send.button', { number })
              : t('letters.send.button.plain')
            : how === 'other'
              ? t('invoices.send.mark')
              : number
                ? t(invoice.credits ? 'invoices.credit.send.button' : 'invoices.send.button', { number })
                : t('invoices.send.button.plain')}
        </Button>
      </div>
    </Form>
  )
}

/** Sending gives the number and freezes the invoice: what exactly will happen, and the letter as it goes out, stand here first. */
export function SendInvoice({
  invoice,
  draft,
  open,
  onClose,
}: {
  invoice: Invoice
  draft: Draft
  open: boolean
  onClose: () => void
}) {
  const t = useT()
  const settings = useQuery(mailSettingsQuery)
  const kept = useRef<Kept>(nothingKept)
  const proposal = useQuery({ ...letterDraftQuery(invoice), enabled: open, placeholderData: keepPreviousData })
  return (
    <LetterBox
      open={open}
      onClose={onClose}
      title={t(invoice.credits ? 'invoices.credit.send.title' : 'invoices.send.title', {
        customer: invoice.customer.name,
      })}
    >
      {open ? (
        <SendForm
          invoice={invoice}
          draft={draft}
          proposal={proposal.data}
          proposalError={proposal.error}
          again={proposal.refetch}
          isMailOff={settings.data?.works === false}
          kept={kept}
          onClose={onClose}
        />
      ) : null}
    </LetterBox>
  )
}
