import { Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import { api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink, IconButton } from '../../parts/Button.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { InTheWay, SavePreview } from './Documents.tsx'
import { DraftFoot } from './DraftFoot.tsx'
import { DraftCredits, DraftHead } from './DraftHead.tsx'
import { DraftLines } from './DraftLines.tsx'
import { BothVersions, DraftProblems } from './DraftProblems.tsx'
import { InvoiceState } from './InvoiceState.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import { liveInvoice, type Typed, type TypedFigures } from './live-totals.ts'
import { Paper } from './Paper.tsx'
import { SendInvoice } from './SendInvoice.tsx'
import { useDraft } from './use-draft.ts'
import { useHead } from './use-head.ts'
import { NotSaved } from './use-saved-field.ts'

const route = getRouteApi('/f/$firm/invoices/$invoiceId')

/** What is typed in the lines and not saved yet. */
function useTyped() {
  const [typed, setTyped] = useState<Typed>(new Map())
  const type = useCallback(
    (id: string, figures: { readonly [Field in keyof TypedFigures]: string | null }) =>
      setTyped((before) => {
        const own: Record<string, string> = { ...before.get(id) }
        for (const [field, value] of Object.entries(figures)) {
          if (value === null) delete own[field]
          else own[field] = value
        }
        const isSame = JSON.stringify(own) === JSON.stringify(before.get(id) ?? {})
        if (isSame) return before
        const after = new Map(before)
        if (Object.keys(own).length > 0) after.set(id, own)
        else after.delete(id)
        return after
      }),
    [],
  )
  return { typed, type }
}

/** A draft: at the left what can be changed, at the right the paper as the customer will get it. */
export function DraftInvoice({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const { slug: firm } = useFirm()
  const draft = useDraft(invoice)
  const { typed, type } = useTyped()
  const live = useMemo(() => liveInvoice(invoice, typed), [invoice, typed])
  const editor = useRef<HTMLDivElement>(null)
  const [held, setHeld] = useState(false)
  const [litLine, setLitLine] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const save = useHead(invoice, draft)
  const mayWrite = may('invoices:write')
  const blocked = invoice.problems.length > 0
  const remove = useAct({
    run: async (_input: null) => {
      const version = await draft.settled()
      await api.DELETE('/invoices/{id}', { params: { path: { id: invoice.id } }, headers: ifMatch(version) })
    },
    done: async () => {
      say(t('invoices.delete.done'))
      await navigate({ to: '/f/$firm/invoices', params: { firm } })
      client.removeQueries({ queryKey: ['invoice', invoice.id] })
      await client.invalidateQueries({ queryKey: ['invoices'] })
    },
  })
  const askToSend = async () => {
    const whole = await draft.isWhole()
    setHeld(!whole)
    if (whole) setSending(true)
    else
      editor.current
        ?.querySelector<HTMLElement>('[data-not-understood], [aria-invalid="true"], [data-error] textarea')
        ?.focus()
  }
  const maySend = may('invoices:send') && !blocked
  useKeys([{ keys: 'mod+Enter', does: t('invoices.send.ask'), run: askToSend, disabled: !maySend || sending }])
  const entries = invoice.lines.reduce((sum, line) => sum + line.entryCount, 0)
  const minutes = invoice.lines.reduce((sum, line) => sum + (line.realMinutes ?? 0), 0)
  const title = t(invoice.credits ? 'invoices.credit.draftFor' : 'invoices.draftFor', {
    customer: invoice.customer.name,
  })
  return (
    <>
      <PageHead
        title={title}
        crumbs={[<InvoicesCrumb key="list" />]}
        state={<InvoiceState state="draft" pill />}
        actions={
          <>
            <span className={`muted small ${styles.saved}`} aria-live="polite">
              {draft.saving
                ? t('invoices.saving')
                : draft.savedAt
                  ? t('invoices.savedAt', { time: format.time(draft.savedAt) })
                  : ''}
            </span>
            {mayWrite ? (
              <Menu>
                <Menu.Target>
                  <IconButton icon="more" name={t('invoices.more')} />
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setDeleting(true)}>{t('invoices.delete')}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : null}
            {may('invoices:send') ? (
              <Button
                kind="primary"
                keys="mod+Enter"
                onClick={askToSend}
                disabled={blocked}
                title={blocked ? t('invoices.problems', { count: invoice.problems.length }) : undefined}
              >
                {t('invoices.send.ask')}
              </Button>
            ) : null}
          </>
        }
      />
      <div className={styles.two}>
        <div className={styles.editor} ref={editor}>
          {held && draft.notSaved > 0 ? (
            <Notice is="refused" title={t('invoices.notSaved', { count: draft.notSaved })} urgent>
              {t('invoices.notSaved.text')}
            </Notice>
          ) : null}
          {draft.conflict ? <BothVersions conflict={draft.conflict} /> : null}
          <DraftProblems invoice={invoice} />
          <InTheWay invoice={invoice} />
          <fieldset disabled={!mayWrite} className={styles.editorFields}>
            <NotSaved value={draft.tellNotSaved}>
              <DraftCredits invoice={invoice} draft={draft} />
              <DraftHead invoice={invoice} draft={draft} />
              <DraftLines {...{ invoice, live, draft, litLine }} onLit={setLitLine} onTyped={type} />
              <DraftFoot invoice={invoice} live={live} draft={draft} />
            </NotSaved>
          </fieldset>
        </div>
        <div className={styles.desk}>
          <div className={styles.deskBar}>
            <b>{t(invoice.credits ? 'invoices.credit.paper' : 'invoices.paper')}</b>
            <span className="grow" />
            <SelectField
              aria-label={t('invoices.language')}
              data={[
                { value: 'nl', label: t('invoices.language.nl') },
                { value: 'en', label: t('invoices.language.en') },
              ]}
              value={invoice.language}
              disabled={!mayWrite || invoice.credits !== null}
              title={invoice.credits ? t('invoices.credit.fixed') : undefined}
              w={150}
              onChange={(language) =>
                (language === 'nl' || language === 'en') &&
                save({ language }, t('invoices.language'), (one) => one.language).catch(sayProblem)
              }
            />
            <SavePreview invoice={invoice} settled={draft.settled} />
            <ButtonLink
              kind="quiet"
              icon="print"
              to="/f/$firm/invoices/$invoiceId/print"
              params={{ firm, invoiceId: invoice.id }}
              target="_blank"
            >
              {t('invoices.print')}
            </ButtonLink>
          </div>
          <Paper invoice={live} litLine={litLine} />
        </div>
      </div>
      <SendInvoice invoice={invoice} draft={draft} open={sending} onClose={() => setSending(false)} />
      <ConfirmWithPreview
        open={deleting}
        onClose={() => setDeleting(false)}
        title={t('invoices.delete.title', { customer: invoice.customer.name })}
        preview={
          <p>
            {entries > 0
              ? t('invoices.delete.preview', { count: entries, hours: format.hours(minutes) })
              : t(invoice.credits ? 'invoices.credit.delete' : 'invoices.delete.preview.none')}
          </p>
        }
        never={t('invoices.delete.never')}
        action={t('invoices.delete')}
        onConfirm={() => remove.mutate(null)}
        busy={remove.isPending}
        error={remove.error}
      />
    </>
  )
}
