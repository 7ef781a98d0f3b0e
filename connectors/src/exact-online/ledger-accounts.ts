import type { z } from 'zod'
import type { Reads } from '../contract/contract.ts'
import type { LedgerAccountRow } from '../contract/rows.ts'
import type { ExactCalls } from './calls.ts'
import { deletedType, syncReads } from './sync.ts'
import { ledgerAccount } from './wire.ts'

/** Types by number (Exact REST reference, GLAccounts). Sales lines are refused on what is `control` here. */
const kindOfType: Readonly<Record<number, LedgerAccountRow['kind']>> = {
  10: 'control', // cash
  12: 'control', // bank
  14: 'control', // credit card
  16: 'control', // payment services
  20: 'control', // accounts receivable
  21: 'balance', // prepayment accounts receivable
  22: 'control', // accounts payable
  24: 'control', // VAT
  25: 'balance', // employees payable
  26: 'balance', // prepaid expenses
  27: 'balance', // accrued expenses
  29: 'balance', // income taxes payable
  30: 'balance', // fixed assets
  32: 'balance', // other assets
  35: 'balance', // accumulated depreciation
  40: 'balance', // inventory
  50: 'balance', // capital stock
  52: 'balance', // retained earnings
  55: 'balance', // long-term debt
  60: 'balance', // current portion of debt
  90: 'general',
  100: 'balance', // tax payable
  110: 'revenue',
  300: 'control', // year-end
  301: 'control',
  302: 'control',
}

/** 0 optional, 1 mandatory, 2 no. */
const use = ['optional', 'mandatory', 'none'] as const

export const fromExactLedgerAccount = (found: z.output<typeof ledgerAccount>): LedgerAccountRow => ({
  id: found.ID,
  code: found.Code,
  name: found.Description ?? found.Code,
  // What is left are costs, and results such as interest that are not sales: 111 to 160.
  kind: kindOfType[found.Type] ?? 'cost',
  ...(found.IsBlocked && { unusable: 'blocked' }),
  ...(found.VATCode && { vatCode: found.VATCode }),
  costCentre: use[found.UseCostcenter ?? 0] ?? 'optional',
  costUnit: use[found.UseCostunit ?? 0] ?? 'optional',
})

export const ledgerAccountReads = (calls: ExactCalls): Reads<LedgerAccountRow> =>
  syncReads({
    calls,
    resource: 'Financial/GLAccounts',
    schema: ledgerAccount,
    deletedType: deletedType.ledgerAccounts,
    beside: async () => ({ with: undefined }),
    toRow: fromExactLedgerAccount,
  })
