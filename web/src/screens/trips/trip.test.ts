import { describe, expect, it } from 'vitest'
import { kmPerKind, type TripValues, toBody, typedKm, whoPays } from './trip.ts'

const values: TripValues = {
  date: '2026-03-02',
  from: ' Zwolle ',
  to: 'Utrecht',
  distance: '18,4',
  returnTrip: true,
  vehicleId: null,
  kind: 'business',
  projectId: 'p',
  note: '',
  billable: null,
  reimbursable: null,
  rememberDistance: false,
}
const invoiced = { customerId: 'c', invoicingMethod: 'hourly-project' } as const

describe('kilometres', () => {
  it('are understood as they are typed in either language', () => {
    expect([typedKm('18,4', 'nl'), typedKm('18.4 km', 'en'), typedKm('1.200', 'nl')]).toEqual([
      '18.4',
      '18.4',
      '1200.0',
    ])
    expect([typedKm('ver', 'nl'), typedKm('0', 'nl'), typedKm('1,25', 'nl')]).toEqual([null, null, null])
  })

  it('add up per kind to the whole', () => {
    const trips = [
      { kind: 'business', km: '36.8' },
      { kind: 'private', km: '0.1' },
      { kind: 'business', km: '0.2' },
    ] as const
    expect(kmPerKind(trips)).toEqual({
      kinds: [
        { kind: 'business', km: '37.0' },
        { kind: 'private', km: '0.1' },
      ],
      km: '37.1',
    })
    expect(kmPerKind([])).toEqual({ kinds: [], km: '0.0' })
  })
})

describe('who pays', () => {
  it('follows from kind, project and vehicle until somebody chooses', () => {
    expect(whoPays(values, invoiced, null)).toMatchObject({ billable: true, reimbursable: true })
    expect(whoPays({ ...values, kind: 'commute' }, invoiced, null)).toMatchObject({ billable: false, mayBill: true })
    expect(whoPays(values, null, null)).toMatchObject({ billable: false, mayBill: false })
    expect(whoPays(values, { ...invoiced, invoicingMethod: 'none' }, null)).toMatchObject({ mayBill: false })
    expect(whoPays(values, invoiced, { memberId: null })).toMatchObject({ reimbursable: false, mayReimburse: true })
    expect(whoPays(values, invoiced, { memberId: 'me' })).toMatchObject({ reimbursable: true })
    expect(whoPays({ ...values, billable: false, reimbursable: true }, invoiced, { memberId: null })).toMatchObject({
      billable: false,
      reimbursable: true,
    })
    expect(whoPays({ ...values, kind: 'private', billable: true, reimbursable: true }, invoiced, null)).toEqual({
      mayBill: false,
      billable: false,
      mayReimburse: false,
      reimbursable: false,
    })
  })

  it('is sent only when it was chosen, or cannot be otherwise', () => {
    expect(toBody(values, 'nl')).toMatchObject({
      from: 'Zwolle',
      distanceKm: '18.4',
      billable: undefined,
      reimbursable: undefined,
      rememberDistance: undefined,
    })
    expect(toBody({ ...values, kind: 'private' }, 'nl')).toMatchObject({ billable: false, reimbursable: false })
    expect(toBody({ ...values, projectId: null, billable: true }, 'nl')).toMatchObject({ billable: false })
  })
})
