import { type ReactNode, useId } from 'react'
import styles from './parts.module.css'

/** One of a few, all visible: day, week, calendar. */
export function Segments<Value extends string>({
  name,
  value,
  options,
  disabled = false,
  onChange,
}: {
  name: string
  value: Value
  options: ReadonlyArray<{ readonly value: Value; readonly label: string; readonly count?: ReactNode }>
  disabled?: boolean
  onChange: (value: Value) => void
}) {
  const group = useId()
  return (
    <div className={styles.segments} role="radiogroup" aria-label={name}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
          {option.count === undefined ? null : <span>{option.count}</span>}
        </label>
      ))}
    </div>
  )
}
