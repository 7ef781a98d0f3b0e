import { addDays, addMonths, type CalendarDate, dayOfWeek, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '../http/call.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { sampleWords } from './sample-words.ts'

const office = 'Kadestraat 12, Utrecht'
const places = {
  vanDalen: { place: 'Industrieweg 14, Utrecht', distanceKm: '7.6' },
  kessler: { place: 'Werkstraße 8, Nordhorn', distanceKm: '168.5' },
} as const
const home = { place: 'Dorpsstraat 3, Houten', distanceKm: '11.8' }

interface SampleTrip {
  readonly memberId: string
  readonly date: CalendarDate
  readonly toPlace: string
  readonly fromPlace: string
  readonly distanceKm: string
  readonly returnTrip: true
  readonly kind: 'business' | 'commute'
  readonly projectId: string | null
  readonly vehicleId: string
  readonly note: string
  readonly billable: boolean
  readonly reimbursable: boolean
}

/** A car of the firm and one of Noor's own, what a kilometre costs, and the trips of last month and this one so far. */
export async function addSampleTrips(
  trx: Trx,
  services: Services,
  {
    firmId,
    language,
    today,
    from,
    people,
    customers,
    projects,
  }: {
    readonly firmId: string
    readonly language: Language
    readonly today: CalendarDate
    /** From when the rates hold. */
    readonly from: CalendarDate
    readonly people: readonly string[]
    readonly customers: Readonly<Record<'vanDalen' | 'kessler', string>>
    readonly projects: Readonly<Record<'portal' | 'dealers', string>>
  },
): Promise<void> {
  const now = services.clock.now()
  const stamps = { createdAt: now, updatedAt: now }
  const one = () => ({ firmId, id: services.ids.next(), ...stamps })
  const words = sampleWords[language].trips
  const [sanne, joris, noor] = people as [string, string, string]
  const [ofFirm, ofNoor] = [one(), one()]
  await trx
    .insertInto('vehicle')
    .values([
      { ...ofFirm, name: words.car, plate: 'ND-412-K' },
      { ...ofNoor, name: 'Fiat Panda', plate: 'RX-087-P', memberId: noor },
    ])
    .execute()
  const rate = { unit: 'km', currency: 'EUR', fromDate: from }
  await trx
    .insertInto('rate')
    .values([
      { ...one(), ...rate, purpose: 'billing', scope: 'firm', amount: '0.40' },
      { ...one(), ...rate, purpose: 'billing', scope: 'customer', customerId: customers.kessler, amount: '0.35' },
      { ...one(), ...rate, purpose: 'reimbursement', scope: 'firm', amount: '0.23' },
    ])
    .execute()
  await trx
    .insertInto('distance')
    .values(
      (['vanDalen', 'kessler'] as const).map((key) => ({
        ...one(),
        customerId: customers[key],
        fromPlace: office,
        toPlace: places[key].place,
        distanceKm: places[key].distanceKm,
      })),
    )
    .execute()

  const toVanDalen = {
    fromPlace: office,
    toPlace: places.vanDalen.place,
    distanceKm: places.vanDalen.distanceKm,
    returnTrip: true,
    kind: 'business',
    projectId: projects.portal,
    note: '',
    billable: true,
  } as const
  const commute = {
    fromPlace: home.place,
    toPlace: office,
    distanceKm: home.distanceKm,
    returnTrip: true,
    kind: 'commute',
    projectId: null,
    note: '',
    billable: false,
  } as const
  const trips: SampleTrip[] = []
  const car = { vehicleId: ofFirm.id, reimbursable: false }
  const own = { vehicleId: ofNoor.id, reimbursable: true }
  for (let date = startOfMonth(addMonths(today, -1)); date < today; date = addDays(date, 1)) {
    const day = dayOfWeek(date)
    if (day === 1) trips.push({ ...toVanDalen, ...car, memberId: sanne, date, note: words.meeting })
    if (day === 3) trips.push({ ...toVanDalen, ...car, memberId: joris, date })
    if (day === 1 || day === 2) trips.push({ ...commute, ...own, memberId: noor, date })
    if (day === 4) trips.push({ ...toVanDalen, ...own, memberId: noor, date, note: words.show })
    // Once a month to Nordhorn: the second Tuesday.
    if (day === 2 && Number(date.slice(8)) > 7 && Number(date.slice(8)) < 15)
      trips.push({
        ...toVanDalen,
        ...car,
        memberId: sanne,
        date,
        toPlace: places.kessler.place,
        distanceKm: places.kessler.distanceKm,
        projectId: projects.dealers,
        note: words.demonstration,
      })
  }
  if (trips.length > 0)
    await trx
      .insertInto('trip')
      .values(trips.map((trip) => ({ ...one(), ...trip })))
      .execute()
}
