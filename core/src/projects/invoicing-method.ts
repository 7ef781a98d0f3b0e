/** How the work on a project becomes money. The words for each code stand with the screens. */
export const invoicingMethods = [
  'none', // no invoicing
  'hourly-activity', // hours at the rate of the activity
  'hourly-user', // hours at the rate of the person
  'hourly-project', // hours at the rate of the project
  'hourly-customer', // hours at the rate of the customer
  'fixed-price', // whole or in instalments
  'fixed-per-activity', // one price per activity
  'subscription', // an amount per week, month, quarter or year
] as const
export type InvoicingMethod = (typeof invoicingMethods)[number]

export type HourlyMethod = Extract<InvoicingMethod, `hourly-${string}`>

export const isHourly = (method: InvoicingMethod): method is HourlyMethod => method.startsWith('hourly-')

/** Hours that an agreed amount pays for: shown as covered, never as uninvoiced money. */
export const coversHours = (method: InvoicingMethod): boolean =>
  method === 'fixed-price' || method === 'fixed-per-activity' || method === 'subscription'
