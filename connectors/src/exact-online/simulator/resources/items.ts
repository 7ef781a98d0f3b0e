import { createItem, unitDescription, updateItem } from '../item-rules.ts'
import { field, fields, type Resource } from '../resource.ts'
import { ledgerAccount, placeholder, stamps, three, translated, unit, via, viaCode } from './field-sets.ts'

/** `Class_01 … Class_10`. */
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}_${String(index + 1).padStart(2, '0')}`).join(' ')

/** Fields as recorded from a real administration. */
export const items: Resource = {
  path: 'logistics/Items',
  sync: 'sync/Logistics/Items',
  bulk: 'bulk/Logistics/Items',
  table: 'Items',
  type: 'Exact.Web.Api.Models.Item',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 9,
  emptyEcho: true,
  fields: [
    field('ID', 'guid'),
    field('Code', 'string', 'Mw', { max: 30 }),
    field('Description', 'string', 'Mw', { max: 60, from: translated }),
    field('ExtraDescription', 'string', 'Ww', { max: 255 }),
    ...fields('boolean', 'Ww', 'IsSalesItem IsPurchaseItem IsStockItem IsFractionAllowedItem IsPackageItem'),
    ...fields('boolean', 'Ww', 'IsSerialItem IsSubcontractedItem'),
    ...fields('byte', 'Ww', 'IsTime IsBatchItem IsMakeItem IsNewContract IsOnDemandItem IsWebshopItem', { sure: 0 }),
    ...fields('byte', 'Ww', 'CopyRemarks IsRegistrationCodeItem', { sure: 0 }),
    field('IsBatchNumberItem', 'byte', 'R', { sure: 0 }),
    field('IsSerialNumberItem', 'byte'),
    field('IsTaxableItem', 'byte', 'Ww'),
    field('Unit', 'string', 'W', { pad: unit }),
    field('UnitDescription', 'string', 'R', { from: unitDescription }),
    field('UnitType', 'string'),
    field('SalesVatCode', 'string', 'Ww', { pad: three }),
    viaCode('SalesVatCodeDescription', 'VATCodes', 'SalesVatCode', 'Description'),
    ...ledgerAccount('GLRevenue', 'Ww'),
    ...ledgerAccount('GLCosts', 'Ww'),
    ...ledgerAccount('GLStock', 'Ww'),
    ...ledgerAccount('GLCostsWorkInProgress', 'Ww'),
    ...ledgerAccount('GLRevenueWorkInProgress', 'Ww'),
    field('StandardSalesPrice', 'double'),
    ...fields('double', 'R', 'AverageCost CostPriceNew CostPriceStandard Stock'),
    ...fields('double', 'Ww', 'GrossWeight NetWeight StatisticalNetWeight StatisticalUnits StatisticalValue'),
    field('ItemGroup', 'guid', 'Ww'),
    via('ItemGroupCode', 'ItemGroups', 'ItemGroup', 'Code'),
    via('ItemGroupDescription', 'ItemGroups', 'ItemGroup', 'Description'),
    ...fields('date', 'Ww', 'StartDate EndDate'),
    ...fields('string', 'Ww', 'Barcode SearchCode Notes StatisticalCode CostPriceCurrency NetWeightUnit'),
    field('SecurityLevel', 'int32', 'Ww'),
    ...fields('string', 'Ww', numbered('Class', 10)),
    ...fields('boolean', 'Ww', numbered('FreeBoolField', 5)),
    ...fields('date', 'Ww', numbered('FreeDateField', 5)),
    ...fields('double', 'Ww', numbered('FreeNumberField', 8)),
    ...fields('string', 'Ww', numbered('FreeTextField', 10)),
    ...fields('int32', 'Ww', 'AssembledLeadDays'),
    field('BatchQuantity', 'double', 'Ww'),
    field('UseExplosion', 'byte', 'Ww'),
    field('CustomField', 'string'),
    field('Picture', 'binary', 'Ww'),
    field('PictureName', 'string', 'Ww'),
    placeholder('PictureUrl', 'item'),
    placeholder('PictureThumbnailUrl', 'item'),
    ...stamps,
  ],
  create: createItem,
  update: updateItem,
}

export const itemGroups: Resource = {
  path: 'logistics/ItemGroups',
  table: 'ItemGroups',
  type: 'Exact.Web.Api.Models.ItemGroup',
  key: ['ID'],
  verbs: ['GET'],
  fields: [
    field('ID', 'guid'),
    ...fields('string', 'R', 'Code Description Notes'),
    field('IsDefault', 'byte'),
    ...ledgerAccount('GLRevenue'),
    ...ledgerAccount('GLCosts'),
    ...ledgerAccount('GLStock'),
    ...stamps,
  ],
}

/** A list that may not be asked for bare. */
export const salesItemPrices: Resource = {
  path: 'logistics/SalesItemPrices',
  bulk: 'bulk/Logistics/SalesItemPrices',
  table: 'SalesItemPrices',
  type: 'Exact.Web.Api.Models.SalesItemPrice',
  key: ['ID'],
  verbs: ['GET'],
  wantsSelect: true,
  fields: [
    ...fields('guid', 'R', 'ID Account Item'),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    ...fields('string', 'R', 'Currency DefaultItemUnit DefaultItemUnitDescription Unit UnitDescription'),
    via('ItemCode', 'Items', 'Item', 'Code'),
    via('ItemDescription', 'Items', 'Item', 'Description'),
    ...fields('double', 'R', 'NumberOfItemsPerUnit Price Quantity'),
    ...fields('date', 'R', 'StartDate EndDate'),
    ...stamps,
  ],
}
