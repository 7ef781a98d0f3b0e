import { type BillingRounding, roundMinutes } from '@uurwerk/core/time/billing-rounding.ts'
import { useFormat } from '../../format.ts'
import { Fields } from '../../parts/Form.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useT } from '../../words/words.tsx'

const steps = [5, 6, 10, 15, 30, 60]
const first: BillingRounding = { stepMinutes: 15, direction: 'up', per: 'entry' }
const example = 7 * 60 + 52

/** A rounding in words: "per entry, up to 0:15". */
export function useRoundingWords(): (rounding: BillingRounding) => string {
  const t = useT()
  const format = useFormat()
  return ({ stepMinutes, direction, per }) =>
    t('customers.rounding.told', {
      per: t(per === 'entry' ? 'customers.rounding.entry' : 'customers.rounding.day'),
      direction: t(directions[direction]),
      step: format.hours(stepMinutes),
    })
}

const directions = {
  up: 'customers.rounding.up',
  nearest: 'customers.rounding.nearest',
  down: 'customers.rounding.down',
} as const

/** How registered minutes are billed, with what becomes of some; null is as `none` says. */
export function RoundingFields({
  value,
  onChange,
  none,
}: {
  value: BillingRounding | null
  onChange: (value: BillingRounding | null) => void
  none: string
}) {
  const t = useT()
  const format = useFormat()
  const offered = value && !steps.includes(value.stepMinutes) ? [...steps, value.stepMinutes] : steps
  return (
    <>
      <Fields columns={value ? 3 : 2}>
        <SelectField
          label={t('customers.rounding')}
          description={t('customers.rounding.text')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={[
            { value: 'none', label: none },
            ...offered
              .toSorted((a, b) => a - b)
              .map((step) => ({
                value: String(step),
                label: t('customers.rounding.step', { step: format.hours(step) }),
              })),
          ]}
          value={value ? String(value.stepMinutes) : 'none'}
          onChange={(step) =>
            onChange(step === null || step === 'none' ? null : { ...(value ?? first), stepMinutes: Number(step) })
          }
          name="billingRounding"
        />
        {value ? (
          <SelectField
            label={t('customers.rounding.direction')}
            data={(['up', 'nearest', 'down'] as const).map((direction) => ({
              value: direction,
              label: t(directions[direction]),
            }))}
            value={value.direction}
            onChange={(direction) => onChange({ ...value, direction: direction as BillingRounding['direction'] })}
          />
        ) : null}
        {value ? (
          <SelectField
            label={t('customers.rounding.per')}
            data={[
              { value: 'entry', label: t('customers.rounding.entry') },
              { value: 'day', label: t('customers.rounding.day') },
            ]}
            value={value.per}
            onChange={(per) => onChange({ ...value, per: per as BillingRounding['per'] })}
          />
        ) : null}
      </Fields>
      {value ? (
        <p className="muted">
          {t('customers.rounding.example', {
            from: format.hours(example),
            to: format.hours(roundMinutes(example, value)),
          })}
        </p>
      ) : null}
    </>
  )
}
