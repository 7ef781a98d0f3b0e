import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from '../../parts/Button.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { ConfirmVatCase } from '../customers/ConfirmVatCase.tsx'
import type { Explained, Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import type { Conflict } from './use-draft.ts'

function Remedy({ problem, invoice }: { problem: Explained; invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const client = useQueryClient()
  if (problem.code === 'vat-case-unconfirmed')
    return (
      <ConfirmVatCase
        values={problem.values}
        confirmed={() => client.invalidateQueries({ queryKey: ['invoice', invoice.id] })}
      />
    )
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

/** What stands in the way of sending, and what is worth a look. */
export function DraftProblems({ invoice }: { invoice: Invoice }) {
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

/** Somebody else was earlier: both versions, and the choice between them. */
export function BothVersions({ conflict }: { conflict: Conflict }) {
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
