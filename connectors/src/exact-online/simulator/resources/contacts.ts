import { createContact, fullName, removeContact, updateContact } from '../contact-rules.ts'
import { field, fields, look, type Resource } from '../resource.ts'
import { accountCode, placeholder, stamps, three, via, viaOf } from './field-sets.ts'

/** Language codes of people stand ten wide, with trailing blanks (recorded). */
const language = { width: 10, side: 'end' } as const

/** People at an account: never what an entry is booked on. */
export const contacts: Resource = {
  path: 'crm/Contacts',
  sync: 'sync/CRM/Contacts',
  bulk: 'bulk/CRM/Contacts',
  table: 'Contacts',
  type: 'Exact.Web.Api.Models.Contact',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 5,
  emptyEcho: true,
  fields: [
    field('ID', 'guid'),
    field('Account', 'guid', 'Mw'),
    field('AccountIsCustomer', 'boolean', 'R', {
      sure: false,
      from: (row, view) => look(view, 'Accounts', row.Account, 'Status') === 'C',
    }),
    viaOf('boolean', 'AccountIsSupplier', 'Accounts', 'Account', 'IsSupplier'),
    viaOf('guid', 'AccountMainContact', 'Accounts', 'Account', 'MainContact'),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    ...fields('string', 'R', 'AddressLine2 AddressStreet AddressStreetNumber AddressStreetNumberSuffix'),
    field('AllowMailing', 'int32'),
    ...fields('date', 'Ww', 'BirthDate EndDate IdentificationDate StartDate'),
    ...fields('string', 'Ww', 'BirthName BirthNamePrefix BirthPlace BusinessEmail BusinessFax BusinessMobile'),
    ...fields('string', 'Ww', 'BusinessPhone BusinessPhoneExtension Email FirstName Gender Initials'),
    ...fields('string', 'Ww', 'JobTitleDescription LastName MarketingNotes MiddleName Mobile Nationality Notes'),
    ...fields('string', 'Ww', 'Phone PictureName SocialSecurityNumber Title'),
    ...fields('string', 'R', 'City CustomField PartnerName PartnerNamePrefix PhoneExtension Postcode State'),
    ...fields('string', 'R', 'TitleAbbreviation TitleDescription'),
    via('Code', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('Country', 'Accounts', 'Account', 'Country', { pad: three }),
    field('FullName', 'string', 'R', { from: fullName }),
    field('HID', 'int32', 'Ww'),
    ...fields('guid', 'Ww', 'IdentificationDocument IdentificationUser LeadPurpose LeadSource Person'),
    field('IsAnonymised', 'byte', 'R', { sure: 0 }),
    field('IsMailingExcluded', 'boolean', 'Ww'),
    field('IsMainContact', 'boolean', 'R', {
      from: (row, view) => look(view, 'Accounts', row.Account, 'MainContact') === row.ID,
    }),
    field('Language', 'string', 'Ww', { pad: language }),
    field('Picture', 'binary', 'Ww'),
    placeholder('PictureUrl', 'contact'),
    placeholder('PictureThumbnailUrl', 'contact'),
    ...stamps,
  ],
  create: createContact,
  update: updateContact,
  remove: removeContact,
}
