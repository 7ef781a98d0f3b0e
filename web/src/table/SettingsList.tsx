import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { Body, Fill, Page, PageHead, Tools } from '../frame/Page.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState, NoRights } from '../parts/Empty.tsx'
import type { IconName } from '../parts/icons.tsx'
import { useKeys } from '../parts/keys.tsx'
import { useFirm } from '../session.ts'
import { useT } from '../words/words.tsx'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from './DataTable.tsx'
import { type Filter, FilterChips } from './FilterChips.tsx'
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
  const t = useT()
  const { slug: firm } = useFirm()
  const { hidden, show } = useColumnChoice(id, columns)
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
  const isFiltered = search.search !== undefined || search.archived !== undefined
  return (
    <Page>
      <PageHead
        title={words.title}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
        actions={button}
      />
      {mayRead ? (
        <>
          <Tools>
            <FilterChips
              filters={filters}
              search={{ ...search }}
              onChange={(patch) => setSearch((before) => ({ ...before, ...patch }))}
            >
              {columns.length > 3 ? <ColumnMenu columns={columns} hidden={hidden} show={show} /> : null}
            </FilterChips>
          </Tools>
          <Fill>
            <DataTable
              id={id}
              name={words.title}
              rows={rows}
              columns={columns}
              hidden={hidden}
              idOf={(row) => row.id}
              nameOf={(row) => row.name}
              {...(open ? { onOpen: open } : {})}
              empty={
                isFiltered ? (
                  <EmptyState icon={search.archived ? 'archive' : 'search'} title={words.none.title}>
                    {words.none.text}
                  </EmptyState>
                ) : (
                  <EmptyState icon={icon} title={words.empty.title} action={button}>
                    {words.empty.text}
                  </EmptyState>
                )
              }
            />
          </Fill>
        </>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
      {children}
    </Page>
  )
}
