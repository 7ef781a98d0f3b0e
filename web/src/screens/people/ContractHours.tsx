import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { formatDuration, parseDuration } from '@uurwerk/core/time/duration.ts'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { TextField } from '../../parts/fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import { today } from '../../parts/today.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './people.module.css'

export type Contract = components['schemas']['ContractHours']

const days = [
  'people.contract.monday',
  'people.contract.tuesday',
  'people.contract.wednesday',
  'people.contract.thursday',
  'people.contract.friday',
  'people.contract.saturday',
  'people.contract.sunday',
] as const satisfies readonly Word[]
const fullWeek = [480, 480, 480, 480, 480, 0, 0]

/** One day of the week; what is no duration stays as typed until it is one. */
function DayHours({ name, minutes, onChange }: { name: string; minutes: number; onChange: (minutes: number) => void }) {
  const t = useT()
  const [typed, setTyped] = useState<string | null>(null)
  const parsed = typed === null || typed.trim() === '' ? { minutes: 0 } : parseDuration(typed)
  const isWrong = typed !== null && 'problem' in parsed
  return (
    <TextField
      label={name}
      inputMode="decimal"
      classNames={{ input: 'figures' }}
      value={typed ?? (minutes === 0 ? '' : formatDuration(minutes))}
      placeholder="–"
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        const next = event.currentTarget.value.trim() === '' ? { minutes: 0 } : parseDuration(event.currentTarget.value)
        if ('minutes' in next) onChange(next.minutes)
      }}
      onBlur={() => {
        if (!isWrong) setTyped(null)
      }}
      error={isWrong ? t('people.contract.wrong') : null}
    />
  )
}

/** Agreed hours per weekday, each row from its day on; what was before stays as it was. */
export function ContractHours({
  value,
  onChange,
  errorAt,
  disabled,
}: {
  value: readonly Contract[]
  onChange: (value: Contract[]) => void
  errorAt: (at: number) => string | undefined
  disabled: boolean
}) {
  const t = useT()
  const format = useFormat()
  const set = (at: number, change: Partial<Contract>) =>
    onChange(value.map((row, index) => (index === at ? { ...row, ...change } : row)))
  const add = () => {
    const last = value.toSorted((a, b) => a.from.localeCompare(b.from)).at(-1)
    onChange([...value, { from: today(), minutesPerDay: last ? [...last.minutesPerDay] : fullWeek }])
  }
  const total = ({ minutesPerDay }: Contract) => minutesPerDay.reduce((sum, minutes) => sum + minutes, 0)
  return (
    <div className={styles.contracts}>
      {value.length === 0 ? <p className="muted">{t('people.contract.none')}</p> : null}
      {value.map((row, at) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place while they are typed
          key={at}
          className={styles.contract}
          disabled={disabled}
          aria-label={t('people.contract.row', { date: row.from ? format.date(row.from) : '–' })}
        >
          <div className={styles.contractHead}>
            <DateField
              label={t('people.contract.from')}
              name={`contractHours.${at}.from`}
              value={row.from}
              onChange={(from) => from && set(at, { from })}
              error={errorAt(at)}
            />
            <p className="fig">{t('people.contract.week', { hours: format.hours(total(row)) })}</p>
            {disabled ? null : (
              <IconButton
                icon="trash"
                name={t('people.contract.remove', { date: format.date(row.from) })}
                onClick={() => onChange(value.filter((_, index) => index !== at))}
              />
            )}
          </div>
          <div className={styles.days}>
            {days.map((day, weekday) => (
              <DayHours
                key={day}
                name={t(day)}
                minutes={row.minutesPerDay[weekday] ?? 0}
                onChange={(minutes) =>
                  set(at, {
                    minutesPerDay: row.minutesPerDay.map((before, index) => (index === weekday ? minutes : before)),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      ))}
      {new Set(value.map(({ from }) => from)).size < value.length ? (
        <StateLine is="needs">{t('people.contract.twice')}</StateLine>
      ) : null}
      {disabled ? null : (
        <div>
          <Button size="sm" icon="plus" onClick={add}>
            {t('people.contract.add')}
          </Button>
        </div>
      )}
    </div>
  )
}
