import type { Right } from '@uurwerk/api/rights.ts'
import type { IconName } from '../parts/icons.tsx'
import type { Word } from '../words/words.tsx'

export interface Place {
  readonly id: string
  readonly word: Word
  /** Below `/f/<slug>`. */
  readonly path: string
  readonly icon: IconName
  /** One of these opens it. */
  readonly rights: readonly Right[]
  /** In the dock of the phone. */
  readonly dock?: true
  readonly under?: readonly Place[]
}

/** In the order of the work. What a person may not do is not there. */
export const places: readonly Place[] = [
  { id: 'time', word: 'frame.time', path: 'time', icon: 'clock', rights: ['hours:own'], dock: true },
  {
    id: 'expenses',
    word: 'frame.expenses',
    path: 'expenses',
    icon: 'expense',
    rights: ['hours:own'],
    dock: true,
    under: [
      {
        id: 'own-expenses',
        word: 'frame.expenses.own',
        path: 'expenses',
        icon: 'expense',
        rights: ['reimbursements:read'],
      },
      {
        id: 'reimbursements',
        word: 'frame.reimbursements',
        path: 'reimbursements',
        icon: 'wallet',
        rights: ['reimbursements:read'],
      },
    ],
  },
  { id: 'trips', word: 'frame.trips', path: 'trips', icon: 'trip', rights: ['hours:own'], dock: true },
  { id: 'approvals', word: 'frame.approvals', path: 'approvals', icon: 'approvals', rights: ['hours:approve'] },
  {
    id: 'overviews',
    word: 'frame.overviews',
    path: 'overviews/hours',
    icon: 'chart',
    rights: ['hours:read', 'reports:read'],
    under: [
      {
        id: 'overview-hours',
        word: 'frame.overviews.hours',
        path: 'overviews/hours',
        icon: 'chart',
        rights: ['hours:read', 'hours:managed'],
      },
      {
        id: 'overview-expenses',
        word: 'frame.overviews.expenses',
        path: 'overviews/expenses',
        icon: 'chart',
        rights: ['hours:read', 'hours:managed'],
      },
      {
        id: 'overview-trips',
        word: 'frame.overviews.trips',
        path: 'overviews/trips',
        icon: 'chart',
        rights: ['hours:read', 'hours:managed'],
      },
      {
        id: 'overview-uninvoiced',
        word: 'frame.overviews.uninvoiced',
        path: 'overviews/uninvoiced',
        icon: 'chart',
        rights: ['reports:read'],
      },
    ],
  },
  {
    id: 'invoices',
    word: 'frame.invoices',
    path: 'invoices',
    icon: 'document',
    rights: ['invoices:read'],
    dock: true,
    under: [
      { id: 'all-invoices', word: 'frame.invoices.all', path: 'invoices', icon: 'document', rights: ['invoices:read'] },
      {
        id: 'package-invoices',
        word: 'frame.packageInvoices',
        path: 'package-invoices',
        icon: 'send',
        rights: ['invoices:read'],
      },
      { id: 'reminders', word: 'frame.reminders', path: 'reminders', icon: 'clock', rights: ['invoices:read'] },
      { id: 'letters', word: 'frame.letters', path: 'letters', icon: 'mail', rights: ['invoices:read'] },
    ],
  },
  {
    id: 'postings',
    word: 'frame.postings',
    path: 'postings',
    icon: 'send',
    rights: ['postings:read'],
    under: [
      { id: 'all-postings', word: 'frame.postings.all', path: 'postings', icon: 'send', rights: ['postings:read'] },
      {
        id: 'reconciliation',
        word: 'frame.reconciliation',
        path: 'reconciliation',
        icon: 'approvals',
        rights: ['postings:read'],
      },
    ],
  },
  { id: 'customers', word: 'frame.customers', path: 'customers', icon: 'customers', rights: ['customers:read'] },
  { id: 'projects', word: 'frame.projects', path: 'projects', icon: 'project', rights: ['projects:read'], dock: true },
  { id: 'month-end', word: 'frame.monthEnd', path: 'month-end', icon: 'calendar', rights: ['invoices:read'] },
  {
    id: 'reports',
    word: 'frame.reports',
    path: 'reports',
    icon: 'flag',
    rights: ['reports:read'],
    under: [
      { id: 'all-reports', word: 'frame.reports.all', path: 'reports', icon: 'flag', rights: ['reports:read'] },
      { id: 'vat', word: 'frame.vat', path: 'vat', icon: 'chart', rights: ['invoices:read'] },
    ],
  },
  {
    id: 'settings',
    word: 'frame.settings',
    path: 'settings',
    icon: 'settings',
    rights: ['firm:write', 'people:write', 'activities:write', 'connections:read', 'keys:write', 'rates:read'],
  },
]

export const placesFor = (rights: readonly Right[], list: readonly Place[] = places): readonly Place[] =>
  list
    .filter((place) => place.rights.some((right) => rights.includes(right)))
    .map(({ under = [], ...place }) => {
      const open = placesFor(rights, under)
      return open.length > 0 ? { ...place, under: open } : place
    })

/** Is this place, or something below it, what is open? */
export const isAt = (place: Place, firm: string, pathname: string): boolean => {
  const root = `/f/${firm}/${place.path}`
  return pathname === root || pathname.startsWith(`${root}/`)
}
