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
  const kind = byLetter<VatCodeRow['kind']>(kinds, found.Type)
  const side = byLetter<VatCodeRow['side']>(sides, found.VATTransactionType)
  const euListing = byLetter<NonNullable<VatCodeRow['euListing']>>(listings, found.EUSalesListing)
  const percentage = perCent(found.Percentage)
  const unusable = whyUnusable(found.IsBlocked, kind, side, percentage)
  return {
    id: found.Code,
    code: found.Code,
    name: found.Description ?? found.Code,
    percentage: percentage ?? '0',
    // What is not known stands as what takes nothing of ours, and may not be chosen.
    kind: kind ?? 'none',
    side: side ?? 'both',
    reverseCharge: found.Charged,
    ...(euListing && { euListing }),
    ...(unusable && { unusable }),
  }
}

/** 0.055 is 5.5 per cent; undefined when it does not say. */
function perCent(fraction: number | string | undefined): string | undefined {
  const exact = fraction === undefined ? null : fromJsonNumber(fraction, 6)
  const hundred = parseDecimal('100')
  return exact === null || hundred === null ? undefined : times(exact, hundred)
}

function whyUnusable(
  isBlocked: boolean,
  kind: VatCodeRow['kind'] | undefined,
  side: VatCodeRow['side'] | undefined,
  percentage: string | undefined,
): string | undefined {
  if (isBlocked) return 'blocked'
  if (kind === undefined || side === undefined) return 'not-understood'
  if (kind === 'excluding' && percentage === undefined) return 'not-understood'
  // Our amounts are without VAT.
  if (kind === 'including') return 'including'
  return side === 'purchase' ? 'purchase' : undefined
}

export const vatCodeReads = (calls: ExactCalls): Reads<VatCodeRow> =>
  wholeReads(calls, 'vat/VATCodes', async () => (await calls.all('vat/VATCodes', vatCode)).map(fromExactVatCode))
