import type { SimulatorRow } from '../../../contract/simulator.ts'
import {
  createLedgerAccount,
  createVatCode,
  removeCostObject,
  removeLedgerAccount,
  removeVatCode,
  updateLedgerAccount,
  updateVatCode,
} from '../master-rules.ts'
import { field, fields, type Resource, type View } from '../resource.ts'
import { rowIn, rowsIn } from '../world-state.ts'
import { accountCode, ledgerAccount, stamps, three, translated, via, viaCode } from './field-sets.ts'

export const glAccounts: Resource = {
  path: 'financial/GLAccounts',
  sync: 'sync/Financial/GLAccounts',
  bulk: 'bulk/Financial/GLAccounts',
  table: 'GLAccounts',
  type: 'Exact.Web.Api.Models.GLAccount',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 7,
  fields: [
    field('ID', 'guid'),
    field('Code', 'string', 'Mw'),
    field('Description', 'string', 'Mw', { max: 60, from: translated }),
    ...fields('string', 'Ww', 'BalanceSide BalanceType SearchCode Costcenter Costunit'),
    field('TypeDescription', 'string'),
    viaCode('CostcenterDescription', 'Costcenters', 'Costcenter', 'Description'),
    viaCode('CostunitDescription', 'Costunits', 'Costunit', 'Description'),
    field('Type', 'int32', 'Ww'),
    ...fields('boolean', 'Ww', 'IsBlocked Compress Matching RevalueCurrency'),
    field('VATCode', 'string', 'Ww', { pad: three }),
    viaCode('VATDescription', 'VATCodes', 'VATCode', 'Description'),
    ...fields('string', 'Ww', 'VATSystem VATGLAccountType ReportingCode'),
    field('CustomField', 'string'),
    ...fields('byte', 'Ww', 'UseCostcenter UseCostunit ExcludeVATListing AllowCostsInSales'),
    ...fields('double', 'Ww', 'PrivatePercentage VATNonDeductiblePercentage ExpenseNonDeductiblePercentage'),
    ...fields(
      'guid',
      'Ww',
      'PrivateGLAccount VATNonDeductibleGLAccount YearEndCostGLAccount YearEndReflectionGLAccount',
    ),
    field('AssimilatedVATBox', 'int16', 'Ww'),
    ...fields('int32', 'Ww', 'BelcotaxType DescriptionTermID'),
    ...stamps,
  ],
  create: createLedgerAccount,
  update: updateLedgerAccount,
  remove: removeLedgerAccount,
}

export const journals: Resource = {
  path: 'financial/Journals',
  table: 'Journals',
  type: 'Exact.Web.Api.Models.Journal',
  key: ['ID'],
  verbs: ['GET'],
  fields: [
    field('ID', 'guid'),
    ...fields('string', 'R', 'Code Description Currency CurrencyDescription'),
    field('Type', 'int32'),
    ...fields('boolean', 'R', 'AllowVariableCurrency AllowVariableExchangeRate AllowVAT AutoSave IsBlocked'),
    ...ledgerAccount('GLAccount'),
    field('GLAccountType', 'int32', 'R', { from: (row, view) => rowIn(view, 'GLAccounts', row.GLAccount)?.Type }),
    ...fields('guid', 'R', 'Bank BankAccountID PaymentInTransitAccount'),
    ...fields('string', 'R', 'BankAccountBICCode BankAccountCountry BankAccountDescription BankAccountIBAN BankName'),
    ...fields('string', 'R', 'BankAccountIncludingMask PaymentServiceAccountIdentifier PaymentServiceProviderName'),
    ...fields('boolean', 'R', 'BankAccountUseSEPA BankAccountUseSepaDirectDebit'),
    field('PaymentServiceProvider', 'int32', 'R', { sure: 0 }),
    field('CustomField', 'string'),
    ...stamps,
  ],
}

export const financialPeriods: Resource = {
  path: 'financial/FinancialPeriods',
  table: 'FinancialPeriods',
  type: 'Exact.Web.Api.Models.FinancialPeriod',
  key: ['ID'],
  verbs: ['GET'],
  fields: [
    field('ID', 'guid'),
    ...fields('int16', 'R', 'FinYear FinPeriod'),
    ...fields('date', 'R', 'StartDate EndDate'),
    ...stamps,
  ],
}

export const closedKey = (division: number, journal: unknown, year: unknown, period: unknown) =>
  `${division}-${journal}-${year}-${period}`

/** One row per journal and period; closed ones are kept, open ones follow from their absence. */
function journalStatuses(view: View): SimulatorRow[] {
  const closed = new Set(rowsIn(view, 'ClosedPeriods').map((row) => row.Key))
  const words = view.language === 'nl' ? ['Open', 'Gesloten'] : ['Open', 'Closed']
  return rowsIn(view, 'Journals').flatMap((journal) =>
    rowsIn(view, 'FinancialPeriods').map(({ FinYear, FinPeriod }) => {
      const status = closed.has(closedKey(view.division, journal.Code, FinYear, FinPeriod)) ? 1 : 0
      return {
        Journal: journal.Code,
        JournalDescription: journal.Description,
        JournalType: journal.Type,
        JournalTypeDescription: journal.Description,
        Year: FinYear,
        Period: FinPeriod,
        Status: status,
        StatusDescription: words[status],
      }
    }),
  )
}

export const journalStatusList: Resource = {
  path: 'read/financial/JournalStatusList',
  table: 'ClosedPeriods',
  type: 'Exact.Web.Api.Models.Financial.JournalStatus',
  key: ['Journal', 'Period', 'Year'],
  verbs: ['GET'],
  rows: journalStatuses,
  fields: [
    ...fields('string', 'R', 'Journal JournalDescription JournalTypeDescription StatusDescription'),
    ...fields('int32', 'R', 'Period Year JournalType Status'),
  ],
}

export const vatCodes: Resource = {
  path: 'vat/VATCodes',
  table: 'VATCodes',
  type: 'Exact.Web.Api.Models.VATCode',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  collections: { VATPercentages: { path: 'vat/VatPercentages', by: 'VATCodeID' } },
  fields: [
    field('ID', 'guid'),
    field('Code', 'string', 'Mw', { max: 3, pad: three }),
    field('Description', 'string', 'Mw', { max: 60 }),
    field('Percentage', 'double'),
    ...fields('string', 'Ww', 'Type VATTransactionType EUSalesListing IntrastatType VatDocType'),
    ...fields('boolean', 'Ww', 'IsBlocked Charged IntraStat'),
    ...ledgerAccount('GLToPay', 'Ww'),
    ...ledgerAccount('GLToClaim', 'Ww'),
    ...ledgerAccount('GLDiscountPurchase'),
    ...ledgerAccount('GLDiscountSales'),
    field('Account', 'guid'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    field('CalculationBasis', 'byte', 'R', { sure: 1 }),
    ...fields('byte', 'R', 'ExcludeVATListing', { sure: 0 }),
    field('VatMargin', 'int16', 'R', { sure: 0 }),
    ...fields('string', 'R', 'Country OssCountry CustomField'),
    field('LegalText', 'string', 'Ww'),
    ...fields('int16', 'R', 'TaxReturnType'),
    field('VATPartialRatio', 'double'),
    ...stamps,
  ],
  create: createVatCode,
  update: updateVatCode,
  remove: removeVatCode,
}

export const vatPercentages: Resource = {
  path: 'vat/VatPercentages',
  table: 'VatPercentages',
  type: 'Exact.Web.Api.Models.VatPercentage',
  key: ['ID'],
  verbs: ['GET'],
  fields: [
    field('ID', 'guid'),
    field('VATCodeID', 'guid'),
    field('LineNumber', 'int32'),
    field('Percentage', 'double', 'W'),
    ...fields('date', 'W', 'StartDate EndDate'),
    field('Type', 'int16', 'W'),
    ...stamps,
  ],
}

export const paymentConditions: Resource = {
  path: 'cashflow/PaymentConditions',
  table: 'PaymentConditions',
  type: 'Exact.Web.Api.Models.Cashflow.PaymentCondition',
  key: ['ID'],
  verbs: ['GET', 'POST'],
  fields: [
    field('ID', 'guid'),
    field('Code', 'string', 'M'),
    field('Description', 'string', 'M', { max: 60 }),
    ...fields('int32', 'W', 'PaymentDays PaymentEndOfMonths DiscountPaymentDays'),
    ...fields('string', 'W', 'PaymentMethod PaymentDiscountType DiscountCalculation VATCalculation'),
    ...fields('double', 'W', 'Percentage DiscountPercentage'),
    field('CreditManagementScenario', 'guid', 'W'),
    ...fields('string', 'R', 'CreditManagementScenarioCode CreditManagementScenarioDescription'),
    ...stamps,
  ],
}

const costObject = (path: string, table: string, type: string, by: 'CostCenter' | 'CostUnit'): Resource => ({
  path,
  table,
  type: `Exact.Web.Api.Models.HRM.${type}`,
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  fields: [
    field('ID', 'guid'),
    field('Active', 'boolean', 'R', { sure: true }),
    field('Code', 'string', 'M', { max: 8 }),
    field('Description', 'string', 'Mw', { max: 60 }),
    field('EndDate', 'date', 'Ww'),
    field('CustomField', 'string'),
    ...stamps,
  ],
  remove: removeCostObject(by),
})

export const costcenters = costObject('hrm/Costcenters', 'Costcenters', 'Costcenter', 'CostCenter')
export const costunits = costObject('hrm/Costunits', 'Costunits', 'Costunit', 'CostUnit')
