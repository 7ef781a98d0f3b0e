import { Checkbox, Switch } from '@mantine/core'
import { type ComponentPropsWithRef, type KeyboardEvent, type ReactNode, useId } from 'react'
import styles from './parts.module.css'

export { Segments } from './Segments.tsx'

/** Views of one thing on one page; the panel below is labelled by the chosen tab. */
export function Tabs<Value extends string>({
  name,
  value,
  options,
  onChange,
  children,
}: {
  name: string
  value: Value
  options: ReadonlyArray<{ readonly value: Value; readonly label: string; readonly count?: ReactNode }>
  onChange: (value: Value) => void
  children: ReactNode
}) {
  const id = useId()
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = options.findIndex((option) => option.value === value)
    const next = options[(at + step + options.length) % options.length]
    if (!next) return
    onChange(next.value)
    document.getElementById(`${id}-${next.value}`)?.focus()
  }
  return (
    <>
      <div className={styles.tabs} role="tablist" aria-label={name} onKeyDown={move}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            role="tab"
            id={`${id}-${option.value}`}
            aria-selected={option.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={option.value === value ? 0 : -1}
            onClick={() => onChange(option.value)}
          >
            {option.label}
            {option.count === undefined ? null : <span className="n fig">{option.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  )
}

/** On or off at once; what it does stands in the label, what follows from it in the description. */
export const SwitchField = ({
  label,
  description,
  ...rest
}: {
  label: string
  description?: ReactNode
  checked?: boolean
  defaultChecked?: boolean
  disabled?: boolean
  onChange?: (event: React.ChangeEvent<HTMLInputElement>) => void
}) => (
  <Switch
    {...rest}
    className={styles.switch}
    label={<b>{label}</b>}
    description={description}
    withThumbIndicator={false}
    labelPosition="left"
  />
)

export const CheckField = (props: ComponentPropsWithRef<typeof Checkbox>) => <Checkbox {...props} />
