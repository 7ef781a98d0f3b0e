import { Menu } from '@mantine/core'
import { useCallback, useMemo, useRef, useState } from 'react'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/icons.tsx'
import { useT } from '../words/words.tsx'
import type { Column } from './column.ts'

const choiceKey = (id: string) => `uurwerk.columns.${id}`

/** Which columns are hidden, remembered on this machine. */
export function useColumnChoice<Row>(id: string, columns: ReadonlyArray<Column<Row>>) {
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>(() => {
    try {
      return JSON.parse(localStorage.getItem(choiceKey(id)) ?? '{}')
    } catch {
      return {}
    }
  })
  const hidden = useMemo(
    () =>
      new Set(
        columns.filter((column) => !column.always && !(chosen[column.id] ?? !column.hidden)).map(({ id: one }) => one),
      ),
    [columns, chosen],
  )
  const keep = (next: Readonly<Record<string, boolean>>) => {
    localStorage.setItem(choiceKey(id), JSON.stringify(next))
    setChosen(next)
  }
  const show = (column: string, shown: boolean) => {
    const next = { ...chosen, [column]: shown }
    keep(next)
  }
  /** These and no others, as a view wants them. */
  const choose = (shown: readonly string[]) =>
    keep(Object.fromEntries(columns.map((column) => [column.id, shown.includes(column.id)])))
  const latest = useRef(choose)
  latest.current = choose
  const chooseNow = useCallback((shown: readonly string[]) => latest.current(shown), [])
  return { hidden, show, choose: chooseNow }
}

/** Which of the columns are shown. */
export function ColumnMenu<Row>({
  columns,
  hidden,
  show,
}: {
  columns: ReadonlyArray<Column<Row>>
  hidden: ReadonlySet<string>
  show: (column: string, shown: boolean) => void
}) {
  const t = useT()
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button kind="quiet" size="sm" icon="columns">
          {t('table.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns
          .filter((column) => !column.always)
          .map((column) => {
            const shown = !hidden.has(column.id)
            return (
              <Menu.Item
                key={column.id}
                role="menuitemcheckbox"
                aria-checked={shown}
                leftSection={shown ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />}
                onClick={() => show(column.id, !shown)}
              >
                {column.head} {column.unit ? <span className="faint">{column.unit}</span> : null}
              </Menu.Item>
            )
          })}
      </Menu.Dropdown>
    </Menu>
  )
}
