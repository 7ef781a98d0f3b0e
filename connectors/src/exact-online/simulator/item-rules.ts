import type { SimulatorRow } from '../../contract/simulator.ts'
import type { Write } from './resource.ts'
import { serverToday } from './server-time.ts'
import { newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkCode, checkReference, created, modified } from './writes.ts'

const units = { hour: ['Uur', 'T'], pc: ['Stuk', 'O'], km: ['Kilometer', 'L'] } as const

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
  return { ...row, Unit: unit, UnitDescription: known?.[0] ?? unit, UnitType: known?.[1] ?? 'O', SalesVatCode: vat }
}

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
