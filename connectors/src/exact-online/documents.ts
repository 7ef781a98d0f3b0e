import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { ArchivedDoc } from '../contract/documents.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { toJsonNumber } from '../kit/json-number.ts'
import { allOf, literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, exactCalls } from './calls.ts'
import { titles } from './line-text.ts'
import { findEach, onePerRequest, packOne, parentMissing, sendOne } from './posting.ts'
import { longAgo, mustBeShown } from './rights.ts'
import { archivedDocument, type ExactDocumentRead } from './wire.ts'

const resource = 'documents/Documents'

/** Type 10 is a sales invoice (recorded answers; the list is `documents/DocumentTypes`). */
const salesInvoiceType = 10

interface ExactDocument {
  readonly Subject: string
  readonly Type: typeof salesInvoiceType
  readonly Account: TheirId
  readonly DocumentDate: CalendarDate
  readonly AmountFC: number
  readonly Currency: string
  /** Links it to the entry. */
  readonly FinancialTransactionEntryID: TheirId
}

export function draftDocument(
  document: ArchivedDoc,
  known: Pick<Known, 'id' | 'parent'>,
  language: 'nl' | 'en',
): Draft | { readonly problems: readonly Problem[] } {
  const { parent } = known
  if (!parent) return parentMissing('entry-missing')
  const Account = known.id('customer', document.customer)
  if (Account === undefined)
    return {
      problems: [
        {
          kind: 'setup',
          code: 'customer-missing',
          values: { invoice: document.invoiceNumber },
          fields: [{ pointer: '/customer', code: 'customer-missing' }],
        },
      ],
    }
  const body: ExactDocument = {
    // With the account, what it is found by: so the reference stands in it.
    Subject: `${titles[language][document.kind]} ${document.invoiceNumber} (${document.reference})`,
    Type: salesInvoiceType,
    Account,
    DocumentDate: document.date,
    AmountFC: toJsonNumber(document.gross),
    Currency: document.currency,
    FinancialTransactionEntryID: parent.id,
  }
  const key = body.Subject
  return { reference: document.reference, group: resource, body, units: 1, expects: null, key, notes: [] }
}

export const fromExactDocument = (found: ExactDocumentRead): Receipt => ({
  id: found.ID,
  ...(found.HID !== undefined && { number: String(found.HID) }),
  hash: fingerprint([found.Account?.toLowerCase(), found.Subject, found.FinancialTransactionEntryID?.toLowerCase()]),
})

const sent = z.object({ Subject: z.string(), Account: z.string(), FinancialTransactionEntryID: z.string() })

/** Its subject names us. Which entry it hangs on may be left out when it is read, but is never another one. */
export function compareDocuments(hits: readonly ExactDocumentRead[], draft: Draft): Found {
  const [hit] = hits
  if (hit === undefined) return { is: 'absent' }
  if (hits.length > 1) return { is: 'several', receipts: hits.map(fromExactDocument) }
  const body = parse(sent, draft.body, resource)
  const receipt = fromExactDocument(hit)
  const hangsOn = hit.FinancialTransactionEntryID?.toLowerCase()
  const isOther = hangsOn !== undefined && hangsOn !== body.FinancialTransactionEntryID.toLowerCase()
  return isOther ? { is: 'different', receipt, why: 'entry' } : { is: 'same', receipt }
}

export function documentPosts(at: Connection<unknown>, wire: Wire): Posts<ArchivedDoc> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: (document, known) => draftDocument(document, known, at.language),
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    send: (packed, drafts) =>
      sendOne(packed, drafts, wire, {
        schema: archivedDocument,
        outcome: async (made) => ({ is: 'posted', receipt: fromExactDocument(made) }),
      }),
    find: (drafts) =>
      findEach(
        drafts,
        async (draft) => {
          const { Account, Subject } = parse(sent, draft.body, resource)
          const filter = allOf([`Account eq ${literal.guid(Account)}`, `Subject eq ${literal.text(Subject)}`])
          return compareDocuments(await calls().all(resource, archivedDocument, { filter }), draft)
        },
        () =>
          mustBeShown(calls(), resource, () =>
            calls().all(resource, archivedDocument.pick({ ID: true }), {
              top: 1,
              filter: `DocumentDate ge ${literal.date(longAgo)}`,
            }),
          ),
      ),
  }
}
