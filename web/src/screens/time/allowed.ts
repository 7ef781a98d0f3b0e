import { useQuery } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useCallback } from 'react'
import { answer, api } from '../../api.ts'
import { everyPage } from '../../every-page.ts'
import type { Option } from '../../parts/find-options.ts'

type Activity = components['schemas']['Activity']

export const projectOption = (project: {
  readonly id: string
  readonly name: string
  readonly code: string | null
  readonly customerName: string | null
}): Option => ({
  value: project.id,
  label: project.name,
  ...(project.code ? { code: project.code } : {}),
  ...(project.customerName ? { hint: project.customerName } : {}),
})

const allActivities = (signal: AbortSignal): Promise<Activity[]> =>
  everyPage((cursor) => answer(api.GET('/activities', { params: { query: { limit: 200, cursor } }, signal })))

/** On which projects this person may write, and once one is chosen: which activities. Archived ones are not offered. */
export function useAllowed(memberId: string, projectId: string | null) {
  const searchProjects = useCallback(
    async (search: string, signal: AbortSignal): Promise<readonly Option[]> => {
      const page = await answer(
        api.GET('/projects', {
          params: { query: { limit: 100, openTo: memberId, ...(search ? { search } : {}) } },
          signal,
        }),
      )
      return page.rows.map(projectOption)
    },
    [memberId],
  )
  const project = useQuery({
    queryKey: ['time-project', projectId],
    queryFn: ({ signal }) => answer(api.GET('/projects/{id}', { params: { path: { id: projectId ?? '' } }, signal })),
    enabled: projectId !== null,
    staleTime: 60_000,
  })
  const activities = useQuery({
    queryKey: ['time-activities'],
    queryFn: ({ signal }) => allActivities(signal),
    staleTime: 60_000,
  })
  const limited = project.data?.activityIds ?? []
  const offered = (activities.data ?? []).filter(({ id }) => limited.length === 0 || limited.includes(id))
  return {
    searchProjects,
    project: project.data,
    activities: offered.map(
      (one): Option => ({ value: one.id, label: one.name, ...(one.code ? { code: one.code } : {}) }),
    ),
    ready: Boolean(project.data && activities.data),
    error: project.error ?? activities.error,
  }
}
