import type { Reads } from '../contract/contract.ts'
import type { DimensionRow } from '../contract/rows.ts'
import type { ExactCalls } from './calls.ts'
import { wholeReads } from './sync.ts'
import { costCentre, costUnit } from './wire.ts'

/** A cost centre and a cost unit may share a code, and lines name both by code: the id says which. */
const dimension = (
  kind: DimensionRow['kind'],
  code: string,
  name: string | undefined,
  isEnded: boolean,
): DimensionRow => ({
  id: `${kind}:${code}`,
  code,
  name: name ?? code,
  kind,
  isEnded,
})

export const dimensionReads = (calls: ExactCalls): Reads<DimensionRow> =>
  wholeReads(calls, 'hrm/Costcenters', async () => {
    const today = calls.today()
    const centres = await calls.all('hrm/Costcenters', costCentre)
    const units = await calls.all('hrm/Costunits', costUnit)
    return [
      ...centres.map(({ Code, Description, EndDate }) =>
        dimension('costCentre', Code, Description, EndDate !== undefined && EndDate < today),
      ),
      ...units.map(({ Code, Description }) => dimension('costUnit', Code, Description, false)),
    ]
  })
