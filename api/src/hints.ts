import { z } from 'zod'
import { task } from './connections.ts'
import { routes } from './route.ts'
import { byId } from './shapes.ts'

export const hintRoutes = routes({
  changeHints: {
    id: 'change-hints',
    method: 'PUT',
    path: '/connections/{id}/hints',
    summary: 'Whether the package tells us when to look again (webhooks); off until somebody switches them on',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    status: 202,
    body: z.object({ on: z.boolean() }),
    answer: task,
  },
})
