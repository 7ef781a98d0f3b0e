import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Form } from '../../parts/Form.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Actions } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './coming-back.module.css'
import { comingBackChanged, type Difference } from './coming-back.ts'

type WithReason = 'accept' | 'post-again' | 'release'

/** One difference: what it is, both sides of it, and what can be done. */
export function DifferenceShown({ difference }: { difference: Difference }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const [asking, setAsking] = useState<WithReason | null>(null)
  const { kind, state, title, label, customerName, currency, gross, detail, remedy, fields, can } = difference
  const changed = () => comingBackChanged(client)
  const reopen = async (version: number) => {
    try {
      await answer(
        api.POST('/books-differences/{id}/reopening', {
          params: { path: { id: difference.id } },
          headers: ifMatch(version),
        }),
      )
    } catch (error) {
      sayProblem(error)
    }
    await changed()
  }
  const mayAct = may('postings:write')
  return (
    <article className={styles.difference} aria-labelledby={difference.id}>
      <header>
        <div>
          <h3 id={difference.id}>
            <State is={state === 'open' ? (kind === 'deleted' ? 'refused' : 'needs') : 'done'}>{title}</State>
          </h3>
          <p>
            <b>
              {difference.invoiceId && may('invoices:read') ? (
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: difference.invoiceId }}>
                  {label}
                </Link>
              ) : (
                label
              )}
            </b>{' '}
            {customerName && customerName !== label ? <span className="muted">{customerName}</span> : null}
          </p>
        </div>
        {gross && currency ? <Money amount={gross} currency={currency} strong /> : null}
      </header>
      <p>{detail}</p>
      {fields.length > 0 ? (
        <table className={styles.sides}>
          <thead>
            <tr>
              <th scope="col">
                <span className="only-spoken">{t('coming-back.field')}</span>
              </th>
              <th scope="col">{t('coming-back.posted')}</th>
              <th scope="col">{t('coming-back.now', { package: difference.packageName })}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const shown = (value: string | null) => {
                if (value === null) return <span className="muted">{t('coming-back.nothing')}</span>
                if (field.as === 'date') return format.date(value, 'short')
                return field.as === 'money' && currency ? format.money(value, currency) : value
              }
              return (
                <tr key={field.field}>
                  <th scope="row">{field.label}</th>
                  <td>{shown(field.posted)}</td>
                  <td>{shown(field.now)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      ) : null}
      {state === 'open' ? <p className="muted">{remedy}</p> : <Decided difference={difference} />}
      <Actions>
        {mayAct && can.includes('post-again') ? (
          <Button size="sm" icon="send" onClick={() => setAsking('post-again')}>
            {t('coming-back.postAgain')}
          </Button>
        ) : null}
        {mayAct && can.includes('release') ? (
          <Button size="sm" icon="undo" onClick={() => setAsking('release')}>
            {t('coming-back.release')}
          </Button>
        ) : null}
        {mayAct && can.includes('accept') ? (
          <Button size="sm" icon="check" onClick={() => setAsking('accept')}>
            {t('coming-back.accept')}
          </Button>
        ) : null}
        {mayAct && can.includes('reopen') ? (
          <Button size="sm" icon="undo" onClick={() => void reopen(difference.version)}>
            {t('coming-back.reopen')}
          </Button>
        ) : null}
        {can.includes('credit') && difference.invoiceId && may('invoices:write') ? (
          <ButtonLink size="sm" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: difference.invoiceId }}>
            {t('coming-back.credit')}
          </ButtonLink>
        ) : null}
        <Link to="/f/$firm/postings" params={{ firm }} search={{ posting: difference.postingId }}>
          {t('coming-back.toPosting')}
        </Link>
        {difference.url ? (
          <a href={difference.url} target="_blank" rel="noreferrer">
            {t('coming-back.open', { package: difference.packageName })} <Icon name="external" size={12} />
          </a>
        ) : null}
      </Actions>
      {asking ? (
        <ReasonDialog
          act={asking}
          difference={difference}
          onClose={() => setAsking(null)}
          onDone={async (version) => {
            setAsking(null)
            await changed()
            if (asking === 'accept') sayUndo(t('coming-back.accept.done', { label }), () => reopen(version))
            else say(t(asking === 'release' ? 'coming-back.release.done' : 'coming-back.postAgain.done', { label }))
          }}
        />
      ) : null}
    </article>
  )
}

const solvedWords = {
  'as-before': 'coming-back.solved.asBefore',
  'posted-again': 'coming-back.solved.postedAgain',
  freed: 'coming-back.solved.freed',
} as const satisfies Record<NonNullable<Difference['solvedHow']>, Word>

function Decided({ difference }: { difference: Difference }) {
  const t = useT()
  const format = useFormat()
  const { reason, decidedBy, decidedAt, solvedHow } = difference
  return (
    <p className="muted">
      {[
        ...(solvedHow ? [t(solvedWords[solvedHow])] : []),
        ...(reason ? [`“${reason}”`] : []),
        ...(decidedBy ? [decidedBy] : []),
        ...(decidedAt ? [format.moment(decidedAt)] : []),
      ].join(' · ')}
    </p>
  )
}

const dialogWords = {
  accept: { title: 'coming-back.accept.title', text: 'coming-back.accept.text', action: 'coming-back.accept' },
  'post-again': {
    title: 'coming-back.postAgain.title',
    text: 'coming-back.postAgain.text',
    action: 'coming-back.postAgain',
  },
  release: { title: 'coming-back.release.title', text: 'coming-back.release.text', action: 'coming-back.release' },
} as const satisfies Record<WithReason, Record<string, Word>>

/** What will happen, and why: the reason stays with the posting. */
function ReasonDialog({
  act,
  difference,
  onClose,
  onDone,
}: {
  act: WithReason
  difference: Difference
  onClose: () => void
  onDone: (version: number) => unknown
}) {
  const t = useT()
  const words = dialogWords[act]
  const values = { label: difference.label, package: difference.packageName }
  const form = useApiForm({
    initial: { reason: '' },
    validate: { reason: (text: string) => (text.trim() ? null : t('coming-back.reason.missing')) },
    save: async ({ reason }) => {
      const asked = { params: { path: { id: difference.id } }, headers: ifMatch(difference.version), body: { reason } }
      if (act === 'accept') await answer(api.POST('/books-differences/{id}/acceptance', asked))
      else if (act === 'release') await answer(api.POST('/books-differences/{id}/release', asked))
      else await answer(api.POST('/books-differences/{id}/posting', asked))
    },
    saved: () => onDone(difference.version + 1),
  })
  return (
    <Dialog open onClose={onClose} title={t(words.title, values)}>
      <Form form={form}>
        <p>{t(words.text, values)}</p>
        <TextAreaField {...form.field('reason')} label={t('coming-back.reason')} maxLength={300} data-autofocus />
        <Foot>
          <Button type="button" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" kind="primary" keys="mod+Enter" busy={form.saving}>
            {t(words.action)}
          </Button>
        </Foot>
      </Form>
    </Dialog>
  )
}
