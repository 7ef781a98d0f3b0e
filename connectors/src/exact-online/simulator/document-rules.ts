import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { serverToday } from './server-time.ts'
import { discard, newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkReference, created, modified } from './writes.ts'

/** 10 is a sales invoice (recorded); the others stand for what else such a list holds. */
export const documentTypes = [
  [10, ['Verkoopfactuur', 'Sales invoice'], true],
  [20, ['Inkoopfactuur', 'Purchase invoice'], true],
  [50, ['Loonstrook', 'Payslip'], false],
  [55, ['Diversen', 'Miscellaneous'], true],
] as const

export const documentCategory = '90f98168-38ec-4ef7-876f-1eb5d3ba1863'
const mostBytes = 10_000_000

function checkDocument(write: Write, row: SimulatorRow): void {
  const { view, refuse } = write
  const entry = row.FinancialTransactionEntryID
  const tables = ['SalesEntries', 'SalesInvoices', 'GeneralJournalEntries']
  const isKnown = tables.some((table) => rowIn(view, table, entry))
  checkReference(write, 'Account', rowIn(view, 'Accounts', row.Account))
  checkReference(write, 'FinancialTransactionEntryID', isKnown)
  if (row.Type && !documentTypes.some(([id, , creatable]) => id === row.Type && creatable))
    refuse(say(view.language, 'invalid', 'Type'))
}

const nextHid = (view: View): number =>
  Math.max(
    0,
    ...rowsOf(view.world, 'Documents')
      .filter(({ Division }) => Division === view.division)
      .map((row) => Number(row.HID)),
  ) + 1

/** Stores a new document with what it gets when nothing else is said. */
export function saveDocument(view: View, row: SimulatorRow): SimulatorRow {
  const ID = newGuid(view.random)
  return store(view, 'Documents', ID, {
    Category: documentCategory,
    Currency: 'EUR',
    DocumentDate: serverToday(view.now),
    SendMethod: 0,
    InheritShare: false,
    ...row,
    ID,
    HID: nextHid(view),
    ...created(view),
    ...modified(view),
  })
}

export function createDocument(write: Write): SimulatorRow {
  checkDocument(write, write.sent)
  return write.refused() ? write.sent : saveDocument(write.view, write.sent)
}

export function updateDocument(write: Write, merged: SimulatorRow): SimulatorRow {
  checkDocument(write, merged)
  return write.refused() ? merged : store(write.view, 'Documents', String(merged.ID), merged)
}

export function removeDocument({ view }: Write, row: SimulatorRow): void {
  for (const file of rowsIn(view, 'DocumentAttachments').filter(({ Document }) => Document === row.ID))
    discard(view, 'DocumentAttachments', String(file.ID), 4)
}

const bytesOf = (base64: string) => (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0)

export function storeFile(view: View, row: SimulatorRow): SimulatorRow {
  const ID = newGuid(view.random)
  return store(view, 'DocumentAttachments', ID, { ...row, ID, FileSize: String(bytesOf(text(row.Attachment))) })
}

export function createAttachment(write: Write): SimulatorRow {
  const { view, sent, refuse } = write
  checkReference(write, 'Document', rowIn(view, 'Documents', sent.Document))
  if (bytesOf(text(sent.Attachment)) > mostBytes) refuse(say(view.language, 'tooLarge', 'Attachment'))
  return write.refused() ? sent : storeFile(view, sent)
}
