import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../../problem.ts'
import { atFields, type LetterDraft, onProposal, templateOf, toLetterInput, valuesOfDraft } from './letter.ts'

const draft: LetterDraft = {
  kind: 'invoice',
  step: null,
  language: 'nl',
  to: [
    { address: 'anja@vandalen.example', name: 'Anja van Dalen' },
    { address: 'facturen@vandalen.example', name: null },
  ],
  bcc: ['archief@noordkade.example'],
  subject: 'Factuur {number}',
  body: 'Beste Anja',
  attach: { ubl: true, hours: true, receipts: ['file-1'] },
  preview: { subject: 'Factuur 2026-0001', body: 'Beste Anja' },
  sender: { name: 'Bureau Noordkade', address: 'facturen@noordkade.example' },
  replyTo: null,
  known: [],
  receipts: [],
  hasHours: true,
  hasUbl: true,
  fileNames: { pdf: 'a.pdf', hours: 'b.pdf', ubl: 'c.xml' },
  problems: [],
}

describe('the fields of a letter', () => {
  it('hold what is proposed, and send it back as it was', () => {
    expect(toLetterInput(valuesOfDraft(draft))).toEqual({
      to: [{ address: 'anja@vandalen.example', name: 'Anja van Dalen' }, { address: 'facturen@vandalen.example' }],
      bcc: ['archief@noordkade.example'],
      subject: 'Factuur {number}',
      body: 'Beste Anja',
      attach: { ubl: true, hours: true, receipts: ['file-1'] },
    })
  })
  it('ask for nothing that cannot be made', () => {
    const bare = { ...draft, hasHours: false, hasUbl: false }
    expect(toLetterInput(valuesOfDraft(bare)).attach).toEqual({ ubl: false, hours: false, receipts: ['file-1'] })
  })
})

describe('what was typed before the invoice changed', () => {
  const before = valuesOfDraft({ ...draft, body: 'Het bedrag is € 100,00.' })
  const now = valuesOfDraft({ ...draft, body: 'Het bedrag is € 121,00.' })
  it('follows the invoice where nobody typed', () => {
    expect(onProposal({ ...before, subject: 'Onze uren' }, before, now)).toEqual({
      values: { ...now, subject: 'Onze uren' },
      outdated: [],
    })
  })
  it('stays where somebody typed, and is said to be of before', () => {
    const typed = { ...before, body: 'Dag Anja, het bedrag is € 100,00.' }
    expect(onProposal(typed, before, now)).toEqual({ values: { ...now, body: typed.body }, outdated: ['body'] })
  })
  it('is up to date while the text would read the same', () => {
    const typed = { ...before, body: 'Dag Anja.', to: [], receipts: [] }
    expect(onProposal(typed, before, before)).toEqual({ values: typed, outdated: [] })
  })
})

it.each([
  ['invoice', null, 'invoice'],
  ['credit-note', null, 'credit-note'],
  ['statement', null, 'statement'],
  ['reminder', 1, 'reminder-1'],
  ['reminder', 2, 'reminder-2'],
  ['reminder', 3, 'reminder-3'],
] as const)('a letter of kind %s, step %s, is made from the text “%s”', (kind, step, template) => {
  expect(templateOf({ kind, step })).toBe(template)
})

describe('what the server says of a part of the letter', () => {
  const pointed = (pointer: string) => {
    const told = atFields(
      new ApiProblem({ status: 422, code: 'input-wrong', errors: [{ pointer, code: 'wrong', message: 'Niet goed.' }] }),
    )
    return told instanceof ApiProblem ? told.problem.errors?.[0]?.pointer : told
  }
  it.each([
    ['/letter/to/0/address', '/to'],
    ['/to/3/address', '/to'],
    ['/letter/bcc/1', '/bcc'],
    ['/letter/subject', '/subject'],
    ['/body', '/body'],
    ['/letter/attach/receipts/2', '/receipts'],
    ['/attach/ubl', '/ubl'],
  ])('%s is told at %s', (pointer, field) => expect(pointed(pointer)).toBe(field))

  it('stays as it is when no field is named', () => {
    const problem = new ApiProblem({ status: 409, code: 'stale' })
    expect(atFields(problem)).toBe(problem)
    const mistake = new Error('ours')
    expect(atFields(mistake)).toBe(mistake)
  })
})
