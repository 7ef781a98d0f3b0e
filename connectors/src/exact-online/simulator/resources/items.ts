import { createItem, updateItem } from '../item-rules.ts'
import { field, fields, type Resource } from '../resource.ts'
import { ledgerAccount, stamps, three, translated, unit, via, viaCode } from './field-sets.ts'

export const items: Resource = {
  path: 'logistics/Items',
  sync: 'sync/Logistics/Items',
  bulk: 'bulk/Logistics/Items',
  table: 'Items',
  type: 'Exact.Web.Api.Models.Item',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 9,
  fields: [
    field('ID', 'guid'),
    field('Code', 'string', 'Mw', { max: 30 }),
    field('Description', 'string', 'Mw', { max: 60, from: translated }),
    field('ExtraDescription', 'string', 'Ww', { max: 255 }),
    ...fields(
      'boolean',
      'Ww',
      'IsSalesItem IsPurchaseItem IsStockItem IsFractionAllowedItem IsPackageItem IsSerialItem',
    ),
    ...fields('boolean', 'Ww', 'IsSubcontractedItem'),
    ...fields('byte', 'Ww', 'IsTime IsBatchItem IsMakeItem IsNewContract IsOnDemandItem IsTaxableItem IsWebshopItem'),
    ...fields('byte', 'Ww', 'CopyRemarks IsRegistrationCodeItem', { sure: 0 }),
    field('Unit', 'string', 'W', { pad: unit }),
    ...fields('string', 'R', 'UnitDescription UnitType'),
    field('SalesVatCode', 'string', 'Ww', { pad: three }),
    viaCode('SalesVatCodeDescription', 'VATCodes', 'SalesVatCode', 'Description'),
    ...ledgerAccount('GLRevenue', 'Ww'),
    ...ledgerAccount('GLCosts', 'Ww'),
    ...ledgerAccount('GLStock', 'Ww'),
    field('StandardSalesPrice', 'double'),
    ...fields('double', 'R', 'AverageCost CostPriceNew CostPriceStandard Stock'),
    ...fields('double', 'Ww', 'GrossWeight NetWeight StatisticalNetWeight StatisticalUnits StatisticalValue'),
    field('ItemGroup', 'guid', 'Ww'),
    via('ItemGroupCode', 'ItemGroups', 'ItemGroup', 'Code'),
    via('ItemGroupDescription', 'ItemGroups', 'ItemGroup', 'Description'),
    ...fields('date', 'Ww', 'StartDate EndDate'),
    ...fields('string', 'Ww', 'Barcode SearchCode Notes StatisticalCode CostPriceCurrency NetWeightUnit'),
    field('SecurityLevel', 'int32', 'Ww'),
    ...fields('string', 'R', 'CustomField PictureName PictureUrl PictureThumbnailUrl'),
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
