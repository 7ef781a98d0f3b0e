import { useState } from 'react'
import { DateField } from '../../parts/DateField.tsx'
import { TextAreaField, TextField } from '../../parts/fields.tsx'
import { useSavedField } from './use-saved-field.ts'

/** What a date field says of text that is no date, once it is left: it stays until there is one, also with the focus in it. */
export function useUnclear() {
  const [message, setMessage] = useState<string | null>(null)
  return {
    message,
    clear: () => setMessage(null),
    /** Whether what the field holds is no date. */
    look: (input: HTMLElement): boolean => {
      const found = input.getAttribute('data-not-understood')
      setMessage(found)
      return found !== null
    },
  }
}

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
  const unclear = useUnclear()
  return (
    <DateField
      label={label}
      description={help}
      value={field.value}
      error={field.error ?? unclear.message}
      clearable={clearable}
      onChange={(date) => {
        unclear.clear()
        field.tellUnclear(false)
        if (date) field.type(date)
        else if (clearable) field.commit(null)
      }}
      onBlur={(event) => {
        const isUnclear = unclear.look(event.currentTarget)
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
