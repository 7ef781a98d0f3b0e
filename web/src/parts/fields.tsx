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
