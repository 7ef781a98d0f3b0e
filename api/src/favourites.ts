import { z } from 'zod'
import { routes } from './route.ts'
import { byId, id } from './shapes.ts'

export const favourite = z
  .object({
    id,
    projectId: id,
    projectName: z.string(),
    customerName: z.string().nullable(),
    activityId: id,
    activityName: z.string(),
  })
  .meta({ id: 'Favourite' })

export const favouriteRoutes = routes({
  listFavourites: {
    id: 'list-favourites',
    method: 'GET',
    path: '/favourites',
    summary: 'Your favourite rows, in your order',
    tag: 'Favourites',
    access: 'hours:own',
    answer: z.object({ rows: z.array(favourite) }),
  },
  addFavourite: {
    id: 'add-favourite',
    method: 'POST',
    path: '/favourites',
    summary: 'Make a row a favourite; one that is there already stays where it is',
    tag: 'Favourites',
    access: 'hours:own',
    status: 201,
    body: z.object({
      projectId: id,
      activityId: id,
      position: z.int().min(1).max(50).optional().meta({ description: 'The last when left out' }),
    }),
    answer: favourite,
  },
  orderFavourites: {
    id: 'order-favourites',
    method: 'PUT',
    path: '/favourites',
    summary: 'Put your favourites in this order; those not named come after',
    tag: 'Favourites',
    access: 'hours:own',
    body: z.object({ ids: z.array(id).min(1).max(50) }),
    answer: z.object({ rows: z.array(favourite) }),
  },
  removeFavourite: {
    id: 'remove-favourite',
    method: 'DELETE',
    path: '/favourites/{id}',
    summary: 'Make a row no favourite any more',
    tag: 'Favourites',
    access: 'hours:own',
    params: byId,
    status: 204,
  },
})
