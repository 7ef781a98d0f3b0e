import { Menu, Popover } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { EmptyState, ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { Code } from '../../parts/Small.tsx'
import { Pill } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import connectionStyles from './connection.module.css'
import { type Connection, connectionChanged, type Matrix, rulesQuery, saveRules } from './connection.ts'
import { RuleCell } from './RuleCell.tsx'
import {
  codesInUse,
  type Edits,
  isWhole,
  openProposals,
  placeKey,
  rulesToSave,
  shownTreatments,
  stillOpen,
  takeProposals,
  withEdit,
} from './rule-edits.ts'
import styles from './rules.module.css'
import { searchTheirs } from './theirs.ts'

type Item = Matrix['items'][number]

const steps: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Arrows go from cell to cell, as in every table here. */
function onArrow(event: KeyboardEvent<HTMLTableElement>): void {
  const step = steps[event.key]
  const at = event.target instanceof HTMLElement ? event.target.getAttribute('data-at') : null
  if (!step || !at) return
  const [row = 0, column = 0] = at.split(' ').map(Number)
  const next = event.currentTarget.querySelector<HTMLElement>(`[data-at="${row + step[0]} ${column + step[1]}"]`)
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** Which cells the server refused, and why: its pointers count the rules that were sent. */
function errorsOf(error: unknown, sent: readonly { item: string; vatTreatment: string }[]) {
  const found = new Map<string, string[]>()
  for (const { pointer, message } of isApiProblem(error) ? (error.problem.errors ?? []) : []) {
    const rule = sent[Number(/\/rules\/(\d+)/.exec(pointer)?.[1] ?? -1)]
    if (rule) found.set(placeKey(rule), [...(found.get(placeKey(rule)) ?? []), message])
  }
  return found
}

function AddItem({
  connection,
  has,
  add,
}: {
  connection: Connection
  has: ReadonlySet<string>
  add: (item: Item) => void
}) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const search = searchTheirs(connection.id, 'items')
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" width={340} trapFocus closeOnClickOutside={false}>
      <Popover.Target>
        <Button icon="plus" onClick={() => setOpen(!open)}>
          {t('apps.rules.addItem')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('apps.rules.addItem')}>
        <Picker
          label={t('apps.rules.item')}
          description={t('apps.rules.addItem.help')}
          data-autofocus
          placeholder={t('apps.setting.choose')}
          searchKey={`${connection.id} items-to-add ${[...has].join(' ')}`}
          search={async (text, signal) => (await search(text, signal)).filter(({ value }) => !has.has(value))}
          value={null}
          onBlur={() => setOpen(false)}
          onChange={(value, option) => {
            setOpen(false)
            if (!value || !option) return
            add({
              id: value,
              code: option.code ?? '',
              name: option.label,
              usedBy: [],
              isDefault: false,
              unusable: null,
              ownLedgerAccount: null,
              ownVatCode: null,
            })
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

/** What would be lost is said before the page is left. */
function StayOrLeave({ count }: { count: number }) {
  const t = useT()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => count > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: () => count > 0,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog open onClose={blocker.reset} title={t('apps.rules.notSaved', { count })}>
      <p>{t('apps.rules.leave.text')}</p>
      <Foot>
        <Button onClick={blocker.proceed}>{t('apps.rules.leave')}</Button>
        <Button kind="primary" onClick={blocker.reset}>
          {t('apps.rules.stay')}
        </Button>
      </Foot>
    </Dialog>
  )
}

/** Item across VAT case gives ledger account and VAT code. A proposal books nothing until somebody saves it. */
export function PostingRules({ connection }: { connection: Connection }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { data: matrix, error, refetch } = useQuery(rulesQuery(connection.id))
  const [edits, setEdits] = useState<Edits>(new Map())
  const [addedItems, setAddedItems] = useState<readonly Item[]>([])
  const [addedCases, setAddedCases] = useState<ReadonlySet<string>>(new Set())
  const [openAt, setOpenAt] = useState<string | null>(null)
  const [halves, setHalves] = useState(false)
  const sent = useRef<readonly { item: string; vatTreatment: string }[]>([])
  const mayWrite = may('connections:write')
  const hasDimensions = connection.lists.some(({ noun, count }) => noun === 'dimensions' && count > 0)

  const save = useAct({
    run: (rules: ReturnType<typeof rulesToSave>) => saveRules(connection.id, [...rules]),
    done: async (after, rules) => {
      client.setQueryData(rulesQuery(connection.id).queryKey, after)
      setEdits((before) => stillOpen(after, before))
      setAddedItems((before) => before.filter(({ id }) => !after.items.some((item) => item.id === id)))
      say(t('apps.rules.saved', { count: rules.length }))
      await connectionChanged(client, connection.id)
    },
    failed: () => connectionChanged(client, connection.id),
  })
  const errors = errorsOf(save.error, sent.current)
  const rules = matrix ? rulesToSave(matrix, edits) : []
  const run = () => {
    const first = [...edits].find(([, edit]) => !isWhole(edit))
    if (first) {
      // Half a rule books nothing: it is completed first.
      setHalves(true)
      setOpenAt(first[0])
      return
    }
    if (rules.length === 0 || save.isPending) return
    setHalves(false)
    setOpenAt(null)
    sent.current = rules
    save.mutate(rules)
  }
  useKeys([
    {
      keys: 'mod+Enter',
      does: t('apps.rules.save'),
      run,
      whileTyping: true,
      disabled: !mayWrite || edits.size === 0,
    },
  ])

  const items = useMemo(
    () => [...(matrix?.items ?? []), ...addedItems.filter(({ id }) => !matrix?.items.some((item) => item.id === id))],
    [matrix, addedItems],
  )
  const treatments = useMemo(() => (matrix ? shownTreatments(matrix, addedCases) : []), [matrix, addedCases])
  const cells = useMemo(() => new Map(matrix?.cells.map((cell) => [placeKey(cell), cell])), [matrix])
  const shown = new Set(treatments.map(({ id }) => id))
  const hiddenCases = matrix?.treatments.filter(({ id }) => !shown.has(id)) ?? []
  const proposals = matrix ? openProposals(matrix, edits) : []
  const legend = matrix ? codesInUse(matrix, edits, shown) : []
  const half = halves && [...edits.values()].some((edit) => !isWhole(edit))
  const differs = matrix?.cells.some((cell) => cell.itemDiffers && cell.state === 'set' && shown.has(cell.vatTreatment))

  const head = (
    <div className={styles.head}>
      <div>
        <h2 id="rules" tabIndex={-1}>
          {t('apps.rules')}
        </h2>
        <p className={connectionStyles.sub}>{t('apps.rules.text')}</p>
      </div>
      {matrix && items.length > 0 ? (
        matrix.missing > 0 ? (
          <Pill is="needs">{t('apps.rules.missingCount', { count: matrix.missing })}</Pill>
        ) : (
          <Pill is="done">{t('apps.rules.complete')}</Pill>
        )
      ) : null}
      {mayWrite && proposals.length > 0 ? (
        <Button size="sm" onClick={() => setEdits((before) => takeProposals(before, proposals))}>
          {t('apps.rules.takeAll', { count: proposals.length })}
        </Button>
      ) : null}
    </div>
  )

  if (!matrix) {
    return (
      <section aria-labelledby="rules">
        {head}
        {error ? (
          <ErrorNotice error={error} retry={refetch} />
        ) : (
          <div className={styles.skeleton} aria-busy>
            {['a', 'b', 'c', 'd'].map((line) => (
              <Skeleton key={line} height={14} />
            ))}
          </div>
        )}
      </section>
    )
  }
  return (
    <section aria-labelledby="rules">
      {head}
      {save.error && errors.size === 0 ? (
        <div className={styles.notice}>
          <ErrorNotice error={save.error} />
        </div>
      ) : null}
      {items.length === 0 ? (
        <div className={styles.empty}>
          <EmptyState icon="switch" title={t('apps.rules.empty.title')}>
            {t('apps.rules.empty.text')}
          </EmptyState>
        </div>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
          <section className={styles.scroller} tabIndex={0} aria-label={t('apps.rules.table')}>
            <table
              className={`${styles.rules} ${treatments.length > 2 ? styles.narrow : styles.wide}`}
              style={{ minWidth: 184 + treatments.length * 206 }}
              onKeyDown={onArrow}
            >
              <thead>
                <tr>
                  <th scope="col">{t('apps.rules.item')}</th>
                  {treatments.map((treatment) => (
                    <th key={treatment.id} scope="col">
                      <b>{treatment.label}</b>
                      {treatment.customers > 0
                        ? t('apps.rules.customers', { count: treatment.customers })
                        : t('apps.rules.noCustomer')}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((item, row) => (
                  <tr key={item.id}>
                    <th scope="row">
                      {item.name}
                      <small title={item.usedBy.join(', ') || undefined}>
                        {[
                          item.code,
                          item.isDefault && item.usedBy.length === 0 ? t('apps.rules.default') : null,
                          item.usedBy.length > 0 ? t('apps.rules.usedBy', { count: item.usedBy.length }) : null,
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </small>
                      {item.unusable ? (
                        <small className={styles.problem}>
                          <Icon name="warning" size={14} />
                          {t('apps.unusable', { reason: item.unusable })}
                        </small>
                      ) : null}
                    </th>
                    {treatments.map((treatment, column) => {
                      const place = { item: item.id, vatTreatment: treatment.id }
                      const key = placeKey(place)
                      const cell = cells.get(key)
                      return (
                        <RuleCell
                          key={treatment.id}
                          connectionId={connection.id}
                          hasDimensions={hasDimensions}
                          item={item}
                          treatment={treatment}
                          cell={cell}
                          edit={edits.get(key)}
                          errors={errors.get(key) ?? []}
                          at={`${row} ${column}`}
                          open={openAt === key}
                          setOpen={(open) => setOpenAt(open ? key : null)}
                          change={
                            mayWrite
                              ? (edit) => {
                                  if (save.error) save.reset()
                                  setEdits((before) => withEdit(before, place, cell, edit))
                                }
                              : undefined
                          }
                        />
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <div className={styles.legend}>
            {legend.map((code) => (
              <span key={code.id}>
                <Code>{code.code}</Code>
                {code.name}
              </span>
            ))}
            {differs ? (
              <span className={styles.legendEnd}>
                <Icon name="info" size={14} />
                {t('apps.rules.ruleWins')}
              </span>
            ) : null}
          </div>
          {mayWrite ? (
            <div className={styles.bar} data-open={edits.size > 0 || undefined}>
              <AddItem
                connection={connection}
                has={new Set(items.map(({ id }) => id))}
                add={(item) => setAddedItems((before) => [...before, item])}
              />
              {hiddenCases.length > 0 ? (
                <Menu position="top-start">
                  <Menu.Target>
                    <Button kind="quiet">{t('apps.rules.addCase')}</Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {hiddenCases.map(({ id, label }) => (
                      <Menu.Item key={id} onClick={() => setAddedCases((before) => new Set([...before, id]))}>
                        {label}
                      </Menu.Item>
                    ))}
                  </Menu.Dropdown>
                </Menu>
              ) : null}
              <span className="grow" />
              {edits.size > 0 ? (
                <>
                  <span className={half ? styles.problem : 'muted small'} role="status">
                    {half ? t('apps.rules.half') : t('apps.rules.notSaved', { count: edits.size })}
                  </span>
                  <Button
                    kind="quiet"
                    onClick={() => {
                      setEdits(new Map())
                      setHalves(false)
                      save.reset()
                    }}
                  >
                    {t('apps.rules.discard')}
                  </Button>
                  <Button kind="primary" keys="mod+Enter" busy={save.isPending} onClick={run}>
                    {t('apps.rules.save')}
                  </Button>
                </>
              ) : null}
            </div>
          ) : null}
        </>
      )}
      <StayOrLeave count={edits.size} />
    </section>
  )
}
