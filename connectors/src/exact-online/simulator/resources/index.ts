import type { Family } from '../odata-query.ts'
import type { Resource } from '../resource.ts'
import { accounts, addresses, bankAccounts } from './accounts.ts'
import { contacts } from './contacts.ts'
import { documentAttachments, documents, documentTypeList } from './documents.ts'
import { rowVersion } from './field-sets.ts'
import {
  costcenters,
  costunits,
  financialPeriods,
  glAccounts,
  journalStatusList,
  journals,
  paymentConditions,
  vatCodes,
  vatPercentages,
} from './financial.ts'
import { generalJournalEntries, generalJournalEntryLines } from './general-journal-entries.ts'
import { itemGroups, items, salesItemPrices } from './items.ts'
import { directDebitMandates, payments, paymentTerms, receivables, receivablesList } from './receivables.ts'
import { salesEntries, salesEntryLines } from './sales-entries.ts'
import {
  layouts,
  orderChargeLines,
  printedSalesInvoices,
  salesInvoiceLines,
  salesInvoices,
  syncSalesInvoices,
} from './sales-invoices.ts'
import { syncTimestamp } from './sync-timestamp.ts'
import { allDivisions, deleted, divisions, hrmDivisions, me, userHasRights } from './system.ts'
import { bankEntries, bankEntryLines, transactionLines, transactions } from './transactions.ts'
import { webhookSubscriptions } from './webhooks.ts'

/** Every resource of the simulator; a new one is one table here. */
const resources: readonly Resource[] = [
  me,
  divisions,
  allDivisions,
  hrmDivisions,
  accounts,
  addresses,
  contacts,
  bankAccounts,
  items,
  itemGroups,
  salesItemPrices,
  glAccounts,
  journals,
  financialPeriods,
  journalStatusList,
  vatCodes,
  vatPercentages,
  paymentConditions,
  costcenters,
  costunits,
  salesEntries,
  salesEntryLines,
  salesInvoices,
  salesInvoiceLines,
  orderChargeLines,
  printedSalesInvoices,
  layouts,
  generalJournalEntries,
  generalJournalEntryLines,
  transactions,
  transactionLines,
  bankEntries,
  bankEntryLines,
  documents,
  documentAttachments,
  documentTypeList,
  receivables,
  payments,
  directDebitMandates,
  receivablesList,
  syncTimestamp,
  webhookSubscriptions,
  userHasRights,
]

/** Resources that exist in the sync family alone. */
const onlySynced: readonly Resource[] = [deleted, syncSalesInvoices, paymentTerms]

interface Endpoint {
  readonly resource: Resource
  readonly family: Family
}

/** The sync twin: the same fields plus the row version, which is also its key. */
const syncTwin = (resource: Resource, path: string): Resource => ({
  ...resource,
  path,
  type: resource.type.replace('Models.', 'Models.Sync.'),
  key: ['Timestamp'],
  verbs: ['GET'],
  collections: {},
  fields: [rowVersion, ...resource.fields],
})

const bulkTwin = (resource: Resource, path: string): Resource => ({
  ...resource,
  path,
  verbs: ['GET'],
  ...(resource.bulkFilters && { filterable: resource.bulkFilters }),
})

function endpointsOf(resource: Resource): Endpoint[] {
  return [
    { resource, family: 'single' },
    ...(resource.sync ? [{ resource: syncTwin(resource, resource.sync), family: 'sync' } as const] : []),
    ...(resource.bulk ? [{ resource: bulkTwin(resource, resource.bulk), family: 'bulk' } as const] : []),
  ]
}

const endpoints = new Map<string, Endpoint>(
  [...resources.flatMap(endpointsOf), ...onlySynced.map((resource) => ({ resource, family: 'sync' }) as const)].map(
    (endpoint) => [endpoint.resource.path.toLowerCase(), endpoint],
  ),
)

/** Services answer in any case (`crm`, `CRM`); the reference writes both. */
export const endpointAt = (path: string): Endpoint | undefined => endpoints.get(path.toLowerCase())

export function resourceAt(path: string): Resource {
  const found = endpointAt(path)
  if (!found) throw new TypeError(`no such resource: ${path}`)
  return found.resource
}
