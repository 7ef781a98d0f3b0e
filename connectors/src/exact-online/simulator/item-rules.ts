import type { SimulatorRow } from '../../contract/simulator.ts'
import type { Field, Write } from './resource.ts'
import { serverToday } from './server-time.ts'
import { newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkCode, checkReference, created, modified } from './writes.ts'

const units = { hour: ['Uur', 'Hour', 'T'], pc: ['Stuk', 'Piece', 'O'], km: ['Kilometer', 'Kilometre', 'L'] } as const

/** In the language of the user. */
export const unitDescription: NonNullable<Field['from']> = ({ Unit }, { language }) =>
  units[Unit as keyof typeof units]?.[language === 'nl' ? 0 : 1] ?? Unit

function checkItem(write: Write, id: string): void {
  const { view, sent } = write
  const vat = text(sent.SalesVatCode).trim()
  checkCode(write, 'Items', id)
  checkReference(write, 'ItemGroup', rowIn(view, 'ItemGroups', sent.ItemGroup))
  checkReference(write, 'GLRevenue', rowIn(view, 'GLAccounts', sent.GLRevenue))
  checkReference(
    write,
    'SalesVatCode',
    rowsIn(view, 'VATCodes').some(({ Code }) => Code === vat),
  )
}

function withUnit(row: SimulatorRow): SimulatorRow {
  const unit = text(row.Unit).trim() || 'pc'
  const known = units[unit as keyof typeof units]
  const vat = text(row.SalesVatCode).trim() || null
  return { ...row, Unit: unit, UnitType: known?.[2] ?? 'O', SalesVatCode: vat }
}

const freeBooleans = Object.fromEntries([1, 2, 3, 4, 5].map((place) => [`FreeBoolField_0${place}`, false]))

export function createItem(write: Write): SimulatorRow {
  const { view, sent } = write
  const id = newGuid(view.random)
  checkItem(write, id)
  const group = rowsIn(view, 'ItemGroups').find(({ IsDefault }) => IsDefault === 1)
  const row = withUnit({
    IsSalesItem: true,
    IsPurchaseItem: false,
    IsStockItem: false,
    IsFractionAllowedItem: false,
    IsTime: 0,
    StartDate: serverToday(view.now),
    ItemGroup: group?.ID ?? null,
    SecurityLevel: 10,
    CostPriceCurrency: 'EUR',
    StandardSalesPrice: '0',
    StatisticalUnits: '1',
    Stock: '0',
    IsPackageItem: false,
    IsSerialItem: false,
    IsSubcontractedItem: false,
    ...freeBooleans,
    ...sent,
    ID: id,
    ...created(view),
    ...modified(view),
  })
  return write.refused() ? row : store(view, 'Items', id, row)
}

export function updateItem(write: Write, merged: SimulatorRow): SimulatorRow {
  checkItem(write, String(merged.ID))
  const row = withUnit(merged)
  return write.refused() ? row : store(write.view, 'Items', String(merged.ID), row)
}
