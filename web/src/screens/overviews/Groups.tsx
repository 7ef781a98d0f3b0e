import { useQueries } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import type { Rows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { type FilterPatch, narrowTo, type OverviewSearch, queryOf } from './address.ts'
import { byWords, groupName } from './group-name.ts'
import type { Drawing, EntryRow, GroupPart, Measure, OverviewKind, PartOf, Totals } from './overview-kind.ts'
import styles from './overviews.module.css'

const entriesShown = 50

type Line<Row, Part> =
  | {
      readonly kind: 'group'
      readonly id: string
      readonly level: number
      readonly name: string
      readonly part: Part
      /** Finds this group alone. */
      readonly patch: FilterPatch | null
      readonly open: boolean
    }
  | { readonly kind: 'entry'; readonly id: string; readonly level: number; readonly row: Row }
  | { readonly kind: 'waiting'; readonly id: string; readonly level: number }
  | {
      readonly kind: 'more'
      readonly id: string
      readonly level: number
      readonly count: number
      readonly patch: FilterPatch
    }

/** Groups with their subtotals; a group opens to the groups within it, and those to their entries. */
export function Groups<Row extends EntryRow, Sums extends Totals>({
  kind,
  by,
  search,
  drawing,
  totals,
  rows,
  empty,
  openId,
  onOpen,
  onNarrow,
}: {
  kind: OverviewKind<Row, Sums>
  by: readonly string[]
  search: OverviewSearch
  drawing: Drawing
  totals: Sums | undefined
  /** How it stands with the totals. */
  rows: Omit<Rows<never>, 'rows'>
  empty: ReactNode
  openId: string | null
  onOpen: (row: Row) => void
  /** Shows one group alone, as a list. */
  onNarrow: (patch: FilterPatch) => void
}) {
  const t = useT()
  const format = useFormat()
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string) =>
    setOpened((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })

  const groups = useMemo(() => {
    const flat: Array<{ id: string; level: number; part: PartOf<Sums>; patch: FilterPatch | null; last: boolean }> = []
    const add = (
      parts: readonly PartOf<Sums>[],
      level: number,
      above: string,
      within: OverviewSearch,
      reachable: boolean,
    ) => {
      for (const part of parts) {
        const id = `${above}/${part.key ?? ''}`
        const own = reachable ? narrowTo(by[level] ?? '', part.key, within) : null
        const patch = own && { ...within, ...own }
        const last = level === by.length - 1
        flat.push({ id, level, part, patch: patch as FilterPatch | null, last })
        if (!last && opened.has(id))
          add((part.groups ?? []) as readonly PartOf<Sums>[], level + 1, id, { ...within, ...own }, own !== null)
      }
    }
    add((totals?.groups ?? []) as readonly PartOf<Sums>[], 0, '', search, true)
    return flat
  }, [totals, by, search, opened])

  const asked = groups.filter(({ id, last, patch }) => last && patch && opened.has(id))
  const entries = useQueries({
    queries: asked.map(({ patch }) => {
      const query = queryOf(patch as OverviewSearch)
      return {
        queryKey: [kind.id, 'group', JSON.stringify(query)],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          kind.list(query, { sort: 'date', limit: entriesShown, cursor: undefined }, signal),
      }
    }),
  })

  const lines = groups.flatMap(({ id, level, part, patch, last }): Array<Line<Row, PartOf<Sums>>> => {
    const head: Line<Row, PartOf<Sums>> = {
      kind: 'group',
      id,
      level,
      name: groupName(by[level] ?? '', part, t, format),
      // The customer of a project is not said again under that customer.
      part: level > 0 && by[level - 1] === 'customer' ? { ...part, under: null } : part,
      patch,
      open: opened.has(id),
    }
    const at = asked.findIndex((one) => one.id === id)
    if (!last || at === -1 || !patch) return [head]
    const page = entries[at]?.data
    if (!page) return [head, { kind: 'waiting', id: `${id} waiting`, level: level + 1 }]
    const found = page.rows.map(
      (row): Line<Row, PartOf<Sums>> => ({ kind: 'entry', id: row.id, level: level + 1, row }),
    )
    return page.next
      ? [head, ...found, { kind: 'more', id: `${id} more`, level: level + 1, count: part.count, patch }]
      : [head, ...found]
  })

  const measures = kind.measures(drawing).filter((one) => one !== false)
  const columns: ReadonlyArray<Column<Line<Row, PartOf<Sums>>>> = [
    {
      id: 'group',
      head: by.map((one) => t(byWords[one] ?? 'overviews.none')).join(' › '),
      always: true,
      width: 'minmax(200px, 3fr)',
      cell: (line) => <Head line={line} toggle={toggle} narrow={onNarrow} />,
    },
    {
      id: 'count',
      head: t('overviews.entries'),
      align: 'end',
      width: 100,
      from: 560,
      cell: (line) => (line.kind === 'group' ? <span className="fig">{format.count(line.part.count)}</span> : null),
    },
    ...measures.map((measure) => columnOf(measure, totals)),
    {
      id: 'show',
      head: '',
      width: 110,
      from: 680,
      cell: (line) =>
        line.kind === 'group' && line.patch ? (
          <Button kind="link" size="sm" tabIndex={-1} onClick={() => line.patch && onNarrow(line.patch)}>
            {t('overviews.showAlone')}
          </Button>
        ) : null,
    },
  ]
  const open = (line: Line<Row, PartOf<Sums>>) => {
    if (line.kind === 'entry') onOpen(line.row)
    else if (line.kind === 'more') onNarrow(line.patch)
    else if (line.kind === 'group' && (line.patch || line.level < by.length - 1)) toggle(line.id)
  }
  return (
    <DataTable
      id={`${kind.id}-groups`}
      name={t('overviews.grouped', { what: t(kind.title) })}
      rows={{ ...rows, rows: lines }}
      columns={columns}
      idOf={(line) => line.id}
      onOpen={open}
      openId={openId}
      empty={empty}
      totals={totals ? kind.count(t, totals.count, format.count(totals.count)) : ''}
      toneOf={(line) => (line.kind === 'group' ? undefined : 'muted')}
    />
  )
}

function columnOf<Row extends EntryRow, Sums extends Totals>(
  { id, head, unit, width, from, ofSums, ofRow }: Measure<Row, Sums>,
  totals: Sums | undefined,
): Column<Line<Row, PartOf<Sums>>> {
  return {
    id,
    head,
    ...(unit ? { unit } : {}),
    align: 'end',
    width,
    ...(from ? { from } : {}),
    cell: (line) =>
      line.kind === 'group' ? (
        <b className={line.level === 0 ? undefined : styles.plain}>{ofSums(line.part, false)}</b>
      ) : line.kind === 'entry' ? (
        ofRow(line.row)
      ) : null,
    total: totals ? ofSums(totals, true) : null,
  }
}

function Head<Row extends EntryRow, Part extends GroupPart>({
  line,
  toggle,
  narrow,
}: {
  line: Line<Row, Part>
  toggle: (id: string) => void
  narrow: (patch: FilterPatch) => void
}) {
  const t = useT()
  const format = useFormat()
  const place = { paddingInlineStart: line.level * 24 }
  if (line.kind === 'waiting') return <Skeleton width={160} />
  if (line.kind === 'more')
    return (
      <span style={place} className={styles.under}>
        <Button kind="link" size="sm" tabIndex={-1} onClick={() => narrow(line.patch)}>
          {t('overviews.showAll', { count: line.count, shown: format.count(line.count) })}
        </Button>
      </span>
    )
  if (line.kind === 'entry') {
    const { row } = line
    return (
      <span style={place} className={styles.under}>
        {[format.date(row.date, 'dayMonth'), row.memberName, row.projectName, row.note].filter(Boolean).join(' · ')}
      </span>
    )
  }
  const folds = line.patch !== null || Boolean(line.part.groups)
  return (
    <span style={place} className={styles.groupHead}>
      {folds ? (
        <button
          type="button"
          tabIndex={-1}
          className={styles.fold}
          aria-expanded={line.open}
          aria-label={line.open ? t('overviews.close', { name: line.name }) : t('overviews.open', { name: line.name })}
          onClick={() => toggle(line.id)}
        >
          <Icon name={line.open ? 'down' : 'next'} size={14} />
        </button>
      ) : (
        <span className={styles.noFold} />
      )}
      <b className={line.level === 0 ? undefined : styles.plain}>{line.name}</b>
      {line.part.under ? <span className="muted">{line.part.under}</span> : null}
    </span>
  )
}
