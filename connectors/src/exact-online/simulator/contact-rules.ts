import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import { isEmail } from './account-rules.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { serverToday } from './server-time.ts'
import { newGuid, rowIn, store, text } from './world-state.ts'
import { checkReference, created, isEmpty, modified } from './writes.ts'

/** R-contact: at least a first or a last name. */
function checkContact(write: Write, row: SimulatorRow): void {
  const { view, refuse } = write
  checkReference({ ...write, sent: row }, 'Account', rowIn(view, 'Accounts', row.Account))
  if (isEmpty(row.FirstName) && isEmpty(row.LastName)) refuse(say(view.language, 'required', 'LastName'))
  for (const name of ['Email', 'BusinessEmail'])
    if (!isEmpty(row[name]) && !isEmail(text(row[name]).trim())) refuse(say(view.language, 'email'))
}

/** First, middle and last name. */
export const fullName = (contact: SimulatorRow | undefined): string | null =>
  contact ? [contact.FirstName, contact.MiddleName, contact.LastName].filter(Boolean).join(' ') : null

const nextHid = (view: View): number =>
  Math.max(11_000, ...rowsOf(view.world, 'Contacts').map(({ HID }) => Number(HID))) + 1

/** The name at birth follows the last name, and either mail address the other (recorded). */
const tidy = (row: SimulatorRow): SimulatorRow => ({
  ...row,
  BirthName: row.LastName ?? null,
  BusinessEmail: row.BusinessEmail ?? row.Email ?? null,
  Email: row.Email ?? row.BusinessEmail ?? null,
})

/** The first contact of an account is its main one. */
export function createContact(write: Write): SimulatorRow {
  const { view, sent } = write
  checkContact(write, sent)
  const account = rowIn(view, 'Accounts', sent.Account)
  if (write.refused() || !account) return sent
  const ID = newGuid(view.random)
  const row = store(
    view,
    'Contacts',
    ID,
    tidy({
      Gender: 'O',
      HID: nextHid(view),
      IsMailingExcluded: false,
      Language: account.Language ?? account.Country ?? null,
      StartDate: serverToday(view.now),
      Person: newGuid(view.random),
      ...sent,
      ID,
      ...created(view),
      ...modified(view),
    }),
  )
  if (!account.MainContact) store(view, 'Accounts', String(account.ID), { ...account, MainContact: ID })
  return row
}

export function updateContact(write: Write, merged: SimulatorRow): SimulatorRow {
  checkContact(write, merged)
  const { view, sent } = write
  const mails = {
    Email: sent.Email ?? merged.Email,
    BusinessEmail: sent.BusinessEmail ?? sent.Email ?? merged.BusinessEmail,
  }
  return write.refused() ? merged : store(view, 'Contacts', String(merged.ID), tidy({ ...merged, ...mails }))
}

export function removeContact({ view }: Write, row: SimulatorRow): void {
  const account = rowIn(view, 'Accounts', row.Account)
  if (account && account.MainContact === row.ID)
    store(view, 'Accounts', String(account.ID), { ...account, MainContact: null })
}
