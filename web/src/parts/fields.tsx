import {
  PasswordInput,
  type PasswordInputProps,
  Select,
  type SelectProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '../format.ts'
import { useT } from '../words/words.tsx'
import styles from './form.module.css'
import { typedDecimal } from './typed-decimal.ts'
import '@mantine/core/styles/PasswordInput.layer.css'

/** One line of text. Every field takes `label`, `description` (what is expected) and `error`. */
export const TextField = (props: TextInputProps) => <TextInput autoComplete="off" {...props} />

export const PasswordField = (props: PasswordInputProps) => (
  <PasswordInput aria-invalid={props.error ? true : undefined} {...props} />
)

export const TextAreaField = (props: TextareaProps) => <Textarea autosize minRows={3} {...props} />

/** One of a handful of fixed values; for anything longer or from the server use `Picker`. */
export const SelectField = (props: SelectProps) => <Select allowDeselect={false} checkIconPosition="right" {...props} />

/** Turns an amount into money back and again: keyboards of telephones have figures and no minus sign. */
function SignButton({ value, change }: { value: string; change: (value: string) => void }) {
  const t = useT()
  const isBack = value.trim().startsWith('-')
  return (
    <button
      type="button"
      className={styles.sign}
      aria-label={t('parts.moneyBack')}
      aria-pressed={isBack}
      onClick={() => change(isBack ? value.trim().slice(1) : `-${value.trim()}`)}
    >
      ±
    </button>
  )
}

/** An amount that may be money back, in the words of who types it; where there is no mouse with a key for the sign. */
export const AmountField = ({ value = '', onChange, ...props }: Omit<TextInputProps, 'onChange'> & AmountInput) => (
  <TextInput
    autoComplete="off"
    inputMode="decimal"
    classNames={{ input: 'figures' }}
    {...props}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    rightSection={props.readOnly ? null : <SignButton value={value} change={onChange} />}
    rightSectionProps={{ className: styles.onTouch }}
  />
)
interface AmountInput {
  readonly value?: string
  readonly onChange: (value: string) => void
}

/**
 * A decimal as people type it: `1234,5` and `1.234,50` both go. The value is decimal text with a point, or what was
 * typed when it is not a number, so that the server's rule can say so at the field.
 */
export function DecimalField({
  value,
  onChange,
  ...props
}: Omit<TextInputProps, 'value' | 'onChange'> & { value?: string | null; onChange?: (value: string) => void }) {
  const { locale } = useFormat()
  const point = locale === 'nl-NL' ? ',' : '.'
  // While typing it stays as typed; separators of thousands would otherwise be turned around under the cursor.
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <TextInput
      autoComplete="off"
      inputMode="decimal"
      {...props}
      classNames={{ input: 'figures' }}
      value={typed ?? (value ?? '').replace('.', point)}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        onChange?.(typedDecimal(event.currentTarget.value, point))
      }}
      onBlur={(event) => {
        setTyped(null)
        props.onBlur?.(event)
      }}
    />
  )
}
