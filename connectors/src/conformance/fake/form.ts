/** In what forms the fake package can be made: every trait that one of the real packages has. */
export interface FakeForm {
  /** How many documents fit one request. */
  readonly batch: 1 | 50
  /** A posting is accepted first and processed later. */
  readonly ticket: boolean
  /** `reserved`: the client gives the number, and the package refuses one that is taken in that journal and year. */
  readonly numbers: 'none' | 'reserved'
  /** The token is good for the one administration chosen at sign-in. */
  readonly companyBound: boolean
  /** What the package itself does against doubles: a key it remembers for a while, or a unique reference. */
  readonly guard: 'none' | 'key' | 'unique'
}

export const plainForm: FakeForm = { batch: 1, ticket: false, numbers: 'none', companyBound: false, guard: 'none' }

/** How long a repeat with the same idempotency key gets the same answer. */
export const keyHonouredMs = 360_000
/** How long an accepted document waits before it is processed. */
export const processingMs = 4_000

export function nameOf(form: FakeForm): string {
  const traits = [
    form.batch === 1 ? 'single' : `batch-${form.batch}`,
    form.ticket ? 'ticket' : '',
    form.numbers === 'reserved' ? 'reserved' : '',
    form.companyBound ? 'bound' : '',
    form.guard === 'none' ? '' : form.guard,
  ]
  return ['ledgerly', ...traits.filter(Boolean)].join('-')
}

/** Together they hold every pair of traits that changes what the engine has to do. */
export const fakeForms: readonly FakeForm[] = [
  plainForm,
  { ...plainForm, batch: 50 },
  { ...plainForm, batch: 50, guard: 'key' },
  { ...plainForm, guard: 'unique', companyBound: true },
  { ...plainForm, numbers: 'reserved', companyBound: true },
  { ...plainForm, ticket: true },
  { ...plainForm, batch: 50, ticket: true, numbers: 'reserved' },
  { ...plainForm, ticket: true, guard: 'key' },
  { batch: 50, ticket: true, numbers: 'reserved', companyBound: true, guard: 'key' },
]
