import { Popover } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../format.ts'
import { Button } from '../parts/Button.tsx'
import { Segments } from '../parts/Choose.tsx'
import { DateRange } from '../parts/DateField.tsx'
import { TextField } from '../parts/fields.tsx'
import type { Option } from '../parts/find-options.ts'
import { Icon } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useKeys } from '../parts/keys.tsx'
import { Picker } from '../parts/Picker.tsx'
import { today } from '../parts/today.ts'
import { useT } from '../words/words.tsx'
import { periodsAround } from './periods.ts'
import styles from './table.module.css'

type Search = Readonly<Record<string, unknown>>

interface Named {
  readonly label: string
}
/** The filters a screen offers. Names are those of the address, as its route's `readSearch` knows them. */
export type Filter =
  | (Named & { readonly kind: 'period'; readonly from: string; readonly until: string })
  | (Named & {
      readonly kind: 'choice'
      readonly name: string
      readonly options: ReadonlyArray<{ value: string; label: string }>
    })
  | (Named & { readonly kind: 'flag'; readonly name: string; readonly yes: string; readonly no: string })
  | (Named & { readonly kind: 'text'; readonly name: string })
  /** Many of a long list. `named` are the options that the chosen ids stand for. */
  | (Named & {
      readonly kind: 'pick'
      readonly name: string
      readonly named: readonly Option[]
      readonly options?: readonly Option[]
      readonly search?: (text: string, signal: AbortSignal) => Promise<readonly Option[]>
    })

/** The options of those questions that are answered: `combine` of `useQueries`. */
export const foundOptions = (results: ReadonlyArray<{ readonly data: Option | undefined }>): Option[] =>
  results.flatMap(({ data }) => (data ? [data] : []))

const keyOf = (filter: Filter) => (filter.kind === 'period' ? filter.from : filter.name)
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)]
const isSet = (filter: Filter, search: Search) =>
  filter.kind === 'period' ? Boolean(search[filter.from] || search[filter.until]) : search[filter.name] !== undefined

function useChipText() {
  const t = useT()
  const format = useFormat()
  return (filter: Filter, search: Search): string => {
    switch (filter.kind) {
      case 'period': {
        const [from, until] = [search[filter.from], search[filter.until]].map((one) => (one ? String(one) : null))
        if (from && until) return format.dateRange(from, until)
        if (from) return t('table.filter.since', { date: format.date(from) })
        return until ? t('table.filter.upTo', { date: format.date(until) }) : ''
      }
      case 'choice':
        return listOf(search[filter.name])
          .map((value) => filter.options.find((option) => option.value === value)?.label ?? value)
          .join(', ')
      case 'flag':
        return search[filter.name] ? filter.yes : filter.no
      case 'text':
        return `“${String(search[filter.name] ?? '')}”`
      case 'pick': {
        const chosen = listOf(search[filter.name])
        const names = chosen.map(
          (id) => [...filter.named, ...(filter.options ?? [])].find((one) => one.value === id)?.label ?? '…',
        )
        return names.length > 2
          ? t('table.filter.many', { first: names[0] ?? '', more: names.length - 1 })
          : names.join(', ')
      }
    }
  }
}

function Editor({
  filter,
  search,
  change,
  close,
}: {
  filter: Filter
  search: Search
  change: (patch: Search) => void
  close: () => void
}) {
  const t = useT()
  const [typed, setTyped] = useState(filter.kind === 'text' ? String(search[filter.name] ?? '') : '')
  if (filter.kind === 'period') {
    const now = today()
    const presets = periodsAround(now).map(({ word, ...period }) => ({ label: t(word), ...period }))
    return (
      <>
        <div className={styles.periods}>
          {presets.map((preset) => (
            <Button
              key={preset.label}
              size="sm"
              onClick={() => {
                change({ [filter.from]: preset.from, [filter.until]: preset.until })
                close()
              }}
            >
              {preset.label}
            </Button>
          ))}
        </div>
        <DateRange
          from={search[filter.from] ? String(search[filter.from]) : null}
          until={search[filter.until] ? String(search[filter.until]) : null}
          onChange={(from, until) => {
            change({ [filter.from]: from ?? undefined, [filter.until]: until ?? undefined })
            if (from && until) close()
          }}
        />
      </>
    )
  }
  if (filter.kind === 'choice') {
    const chosen = listOf(search[filter.name])
    return (
      <>
        {filter.options.map((option) => (
          <label key={option.value} className="row" style={{ minHeight: 28 }}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) => {
                const next = event.currentTarget.checked
                  ? [...chosen, option.value]
                  : chosen.filter((value) => value !== option.value)
                change({ [filter.name]: next.length > 0 ? next : undefined })
              }}
            />
            {option.label}
          </label>
        ))}
      </>
    )
  }
  if (filter.kind === 'flag') {
    const value = search[filter.name]
    return (
      <Segments
        name={filter.label}
        value={value === undefined ? 'any' : value ? 'yes' : 'no'}
        options={[
          { value: 'any', label: t('table.filter.any') },
          { value: 'yes', label: filter.yes },
          { value: 'no', label: filter.no },
        ]}
        onChange={(next) => change({ [filter.name]: next === 'any' ? undefined : next === 'yes' })}
      />
    )
  }
  if (filter.kind === 'text') {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change({ [filter.name]: typed.trim() || undefined })
          close()
        }}
      >
        <TextField
          label={filter.label}
          value={typed}
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
    )
  }
  const chosen = listOf(search[filter.name])
  const known = [...filter.named, ...(filter.options ?? [])]
  return (
    <>
      <Picker
        label={filter.label}
        data-autofocus
        nested
        {...(filter.options
          ? { options: filter.options.filter((option) => !chosen.includes(option.value)) }
          : { searchKey: `filter-${filter.name}`, search: filter.search ?? (async () => []) })}
        value={null}
        placeholder={t('table.filter.choose')}
        onChange={(value) => value && change({ [filter.name]: [...new Set([...chosen, value])] })}
      />
      {chosen.map((id) => (
        <div key={id} className="row">
          <span className="grow">{known.find((option) => option.value === id)?.label ?? '…'}</span>
          <Button
            kind="quiet"
            size="sm"
            onClick={() => {
              const next = chosen.filter((one) => one !== id)
              change({ [filter.name]: next.length > 0 ? next : undefined })
            }}
          >
            {t('table.filter.takeOut')}
          </Button>
        </div>
      ))}
    </>
  )
}

/** The filter in words, each part with its cross; "Filter" (F) adds one. All of it lives in the address. */
export function FilterChips({
  filters,
  search,
  onChange,
  children,
}: {
  filters: readonly Filter[]
  search: Search
  /** Merge into the address: `(patch) => navigate({ search: (before) => ({ ...before, ...patch }) })`. */
  onChange: (patch: Search) => void
  /** At the end of the line: columns, a view. */
  children?: ReactNode
}) {
  const t = useT()
  const textOf = useChipText()
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const set = filters.filter((filter) => isSet(filter, search) || open === keyOf(filter))
  const unset = filters.filter((filter) => !set.includes(filter))
  useKeys([{ keys: 'F', does: t('table.filter.add'), run: () => setAdding(true), disabled: unset.length === 0 }])
  const remove = (filter: Filter) => {
    setOpen(null)
    onChange(
      filter.kind === 'period' ? { [filter.from]: undefined, [filter.until]: undefined } : { [filter.name]: undefined },
    )
  }
  return (
    <div className={styles.chips}>
      {set.map((filter) => {
        const key = keyOf(filter)
        const words = textOf(filter, search)
        return (
          <Popover
            key={key}
            opened={open === key}
            onChange={(opened) => !opened && setOpen(null)}
            position="bottom-start"
            trapFocus
            returnFocus
          >
            <span className={styles.chip}>
              <Popover.Target>
                <button type="button" onClick={() => setOpen(open === key ? null : key)}>
                  {filter.label} <b>{isSet(filter, search) ? words : ''}</b>
                </button>
              </Popover.Target>
              <button
                type="button"
                className={styles.remove}
                aria-label={t('table.filter.remove', { filter: filter.label })}
                onClick={() => remove(filter)}
              >
                <Icon name="close" size={14} />
              </button>
            </span>
            <Popover.Dropdown>
              <div className={styles.editor}>
                <Editor filter={filter} search={search} change={onChange} close={() => setOpen(null)} />
              </div>
            </Popover.Dropdown>
          </Popover>
        )
      })}
      {unset.length > 0 ? (
        <Popover opened={adding} onChange={setAdding} position="bottom-start" trapFocus returnFocus>
          <span className={`${styles.chip} ${styles.add}`}>
            <Popover.Target>
              <button type="button" onClick={() => setAdding(!adding)}>
                <Icon name="plus" size={14} />
                {t('table.filter.button')} <KeyHint keys="F" />
              </button>
            </Popover.Target>
          </span>
          <Popover.Dropdown>
            <div style={{ display: 'grid', minWidth: 180 }}>
              {unset.map((filter) => (
                <Button
                  key={keyOf(filter)}
                  kind="quiet"
                  size="sm"
                  style={{ justifyContent: 'flex-start' }}
                  onClick={() => {
                    setAdding(false)
                    setOpen(keyOf(filter))
                  }}
                >
                  {filter.label}
                </Button>
              ))}
            </div>
          </Popover.Dropdown>
        </Popover>
      ) : null}
      <span className="grow" />
      {children}
    </div>
  )
}
