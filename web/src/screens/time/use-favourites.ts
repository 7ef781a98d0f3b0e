import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { answer, api } from '../../api.ts'
import { sayProblem } from '../../parts/Toasts.tsx'
import { type RowHead, rowKey, type Week } from './week-rows.ts'

type Favourite = Week['favourites'][number]
const none: readonly Favourite[] = []

/** One's favourite rows. A star is there at once, and gone again when it was refused. */
export function useFavourites(week: Week | undefined) {
  const client = useQueryClient()
  const rows = week?.favourites ?? none
  const latest = useRef(rows)
  latest.current = rows
  return useMemo(() => {
    const keys = new Set(rows.map(rowKey))
    const show = (change: (before: readonly Favourite[]) => Favourite[]) =>
      client.setQueriesData<Week>({ queryKey: ['week'] }, (before) =>
        before ? { ...before, favourites: change(before.favourites) } : before,
      )
    const toggle = async (head: RowHead) => {
      const there = latest.current.find((one) => rowKey(one) === rowKey(head))
      try {
        if (there) {
          show((all) => all.filter(({ id }) => id !== there.id))
          await answer(api.DELETE('/favourites/{id}', { params: { path: { id: there.id } } }))
        } else {
          const { projectId, activityId, projectName, activityName, customerName } = head
          show((all) => [...all, { id: 'new', projectId, activityId, projectName, activityName, customerName }])
          const added = await answer(api.POST('/favourites', { body: { projectId, activityId } }))
          show((all) => [...all.filter((one) => rowKey(one) !== rowKey(head)), added])
        }
      } catch (error) {
        sayProblem(error)
        client.invalidateQueries({ queryKey: ['week'] })
      }
    }
    return { rows, has: (head: Pick<RowHead, 'projectId' | 'activityId'>) => keys.has(rowKey(head)), toggle }
  }, [rows, client])
}

export type FavouritesInUse = ReturnType<typeof useFavourites>
