import { type ReactNode, useId, useState } from 'react'
import { CheckField, Segments } from '../../parts/Choose.tsx'
import styles from './projects.module.css'

/** Everything (an empty list), or only what is ticked. */
export function OnlySome({
  title,
  all,
  some,
  allText,
  options,
  value,
  onChange,
  error,
}: {
  title: string
  all: string
  some: string
  allText: string
  options: ReadonlyArray<{ readonly value: string; readonly label: string }>
  value: readonly string[]
  onChange: (value: string[]) => void
  error?: ReactNode
}) {
  const id = useId()
  const [open, setOpen] = useState(value.length > 0)
  const choosing = open || value.length > 0
  return (
    <fieldset className={styles.some} aria-describedby={error ? `${id}-error` : undefined}>
      <div className={styles.legend}>
        <b>{title}</b>
        <Segments
          name={title}
          value={choosing ? 'some' : 'all'}
          options={[
            { value: 'all', label: all },
            { value: 'some', label: some },
          ]}
          onChange={(next) => {
            setOpen(next === 'some')
            if (next === 'all') onChange([])
          }}
        />
      </div>
      {choosing ? (
        <div className={styles.boxes}>
          {options.map((option) => (
            <CheckField
              key={option.value}
              label={option.label}
              checked={value.includes(option.value)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked
                    ? [...value, option.value].toSorted()
                    : value.filter((one) => one !== option.value),
                )
              }
            />
          ))}
        </div>
      ) : (
        <p>{allText}</p>
      )}
      {error ? <p id={`${id}-error`}>{error}</p> : null}
    </fieldset>
  )
}
