import { Popover } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { Code } from '../../parts/Small.tsx'
import { useT } from '../../words/words.tsx'
import type { Matrix, MatrixCell } from './connection.ts'
import { RuleEditor } from './RuleEditor.tsx'
import { type Edit, isWhole, startOf } from './rule-edits.ts'
import styles from './rules.module.css'

interface RuleCellProps {
  readonly connectionId: string
  readonly hasDimensions: boolean
  readonly item: Matrix['items'][number]
  readonly treatment: Matrix['treatments'][number]
  readonly cell: MatrixCell | undefined
  readonly edit: Edit | undefined
  readonly errors: readonly string[]
  readonly at: string
  readonly open: boolean
  /** Absent for people who may only look. */
  readonly change: ((edit: Edit | null) => void) | undefined
  readonly setOpen: (open: boolean) => void
}

/** Invoices that wait, as few words as there is room for. */
function useWaits() {
  const t = useT()
  return ({ waiting }: Pick<MatrixCell, 'waiting'>): string => {
    const [first] = waiting
    return first === undefined
      ? t('apps.rules.needed')
      : waiting.length === 1
        ? t('apps.rules.waits', { number: first.number ?? t('frame.draft') })
        : t('apps.rules.waitMany', { count: waiting.length })
  }
}

/** Account above, its name below; beside the account what should be known of it. */
function Rule({ rule, note }: { rule: Edit; note?: ReactNode }) {
  const { ledgerAccount: account, vatCode: code, costCentre, costUnit } = rule
  return (
    <>
      <span className={styles.two}>
        <b>
          <span className="fig strong">{account?.code}</span>
          {note}
        </b>
        <small>{[account?.name, costCentre, costUnit].filter(Boolean).join(' · ')}</small>
      </span>
      <span className={styles.chip}>
        <Code>{code?.code}</Code>
      </span>
    </>
  )
}

const Gap = ({ head, text, act }: { head: string; text: string; act?: string }) => (
  <>
    <Icon name="warning" size={14} />
    <span className={styles.two}>
      <b>{head}</b>
      <small>{text}</small>
    </span>
    {act ? <u>{act}</u> : null}
  </>
)

/** What stands in a cell: the rule, a change, a proposal, a gap or nothing. */
function Inside({ cell, edit, errors }: Pick<RuleCellProps, 'cell' | 'edit' | 'errors'>) {
  const t = useT()
  const waits = useWaits()
  if (edit && isWhole(edit)) {
    const note =
      errors.length > 0 ? (
        <span className={styles.wrong}>
          <Icon name="cross" size={14} />
          {t('apps.rules.refused')}
        </span>
      ) : (
        <span className={styles.unsaved}>{t('apps.rules.unsaved')}</span>
      )
    return <Rule rule={edit} note={note} />
  }
  if (edit) {
    return (
      <Gap
        head={edit.ledgerAccount?.code ?? edit.vatCode?.code ?? t('apps.rules.missing')}
        text={edit.ledgerAccount ? t('apps.rules.codeToo') : t('apps.rules.accountToo')}
      />
    )
  }
  switch (cell?.state) {
    case 'set': {
      const note = cell.problem ? (
        <span className={styles.problem}>
          <Icon name="warning" size={14} />
          {t('apps.rules.look')}
        </span>
      ) : cell.itemDiffers ? (
        <span className={styles.differs}>
          <Icon name="info" size={14} />
          {t('apps.rules.itemHas', { code: cell.itemDiffers })}
        </span>
      ) : null
      return <Rule rule={cell} note={note} />
    }
    case 'proposed':
      return (
        <>
          <span className={styles.two}>
            <b>
              <span className="fig strong">{cell.ledgerAccount?.code}</span>
              <span className={styles.name}>{cell.ledgerAccount?.name}</span>
            </b>
            <small>
              {t('apps.rules.proposal')}
              <span className={styles.waits}> · {waits(cell)}</span>
            </small>
          </span>
          <span className={styles.chip}>
            <Code>{cell.vatCode?.code}</Code>
          </span>
        </>
      )
    case 'missing':
      return <Gap head={t('apps.rules.missing')} text={waits(cell)} act={t('apps.rules.choose')} />
    default:
      return <span className={styles.none}>{t('apps.rules.notUsed')}</span>
  }
}

const look = (cell: MatrixCell | undefined, edit: Edit | undefined, errors: readonly string[]): string =>
  errors.length > 0
    ? 'wrong'
    : edit
      ? isWhole(edit)
        ? 'unsaved'
        : 'missing'
      : cell?.state === 'proposed' || cell?.state === 'missing'
        ? cell.state
        : cell?.state === 'set'
          ? cell.problem
            ? 'problem'
            : 'set'
          : 'none'

/** A cell of the table: what is booked where, and the way to change it. */
export function RuleCell(props: RuleCellProps) {
  const { connectionId, hasDimensions, item, treatment, cell, edit, errors, at, open, change, setOpen } = props
  const t = useT()
  const dropdown = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  // The lists of the pickers float outside of the editor: a press in them is not a press beside it.
  useEffect(() => {
    if (!open) return
    const pressed = (event: PointerEvent) => {
      const target = event.target instanceof Element ? event.target : null
      if (!target || dropdown.current?.contains(target) || button.current?.contains(target)) return
      if (target.closest('[role=listbox], [data-combobox-option], .mantine-Combobox-dropdown')) return
      setOpen(false)
    }
    document.addEventListener('pointerdown', pressed)
    return () => document.removeEventListener('pointerdown', pressed)
  }, [open, setOpen])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    if (event.target instanceof Element && event.target.getAttribute('aria-expanded') === 'true') return
    event.stopPropagation()
    close()
  }
  const spoken = t('apps.rules.cell', { item: item.name, treatment: treatment.label })
  const inside = <Inside cell={cell} edit={edit} errors={errors} />
  if (!change) {
    return (
      <td>
        <div className={styles.cell} data-look={look(cell, edit, errors)}>
          {inside}
        </div>
      </td>
    )
  }
  return (
    <td>
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-start"
        width={360}
        trapFocus
        withinPortal
        closeOnClickOutside={false}
        closeOnEscape={false}
        offset={4}
      >
        <Popover.Target>
          <button
            ref={button}
            type="button"
            className={styles.cell}
            data-look={look(cell, edit, errors)}
            data-at={at}
            onClick={() => setOpen(!open)}
          >
            <span className="only-spoken">{spoken}: </span>
            {inside}
          </button>
        </Popover.Target>
        <Popover.Dropdown ref={dropdown} onKeyDown={onKeyDown} aria-label={spoken}>
          {open ? (
            <RuleEditor
              connectionId={connectionId}
              hasDimensions={hasDimensions}
              item={item}
              treatment={treatment}
              cell={cell}
              edit={edit}
              start={startOf(cell)}
              errors={errors}
              change={change}
              close={close}
            />
          ) : null}
        </Popover.Dropdown>
      </Popover>
      {cell?.state === 'proposed' && !edit ? (
        <button
          type="button"
          className={styles.take}
          title={t('apps.rules.take')}
          onClick={() => change(startOf(cell))}
        >
          <Icon name="check" size={14} />
          <span className={styles.takeWord}>{t('apps.rules.take')}</span>
          <span className="only-spoken">: {spoken}</span>
        </button>
      ) : null}
    </td>
  )
}
