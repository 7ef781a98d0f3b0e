import { parseDecimal, times } from '@uurwerk/core/shared/money.ts'
import type { z } from 'zod'
import type { Reads } from '../contract/contract.ts'
import type { VatCodeRow } from '../contract/rows.ts'
import { fromJsonNumber } from '../kit/json-number.ts'
import type { ExactCalls } from './calls.ts'
import { wholeReads } from './sync.ts'
import { vatCode } from './wire.ts'

// Type, VATTransactionType and EUSalesListing by letter (Exact REST reference, VATCodes)
const kinds = { B: 'base-only', E: 'excluding', I: 'including', N: 'none' } as const
const sides = { B: 'both', P: 'purchase', S: 'sales' } as const
const listings = { L: 'goods', S: 'services', T: 'triangulation' } as const

const byLetter = <T>(table: Readonly<Record<string, T>>, letter: string | undefined): T | undefined =>
  letter === undefined ? undefined : table[letter]

/** Entries name a VAT code by its code, so that is its id here. */
export function fromExactVatCode(found: z.output<typeof vatCode>): VatCodeRow {
  const kind = byLetter<VatCodeRow['kind']>(kinds, found.Type) ?? 'none'
  const side = byLetter<VatCodeRow['side']>(sides, found.VATTransactionType) ?? 'both'
  const euListing = byLetter<NonNullable<VatCodeRow['euListing']>>(listings, found.EUSalesListing)
  const unusable = whyUnusable(found.IsBlocked, kind, side)
  return {
    id: found.Code,
    code: found.Code,
    name: found.Description ?? found.Code,
    percentage: perCent(found.Percentage ?? 0),
    kind,
    side,
    reverseCharge: found.Charged,
    ...(euListing && { euListing }),
    ...(unusable && { unusable }),
  }
}

/** 0.055 is 5.5 per cent. */
function perCent(fraction: number | string): string {
  const exact = fromJsonNumber(fraction, 6)
  const hundred = parseDecimal('100')
  return exact === null || hundred === null ? '0' : times(exact, hundred)
}

function whyUnusable(isBlocked: boolean, kind: VatCodeRow['kind'], side: VatCodeRow['side']): string | undefined {
  if (isBlocked) return 'blocked'
  // Our amounts are without VAT.
  if (kind === 'including') return 'including'
  return side === 'purchase' ? 'purchase' : undefined
}

export const vatCodeReads = (calls: ExactCalls): Reads<VatCodeRow> =>
  wholeReads(calls, 'vat/VATCodes', async () => (await calls.all('vat/VATCodes', vatCode)).map(fromExactVatCode))
