import type { letterInput } from '@uurwerk/api/letters.ts'
import { formatDate } from '@uurwerk/core/shared/format.ts'
import { toCents, zero } from '@uurwerk/core/shared/money.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { StatementPaper } from '../documents/pdf/statement-paper.ts'
import {
  type StatementAsked,
  statementBytes,
  statementFileName,
  statementPaperOf,
} from '../documents/statement-document.ts'
import { amountText, ibanText } from '../letters/letter-values.ts'
import { addressesOf, contactOf, mailMissing, mailNotSet, senderOf } from '../letters/proposal.ts'
import { filledText, templateOf, type Values } from '../letters/templates.ts'
import { type Writing, writeLetter } from '../letters/write-letter.ts'
import type { Services } from '../services.ts'

type Reading = Pick<Writing, 'trx' | 'firmId' | 'now'> & { readonly services: Pick<Services, 'mail'> }

/** The letter that goes with a statement, as the template and what is known of the customer propose it. */
export async function proposeStatementLetter(call: Reading, customerId: string, asked: StatementAsked) {
  const { trx, firmId, services } = call
  const paper = await statementPaperOf(call, customerId, asked)
  const firm = await trx
    .selectFrom('firm')
    .select(['name', 'email', 'mailSenderName', 'mailReplyTo', 'mailBcc'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const known = await addressesOf(call, customerId)
  const to = known.filter(({ isDefault }) => isDefault).map(({ address, name }) => ({ address, name }))
  const text = filledText(await templateOf(call, 'statement', paper.language), valuesOf(paper, contactOf(to)))
  const problems: Problem[] = [
    ...(services.mail.works ? [] : [mailNotSet]),
    ...(to.length > 0 ? [] : [mailMissing(paper.customer.name)]),
  ]
  return {
    ...text,
    to,
    bcc: firm.mailBcc,
    language: paper.language,
    ...senderOf(services, firm),
    fileName: statementFileName(paper),
    problems,
  }
}

function valuesOf({ customer, firm, language, asOf, currencies }: StatementPaper, contact: string | null): Values {
  const owed = currencies.map(({ balance, currency }) => amountText(balance, currency, language))
  return {
    customer: customer.name,
    contact: contact ?? customer.name,
    date: formatDate(asOf, language),
    outstanding: owed.join(' + ') || amountText(toCents(zero), firm.currency, language),
    firm: firm.name,
    iban: ibanText(firm.iban),
  }
}

export interface StatementLetter extends StatementAsked, Omit<z.output<typeof letterInput>, 'attach'> {}

/**
 * Makes the statement, keeps its bytes with the letter, and gives it to the lane that sends; answers the id of the
 * letter. The document is made outside a transaction.
 *
 * Problems: those of `statementPaperOf`, `statementBytes` and `writeLetter`.
 */
export async function writeStatementLetter(
  call: Omit<Writing, 'trx' | 'services'> & { readonly services: Services },
  customerId: string,
  letter: StatementLetter,
): Promise<string> {
  const { services, firmId } = call
  if (!services.mail.works) throw new ProblemError(mailNotSet)
  const paper = await services.store.withFirm(firmId, (trx) =>
    statementPaperOf({ ...call, trx }, customerId, letter, ''),
  )
  const bytes = await statementBytes(services, paper)
  return services.store.withFirm(firmId, async (trx) => {
    const { mailBcc } = await trx
      .selectFrom('firm')
      .select('mailBcc')
      .where('firmId', '=', firmId)
      .executeTakeFirstOrThrow()
    return writeLetter(
      { ...call, trx },
      {
        kind: 'statement',
        customerId,
        invoiceId: null,
        language: paper.language,
        to: letter.to,
        bcc: letter.bcc ?? mailBcc,
        ...filledText(letter, valuesOf(paper, contactOf(letter.to))),
        attachments: [{ kind: 'statement', fileName: statementFileName(paper), mediaType: 'application/pdf', bytes }],
      },
    )
  })
}
