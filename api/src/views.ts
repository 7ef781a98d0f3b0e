import { z } from 'zod'
import { routes } from './route.ts'
import { byId, id, shortText, version } from './shapes.ts'

/** Lists that can be kept as a view. */
export const viewScreen = z.enum(['hours', 'expenses', 'trips', 'uninvoiced', 'invoices', 'customers', 'projects'])

const setting = z.union([z.string().max(200), z.boolean(), z.array(z.string().max(100)).max(200)])

export const viewSettings = z.object({
  /** As in the address of the list: `{"state": ["free"], "billable": true}`. */
  filter: z.record(z.string().max(40), setting),
  groupBy: z.array(z.string().max(30)).max(2),
  /** Columns that are shown; as they come when null. */
  columns: z.array(z.string().max(30)).max(60).nullable(),
  sort: z.string().max(40).nullable(),
})

export const view = z
  .object({
    id,
    screen: viewScreen,
    name: z.string(),
    /** Everybody sees it; only its owner changes it. */
    shared: z.boolean(),
    owner: z.object({ id, name: z.string() }),
    own: z.boolean(),
    settings: viewSettings,
    version,
  })
  .meta({ id: 'View' })

export const viewRoutes = routes({
  listViews: {
    id: 'list-views',
    method: 'GET',
    path: '/views',
    summary: 'Your own views of a list, and those that are shared',
    tag: 'Views',
    access: 'hours:own',
    query: z.object({ screen: viewScreen }),
    answer: z.object({
      rows: z.array(view),
      /** The view that the list opens with for you. */
      firstId: id.nullable(),
    }),
  },
  createView: {
    id: 'create-view',
    method: 'POST',
    path: '/views',
    summary: 'Keep how a list is filtered, grouped and shown',
    tag: 'Views',
    access: 'hours:own',
    status: 201,
    body: z.object({ screen: viewScreen, name: shortText(60), shared: z.boolean().optional(), settings: viewSettings }),
    answer: view,
  },
  changeView: {
    id: 'change-view',
    method: 'PATCH',
    path: '/views/{id}',
    summary: 'Change a view of your own; sharing needs the right to read everybody’s hours',
    tag: 'Views',
    access: 'hours:own',
    versioned: true,
    params: byId,
    body: z.object({ name: shortText(60), shared: z.boolean(), settings: viewSettings }).partial(),
    answer: view,
  },
  deleteView: {
    id: 'delete-view',
    method: 'DELETE',
    path: '/views/{id}',
    summary: 'Delete a view of your own',
    tag: 'Views',
    access: 'hours:own',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreView: {
    id: 'restore-view',
    method: 'POST',
    path: '/views/{id}/restoration',
    summary: 'Bring back a deleted view',
    tag: 'Views',
    access: 'hours:own',
    params: byId,
    answer: view,
  },
  chooseFirstView: {
    id: 'choose-first-view',
    method: 'POST',
    path: '/views/first',
    summary: 'Which view a list opens with for you; none with null',
    tag: 'Views',
    access: 'hours:own',
    body: z.object({ screen: viewScreen, viewId: id.nullable() }),
    answer: z.object({ firstId: id.nullable() }),
  },
})
