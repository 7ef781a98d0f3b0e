import { z } from 'zod'
import { routes } from './route.ts'
import { byId, flag, id, shortText, version } from './shapes.ts'

const teamInput = z.object({ name: shortText(60), memberIds: z.array(id).max(500).optional() })

export const team = z
  .object({ id, name: z.string(), memberIds: z.array(id), archived: z.boolean(), version })
  .meta({ id: 'Team' })

/** As long as a tag of an entry may be. */
const tagName = shortText(30)

export const tag = z
  .object({
    id,
    name: z.string(),
    archived: z.boolean(),
    version,
  })
  .meta({ id: 'Tag' })

export const teamRoutes = routes({
  listTeams: {
    id: 'list-teams',
    method: 'GET',
    path: '/teams',
    summary: 'Teams with their members',
    tag: 'People',
    access: 'people:read',
    query: z.object({ archived: flag.optional() }),
    answer: z.object({ rows: z.array(team) }),
  },
  createTeam: {
    id: 'create-team',
    method: 'POST',
    path: '/teams',
    summary: 'Make a team',
    tag: 'People',
    access: 'people:write',
    status: 201,
    body: teamInput,
    answer: team,
  },
  changeTeam: {
    id: 'change-team',
    method: 'PATCH',
    path: '/teams/{id}',
    summary: 'Change name or members of a team, archive or bring back',
    tag: 'People',
    access: 'people:write',
    versioned: true,
    params: byId,
    body: teamInput.extend({ archived: z.boolean() }).partial(),
    answer: team,
  },
  listTags: {
    id: 'list-tags',
    method: 'GET',
    path: '/tags',
    summary: 'Tags that entries can carry',
    tag: 'Tags',
    access: 'projects:read',
    query: z.object({ archived: flag.optional() }),
    answer: z.object({ rows: z.array(tag) }),
  },
  createTag: {
    id: 'create-tag',
    method: 'POST',
    path: '/tags',
    summary: 'Make a tag',
    tag: 'Tags',
    access: 'activities:write',
    status: 201,
    body: z.object({ name: tagName }),
    answer: tag,
  },
  changeTag: {
    id: 'change-tag',
    method: 'PATCH',
    path: '/tags/{id}',
    summary: 'Rename a tag, also on every entry that carries it; archive or bring back',
    tag: 'Tags',
    access: 'activities:write',
    versioned: true,
    params: byId,
    body: z.object({ name: tagName, archived: z.boolean() }).partial(),
    answer: tag,
  },
})
