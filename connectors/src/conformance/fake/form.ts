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
  /** Files hang on the entry itself, or on a document in the archive that belongs to the entry. */
  readonly files: 'entry' | 'document'
  /** `entries`: it makes no invoices of its own, tells nothing of payments and sends no hints. */
  readonly reach: 'whole' | 'entries'
}

export const plainForm: FakeForm = {
  batch: 1,
  ticket: false,
  numbers: 'none',
  companyBound: false,
  guard: 'none',
  files: 'entry',
  reach: 'whole',
}

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
    form.files === 'document' ? 'documents' : '',
    form.reach === 'entries' ? 'entries' : '',
  ]
  return ['ledgerly', ...traits.filter(Boolean)].join('-')
}

/** Together they hold every pair of traits that changes what the engine has to do. */
export const fakeForms: readonly FakeForm[] = [
  plainForm,
  { ...plainForm, batch: 50, reach: 'entries' },
  { ...plainForm, batch: 50, guard: 'key', files: 'document' },
  { ...plainForm, guard: 'unique', companyBound: true, files: 'document' },
  { ...plainForm, numbers: 'reserved', companyBound: true },
  { ...plainForm, ticket: true, files: 'document' },
  { ...plainForm, batch: 50, ticket: true, numbers: 'reserved' },
  { ...plainForm, ticket: true, guard: 'key' },
  {
    batch: 50,
    ticket: true,
    numbers: 'reserved',
    companyBound: true,
    guard: 'key',
    files: 'document',
    reach: 'whole',
  },
]
