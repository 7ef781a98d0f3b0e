import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { z } from 'zod'
import type { Reads, TheirId } from '../contract/contract.ts'
import type { ItemRow } from '../contract/rows.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { fromJsonNumber } from '../kit/json-number.ts'
import type { ExactCalls } from './calls.ts'
import { deletedType, syncReads } from './sync.ts'
import { item, itemGroup } from './wire.ts'

type Found = z.output<typeof item>

/** Revenue account per item group. */
type GroupAccounts = ReadonlyMap<string, TheirId>

export function fromExactItem(found: Found, groups: GroupAccounts, today: CalendarDate): ItemRow {
  const ofGroup = found.ItemGroup === undefined ? undefined : groups.get(found.ItemGroup)
  const ledgerAccount = found.GLRevenue ?? ofGroup
  const unusable = whyUnusable(found, today)
  const price = found.StandardSalesPrice === undefined ? null : fromJsonNumber(found.StandardSalesPrice, 4)
  return {
    id: found.ID,
    code: found.Code,
    name: found.Description ?? found.Code,
    isTime: found.IsTime,
    ...(unusable && { unusable }),
    ...(found.Unit && { unit: found.Unit }),
    ...(ledgerAccount && { ledgerAccount, ledgerAccountFrom: found.GLRevenue ? 'item' : 'group' }),
    ...(found.SalesVatCode && { vatCode: found.SalesVatCode }),
    ...(price && { price }),
  }
}

function whyUnusable(found: Found, today: CalendarDate): string | undefined {
  if (!found.IsSalesItem) return 'not-for-sale'
  if (found.EndDate !== undefined && found.EndDate < today) return 'ended'
  if (found.StartDate !== undefined && found.StartDate > today) return 'not-started'
  // One and a half hours would be refused or rounded.
  return found.IsFractionAllowedItem ? undefined : 'no-fractions'
}

export const itemReads = (calls: ExactCalls): Reads<ItemRow> =>
  syncReads({
    calls,
    resource: 'Logistics/Items',
    schema: item,
    deletedType: deletedType.items,
    async beside() {
      const groups = await calls.all('logistics/ItemGroups', itemGroup)
      const accounts = new Map(groups.flatMap(({ ID, GLRevenue }) => (GLRevenue ? [[ID, GLRevenue] as const] : [])))
      // A group's other account changes its items although their row versions stay.
      return { with: accounts, fingerprint: fingerprint([...accounts].map((pair) => pair.join()).sort()) }
    },
    toRow: fromExactItem,
    turnsOn: ({ StartDate, EndDate }) => [StartDate, EndDate && addDays(EndDate, 1)],
  })
