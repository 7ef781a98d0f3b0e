const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Two letters, ISO 3166. */
export const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && regions.of(code) !== undefined

/** Three letters, ISO 4217. */
export const isCurrency = (code: unknown): code is string => typeof code === 'string' && currencies.has(code)
