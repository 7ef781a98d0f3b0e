import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'

export async function findCustomers(search: string, signal?: AbortSignal): Promise<Option[]> {
  const { rows } = await answer(
    api.GET('/customers', { params: { query: { search, limit: 50 } }, ...(signal ? { signal } : {}) }),
  )
  return rows.map(({ id, number, name, country }) => ({
    value: id,
    label: name,
    ...(number ? { code: number } : {}),
    hint: country,
  }))
}
