import { type ReactNode, useMemo } from 'react'
import { SettingsCrumb } from '../frame/Crumbs.tsx'
import { Page, PageHead } from '../frame/Page.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/Empty.tsx'
import type { IconName } from '../parts/icons.tsx'
import { useKeys } from '../parts/keys.tsx'
import type { Column } from './column.ts'
import type { Filter } from './FilterChips.tsx'
import { FilteredTable } from './FilteredTable.tsx'
import type { Rows } from './rows.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** What the address of such a list holds. */
interface Search {
  readonly search?: string | undefined
  readonly archived?: boolean | undefined
}

interface Words {
  readonly title: string
  readonly new: string
  /** What is looked for; left out where the list is short. */
  readonly search?: string
  readonly archived: string
  readonly archivedYes: string
  readonly archivedNo: string
  readonly none: { readonly title: string; readonly text: string }
  readonly empty: { readonly title: string; readonly text: string }
}

/**
 * A list of one kind of thing under Settings, such as tags, teams or activities: those in use or those in the archive,
 * one opened by its row, a new one by the button or the key N. What it opens (`children`) is the screen's own.
 */
export function SettingsList<Row extends Named>({
  id,
  icon,
  words,
  rows,
  columns,
  search,
  setSearch,
  mayRead = true,
  make,
  open,
  children,
}: {
  id: string
  icon: IconName
  words: Words
  rows: Rows<Row>
  columns: ReadonlyArray<Column<Row>>
  search: Search
  setSearch: (change: (before: Search) => Search) => unknown
  mayRead?: boolean
  /** Null for who may not. */
  make: (() => unknown) | null
  open?: ((row: Row) => unknown) | undefined
  children?: ReactNode
}) {
  const { search: searched, archived, archivedYes, archivedNo } = words
  const filters = useMemo(
    (): readonly Filter[] => [
      ...(searched ? [{ kind: 'text' as const, name: 'search', label: searched }] : []),
      { kind: 'flag', name: 'archived', label: archived, yes: archivedYes, no: archivedNo },
    ],
    [searched, archived, archivedYes, archivedNo],
  )
  useKeys([{ keys: 'N', does: words.new, disabled: !make, run: () => void make?.() }])
  const button = make ? (
    <Button kind="primary" icon="plus" keys="N" onClick={make}>
      {words.new}
    </Button>
  ) : null
  return (
    <Page>
      <PageHead title={words.title} crumbs={[<SettingsCrumb key="settings" />]} actions={button} />
      <FilteredTable
        id={id}
        name={words.title}
        mayRead={mayRead}
        narrowing={{
          filters,
          search: { ...search },
          change: (patch) => setSearch((before) => ({ ...before, ...patch })),
          isNarrowed: search.search !== undefined || search.archived !== undefined,
        }}
        noneFound={{ icon: search.archived ? 'archive' : 'search', ...words.none }}
        rows={rows}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        {...(open ? { onOpen: open } : {})}
        empty={
          <EmptyState icon={icon} title={words.empty.title} action={button}>
            {words.empty.text}
          </EmptyState>
        }
      />
      {children}
    </Page>
  )
}
