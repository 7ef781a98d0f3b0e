import { DateField } from '../../parts/DateField.tsx'
import { TextAreaField, TextField } from '../../parts/fields.tsx'
import { useSavedField } from './use-saved-field.ts'

/** A date that saves itself; one that does not exist stays as it was typed, and is told to whoever is about to send. */
export function DayField({
  label,
  help,
  stored,
  clearable,
  save,
}: {
  label: string
  help?: string | undefined
  stored: string | null
  clearable?: boolean
  save: (date: string | null) => Promise<unknown>
}) {
  const field = useSavedField<string | null>(stored, save)
  return (
    <DateField
      label={label}
      description={help}
      value={field.value}
      error={field.error}
      clearable={clearable}
      onChange={(date) => {
        field.tellUnclear(false)
        if (date) field.type(date)
        else if (clearable) field.commit(null)
      }}
      onBlur={(event) => {
        const isUnclear = event.currentTarget.hasAttribute('data-not-understood')
        field.tellUnclear(isUnclear || field.error !== null)
        if (!isUnclear) field.commit()
      }}
    />
  )
}

export function LineOfText({
  label,
  stored,
  most,
  save,
}: {
  label: string
  stored: string | null
  most: number
  save: (text: string | null) => Promise<unknown>
}) {
  const field = useSavedField(stored ?? '', (text) => save(text.trim() || null))
  return (
    <TextField
      label={label}
      maxLength={most}
      value={field.value}
      error={field.error}
      onChange={(event) => field.type(event.currentTarget.value)}
      onBlur={() => field.commit()}
    />
  )
}

export function MoreText({
  label,
  placeholder,
  stored,
  least,
  save,
}: {
  label: string
  placeholder: string
  least: number
  stored: string
  save: (text: string) => Promise<unknown>
}) {
  const field = useSavedField(stored, save)
  return (
    <TextAreaField
      label={label}
      placeholder={placeholder}
      minRows={least}
      maxRows={10}
      maxLength={2000}
      value={field.value}
      error={field.error}
      onChange={(event) => field.type(event.currentTarget.value)}
      onBlur={() => field.commit()}
    />
  )
}
