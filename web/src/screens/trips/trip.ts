import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { parseDistanceInput } from '@uurwerk/core/shared/decimal-input.ts'
import { add, type Decimal, decimal, round, times, zero } from '@uurwerk/core/shared/money.ts'
import type { Word } from '../../words/words.tsx'

export type Trip = components['schemas']['Trip']
export type Vehicle = components['schemas']['Vehicle']
export type Project = components['schemas']['Project']
export type TripKind = Trip['kind']

export const tripKinds = ['business', 'commute', 'private'] as const satisfies readonly TripKind[]

export const kindWords = {
  business: 'trips.kind.business',
  commute: 'trips.kind.commute',
  private: 'trips.kind.private',
} as const satisfies Record<TripKind, Word>

export const distanceWords = {
  'distance-missing': 'trips.distance.missing',
  'distance-not-understood': 'trips.distance.notUnderstood',
  'distance-too-many-decimals': 'trips.distance.decimals',
  'distance-not-positive': 'trips.distance.nothing',
  'distance-too-long': 'trips.distance.tooLong',
} as const satisfies Record<string, Word>

export type Language = 'nl' | 'en'

/** Kilometres as typed, or null while they are not understood. */
export function typedKm(text: string, language: Language): Decimal | null {
  const read = parseDistanceInput(text, language)
  return 'problem' in read ? null : round(read.distanceKm, 1)
}

/** Driven: there and back is twice. */
export const drivenKm = (distanceKm: string, returnTrip: boolean): Decimal =>
  round(times(decimal(distanceKm), decimal(returnTrip ? '2' : '1')), 1)

/** Kilometres of each kind that was driven, and of all together. */
export function kmPerKind(trips: readonly Pick<Trip, 'kind' | 'km'>[]) {
  const sumOf = (some: readonly Pick<Trip, 'km'>[]) =>
    round(
      some.reduce((sum, { km }) => add(sum, decimal(km)), zero),
      1,
    )
  const kinds = tripKinds.flatMap((kind) => {
    const own = trips.filter((trip) => trip.kind === kind)
    return own.length > 0 ? [{ kind, km: sumOf(own) }] : []
  })
  return { kinds, km: sumOf(trips) }
}

export interface TripValues extends Record<string, unknown> {
  readonly date: string
  readonly from: string
  readonly to: string
  /** As typed. */
  readonly distance: string
  readonly returnTrip: boolean
  readonly vehicleId: string | null
  readonly kind: TripKind
  readonly projectId: string | null
  readonly note: string
  /** Null follows from kind and project. */
  readonly billable: boolean | null
  /** Null follows from kind and vehicle. */
  readonly reimbursable: boolean | null
  readonly rememberDistance: boolean
}

export const toValues = (trip: Trip, showKm: (km: string) => string): TripValues => ({
  date: trip.date,
  from: trip.from,
  to: trip.to,
  distance: showKm(trip.distanceKm),
  returnTrip: trip.returnTrip,
  vehicleId: trip.vehicleId,
  kind: trip.kind,
  projectId: trip.projectId,
  note: trip.note,
  billable: trip.billable,
  reimbursable: trip.reimbursable,
  rememberDistance: false,
})

/** What follows from the rest, and whether a person may choose at all. */
export function whoPays(
  values: Pick<TripValues, 'kind' | 'billable' | 'reimbursable'>,
  project: Pick<Project, 'customerId' | 'invoicingMethod'> | null | undefined,
  vehicle: Pick<Vehicle, 'memberId'> | null | undefined,
) {
  const isPrivate = values.kind === 'private'
  const mayBill = !isPrivate && project?.customerId != null && project.invoicingMethod !== 'none'
  return {
    mayBill,
    billable: mayBill && (values.billable ?? values.kind === 'business'),
    mayReimburse: !isPrivate,
    reimbursable: !isPrivate && (values.reimbursable ?? vehicle?.memberId !== null),
  }
}

/** As the API takes it; what was left to follow from the rest is left out. */
export function toBody(values: TripValues, language: Language) {
  const { distance, note, billable, reimbursable, from, to, rememberDistance, ...same } = values
  const isPrivate = values.kind === 'private'
  const settled = (chosen: boolean | null) => (isPrivate ? false : (chosen ?? undefined))
  return {
    ...same,
    from: from.trim(),
    to: to.trim(),
    // What is not understood is told at the field before it comes to this.
    distanceKm: typedKm(distance, language) ?? distance.trim(),
    note: note.trim(),
    billable: values.projectId === null ? false : settled(billable),
    reimbursable: settled(reimbursable),
    rememberDistance: rememberDistance || undefined,
  }
}
