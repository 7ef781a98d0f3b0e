import { Amount, Money } from '../../parts/Figures.tsx'

export type AmountList = ReadonlyArray<{ readonly currency: string; readonly amount: string }>

/** One currency stands in the head of its column; several stand with each amount. */
export const Amounts = ({ of, single, total }: { of: AmountList; single: boolean; total?: boolean }) =>
  single ? (
    <Amount value={of[0]?.amount ?? null} total={total ?? false} />
  ) : (
    <span>
      {of.map(({ currency, amount }) => (
        <span key={currency} style={{ marginInlineStart: 10 }}>
          <Money amount={amount} currency={currency} />
        </span>
      ))}
    </span>
  )
