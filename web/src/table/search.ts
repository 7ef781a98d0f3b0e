import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'

/** Reads one parameter of the address; what is not understood is left out, so that an old link still opens. */
export type Reader<T> = (value: unknown) => T | undefined

export const text: Reader<string> = (value) =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
export const flag: Reader<boolean> = (value) =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined
export const date: Reader<string> = (value) =>
  typeof value === 'string' ? (parseCalendarDate(value) ?? undefined) : undefined
export const whole: Reader<number> = (value) => {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isInteger(number) ? number : undefined
}
export const oneOf =
  <const T extends string>(...known: readonly T[]): Reader<T> =>
  (value) =>
    known.find((one) => one === value)
export const manyOf =
  <const T extends string>(...known: readonly T[]): Reader<T[]> =>
  (value) => {
    const found = (Array.isArray(value) ? value : [value]).flatMap((one) => known.find((each) => each === one) ?? [])
    return found.length > 0 ? found : undefined
  }
export const ids: Reader<string[]> = (value) => {
  const found = (Array.isArray(value) ? value : [value]).flatMap((one) => text(one) ?? [])
  return found.length > 0 ? found : undefined
}

export type SearchOf<Readers extends Record<string, Reader<unknown>>> = {
  [Name in keyof Readers]?: Readers[Name] extends Reader<infer T> ? T : never
}

/**
 * `validateSearch` of a route: `export const hoursSearch = readSearch({ from: date, customerId: ids, billable: flag })`.
 * The filter of a screen is its address, so a view can be shared and the back button goes back.
 */
export const readSearch =
  <const Readers extends Record<string, Reader<unknown>>>(readers: Readers) =>
  (search: Record<string, unknown>): SearchOf<Readers> =>
    Object.fromEntries(
      // What is not read is named too: the router would otherwise hand on what stands in the address.
      [...new Set([...Object.keys(search), ...Object.keys(readers)])].flatMap((name) => {
        const value = readers[name]?.(search[name])
        return value === undefined && !(name in search) ? [] : [[name, value]]
      }),
    ) as SearchOf<Readers>
