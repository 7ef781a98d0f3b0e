const countryOfZone: Readonly<Record<string, string>> = {
  'Europe/Amsterdam': 'NL',
  'Europe/Brussels': 'BE',
  'Europe/Berlin': 'DE',
  'Europe/Luxembourg': 'LU',
  'Europe/Paris': 'FR',
  'Europe/London': 'GB',
  'Europe/Dublin': 'IE',
  'Europe/Vienna': 'AT',
  'Europe/Madrid': 'ES',
  'Europe/Rome': 'IT',
}
const currencyOfCountry: Readonly<Record<string, string>> = {
  GB: 'GBP',
  US: 'USD',
  CH: 'CHF',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
}

/**
 * Country, currency and time zone to start from. The clock says more about where a firm is than the language of the
 * browser does: many Dutch machines speak American English.
 */
export function browserDefaults(timeZone: string, languages: readonly string[]) {
  const region = languages.flatMap((tag) => new Intl.Locale(tag).region ?? [])[0]
  const isEuropean = timeZone.startsWith('Europe/')
  const country = countryOfZone[timeZone] ?? (isEuropean ? 'NL' : (region ?? 'NL'))
  const known = timeZone.includes('/') && !timeZone.startsWith('Etc/')
  return {
    country: known ? country : 'NL',
    currency: known ? (currencyOfCountry[country] ?? 'EUR') : 'EUR',
    timeZone: known ? timeZone : 'Europe/Amsterdam',
  }
}
