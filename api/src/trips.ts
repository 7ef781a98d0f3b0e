import { z } from 'zod'
import { entryFacts, entryFilter, entrySelectionFilter, tags } from './entries.ts'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  currency,
  decimal,
  flag,
  id,
  instant,
  longText,
  many,
  optionalText,
  page,
  paging,
  positiveDecimal,
  shortText,
  version,
} from './shapes.ts'

export const tripKind = z.enum(['business', 'commute', 'private'])
const place = shortText(100)
const oneWay = decimal.meta({ description: 'Kilometres of one way, one decimal; at most 5000', example: '18.4' })

export const tripInput = z.object({
  memberId: id.optional().meta({ description: 'Yourself when left out' }),
  date: calendarDate,
  from: place,
  to: place,
  distanceKm: oneWay,
  returnTrip: z.boolean().optional().meta({ description: 'There and back: the distance counts twice' }),
  vehicleId: id.nullable().optional(),
  kind: tripKind,
  projectId: id.nullable().optional(),
  note: longText(1000).optional(),
  tags: tags.optional(),
  billable: z
    .boolean()
    .optional()
    .meta({ description: 'To the customer; when left out: a business trip for a project that is invoiced' }),
  reimbursable: z
    .boolean()
    .optional()
    .meta({ description: 'To the employee; when left out: not private, and not in a vehicle of the firm' }),
  rememberDistance: z
    .boolean()
    .optional()
    .meta({ description: 'Keep it with the customer of the project, so that it is proposed from then on' }),
})

export const trip = z
  .object({
    id,
    memberId: id,
    memberName: z.string(),
    date: calendarDate,
    from: z.string(),
    to: z.string(),
    /** One way. */
    distanceKm: z.string(),
    returnTrip: z.boolean(),
    /** Driven: twice the distance when there and back. */
    km: z.string(),
    vehicleId: id.nullable(),
    vehicleName: z.string().nullable(),
    kind: tripKind,
    customerId: id.nullable(),
    customerName: z.string().nullable(),
    projectId: id.nullable(),
    projectName: z.string().nullable(),
    note: z.string(),
    tags: z.array(z.string()),
    billable: z.boolean(),
    reimbursable: z.boolean(),
    /** The payment that it was part of. */
    reimbursement: z.object({ id, paidOn: calendarDate }).nullable(),
    ...entryFacts,
    /** What the customer pays per kilometre on that day, and for this trip; null without right, rate or billing. */
    rate: z.string().nullable(),
    amount: z.string().nullable(),
    currency: z.string().nullable(),
    version,
  })
  .meta({ id: 'Trip' })

export const tripFilter = z.object({
  ...entryFilter,
  vehicleId: many(id),
  tripKind: many(tripKind),
  reimbursable: flag.optional(),
  reimbursed: flag.optional().meta({ description: 'Paid to the employee or not' }),
})

/** The same filter in a body, where lists are lists and switches are switches. */
export const tripSelectionFilter = z.object({
  ...entrySelectionFilter,
  vehicleId: z.array(id).max(200).optional(),
  tripKind: z.array(tripKind).max(3).optional(),
  reimbursable: z.boolean().optional(),
  reimbursed: z.boolean().optional(),
})

const plate = optionalText(15)
export const vehicleInput = z.object({
  name: shortText(60),
  plate: plate.optional(),
  memberId: id.nullable().optional().meta({ description: 'Whose own it is; null for a vehicle of the firm' }),
})

export const vehicle = z
  .object({
    id,
    name: z.string(),
    plate: z.string().nullable(),
    memberId: id.nullable(),
    memberName: z.string().nullable(),
    archived: z.boolean(),
    version,
    updatedAt: instant,
  })
  .meta({ id: 'Vehicle' })

export const distanceInput = z.object({ customerId: id, from: place, to: place, distanceKm: oneWay })

export const distance = z
  .object({ id, customerId: id, from: z.string(), to: z.string(), distanceKm: z.string(), version, updatedAt: instant })
  .meta({ id: 'Distance' })

export const kmRatePurpose = z.enum(['billing', 'reimbursement'])
export const kmRateScope = z.enum(['firm', 'customer', 'project', 'user'])
export const kmRateInput = z.object({
  purpose: kmRatePurpose,
  scope: kmRateScope.meta({
    description: 'Billing: project, else customer, else firm. Reimbursement: user, else firm.',
  }),
  projectId: id.nullable().optional(),
  customerId: id.nullable().optional(),
  memberId: id.nullable().optional(),
  amount: positiveDecimal.meta({ description: 'Per kilometre', example: '0.23' }),
  currency,
  from: calendarDate,
})

export const kmRate = z
  .object({
    id,
    purpose: kmRatePurpose,
    scope: kmRateScope,
    projectId: id.nullable(),
    projectName: z.string().nullable(),
    customerId: id.nullable(),
    customerName: z.string().nullable(),
    memberId: id.nullable(),
    memberName: z.string().nullable(),
    amount: z.string(),
    currency,
    from: calendarDate,
    version,
  })
  .meta({ id: 'KmRate' })

export const tripRoutes = routes({
  listTrips: {
    id: 'list-trips',
    method: 'GET',
    path: '/trips',
    summary: 'Trips; without the right to read all, your own and those of the projects you manage',
    tag: 'Trips',
    access: 'hours:own',
    query: tripFilter.extend({
      ...paging,
      sort: z
        .enum(['date', '-date', 'km', '-km', 'customer', 'project', 'person', 'vehicle'])
        .default('-date')
        .meta({ description: 'By customer, project, person or vehicle: what belongs together, oldest first' }),
      updatedSince: instant.optional(),
    }),
    answer: page(trip),
  },
  createTrip: {
    id: 'create-trip',
    method: 'POST',
    path: '/trips',
    summary: 'Write a trip',
    tag: 'Trips',
    access: 'hours:own',
    status: 201,
    body: tripInput,
    answer: trip,
  },
  readTrip: {
    id: 'read-trip',
    method: 'GET',
    path: '/trips/{id}',
    summary: 'One trip',
    tag: 'Trips',
    access: 'hours:own',
    params: byId,
    answer: trip,
  },
  changeTrip: {
    id: 'change-trip',
    method: 'PATCH',
    path: '/trips/{id}',
    summary: 'Change a trip that is not locked',
    tag: 'Trips',
    access: 'hours:own',
    versioned: true,
    params: byId,
    body: tripInput.omit({ memberId: true }).partial(),
    answer: trip,
  },
  deleteTrip: {
    id: 'delete-trip',
    method: 'DELETE',
    path: '/trips/{id}',
    summary: 'Delete a trip that is not locked',
    tag: 'Trips',
    access: 'hours:own',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreTrip: {
    id: 'restore-trip',
    method: 'POST',
    path: '/trips/{id}/restoration',
    summary: 'Bring back a deleted trip',
    tag: 'Trips',
    access: 'hours:own',
    params: byId,
    answer: trip,
  },
  listPlaces: {
    id: 'list-places',
    method: 'GET',
    path: '/trips/places',
    summary: 'Places of a person’s trips and of the customer’s stored distances, the most used first',
    tag: 'Trips',
    access: 'hours:own',
    query: z.object({
      search: z.string().max(100).optional(),
      projectId: id.optional().meta({ description: 'Of whose customer the stored places are' }),
      memberId: id.optional().meta({ description: 'Yourself when left out' }),
    }),
    answer: z.object({ rows: z.array(z.object({ place: z.string(), source: z.enum(['trips', 'customer']) })) }),
  },
  proposeDistance: {
    id: 'propose-distance',
    method: 'GET',
    path: '/trips/distance',
    summary: 'What is known of the distance between two places: stored with the customer, else as it was driven last',
    tag: 'Trips',
    access: 'hours:own',
    query: z.object({
      from: place,
      to: place,
      projectId: id.optional(),
      memberId: id.optional().meta({ description: 'Yourself when left out' }),
    }),
    answer: z.object({
      found: z.object({ distanceKm: z.string(), source: z.enum(['trips', 'customer']) }).nullable(),
    }),
  },

  listVehicles: {
    id: 'list-vehicles',
    method: 'GET',
    path: '/vehicles',
    summary: 'Vehicles; without the right to read all, those of the firm and your own',
    tag: 'Vehicles',
    access: 'hours:own',
    query: z.object({
      ...paging,
      search: z.string().max(100).optional(),
      archived: flag.optional(),
      memberId: id.optional().meta({ description: 'Those that this person may drive: the firm’s and his own' }),
      updatedSince: instant.optional(),
    }),
    answer: page(vehicle),
  },
  createVehicle: {
    id: 'create-vehicle',
    method: 'POST',
    path: '/vehicles',
    summary: 'Make a vehicle',
    tag: 'Vehicles',
    access: 'activities:write',
    status: 201,
    body: vehicleInput,
    answer: vehicle,
  },
  readVehicle: {
    id: 'read-vehicle',
    method: 'GET',
    path: '/vehicles/{id}',
    summary: 'One vehicle',
    tag: 'Vehicles',
    access: 'hours:own',
    params: byId,
    answer: vehicle,
  },
  changeVehicle: {
    id: 'change-vehicle',
    method: 'PATCH',
    path: '/vehicles/{id}',
    summary: 'Change a vehicle, archive or bring back',
    tag: 'Vehicles',
    access: 'activities:write',
    versioned: true,
    params: byId,
    body: vehicleInput.extend({ archived: z.boolean() }).partial(),
    answer: vehicle,
  },

  listDistances: {
    id: 'list-distances',
    method: 'GET',
    path: '/distances',
    summary: 'Distances that are driven again and again, by customer',
    tag: 'Trips',
    access: 'customers:read',
    query: z.object({ ...paging, customerId: id.optional(), search: z.string().max(100).optional() }),
    answer: page(distance),
  },
  createDistance: {
    id: 'create-distance',
    method: 'POST',
    path: '/distances',
    summary: 'Keep a distance with a customer; it holds both ways',
    tag: 'Trips',
    access: 'customers:write',
    status: 201,
    body: distanceInput,
    answer: distance,
  },
  changeDistance: {
    id: 'change-distance',
    method: 'PATCH',
    path: '/distances/{id}',
    summary: 'Change a stored distance; trips stay as they were written',
    tag: 'Trips',
    access: 'customers:write',
    versioned: true,
    params: byId,
    body: distanceInput.omit({ customerId: true }).partial(),
    answer: distance,
  },
  deleteDistance: {
    id: 'delete-distance',
    method: 'DELETE',
    path: '/distances/{id}',
    summary: 'Delete a stored distance',
    tag: 'Trips',
    access: 'customers:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreDistance: {
    id: 'restore-distance',
    method: 'POST',
    path: '/distances/{id}/restoration',
    summary: 'Bring back a deleted distance',
    tag: 'Trips',
    access: 'customers:write',
    params: byId,
    answer: distance,
  },

  listKmRates: {
    id: 'list-km-rates',
    method: 'GET',
    path: '/km-rates',
    summary: 'Dated rates per kilometre: what customers pay, and what employees get',
    tag: 'Rates',
    access: 'rates:read',
    query: z.object({
      purpose: kmRatePurpose.optional(),
      projectId: id.optional(),
      customerId: id.optional(),
      memberId: id.optional(),
    }),
    answer: z.object({ rows: z.array(kmRate) }),
  },
  createKmRate: {
    id: 'create-km-rate',
    method: 'POST',
    path: '/km-rates',
    summary: 'A rate per kilometre that holds from a day; what was before stays as it was',
    tag: 'Rates',
    access: 'rates:write',
    status: 201,
    body: kmRateInput,
    answer: kmRate,
  },
  changeKmRate: {
    id: 'change-km-rate',
    method: 'PATCH',
    path: '/km-rates/{id}',
    summary: 'Correct a rate per kilometre; invoiced and paid trips keep the rate they had',
    tag: 'Rates',
    access: 'rates:write',
    versioned: true,
    params: byId,
    body: z.object({ amount: positiveDecimal, from: calendarDate }).partial(),
    answer: kmRate,
  },
  deleteKmRate: {
    id: 'delete-km-rate',
    method: 'DELETE',
    path: '/km-rates/{id}',
    summary: 'Take a rate per kilometre back',
    tag: 'Rates',
    access: 'rates:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreKmRate: {
    id: 'restore-km-rate',
    method: 'POST',
    path: '/km-rates/{id}/restoration',
    summary: 'Put back a rate per kilometre that was taken back',
    tag: 'Rates',
    access: 'rates:write',
    params: byId,
    answer: kmRate,
  },
})
