import type { z } from 'zod'
import type {
  CustomerRow,
  ItemRow,
  JournalRow,
  LedgerAccountRow,
  PaymentTermRow,
  VatCodeRow,
} from '../../contract/rows.ts'
import type { account, customer, item, journal, paymentTerm, vatCode } from './wire.ts'

export const fromSkeletonCustomer = (found: z.output<typeof customer>): CustomerRow => {
  const { id, code, name, street, postcode, city, country, email, vatNumber, blocked } = found
  return {
    ...{ id, code, name, country },
    address: {
      ...(street !== undefined && { line1: street }),
      ...(postcode !== undefined && { postcode }),
      ...(city !== undefined && { city }),
      country,
    },
    ...(email !== undefined && { email }),
    ...(vatNumber !== undefined && { vatId: vatNumber }),
    isCustomer: true,
    isBlocked: blocked,
    isEnded: false,
  }
}

const unusable = (blocked: boolean) => (blocked ? { unusable: 'blocked' } : {})

export const fromSkeletonItem = ({ id, code, name, unit, ...found }: z.output<typeof item>): ItemRow => ({
  ...{ id, code, name, unit },
  isTime: unit === 'hour',
  ledgerAccount: found.account,
  ledgerAccountFrom: 'item',
  vatCode: found.vatCode,
  ...unusable(found.blocked),
})

export const fromSkeletonAccount = ({ blocked, ...found }: z.output<typeof account>): LedgerAccountRow => ({
  ...found,
  costCentre: 'none',
  costUnit: 'none',
  ...unusable(blocked),
})

export const fromSkeletonVatCode = ({ blocked, ...found }: z.output<typeof vatCode>): VatCodeRow => ({
  ...found,
  kind: 'excluding',
  side: 'sales',
  ...(found.reverseCharge && { euListing: 'services' as const }),
  ...unusable(blocked),
})

export const fromSkeletonJournal = (found: z.output<typeof journal>): JournalRow => ({
  ...found,
  allowsOtherCurrency: true,
})

export const fromSkeletonTerm = (found: z.output<typeof paymentTerm>): PaymentTermRow => ({ ...found, endOfMonths: 0 })
