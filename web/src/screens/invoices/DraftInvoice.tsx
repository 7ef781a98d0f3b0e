import { Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink, IconButton } from '../../parts/Button.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { DecimalField, SelectField, TextAreaField, TextField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { InTheWay, SavePreview } from './Documents.tsx'
import { DraftLines } from './DraftLines.tsx'
import { InvoiceState } from './InvoiceState.tsx'
import type { Explained, Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import { Paper } from './Paper.tsx'
import { SendInvoice } from './SendInvoice.tsx'
import { type Conflict, type Draft, useDraft } from './use-draft.ts'
import { useSavedField } from './use-saved-field.ts'
import { useVatText } from './vat-text.ts'

const route = getRouteApi('/f/$firm/invoices/$invoiceId')

type HeadPatch = Partial<{
  date: string
  dueDate: string | null
  reference: string | null
  orderNumber: string | null
  introduction: string
  closing: string
  language: 'nl' | 'en'
  exchange: { rate: string; source: string; date?: string } | null
  releasesEntries: boolean
}>

const useHead =
  (invoice: Invoice, draft: Draft) => (patch: HeadPatch, field: string, show: (invoice: Invoice) => string) =>
    draft.save({
      run: (version) =>
        answer(
          api.PATCH('/invoices/{id}', {
            params: { path: { id: invoice.id } },
            headers: ifMatch(version),
            body: patch,
          }),
        ),
      field,
      mine: show({ ...invoice, ...patch } as Invoice),
      theirs: show,
    })
type SaveHead = ReturnType<typeof useHead>

function DayField({
  label,
  help,
  stored,
  clearable,
  save,
}: {
  label: string
  help?: string
  stored: string
  clearable?: boolean
  save: (date: string | null) => Promise<unknown>
}) {
  const field = useSavedField<string | null>(stored, save)
  return (
    <DateField
      label={label}
      description={help}
      value={field.value}
      error={field.error}
      clearable={clearable}
      onChange={(date) => {
        if (date) field.type(date)
        else if (clearable) field.commit(null)
      }}
      onBlur={() => field.commit()}
    />
  )
}

function LineOfText({
  label,
  stored,
  most,
  save,
}: {
  label: string
  stored: string | null
  most: number
  save: (text: string | null) => Promise<unknown>
}) {
  const field = useSavedField(stored ?? '', (text) => save(text.trim() || null))
  return (
    <TextField
      label={label}
      maxLength={most}
      value={field.value}
      error={field.error}
      onChange={(event) => field.type(event.currentTarget.value)}
      onBlur={() => field.commit()}
    />
  )
}

function MoreText({
  label,
  placeholder,
  stored,
  least,
  save,
}: {
  label: string
  placeholder: string
  least: number
  stored: string
  save: (text: string) => Promise<unknown>
}) {
  const field = useSavedField(stored, save)
  return (
    <TextAreaField
      label={label}
      placeholder={placeholder}
      minRows={least}
      maxRows={10}
      maxLength={2000}
      value={field.value}
      error={field.error}
      onChange={(event) => field.type(event.currentTarget.value)}
      onBlur={() => field.commit()}
    />
  )
}

function ExchangeFields({ invoice, save }: { invoice: Invoice; save: SaveHead }) {
  const t = useT()
  const format = useFormat()
  const { currency: home } = useFirm()
  const [source, setSource] = useState(invoice.exchange?.source ?? '')
  const rate = useSavedField(invoice.exchange?.rate ?? '', (text) =>
    save(
      { exchange: text.trim() === '' ? null : { rate: text, source: source.trim() || t('invoices.exchange.own') } },
      t('invoices.exchange.rate'),
      (one) => one.exchange?.rate ?? '–',
    ),
  )
  const from = useSavedField(invoice.exchange?.source ?? '', async (text) => {
    if (!invoice.exchange || text.trim() === '') return
    await save(
      { exchange: { rate: invoice.exchange.rate, source: text.trim(), date: invoice.exchange.date } },
      t('invoices.exchange.source'),
      (one) => one.exchange?.source ?? '–',
    )
  })
  return (
    <>
      <DecimalField
        label={t('invoices.exchange.rate')}
        description={
          invoice.exchange
            ? t('invoices.exchange.vat', { vat: format.money(invoice.exchange.vat, home) })
            : t('invoices.exchange.help', { home, currency: invoice.currency })
        }
        value={rate.value}
        error={rate.error}
        onChange={rate.type}
        onBlur={() => rate.commit()}
      />
      <TextField
        label={t('invoices.exchange.source')}
        maxLength={60}
        value={invoice.exchange ? from.value : source}
        error={from.error}
        onChange={(event) => {
          setSource(event.currentTarget.value)
          from.type(event.currentTarget.value)
        }}
        onBlur={() => from.commit()}
      />
    </>
  )
}

function Details({ invoice, draft }: { invoice: Invoice; draft: Draft }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm, currency: home } = useFirm()
  const save = useHead(invoice, draft)
  const words = {
    date: t(invoice.credits ? 'invoices.credit.date' : 'invoices.date'),
    due: t('invoices.due'),
    order: t('invoices.orderNumber'),
    reference: t('invoices.reference'),
    language: t('invoices.language'),
    introduction: t('invoices.introduction'),
  }
  return (
    <section aria-labelledby="details">
      <div className={styles.partHead}>
        <h2 id="details">{t('invoices.details')}</h2>
      </div>
      <div className={styles.fields}>
        <div className={styles.customer}>
          <span className={styles.label}>{t('invoices.customer')}</span>
          <p>
            {invoice.customer.number ? <span className="muted fig">{invoice.customer.number}</span> : null}
            {may('customers:read') ? (
              <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: invoice.customerId }}>
                {invoice.customer.name}
              </Link>
            ) : (
              <span>{invoice.customer.name}</span>
            )}
            <span className={styles.atEnd}>
              {[invoice.customer.address.city, invoice.customer.vatId].filter(Boolean).join(', ')}
            </span>
          </p>
        </div>
        <DayField
          label={words.date}
          help={invoice.nextNumber ? t('invoices.nextNumber', { number: invoice.nextNumber }) : undefined}
          stored={invoice.date}
          save={async (date) => date && save({ date }, words.date, (one) => format.date(one.date))}
        />
        {invoice.credits ? null : (
          <DayField
            label={words.due}
            help={t('invoices.due.help')}
            stored={invoice.dueDate}
            clearable
            save={(dueDate) => save({ dueDate }, words.due, (one) => (one.dueDate ? format.date(one.dueDate) : '–'))}
          />
        )}
        <LineOfText
          label={words.order}
          most={40}
          stored={invoice.orderNumber}
          save={(orderNumber) => save({ orderNumber }, words.order, (one) => one.orderNumber ?? '–')}
        />
        <LineOfText
          label={words.reference}
          most={60}
          stored={invoice.reference}
          save={(reference) => save({ reference }, words.reference, (one) => one.reference ?? '–')}
        />
        <div className={styles.wide}>
          <MoreText
            label={words.introduction}
            placeholder={t('invoices.introduction.placeholder')}
            least={1}
            stored={invoice.introduction}
            save={(introduction) => save({ introduction }, words.introduction, (one) => one.introduction)}
          />
        </div>
        {invoice.currency === home || invoice.credits ? null : <ExchangeFields invoice={invoice} save={save} />}
      </div>
    </section>
  )
}

/** What a credit note takes back, what of it is fixed, and what becomes of the entries behind it. */
function Credits({ invoice, draft }: { invoice: Invoice; draft: Draft }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const save = useHead(invoice, draft)
  const { credits } = invoice
  if (!credits) return null
  const shown = (releases: boolean) => t(releases ? 'invoices.credit.free' : 'invoices.credit.keep')
  return (
    <section className={styles.card} aria-labelledby="takes-back">
      <h2 id="takes-back">{t('invoices.credit.takesBack')}</h2>
      <p>
        <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: credits.id }}>
          {t('invoices.credit.numberAndDate', { number: credits.number, date: format.date(credits.date) })}
        </Link>
      </p>
      <p className="muted">{t('invoices.credit.fixed')}</p>
      <SwitchField
        label={t('invoices.credit.releaseSwitch')}
        description={t('invoices.credit.free.lines')}
        checked={invoice.releasesEntries}
        onChange={(event) => {
          const releasesEntries = event.currentTarget.checked
          save({ releasesEntries }, t('invoices.credit.release'), (one) => shown(one.releasesEntries)).catch(sayProblem)
        }}
      />
    </section>
  )
}

function Low({ invoice, draft }: { invoice: Invoice; draft: Draft }) {
  const t = useT()
  const vatText = useVatText()
  const save = useHead(invoice, draft)
  return (
    <section className={styles.low}>
      <div>
        <MoreText
          label={t('invoices.closing')}
          placeholder={t('invoices.closing.placeholder')}
          least={3}
          stored={invoice.closing}
          save={(closing) => save({ closing }, t('invoices.closing'), (one) => one.closing)}
        />
      </div>
      <dl className={styles.sums} aria-live="polite" aria-busy={draft.saving}>
        <dt>{t('invoices.net')}</dt>
        <dd>
          <Amount value={invoice.net} />
        </dd>
        {invoice.vatPerRate.map((row) => (
          <Fragment key={`${row.treatment} ${row.rate}`}>
            <dt>{vatText(row)}</dt>
            <dd>
              <Amount value={row.vat} />
            </dd>
          </Fragment>
        ))}
        <dt className={styles.gross}>{t(invoice.credits ? 'invoices.credit.toReceive' : 'invoices.toPay')}</dt>
        <dd className={styles.gross}>
          <Amount value={invoice.gross} total />
        </dd>
      </dl>
    </section>
  )
}

function Remedy({ problem, invoice }: { problem: Explained; invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  if (problem.link) return <a href={problem.link}>{t('problems.open')}</a>
  if (problem.code.startsWith('firm-') && may('firm:write'))
    return (
      <Link to="/f/$firm/settings/firm" params={{ firm }}>
        {t('invoices.problem.firm')}
      </Link>
    )
  if ((problem.code.startsWith('customer-') || problem.code === 'vat-id-missing') && may('customers:write'))
    return (
      <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: invoice.customerId }}>
        {t('invoices.problem.customer', { customer: invoice.customer.name })}
      </Link>
    )
  return null
}

function Problems({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const list = (problems: readonly Explained[]) => (
    <ul className={styles.problems}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${JSON.stringify(problem.values)}`}>
          <b>{problem.cause}</b> {problem.remedy} <Remedy problem={problem} invoice={invoice} />
        </li>
      ))}
    </ul>
  )
  return (
    <>
      {invoice.problems.length > 0 ? (
        <Notice is="needs" title={t('invoices.problems', { count: invoice.problems.length })}>
          {list(invoice.problems)}
        </Notice>
      ) : null}
      {invoice.warnings.length > 0 ? (
        <Notice is="wait" title={t('invoices.warnings')}>
          {list(invoice.warnings)}
        </Notice>
      ) : null}
    </>
  )
}

function BothVersions({ conflict }: { conflict: Conflict }) {
  const t = useT()
  const { change, current, decide } = conflict
  return (
    <Notice is="needs" title={t('invoices.conflict.title')} urgent>
      {change.field && change.theirs ? (
        <Told
          rows={[
            [t('invoices.conflict.mine', { field: change.field }), change.mine || '–'],
            [t('invoices.conflict.theirs', { field: change.field }), change.theirs(current) || '–'],
          ]}
        />
      ) : (
        <p>{t('invoices.conflict.text')}</p>
      )}
      <Actions>
        <Button kind="primary" size="sm" onClick={() => decide(true)}>
          {t('invoices.conflict.keep')}
        </Button>
        <Button size="sm" onClick={() => decide(false)}>
          {t('invoices.conflict.take')}
        </Button>
      </Actions>
    </Notice>
  )
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
  const askToSend = () => void draft.settled().then(() => setSending(true))
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
        crumbs={[
          <Link key="list" to="/f/$firm/invoices" params={{ firm }}>
            {t('invoices.title')}
          </Link>,
        ]}
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
        <div className={styles.editor}>
          {draft.conflict ? <BothVersions conflict={draft.conflict} /> : null}
          <Problems invoice={invoice} />
          <InTheWay invoice={invoice} />
          <fieldset disabled={!mayWrite} className={styles.editorFields}>
            <Credits invoice={invoice} draft={draft} />
            <Details invoice={invoice} draft={draft} />
            <DraftLines invoice={invoice} draft={draft} litLine={litLine} onLit={setLitLine} />
            <Low invoice={invoice} draft={draft} />
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
                save({ language }, t('invoices.language'), (one) => one.language)
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
          <Paper invoice={invoice} litLine={litLine} />
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
