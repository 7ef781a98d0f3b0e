import { describe, expect, it } from 'vitest'
import type { Matrix, MatrixCell } from './connection.ts'
import {
  codesInUse,
  type Edits,
  openProposals,
  placeKey,
  rulesToSave,
  shownTreatments,
  startOf,
  stillOpen,
  takeProposals,
  withEdit,
} from './rule-edits.ts'

const their = (code: string) => ({ id: `id-${code}`, code, name: `Name ${code}` })
const cell = (more: Partial<MatrixCell>): MatrixCell => ({
  id: null,
  item: 'dev',
  vatTreatment: 'domestic-standard',
  ledgerAccount: null,
  vatCode: null,
  costCentre: null,
  costUnit: null,
  version: null,
  state: 'missing',
  waiting: [],
  itemDiffers: null,
  problem: null,
  ...more,
})
const set = cell({
  state: 'set',
  id: 'rule',
  version: 3,
  costCentre: 'K1',
  ledgerAccount: their('8010'),
  vatCode: their('2'),
})
const proposed = cell({
  state: 'proposed',
  vatTreatment: 'eu-business',
  ledgerAccount: their('8310'),
  vatCode: their('7'),
})
const missing = cell({ vatTreatment: 'outside-eu', ledgerAccount: their('8410') })
const treatment = (id: string, used: boolean) => ({ id, label: id, customers: used ? 1 : 0, used })
const matrix: Matrix = {
  items: [],
  treatments: [
    treatment('domestic-reduced', false),
    treatment('domestic-standard', false),
    treatment('domestic-exempt', false),
    treatment('eu-business', true),
    treatment('outside-eu', true),
  ],
  cells: [set, proposed, missing],
  missing: 2,
}
const none: Edits = new Map()
const rule = (ledgerAccount: string | null, vatCode: string | null, costCentre: string | null = null) => ({
  ledgerAccount: ledgerAccount ? their(ledgerAccount) : null,
  vatCode: vatCode ? their(vatCode) : null,
  costCentre,
  costUnit: null,
})

describe('posting rules that are not saved yet', () => {
  it('keeps the version and the cost centre of the rule it changes, and sends null for a new one', () => {
    const edits = withEdit(withEdit(none, set, set, rule('8020', '2', 'K1')), proposed, proposed, startOf(proposed))
    expect(rulesToSave(matrix, edits)).toEqual([
      {
        item: 'dev',
        vatTreatment: 'domestic-standard',
        ledgerAccount: 'id-8020',
        vatCode: 'id-2',
        costCentre: 'K1',
        costUnit: null,
        version: 3,
      },
      {
        item: 'dev',
        vatTreatment: 'eu-business',
        ledgerAccount: 'id-8310',
        vatCode: 'id-7',
        costCentre: null,
        costUnit: null,
        version: null,
      },
    ])
  })
  it('never sends a proposal that nobody took over', () => {
    expect(rulesToSave(matrix, none)).toEqual([])
  })
  it('sees another cost centre as a change', () => {
    expect(withEdit(none, set, set, rule('8010', '2', 'K1')).size).toBe(0)
    const edits = withEdit(none, set, set, rule('8010', '2', 'K2'))
    expect(rulesToSave(matrix, edits).map(({ costCentre }) => costCentre)).toEqual(['K2'])
  })
  it('keeps half a rule but does not send it', () => {
    const edits = withEdit(none, missing, missing, rule('8410', null))
    expect(edits.size).toBe(1)
    expect(rulesToSave(matrix, edits)).toEqual([])
  })
  it('is no edit when it says what is saved', () => {
    const changed = withEdit(none, set, set, rule('8020', '2'))
    expect(withEdit(changed, set, set, startOf(set)).size).toBe(0)
  })
  it('takes over every proposal that nobody touched, and leaves the touched one as it was chosen', () => {
    expect([...takeProposals(none, openProposals(matrix, none)).keys()]).toEqual([placeKey(proposed)])
    const touched = withEdit(none, proposed, proposed, rule('8020', '7'))
    expect(openProposals(matrix, touched)).toEqual([])
  })
  it('drops what somebody else saved meanwhile and keeps the rest', () => {
    const edits = takeProposals(withEdit(none, missing, missing, rule('8410', '6')), [proposed])
    const after = { cells: [set, { ...proposed, state: 'set' as const, version: 1 }, missing] }
    expect([...stillOpen(after, edits).keys()]).toEqual([placeKey(missing)])
  })
})

describe('the table of posting rules', () => {
  it('shows used cases first, then those with a rule, then what was asked for', () => {
    expect(shownTreatments(matrix, new Set(['domestic-exempt'])).map(({ id }) => id)).toEqual([
      'eu-business',
      'outside-eu',
      'domestic-standard',
      'domestic-exempt',
    ])
  })
  it('explains the VAT codes that stand in it, in order', () => {
    const shown = new Set(matrix.treatments.map(({ id }) => id))
    expect(codesInUse(matrix, none, shown).map(({ code }) => code)).toEqual(['2', '7'])
    const edits = withEdit(none, missing, missing, rule(null, '6'))
    expect(codesInUse(matrix, edits, shown).map(({ code }) => code)).toEqual(['2', '6', '7'])
  })
})
