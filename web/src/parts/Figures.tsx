import { useFormat } from '../format.ts'

interface Shown {
  /** Final totals have the ledger's double rule. */
  readonly total?: boolean
  readonly strong?: boolean
  readonly muted?: boolean
}

const look = ({ total, strong, muted }: Shown) =>
  ['fig', total ? 'sum' : '', strong || total ? 'strong' : '', muted ? 'muted' : ''].filter(Boolean).join(' ')

/** A dash where there is nothing: said, not left to guess. */
export const Dash = () => <span className="faint">–</span>

/** An amount in a column whose head names the currency. */
export function Amount({
  value,
  dashAtZero,
  ...shown
}: Shown & { value: string | null | undefined; dashAtZero?: boolean }) {
  const format = useFormat()
  if (value === null || value === undefined || (dashAtZero && /^-?0*\.?0*$/.test(value))) return <Dash />
  return <span className={look(shown)}>{format.amount(value)}</span>
}

/** An amount that stands alone, with its currency. */
export function Money({ amount, currency, ...shown }: Shown & { amount: string; currency: string }) {
  const format = useFormat()
  return <span className={look(shown)}>{format.money(amount, currency)}</span>
}

/** Minutes as hours: `7:30`. */
export function Hours({
  minutes,
  signed,
  dashAtZero,
  ...shown
}: Shown & { minutes: number | null | undefined; signed?: boolean; dashAtZero?: boolean }) {
  const format = useFormat()
  if (minutes === null || minutes === undefined || (dashAtZero && minutes === 0)) return <Dash />
  return <span className={look(shown)}>{format.hours(minutes, { signed })}</span>
}

export function Quantity({ value, ...shown }: Shown & { value: string }) {
  const format = useFormat()
  return <span className={look(shown)}>{format.quantity(value)}</span>
}
