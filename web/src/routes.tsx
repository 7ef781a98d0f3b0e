import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { answer, api, nameFirmInCalls } from './api.ts'
import { NotFound, RouteError, RoutePending } from './frame/Wrong.tsx'
import { hasStatus } from './problem.ts'
import { expensesSearch, hoursSearch, tripsSearch } from './screens/overviews/address.ts'
import { postingsSearch } from './screens/postings/posting-search.ts'
import { sessionQuery } from './session.ts'
import { date, flag, ids, manyOf, oneOf, readSearch, text, whole } from './table/search.ts'
import { wordsFor } from './words/words.tsx'

interface Context {
  readonly client: QueryClient
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  beforeLoad: ({ location }) => wordsFor(location.pathname),
})

/** Who is signed in; else to the sign-in page, or to the first run when there is no firm at all yet. */
async function requireSession(client: QueryClient, from: string) {
  try {
    return await client.ensureQueryData(sessionQuery)
  } catch (error) {
    if (!hasStatus(error, 401)) throw error
    const { needed } = await answer(api.GET('/setup'))
    throw needed ? redirect({ to: '/welcome' }) : redirect({ to: '/sign-in', search: { next: from } })
  }
}

/** Where a sign-in at a package comes back to when it is not known where it began. */
const readLanding = readSearch({ problem: text })

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readLanding,
  beforeLoad: async ({ context, location, search }) => {
    const { firms } = await requireSession(context.client, location.href)
    const [first] = firms
    if (!first) throw redirect({ to: '/welcome' })
    const { problem } = readLanding(search)
    if (problem) throw redirect({ to: '/f/$firm/settings/apps', params: { firm: first.slug }, search: { problem } })
    throw redirect({ to: '/f/$firm', params: { firm: first.slug } })
  },
})

const outside = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sign-in',
    validateSearch: readSearch({ next: text }),
    component: lazyRouteComponent(() => import('./screens/sign-in/SignIn.tsx'), 'SignIn'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/welcome',
    component: lazyRouteComponent(() => import('./screens/welcome/Welcome.tsx'), 'Welcome'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/forgot',
    component: lazyRouteComponent(() => import('./screens/reset/Forgot.tsx'), 'Forgot'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/reset/$token',
    component: lazyRouteComponent(() => import('./screens/reset/Reset.tsx'), 'Reset'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/invite/$token',
    component: lazyRouteComponent(() => import('./screens/invite/Invite.tsx'), 'Invite'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/approve/$token',
    component: lazyRouteComponent(() => import('./screens/approve/Approve.tsx'), 'Approve'),
  }),
]

/** A firm of the person who is signed in; what was loaded for another one is forgotten. */
async function openFirm(client: QueryClient, slug: string, from: string): Promise<void> {
  const { firms } = await requireSession(client, from)
  if (!firms.some((firm) => firm.slug === slug)) throw notFound()
  // Another firm: what was loaded belongs to the one before.
  if (nameFirmInCalls(slug)) {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
  }
}

const firmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/f/$firm',
  component: lazyRouteComponent(() => import('./frame/Frame.tsx'), 'Frame'),
  beforeLoad: ({ context, params, location }) => openFirm(context.client, params.firm, location.href),
})

/** Paper has no frame around it. */
const printRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/f/$firm/invoices/$invoiceId/print',
  component: lazyRouteComponent(() => import('./screens/invoices/PrintInvoice.tsx'), 'PrintInvoice'),
  beforeLoad: ({ context, params, location }) => openFirm(context.client, params.firm, location.href),
})

/** One entry per screen: its path below the firm, what its address may hold, and the file that is loaded for it. */
const screens = [
  createRoute({
    getParentRoute: () => firmRoute,
    path: '/',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/f/$firm/time', params })
    },
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'time',
    validateSearch: readSearch({
      year: whole,
      week: whole,
      day: date,
      memberId: text,
      view: oneOf('day', 'week', 'calendar'),
    }),
    component: lazyRouteComponent(() => import('./screens/time/Time.tsx'), 'Time'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'trips',
    validateSearch: readSearch({ month: text, memberId: text, trip: text }),
    component: lazyRouteComponent(() => import('./screens/trips/Trips.tsx'), 'Trips'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'expenses',
    validateSearch: readSearch({ month: text, memberId: text, expense: text }),
    component: lazyRouteComponent(() => import('./screens/expenses/Expenses.tsx'), 'Expenses'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'reimbursements',
    validateSearch: readSearch({ view: oneOf('paid'), until: date, payment: text }),
    component: lazyRouteComponent(() => import('./screens/reimbursements/Reimbursements.tsx'), 'Reimbursements'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'approvals',
    validateSearch: readSearch({ tab: oneOf('customers') }),
    component: lazyRouteComponent(() => import('./screens/approvals/Approvals.tsx'), 'Approvals'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'approvals/$memberId/$monday',
    component: lazyRouteComponent(() => import('./screens/approvals/Week.tsx'), 'Week'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'approvals/requests/$requestId',
    component: lazyRouteComponent(() => import('./screens/approvals/Request.tsx'), 'Request'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'overviews/hours',
    validateSearch: hoursSearch,
    component: lazyRouteComponent(() => import('./screens/overviews/HoursOverview.tsx'), 'HoursOverview'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'overviews/expenses',
    validateSearch: expensesSearch,
    component: lazyRouteComponent(() => import('./screens/overviews/ExpensesOverview.tsx'), 'ExpensesOverview'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'overviews/trips',
    validateSearch: tripsSearch,
    component: lazyRouteComponent(() => import('./screens/overviews/TripsOverview.tsx'), 'TripsOverview'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'overviews/uninvoiced',
    validateSearch: readSearch({
      asAt: date,
      until: date,
      customerId: ids,
      projectId: ids,
      teamId: ids,
      managerId: ids,
      group: oneOf('none'),
    }),
    component: lazyRouteComponent(() => import('./screens/uninvoiced/Uninvoiced.tsx'), 'Uninvoiced'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'invoices',
    validateSearch: readSearch({
      state: ids,
      paymentState: ids,
      overdue: flag,
      customerId: ids,
      from: date,
      until: date,
      search: text,
      posted: flag,
      sort: text,
    }),
    component: lazyRouteComponent(() => import('./screens/invoices/Invoices.tsx'), 'Invoices'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'reminders',
    validateSearch: readSearch({ customerId: ids, search: text, due: flag }),
    component: lazyRouteComponent(() => import('./screens/reminders/Reminders.tsx'), 'Reminders'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'invoices/$invoiceId',
    component: lazyRouteComponent(() => import('./screens/invoices/Invoice.tsx'), 'Invoice'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'letters',
    validateSearch: readSearch({
      state: manyOf('waiting', 'sending', 'sent', 'uncertain', 'failed', 'withdrawn'),
      kind: manyOf('invoice', 'credit-note', 'reminder', 'statement'),
      customerId: ids,
      from: date,
      until: date,
      search: text,
      letter: text,
    }),
    component: lazyRouteComponent(() => import('./screens/letters/MailLog.tsx'), 'MailLog'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'postings',
    validateSearch: postingsSearch,
    component: lazyRouteComponent(() => import('./screens/postings/Postings.tsx'), 'Postings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'reconciliation',
    validateSearch: readSearch({ view: oneOf('open', 'accepted', 'solved', 'runs'), posting: text }),
    component: lazyRouteComponent(() => import('./screens/coming-back/Reconciliation.tsx'), 'Reconciliation'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'vat',
    validateSearch: readSearch({
      length: oneOf('month', 'quarter', 'year'),
      from: date,
      by: oneOf('date', 'booked'),
      view: oneOf('overview', 'invoices'),
      treatment: ids,
      rate: text,
      customerId: text,
      booked: manyOf('posted', 'differs', 'not-posted', 'already-in-books'),
    }),
    component: lazyRouteComponent(() => import('./screens/coming-back/Vat.tsx'), 'Vat'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'invoices/preview',
    validateSearch: readSearch({ invoices: ids, at: text }),
    component: lazyRouteComponent(() => import('./screens/postings/Preview.tsx'), 'Preview'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'package-invoices',
    validateSearch: readSearch({
      state: manyOf('reserved', 'made', 'printed', 'gone', 'released'),
      payment: manyOf('open', 'partly-paid', 'paid', 'settled', 'over-paid', 'unknown'),
      customerId: ids,
      from: date,
      until: date,
      search: text,
    }),
    component: lazyRouteComponent(() => import('./screens/package-invoices/PackageInvoices.tsx'), 'PackageInvoices'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'package-invoices/preview',
    validateSearch: readSearch({ chosen: text, at: text }),
    component: lazyRouteComponent(() => import('./screens/package-invoices/PackagePreview.tsx'), 'PackagePreview'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'package-invoices/$packageInvoiceId',
    component: lazyRouteComponent(() => import('./screens/package-invoices/PackageInvoice.tsx'), 'PackageInvoice'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'customers',
    validateSearch: readSearch({ search: text, archived: flag, sort: text }),
    component: lazyRouteComponent(() => import('./screens/customers/Customers.tsx'), 'Customers'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'customers/$customerId',
    component: lazyRouteComponent(() => import('./screens/customers/Customer.tsx'), 'Customer'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'customers/$customerId/statement',
    validateSearch: readSearch({ kind: oneOf('open', 'all'), asOf: date, from: date }),
    component: lazyRouteComponent(() => import('./screens/customers/statement/Statement.tsx'), 'Statement'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'projects',
    validateSearch: readSearch({ search: text, archived: flag, customerId: text, group: oneOf('customer') }),
    component: lazyRouteComponent(() => import('./screens/projects/Projects.tsx'), 'Projects'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'projects/$projectId',
    validateSearch: readSearch({ customerId: text }),
    component: lazyRouteComponent(() => import('./screens/projects/Project.tsx'), 'Project'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'month-end',
    validateSearch: readSearch({ month: text }),
    component: lazyRouteComponent(() => import('./screens/month-end/MonthEnd.tsx'), 'MonthEnd'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'reports',
    validateSearch: readSearch({ period: oneOf('year', 'last-year', 'twelve-months') }),
    component: lazyRouteComponent(() => import('./screens/reports/Reports.tsx'), 'Reports'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings',
    component: lazyRouteComponent(() => import('./screens/settings/Settings.tsx'), 'Settings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/firm',
    component: lazyRouteComponent(() => import('./screens/settings/FirmSettings.tsx'), 'FirmSettings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/invoices',
    component: lazyRouteComponent(() => import('./screens/settings/InvoiceSettings.tsx'), 'InvoiceSettings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/mail',
    component: lazyRouteComponent(() => import('./screens/settings/MailSettings.tsx'), 'MailSettings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/mail/$kind/$language',
    component: lazyRouteComponent(() => import('./screens/settings/MailTemplate.tsx'), 'MailTemplate'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/people',
    validateSearch: readSearch({ archived: flag }),
    component: lazyRouteComponent(() => import('./screens/people/People.tsx'), 'People'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/people/$personId',
    component: lazyRouteComponent(() => import('./screens/people/Person.tsx'), 'Person'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/teams',
    validateSearch: readSearch({ archived: flag }),
    component: lazyRouteComponent(() => import('./screens/teams/Teams.tsx'), 'Teams'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/tags',
    validateSearch: readSearch({ archived: flag }),
    component: lazyRouteComponent(() => import('./screens/tags/Tags.tsx'), 'Tags'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'profile',
    component: lazyRouteComponent(() => import('./screens/profile/Profile.tsx'), 'Profile'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/activities',
    validateSearch: readSearch({ search: text, archived: flag }),
    component: lazyRouteComponent(() => import('./screens/activities/Activities.tsx'), 'Activities'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/activities/$activityId',
    component: lazyRouteComponent(() => import('./screens/activities/Activity.tsx'), 'Activity'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/absence',
    component: lazyRouteComponent(() => import('./screens/absence-settings/AbsenceSettings.tsx'), 'AbsenceSettings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/vehicles',
    validateSearch: readSearch({ search: text, archived: flag }),
    component: lazyRouteComponent(() => import('./screens/vehicles/Vehicles.tsx'), 'Vehicles'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/km-rates',
    component: lazyRouteComponent(() => import('./screens/vehicles/KmRates.tsx'), 'KmRates'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/expense-categories',
    validateSearch: readSearch({ search: text, archived: flag }),
    component: lazyRouteComponent(() => import('./screens/categories/Categories.tsx'), 'Categories'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/expense-categories/$categoryId',
    component: lazyRouteComponent(() => import('./screens/categories/Category.tsx'), 'Category'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/reminders',
    component: lazyRouteComponent(() => import('./screens/settings/ReminderSettings.tsx'), 'ReminderSettings'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/keys',
    component: lazyRouteComponent(() => import('./screens/keys/Keys.tsx'), 'Keys'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/apps',
    validateSearch: readSearch({ problem: text }),
    component: lazyRouteComponent(() => import('./screens/apps/Apps.tsx'), 'Apps'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/connections/$connectionId',
    validateSearch: readSearch({ problem: text }),
    component: lazyRouteComponent(() => import('./screens/apps/Connection.tsx'), 'Connection'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/imports',
    validateSearch: readSearch({
      kind: oneOf('import-customers', 'refresh-lists'),
      startedBy: oneOf('night', 'person'),
      state: oneOf('waiting', 'running', 'done', 'failed'),
      outcome: text,
    }),
    component: lazyRouteComponent(() => import('./screens/imports/Imports.tsx'), 'Imports'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/imports/conflicts',
    validateSearch: readSearch({ settled: flag }),
    component: lazyRouteComponent(() => import('./screens/imports/Conflicts.tsx'), 'Conflicts'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/imports/proposals',
    validateSearch: readSearch({ settled: flag }),
    component: lazyRouteComponent(() => import('./screens/imports/Proposals.tsx'), 'Proposals'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/imports/vat-cases',
    validateSearch: readSearch({ search: text }),
    component: lazyRouteComponent(() => import('./screens/imports/VatCases.tsx'), 'VatCases'),
  }),
  createRoute({
    getParentRoute: () => firmRoute,
    path: 'settings/imports/$taskId',
    validateSearch: readSearch({ outcome: text }),
    component: lazyRouteComponent(() => import('./screens/imports/Import.tsx'), 'Import'),
  }),
]

const gallery = __GALLERY__
  ? [
      createRoute({
        getParentRoute: () => rootRoute,
        path: '/gallery',
        component: lazyRouteComponent(() => import('./gallery/Gallery.tsx'), 'GalleryAlone'),
      }),
    ]
  : []

const galleryInFrame = __GALLERY__
  ? [
      createRoute({
        getParentRoute: () => firmRoute,
        path: 'gallery',
        component: lazyRouteComponent(() => import('./gallery/Gallery.tsx'), 'Gallery'),
      }),
    ]
  : []

const routeTree = rootRoute.addChildren([
  homeRoute,
  ...outside,
  printRoute,
  firmRoute.addChildren([...screens, ...galleryInFrame]),
  ...gallery,
])

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree,
    context: { client },
    defaultPreload: 'intent',
    // The cache of queries knows what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
