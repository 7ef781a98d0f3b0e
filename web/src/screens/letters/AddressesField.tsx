import { TagsInput } from '@mantine/core'
import '@mantine/core/styles/Pill.layer.css'
import '@mantine/core/styles/PillsInput.layer.css'
import { type ReactNode, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import { isAddress, isWhole, mostRecipients, onceEach, type Recipient, readRecipients } from './addresses.ts'
import styles from './letters.module.css'

/** Mail addresses as chips: chosen from who is known, typed or pasted. One that is wrong stays and shows it. */
export function AddressesField({
  label,
  path,
  value,
  onChange,
  known = [],
  most = mostRecipients,
  description,
  error,
  required,
  placeholder,
  autoFocus,
}: {
  label: string
  /** Of the value in its form, so that the focus finds it when it is wrong. */
  path: string
  value: readonly Recipient[]
  onChange: (value: Recipient[]) => void
  known?: readonly Recipient[]
  most?: number
  description?: ReactNode
  error?: ReactNode
  required?: boolean
  placeholder?: string
  autoFocus?: boolean
}) {
  const t = useT()
  const [typed, setTyped] = useState('')
  const all = onceEach([...value, ...known])
  const nameOf = (address: string) => all.find((one) => one.address.toLowerCase() === address.toLowerCase())?.name
  const chosen = new Set(value.map(({ address }) => address.toLowerCase()))
  const wrong = value.filter(({ address }) => !isAddress(address))
  const take = (texts: readonly string[]) => {
    const next = texts.flatMap((text): Recipient[] => {
      const before = value.find(({ address }) => address === text)
      if (before) return [before]
      return readRecipients(text).map(({ address, name = nameOf(address) }) => (name ? { address, name } : { address }))
    })
    onChange(onceEach(next).slice(0, most))
  }
  return (
    <TagsInput
      label={label}
      description={description}
      error={
        wrong.length > 0
          ? t('letters.addresses.wrong', { address: wrong.map(({ address }) => address).join(', ') })
          : error
      }
      required={required}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: styles.field }}
      // The list would lie over what is said under the field.
      openOnFocus={wrong.length === 0 && !error}
      data-path={path}
      data-autofocus={autoFocus || undefined}
      inputMode="email"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      placeholder={value.length === 0 ? placeholder : undefined}
      value={value.map(({ address }) => address)}
      onChange={take}
      searchValue={typed}
      onSearchChange={(text) => {
        // Told by the text and not by the key: the keyboard of a telephone names no keys.
        if (!/[,;]\s*$/.test(text) || !isWhole(text)) return setTyped(text)
        take([...value.map(({ address }) => address), text])
        setTyped('')
      }}
      maxTags={most}
      // A name in quotes may hold a comma, so what is typed and pasted is taken apart here and not by the field.
      splitChars={[]}
      data={known.filter(({ address }) => !chosen.has(address.toLowerCase())).map(({ address }) => address)}
      renderOption={({ option }) => (
        <span className={styles.known}>
          <b>{nameOf(option.value) ?? option.value}</b>
          {nameOf(option.value) ? <span className="muted">{option.value}</span> : null}
        </span>
      )}
      renderPill={({ value: address = '', onRemove }) => (
        <span className={`${styles.chip} ${isAddress(address) ? '' : styles.wrong}`}>
          {isAddress(address) ? null : <Icon name="warning" size={14} />}
          <span className={styles.chipText} title={address}>
            {nameOf(address) ? <b>{nameOf(address)}</b> : null} {address}
          </span>
          <button
            type="button"
            aria-label={t('letters.addresses.remove', { address })}
            onMouseDown={(event) => event.preventDefault()}
            onClick={onRemove}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
    />
  )
}
