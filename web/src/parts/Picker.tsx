import { Combobox, InputBase, type InputBaseProps, useCombobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useT } from '../words/words.tsx'
import { findOptions, type Option } from './find-options.ts'
import styles from './form.module.css'
import { Icon } from './icons.tsx'

type Source =
  /** All options are here. */
  | {
      readonly options: readonly Option[]
      readonly search?: undefined
      readonly searchKey?: undefined
      readonly chosen?: undefined
    }
  /** The server searches; `chosen` is what the value is called before anything was searched. */
  | {
      readonly options?: undefined
      readonly searchKey: string
      readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option[]>
      readonly chosen?: Option | null
    }

export type PickerProps = Source & PickerLook

/** Everything but where the options come from. */
export type PickerLook = Omit<InputBaseProps, 'value' | 'onChange'> & {
  readonly name?: string
  readonly value?: string | null
  readonly onChange?: (value: string | null, option: Option | null) => void
  readonly onBlur?: () => void
  readonly placeholder?: string
  readonly readOnly?: boolean
  readonly 'aria-label'?: string
  readonly 'data-autofocus'?: boolean
  /** May be left empty: shows a cross to clear it. */
  readonly clearable?: boolean
  /** Takes text that is not in the list, such as a pasted code; the server checks it. */
  readonly takeText?: (text: string) => void
  /** A last row that makes a new one: `Add customer “…”`. */
  readonly onCreate?: { readonly label: (text: string) => string; readonly run: (text: string) => void }
  readonly autoFocus?: boolean
  /** Inside something that closes at a click outside it: the list stays within. */
  readonly nested?: boolean
}

const most = 200

const nameOf = (option: Option) => (option.code ? `${option.code}  ${option.label}` : option.label)

const OptionLine = ({ option }: { option: Option }) => (
  <span className={styles.option}>
    {option.code ? <span className="muted fig">{option.code}</span> : null}
    <span>{option.label}</span>
    {option.hint ? <small>{option.hint}</small> : null}
    {option.why ? <span className={styles.why}>{option.why}</span> : null}
  </span>
)

/** Choose one of many by typing: items, ledger accounts, VAT codes, customers, projects. */
export function Picker({
  options,
  search,
  searchKey,
  chosen,
  value,
  onChange,
  onBlur,
  placeholder,
  clearable,
  takeText,
  onCreate,
  disabled,
  readOnly,
  nested,
  ...input
}: PickerProps) {
  const t = useT()
  const [typed, setTyped] = useState<string | null>(null)
  const [picked, setPicked] = useState<Option | null>(null)
  // Enter came before the list for this text: its first is taken when it is here.
  const [awaited, setAwaited] = useState<string | null>(null)
  const combobox = useCombobox({
    onDropdownOpen: () => setTyped((before) => before ?? ''),
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setTyped(null)
      setAwaited(null)
    },
  })
  const open = combobox.dropdownOpened
  const text = typed ?? ''
  const remote = useQuery({
    queryKey: ['picker', searchKey, text],
    queryFn: ({ signal }) => search?.(text, signal) ?? [],
    enabled: Boolean(search) && open,
    placeholderData: (before) => before,
  })
  const all = options ? findOptions(options, text) : (remote.data ?? [])
  const shown = all.slice(0, most)
  const current =
    [picked, chosen ?? null, ...(options ?? []), ...(remote.data ?? [])].find((option) => option?.value === value) ??
    null

  const choose = (next: string) => {
    if (next === '$create') onCreate?.run(text)
    else if (next === '$text') takeText?.(text.trim())
    else {
      const option = shown.find((one) => one.value === next)
      if (!option || option.why) return
      setPicked(option)
      onChange?.(option.value, option)
    }
    combobox.closeDropdown()
  }

  const isStale = Boolean(search) && (remote.isPlaceholderData || remote.isPending)
  const first = text && !isStale ? shown.find((option) => !option.why) : undefined
  useEffect(() => {
    if (awaited === null || isStale) return
    setAwaited(null)
    if (awaited === text && first) choose(first.value)
  })

  const groups = new Map<string, Option[]>()
  for (const option of shown) groups.set(option.group ?? '', [...(groups.get(option.group ?? '') ?? []), option])
  const rows = (list: readonly Option[]): ReactNode =>
    list.map((option) => (
      <Combobox.Option
        key={option.value}
        value={option.value}
        disabled={Boolean(option.why)}
        active={option.value === value}
      >
        <OptionLine option={option} />
      </Combobox.Option>
    ))

  return (
    <Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" withinPortal={!nested}>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          {...input}
          autoComplete="off"
          disabled={disabled}
          readOnly={readOnly}
          placeholder={open && current ? nameOf(current) : placeholder}
          value={open ? text : current ? nameOf(current) : ''}
          rightSectionPointerEvents={clearable && value ? 'all' : 'none'}
          rightSection={
            clearable && value && !disabled && !readOnly ? (
              <Combobox.ClearButton
                aria-label={t('parts.picker.clear')}
                onClear={() => {
                  setPicked(null)
                  onChange?.(null, null)
                }}
              />
            ) : (
              <Icon name="down" size={14} />
            )
          }
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onClick={() => !readOnly && combobox.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={(event) => {
            // Enter takes the first that was found, and never sends the form from an open list.
            if (
              event.key === 'Enter' &&
              open &&
              !event.ctrlKey &&
              !event.metaKey &&
              combobox.getSelectedOptionIndex() < 0
            ) {
              event.preventDefault()
              if (first) choose(first.value)
              else if (text && isStale) setAwaited(text)
            }
            if (event.key === 'Backspace' && clearable && !text && value) {
              setPicked(null)
              onChange?.(null, null)
            }
          }}
          onBlur={() => {
            combobox.closeDropdown()
            onBlur?.()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown style={{ minWidth: 260 }}>
        <Combobox.Options
          mah={300}
          style={{ overflowY: 'auto' }}
          aria-label={String(input['aria-label'] ?? placeholder ?? '')}
        >
          {groups.size > 1
            ? [...groups].map(([group, list]) => (
                <Combobox.Group key={group} label={group}>
                  {rows(list)}
                </Combobox.Group>
              ))
            : rows(shown)}
          {shown.length === 0 && !remote.isFetching ? (
            <Combobox.Empty>
              {remote.isError
                ? t('parts.picker.failed')
                : text
                  ? t('parts.picker.none', { text })
                  : t('parts.picker.nothing')}
            </Combobox.Empty>
          ) : null}
          {shown.length === 0 && remote.isFetching ? <Combobox.Empty>{t('parts.loading')}</Combobox.Empty> : null}
          {all.length > most ? (
            <Combobox.Empty>{t('parts.picker.more', { count: all.length - most })}</Combobox.Empty>
          ) : null}
          {takeText && text.trim() ? (
            <Combobox.Option value="$text">{t('parts.picker.take', { text: text.trim() })}</Combobox.Option>
          ) : null}
          {onCreate ? <Combobox.Option value="$create">{onCreate.label(text.trim())}</Combobox.Option> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
