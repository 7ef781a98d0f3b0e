import type { statementRoutes, statement as statementShape } from '@uurwerk/api/statements.ts'
import { ages, type Statement } from '@uurwerk/core/invoicing/statement.ts'
import type { z } from 'zod'
import type { StatementPaper } from '../documents/pdf/statement-paper.ts'
import { statementBytes, statementFileName, statementPaperOf } from '../documents/statement-document.ts'
import type { Handlers } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { letterAnswer } from '../letters/letter-rows.ts'
import { proposeStatementLetter, writeStatementLetter } from '../statements/statement-letter.ts'

export const statementHandlers: Handlers<keyof typeof statementRoutes> = {
  readStatement: async (call) => toAnswer(await statementPaperOf(call, call.params.id, call.query)),

  // Made outside a transaction: a document takes a moment, and nobody waits for a row meanwhile.
  readStatementDocument: {
    free: async ({ services, firmId, params, query, now }) => {
      const paper = await services.store.withFirm(firmId, (trx) =>
        statementPaperOf({ trx, firmId, now }, params.id, query),
      )
      return {
        mediaType: 'application/pdf',
        fileName: statementFileName(paper),
        inline: !query.save,
        bytes: await statementBytes(services, paper),
      }
    },
  },

  readStatementLetter: async (call) => {
    const { problems, to, ...proposal } = await proposeStatementLetter(call, call.params.id, call.query)
    return { ...proposal, to: [...to], problems: problems.map((problem) => explainProblem(problem, call.language)) }
  },

  writeStatementLetter: {
    free: async (call) => {
      const { services, firmId, params, body, language, actor, requestId } = call
      const by = { memberId: actor.memberId, name: actor.name, requestId }
      const id = await writeStatementLetter({ services, firmId, now: call.now, by }, params.id, body)
      return services.store.withFirm(firmId, (trx) => letterAnswer({ trx, firmId, language }, id))
    },
  },
}

const toAnswer = ({
  customer,
  language,
  kind,
  asOf,
  from,
  currencies,
}: StatementPaper): z.input<typeof statementShape> => ({
  customerId: customer.id,
  customerName: customer.name,
  language,
  kind,
  asOf,
  from,
  currencies: currencies.map((one) => inCurrency(one, kind)),
})

/** What was asked for: the open items, or the movements. */
const inCurrency = (
  { currency, items, byAge, opening, movements, balance }: Statement,
  kind: StatementPaper['kind'],
) => ({
  currency,
  items: (kind === 'open' ? items : []).map(({ document, ...item }) => ({
    ...item,
    document: documentOf(document),
    gross: document.gross,
  })),
  byAge: ages.map((age) => ({ age, amount: byAge[age] })),
  opening,
  movements: (kind === 'all' ? movements : []).map(({ document, ...one }) => ({
    ...one,
    document: documentOf(document),
  })),
  balance,
})

const documentOf = ({ id, kind, number, date, dueDate }: Statement['items'][number]['document']) => ({
  id,
  kind,
  number,
  date,
  dueDate,
})
