import { assert } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import type { MessageFixture } from '../../conformance/harness.ts'
import { newCustomer, salesEntry } from '../../conformance/sample-documents.ts'
import type { App, Wire } from '../../contract/contract.ts'
import { draftCustomer } from '../customers.ts'
import { answerOf, recordedIn } from '../fixtures/index.ts'
import { readingProblem } from '../judge.ts'
import { draftSalesEntry } from '../sales-entries.ts'
import { signIn } from '../sign-in.ts'

/** What leads to each row of the messages: recorded answers in both languages, and documents that are found wanting. */
export const messageFixtures = (app: App): readonly MessageFixture[] => [
  ...recordedFixtures(app, 'nl'),
  ...recordedFixtures(app, 'en'),
  ...fixturesBeforehand(),
]

const now = new Date('2026-03-31T10:00:30Z')

function recordedFixtures(app: App, language: 'nl' | 'en'): readonly MessageFixture[] {
  return recordedIn(language).map((recorded) => {
    const { code, from, grant } = recorded
    const answer = answerOf(recorded)
    if (!from) return { code, problem: () => readingProblem(answer, now) }
    const wire: Wire = { clock: { now: () => now }, send: async () => answer }
    const given = grant === 'code' ? { code: 'c' } : { refresh: 'r' }
    return { code, problem: () => thrownBy(signIn.token(app, given, wire)) }
  })
}

/** What is found in a draft, before Exact Online could say anything. */
function fixturesBeforehand(): readonly MessageFixture[] {
  const known = { id: () => 'some-id', row: () => undefined, rows: () => [] }
  const ids = { customer: 'c', item: 'i', ledgerAccount: 'l', vatHigh: '2', vatLow: '1', journal: '70' }
  const tooLong = { ...salesEntry(ids, 'A1'), invoiceNumber: 'F'.repeat(31) }
  return [
    firstOf('customer-field-too-long', draftCustomer(newCustomer('A1', { name: 'N'.repeat(51) }))),
    firstOf('reference-too-long', draftSalesEntry(tooLong, known, 'nl')),
  ]
}

function firstOf(code: string, draft: object): MessageFixture {
  return {
    code,
    problem() {
      const problems = 'problems' in draft ? (draft.problems as readonly Problem[]) : []
      const found = problems.find((problem) => problem.code === code)
      assert(found, `the draft has no ${code}`)
      return found
    },
  }
}

async function thrownBy(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}
