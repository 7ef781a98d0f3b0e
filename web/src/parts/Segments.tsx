import { type ReactNode, useId } from 'react'
import styles from './parts.module.css'

/** One of a few, all visible: day, week, calendar. */
export function Segments<Value extends string>({
  name,
  value,
  options,
  onChange,
}: {
  name: string
  value: Value
  options: ReadonlyArray<{ readonly value: Value; readonly label: string; readonly count?: ReactNode }>
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
            onChange={() => onChange(option.value)}
          />
          {option.label}
          {option.count === undefined ? null : <span>{option.count}</span>}
        </label>
      ))}
    </div>
  )
}
