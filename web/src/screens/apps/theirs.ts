import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'

export type Noun = 'items' | 'ledgerAccounts' | 'vatCodes' | 'journals' | 'paymentTerms'

export interface TheirRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly detail?: string | null
  readonly unusable?: string | null
}

export const optionOf = (row: TheirRow): Option => ({
  value: row.id,
  code: row.code,
  label: row.name,
  ...(row.detail ? { hint: row.detail } : {}),
  ...(row.unusable ? { why: row.unusable } : {}),
})

/** A code or identity that was pasted comes first, then codes and names that begin with it; the rest stays by code. */
export function rankTheirs<Row extends TheirRow>(rows: readonly Row[], typed: string): readonly Row[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return rows
  const rank = ({ id, code, name }: Row): number => {
    if (id.toLowerCase() === wanted || code.toLowerCase() === wanted) return 0
    if (code.toLowerCase().startsWith(wanted)) return 1
    return name.toLowerCase().startsWith(wanted) ? 2 : 3
  }
  return rows.toSorted((a, b) => rank(a) - rank(b))
}

/** What somebody types may be a row that is not offered at first: it is found too, with the reason why it cannot be used. */
const findsAll: readonly Noun[] = ['ledgerAccounts', 'vatCodes']

/** Search in one of the package's lists, for a `Picker`. */
export const searchTheirs =
  (connectionId: string, noun: Noun) =>
  async (typed: string, signal: AbortSignal): Promise<readonly Option[]> => {
    const search = typed.trim()
    const { rows } = await answer(
      api.GET('/connections/{id}/lists/{noun}', {
        params: {
          path: { id: connectionId, noun },
          query: {
            limit: 200,
            ...(search ? { search } : {}),
            ...(search && findsAll.includes(noun) ? { all: 'true' } : {}),
          },
        },
        signal,
      }),
    )
    return rankTheirs(rows, typed).map(optionOf)
  }

/** Cost centres or cost units: a rule names them by their code. */
export const searchDimensions =
  (connectionId: string, kind: 'costCentre' | 'costUnit') =>
  async (typed: string, signal: AbortSignal): Promise<readonly Option[]> => {
    const search = typed.trim()
    const { rows } = await answer(
      api.GET('/connections/{id}/lists/{noun}', {
        params: {
          path: { id: connectionId, noun: 'dimensions' },
          query: { limit: 200, kind, ...(search ? { search } : {}) },
        },
        signal,
      }),
    )
    return rankTheirs(rows, typed).map(({ code, name }) => ({ value: code, code, label: name }))
  }
