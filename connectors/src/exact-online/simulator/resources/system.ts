import { putRow, rowOf, rowsOf, type SimulatorRow, type World } from '../../../contract/simulator.ts'
import { field, fields, type Resource, type View } from '../resource.ts'
import { serverOffsetSeconds, serverTime } from '../server-time.ts'
import { rowsIn } from '../world-state.ts'
import { accountCode, placeholder, stamps, three } from './field-sets.ts'

/** Divisions this user may enter and gave the app access to. */
export function divisionsOf(view: Pick<View, 'world' | 'user'>, granted: unknown): SimulatorRow[] {
  const allowed = (list: unknown, code: unknown) => !Array.isArray(list) || list.includes(code)
  return rowsOf(view.world, 'Divisions')
    .filter(({ Code }) => allowed(view.user.divisions, Code) && allowed(granted, Code))
    .map((row) => ({ ...row, Current: row.Code === view.user.CurrentDivision }))
}

const divisionRows = (view: View) => divisionsOf(view, view.user.granted)

const divisionFields = [
  field('Code', 'int32'),
  field('Hid', 'int64'),
  ...fields(
    'string',
    'R',
    'Description AddressLine1 AddressLine2 AddressLine3 Postcode City State Phone Fax Email Website',
  ),
  ...fields('string', 'R', 'Country Legislation', { pad: three }),
  ...fields('string', 'R', 'Currency VATNumber ChamberOfCommerceNumber ChamberOfCommerceEstablishment CustomerName'),
  field('CustomerCode', 'string', 'R', { pad: accountCode }),
  field('Customer', 'guid'),
  ...fields('int32', 'R', 'Status BlockingStatus'),
  ...fields('boolean', 'R', 'IsMainDivision IsPracticeDivision IsDossierDivision IsHRDivision Current'),
  ...fields('date', 'R', 'StartDate ArchiveDate'),
  ...fields('instant', 'R', 'DivisionMoveDate DivisionHRLinkUnlinkDate'),
  ...fields('string', 'R', 'BusinessTypeCode BusinessTypeDescription CompanySizeCode CompanySizeDescription'),
  ...fields('string', 'R', 'DatevAccountantNumber DatevClientNumber OBNumber SbiCode SbiDescription SectorCode'),
  ...fields('string', 'R', 'SectorDescription ShareCapital SubsectorCode SubsectorDescription'),
  ...fields(
    'string',
    'R',
    'TaxOfficeNumber TaxReferenceNumber TemplateCode Class_01 Class_02 Class_03 Class_04 Class_05',
  ),
  field('SiretNumber', 'string', 'R', { blank: true }),
  ...stamps.filter(({ name }) => name !== 'Division'),
]

export const divisions: Resource = {
  path: 'system/Divisions',
  table: 'Divisions',
  type: 'Exact.Web.Api.Models.System.Division',
  key: ['Code'],
  verbs: ['GET'],
  anyDivision: true,
  rows: divisionRows,
  fields: divisionFields,
}

/** More than the user may open: every division of the licence, whatever the consent. */
export const allDivisions: Resource = {
  ...divisions,
  path: 'system/AllDivisions',
  type: 'Exact.Web.Api.Models.System.AllDivision',
  rows: ({ world, user }) =>
    rowsOf(world, 'Divisions').map((row) => ({ ...row, Current: row.Code === user.CurrentDivision })),
}

/** The older list: only of one licence, and its Status counts differently (0 normal, 1 archived). */
export const hrmDivisions: Resource = {
  ...divisions,
  path: 'hrm/Divisions',
  type: 'Exact.Web.Api.Models.HRM.Division',
  anyDivision: undefined,
  rows: (view) => divisionRows(view).map((row) => ({ ...row, Status: row.Status === 2 ? 1 : 0 })),
}

const anyUser = '00000000-0000-0000-0000-000000000000'

/** `current/Me`: a list with one row, without a division in its path. */
export const me: Resource = {
  path: 'current/Me',
  table: 'Users',
  type: 'Exact.Web.Api.Models.System.Me',
  key: ['UserID'],
  verbs: ['GET'],
  anyDivision: true,
  rows: (view) => [meRow(view)],
  fields: [
    field('CurrentDivision', 'int32'),
    field('AccountingDivision', 'int32'),
    ...fields('guid', 'R', 'UserID DivisionCustomer EmployeeID'),
    ...fields('string', 'R', 'DivisionCustomerCode CustomerCode', { pad: accountCode }),
    ...fields('string', 'R', 'DivisionCustomerName DivisionCustomerVatNumber DossierDivision'),
    field('DivisionCustomerSiretNumber', 'string', 'R', { blank: true }),
    ...fields(
      'boolean',
      'R',
      'IsEmployeeSelfServiceUser IsMyFirmLiteUser IsStarterUser IsMyFirmPortalUser IsClientUser',
    ),
    ...fields(
      'string',
      'R',
      'FullName UserName Email LanguageCode Language Title Initials FirstName MiddleName LastName',
    ),
    ...fields('string', 'R', 'Gender Nationality Phone PhoneExtension Mobile ThumbnailPictureFormat'),
    placeholder('PictureUrl', 'contact'),
    field('Legislation', 'int64'),
    field('ServerTime', 'string'),
    field('ServerUtcOffset', 'int32'),
    ...fields('string', 'R', 'PackageCode ThumbnailPicture'),
    field('IsOEIMigrationMandatory', 'boolean'),
  ],
}

function meRow({ world, user, now, language }: View): SimulatorRow {
  const current = rowOf(world, 'Divisions', String(user.CurrentDivision))
  return {
    ...user,
    AccountingDivision: user.CurrentDivision,
    DivisionCustomer: current?.Customer,
    DivisionCustomerCode: current?.CustomerCode,
    DivisionCustomerName: current?.CustomerName,
    DivisionCustomerVatNumber: current?.VATNumber,
    CustomerCode: current?.CustomerCode,
    EmployeeID: anyUser,
    IsEmployeeSelfServiceUser: false,
    IsMyFirmLiteUser: false,
    IsStarterUser: false,
    IsMyFirmPortalUser: false,
    IsClientUser: true,
    IsOEIMigrationMandatory: true,
    Language: language.toUpperCase(),
    LanguageCode: language === 'nl' ? 'nl-NL' : 'en-GB',
    // 1 stands for the Netherlands here; recorded is only the form, a number as text.
    Legislation: '1',
    PackageCode: 'EOLAPPCENTER',
    ServerTime: serverTime(now),
    ServerUtcOffset: serverOffsetSeconds(now),
  }
}

const twoMonths = (now: Date) => {
  const since = new Date(now)
  since.setUTCMonth(since.getUTCMonth() - 2)
  return since.toISOString()
}

/** R-deleted */
export const deleted: Resource = {
  path: 'sync/Deleted',
  table: 'Deleted',
  type: 'Exact.Web.Api.Models.Sync.Deleted',
  key: ['Timestamp'],
  verbs: ['GET'],
  rows: (view) => rowsIn(view, 'Deleted').filter((row) => String(row.DeletedDate) >= twoMonths(view.now)),
  fields: [
    field('Timestamp', 'int64'),
    field('ID', 'guid'),
    field('DeletedBy', 'guid'),
    field('DeletedDate', 'instant'),
    field('Division', 'int32'),
    field('EntityKey', 'guid'),
    field('EntityType', 'int32'),
  ],
}

/** Keeps the division a person last opened, which moves when they click another one: never rely on it. */
export function openDivision(world: World, userId: string, division: number): void {
  const user = rowOf(world, 'Users', userId)
  if (user) putRow(world, 'Users', userId, { ...user, CurrentDivision: division })
}

/** Answered as a function: R-has-rights. */
export const userHasRights: Resource = {
  path: 'users/UserHasRights',
  table: 'UserHasRights',
  type: 'Exact.Web.Api.Models.Users.UserHasRights',
  key: ['UserHasRights'],
  verbs: ['GET'],
  fields: [field('UserHasRights', 'boolean')],
}
