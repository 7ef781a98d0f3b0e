import {
  createAttachment,
  createDocument,
  documentCategory,
  documentTypes,
  removeDocument,
  updateDocument,
} from '../document-rules.ts'
import { field, fields, look, type Resource } from '../resource.ts'
import { accountCode, described, siteLink, stamps, via } from './field-sets.ts'

const typeWords = Object.fromEntries(documentTypes.map(([id, words]) => [id, words]))

export const documents: Resource = {
  path: 'documents/Documents',
  sync: 'sync/Documents/Documents',
  bulk: 'bulk/Documents/Documents',
  table: 'Documents',
  type: 'Exact.Web.Api.Models.Document',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 6,
  fields: [
    field('ID', 'guid'),
    field('Account', 'guid', 'Ww'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    field('AmountFC', 'double', 'Ww'),
    field('Body', 'string', 'Ww'),
    field('Category', 'guid', 'Ww'),
    field('CategoryDescription', 'string', 'R', {
      from: (row, { language }) =>
        row.Category === documentCategory ? (language === 'nl' ? 'Klanten' : 'Customers') : null,
    }),
    field('Contact', 'guid', 'Ww'),
    ...fields('string', 'R', 'ContactFullName DocumentFolderCode DocumentFolderDescription ProjectCode'),
    field('Currency', 'string', 'Ww'),
    field('DocumentDate', 'date', 'Ww'),
    ...fields('guid', 'Ww', 'DocumentFolder Opportunity Project Item'),
    field('DocumentViewUrl', 'string', 'R', {
      from: ({ ID }, view) => siteLink('DocViewContent', ID, view),
    }),
    field('ExpiryDate', 'date', 'Ww'),
    field('FinancialTransactionEntryID', 'guid', 'Ww'),
    field('HasEmptyBody', 'boolean', 'R', { from: ({ Body }) => !Body }),
    field('HID', 'int32'),
    field('Language', 'string', 'Ww'),
    ...fields('int32', 'Ww', 'ShopOrderNumber SalesInvoiceNumber SalesOrderNumber'),
    field('Subject', 'string', 'Mw'),
    field('Type', 'int32', 'Mw'),
    field('TypeDescription', 'string', 'R', described(typeWords, 'Type')),
    ...fields('string', 'R', 'ProjectDescription ItemCode ItemDescription TeamsMeetingId EntryStatusDescription'),
    ...fields('string', 'R', 'CostcenterCode CostcenterDescription CostunitCode CostunitDescription'),
    ...fields('int32', 'R', 'ProposedEntryStatus SendMethod ContractNumber ScanServiceStatus'),
    ...fields('guid', 'R', 'ContractID'),
    field('ActionRegenerateEntryProposal', 'boolean'),
    field('InheritShare', 'boolean'),
    ...stamps,
  ],
  create: createDocument,
  update: updateDocument,
  remove: removeDocument,
}

/** Files are made and removed, never changed; what is in them is read at their own address. */
export const documentAttachments: Resource = {
  path: 'documents/DocumentAttachments',
  sync: 'sync/Documents/DocumentAttachments',
  bulk: 'bulk/Documents/DocumentAttachments',
  table: 'DocumentAttachments',
  type: 'Exact.Web.Api.Models.DocumentAttachment',
  key: ['ID'],
  verbs: ['GET', 'POST', 'DELETE'],
  deletedAs: 4,
  fields: [
    field('ID', 'guid'),
    field('Attachment', 'binary', 'M'),
    field('Document', 'guid', 'M'),
    field('FileName', 'string', 'M'),
    field('FileSize', 'double'),
    field('Url', 'string', 'R', {
      from: ({ ID }, view) => siteLink('SysAttachment', ID, view),
    }),
  ],
  create: createAttachment,
}

export const documentTypeList: Resource = {
  path: 'documents/DocumentTypes',
  table: 'DocumentTypes',
  type: 'Exact.Web.Api.Models.DocumentType',
  key: ['ID'],
  verbs: ['GET'],
  rows: ({ language }) =>
    documentTypes.map(([ID, words, creatable]) => ({
      ID,
      Description: words[language === 'nl' ? 0 : 1],
      DocumentIsCreatable: creatable,
      DocumentIsDeletable: creatable,
      DocumentIsUpdatable: creatable,
      DocumentIsViewable: true,
      TypeCategory: 1,
      Created: '2018-01-02T09:00:00.000Z',
      Modified: '2018-01-02T09:00:00.000Z',
    })),
  fields: [
    field('ID', 'int32'),
    field('Description', 'string'),
    ...fields('boolean', 'R', 'DocumentIsCreatable DocumentIsDeletable DocumentIsUpdatable DocumentIsViewable'),
    field('TypeCategory', 'int32'),
    ...fields('instant', 'R', 'Created Modified'),
  ],
}

/** Number and subject of the document a row points to: `DocumentNumber`, `DocumentSubject`. */
export const documentFields = [
  field('DocumentNumber', 'int32', 'R', { from: (row, view) => look(view, 'Documents', row.Document, 'HID') }),
  via('DocumentSubject', 'Documents', 'Document', 'Subject'),
]
