import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Actions } from '../../parts/Notice.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { saveItem, saveRules } from '../apps/connection.ts'
import { searchTheirs } from '../apps/theirs.ts'
import { ConfirmVatCase } from '../customers/ConfirmVatCase.tsx'
import styles from './preview.module.css'
import type { PreviewDocument, PreviewProblem } from './preview.ts'

interface Mending {
  readonly problem: PreviewProblem
  /** The customer that is mended, and the invoice where that is what is looked at. */
  readonly document: Pick<PreviewDocument, 'customerName'> & { readonly invoiceId?: string }
  readonly connectionId: string
  readonly packageName: string
  readonly again: () => unknown
}

function RuleHere({ problem, connectionId, packageName, again }: Mending) {
  const t = useT()
  const client = useQueryClient()
  const mend = problem.mend
  const proposed = mend?.proposedLedgerAccount ?? null
  const [ledgerAccount, setLedgerAccount] = useState<string | null>(proposed?.id ?? null)
  const [vatCode, setVatCode] = useState<string | null>(null)
  const save = useAct({
    run: (rule: { item: string; vatTreatment: string; ledgerAccount: string; vatCode: string }) =>
      saveRules(connectionId, [{ ...rule, version: null }]),
    done: async () => {
      say(t('postings.mend.ruleSaved'))
      await client.invalidateQueries({ queryKey: ['connections'] })
      await again()
    },
    failed: () => again(),
  })
  if (!mend?.item || !mend.vatTreatment) return null
  const { item, vatTreatment } = mend
  return (
    <>
      <div className={styles.fix}>
        <Picker
          label={t('postings.ledgerAccount')}
          placeholder={t('postings.mend.chooseAccount')}
          searchKey={`${connectionId} ledgerAccounts`}
          search={searchTheirs(connectionId, 'ledgerAccounts')}
          chosen={proposed ? { value: proposed.id, code: proposed.code, label: proposed.name } : null}
          value={ledgerAccount}
          onChange={(value) => setLedgerAccount(value)}
        />
        <Picker
          label={t('postings.mend.vatCodeIn', { package: packageName })}
          placeholder={t('postings.mend.chooseVatCode')}
          searchKey={`${connectionId} vatCodes`}
          search={searchTheirs(connectionId, 'vatCodes')}
          value={vatCode}
          onChange={(value) => setVatCode(value)}
        />
        <Button
          busy={save.isPending}
          disabled={!ledgerAccount || !vatCode}
          onClick={() => ledgerAccount && vatCode && save.mutate({ item, vatTreatment, ledgerAccount, vatCode })}
        >
          {t('postings.mend.saveRule')}
        </Button>
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </>
  )
}

const itemWords = {
  activity: 'postings.mend.itemOf.activity',
  'expense-category': 'postings.mend.itemOf.expense-category',
  trip: 'postings.mend.itemOf.trip',
  instalment: 'postings.mend.itemOf.instalment',
  subscription: 'postings.mend.itemOf.subscription',
  free: 'postings.mend.itemOf.free',
} as const

/** What the missing item is for: the line says its activity, its expense category or only its kind. */
function subjectOf({ source, activity, expenseCategory }: Readonly<Record<string, string>>) {
  if (activity) return { subject: 'activity', id: activity } as const
  if (expenseCategory) return { subject: 'expense-category', id: expenseCategory } as const
  return source === 'trip' || source === 'instalment' || source === 'subscription' || source === 'free'
    ? ({ subject: source, id: null } as const)
    : null
}

function ItemHere({ problem, connectionId, packageName, again }: Mending) {
  const t = useT()
  const { slug: firm } = useFirm()
  const [item, setItem] = useState<string | null>(null)
  const subject = subjectOf(problem.values)
  const save = useAct({
    run: (chosen: string) => saveItem(connectionId, subject, chosen),
    done: async () => {
      say(t('postings.mend.itemSaved'))
      await again()
    },
  })
  if (problem.code === 'item-differs') {
    return (
      <div>
        <ButtonLink to="/f/$firm/settings/connections/$connectionId" params={{ firm, connectionId }} iconAfter="next">
          {t('postings.mend.items')}
        </ButtonLink>
      </div>
    )
  }
  return (
    <>
      <div className={styles.fix}>
        <Picker
          label={subject ? t(itemWords[subject.subject]) : t('postings.mend.defaultItem')}
          placeholder={t('postings.mend.chooseItem', { package: packageName })}
          searchKey={`${connectionId} items`}
          search={searchTheirs(connectionId, 'items')}
          value={item}
          onChange={(value) => setItem(value)}
        />
        <Button busy={save.isPending} disabled={!item} onClick={() => item && save.mutate(item)}>
          {t('postings.mend.saveItem')}
        </Button>
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </>
  )
}

/** What solves a problem, as far as it can be solved here; else the way to where it can. */
export function MendHere(mending: Mending) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { problem, document, connectionId } = mending
  const { mend } = problem
  if (!mend) return problem.link ? <a href={problem.link}>{t('problems.open')}</a> : null
  switch (mend.what) {
    case 'posting-rule':
    case 'item':
      if (!may('connections:write')) return <p className="muted">{t('postings.mend.notYours')}</p>
      return mend.what === 'item' ? <ItemHere {...mending} /> : <RuleHere {...mending} />
    case 'setting':
    case 'connection':
      return may('connections:read') ? (
        <div>
          <ButtonLink to="/f/$firm/settings/connections/$connectionId" params={{ firm, connectionId }} iconAfter="next">
            {t('postings.mend.settings', { package: mending.packageName })}
          </ButtonLink>
        </div>
      ) : null
    case 'customer':
      return may('customers:read') && mend.customerId ? (
        <div>
          <ButtonLink
            to="/f/$firm/customers/$customerId"
            params={{ firm, customerId: mend.customerId }}
            iconAfter="next"
          >
            {t('postings.mend.customer', { customer: document.customerName })}
          </ButtonLink>
        </div>
      ) : null
    case 'vat-case':
      return (
        <Actions>
          <ConfirmVatCase values={problem.values} confirmed={mending.again} />
          {may('customers:read') && mend.customerId ? (
            <ButtonLink
              to="/f/$firm/customers/$customerId"
              params={{ firm, customerId: mend.customerId }}
              iconAfter="next"
            >
              {t('postings.mend.customer', { customer: document.customerName })}
            </ButtonLink>
          ) : null}
        </Actions>
      )
    case 'invoice':
      return document.invoiceId ? (
        <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: document.invoiceId }}>
          {t('postings.mend.invoice')}
        </Link>
      ) : null
  }
}
