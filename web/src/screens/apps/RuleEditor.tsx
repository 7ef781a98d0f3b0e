import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { Matrix, MatrixCell, Their } from './connection.ts'
import type { Edit } from './rule-edits.ts'
import styles from './rules.module.css'
import { type Noun, optionOf, searchDimensions, searchTheirs } from './theirs.ts'

type Item = Pick<Matrix['items'][number], 'code' | 'name' | 'ownLedgerAccount' | 'ownVatCode'>

/** One rule: ledger account and VAT code, with what the item says itself and which invoices wait for it. */
export function RuleEditor({
  connectionId,
  hasDimensions,
  item,
  treatment,
  cell,
  edit,
  start,
  errors,
  change,
  close,
}: {
  connectionId: string
  /** The package knows cost centres or units. */
  hasDimensions: boolean
  item: Item
  treatment: Matrix['treatments'][number]
  cell: MatrixCell | undefined
  edit: Edit | undefined
  start: Edit
  errors: readonly string[]
  change: (edit: Edit | null) => void
  close: () => void
}) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const now = edit ?? start
  // Names of what was picked here; the rule itself only knows what is saved.
  const [picked, setPicked] = useState<Edit>(now)
  const pick =
    (part: 'ledgerAccount' | 'vatCode') => (value: string | null, option: { code?: string; label: string } | null) => {
      const their: Their | null = value && option ? { id: value, code: option.code ?? '', name: option.label } : null
      const next = { ...now, [part]: their }
      setPicked(next)
      change(next)
    }
  const field = (part: 'ledgerAccount' | 'vatCode', noun: Noun, label: string, autoFocus: boolean) => (
    <Picker
      label={label}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      placeholder={t('apps.setting.choose')}
      searchKey={`${connectionId} ${noun}`}
      search={searchTheirs(connectionId, noun)}
      chosen={now[part] ? optionOf(now[part]) : picked[part] ? optionOf(picked[part]) : null}
      value={now[part]?.id ?? null}
      onChange={pick(part)}
    />
  )
  const dimension = (part: 'costCentre' | 'costUnit', label: string) => (
    <Picker
      label={label}
      placeholder={t('apps.rules.noDimension')}
      searchKey={`${connectionId} ${part}`}
      search={searchDimensions(connectionId, part)}
      chosen={now[part] ? { value: now[part], label: now[part] } : null}
      value={now[part]}
      clearable
      onChange={(value) => change({ ...now, [part]: value })}
    />
  )
  const codeFirst = now.ledgerAccount !== null && now.vatCode === null
  const isProposal = cell?.state === 'proposed' && !edit
  const own = [
    item.ownLedgerAccount
      ? t(item.ownLedgerAccount.from === 'group' ? 'apps.rules.ownAccount.group' : 'apps.rules.ownAccount.item', {
          account: `${item.ownLedgerAccount.code} ${item.ownLedgerAccount.name}`,
        })
      : null,
    item.ownVatCode ? t('apps.rules.ownCode', { code: `${item.ownVatCode.code} ${item.ownVatCode.name}` }) : null,
  ].filter((text) => text !== null)
  return (
    <div className={styles.editor}>
      <p className={styles.editorHead}>
        <b>{item.name}</b>
        <span>{treatment.label}</span>
      </p>
      {errors.map((message) => (
        <StateLine key={message} is="refused">
          {message}
        </StateLine>
      ))}
      {cell?.problem && !edit ? (
        <StateLine is="needs">
          {cell.problem.cause} {cell.problem.remedy}
        </StateLine>
      ) : null}
      {isProposal ? (
        <StateLine is="progress" icon="info">
          {t('apps.rules.proposal.text')}
        </StateLine>
      ) : null}
      {field('ledgerAccount', 'ledgerAccounts', t('apps.rules.account'), !codeFirst)}
      {field('vatCode', 'vatCodes', t('apps.rules.vatCode'), codeFirst)}
      {hasDimensions ? (
        <div className={styles.dimensions}>
          {dimension('costCentre', t('apps.rules.costCentre'))}
          {dimension('costUnit', t('apps.rules.costUnit'))}
        </div>
      ) : null}
      {own.length > 0 ? <p className={styles.own}>{own.join(' ')}</p> : null}
      {cell && cell.waiting.length > 0 ? (
        <p className={styles.own}>
          {t('apps.rules.waitingFor')}{' '}
          {cell.waiting.slice(0, 6).map((invoice, at) => (
            <span key={invoice.id}>
              {at > 0 ? ', ' : ''}
              {may('invoices:read') ? (
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: invoice.id }}>
                  {invoice.number ?? t('frame.draft')}
                </Link>
              ) : (
                invoice.number
              )}
            </span>
          ))}
          {cell.waiting.length > 6 ? t('apps.rules.more', { count: cell.waiting.length - 6 }) : null}
        </p>
      ) : null}
      <div className={styles.editorFoot}>
        {edit ? (
          <Button
            kind="quiet"
            size="sm"
            icon="undo"
            onClick={() => {
              change(null)
              close()
            }}
          >
            {t('apps.rules.undo')}
          </Button>
        ) : null}
        <span className="grow" />
        {isProposal ? (
          <Button
            size="sm"
            kind="primary"
            onClick={() => {
              change(start)
              close()
            }}
          >
            {t('apps.rules.take')}
          </Button>
        ) : (
          <Button size="sm" onClick={close}>
            {t('apps.rules.done')}
          </Button>
        )}
      </div>
    </div>
  )
}
