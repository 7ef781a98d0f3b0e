import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { DialogOrSheet } from '../../parts/DialogOrSheet.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { EditTrip, NewTrip, TripFacts } from './TripForm.tsx'
import type { Trip } from './trip.ts'
import { tripsAgain } from './trip-queries.ts'

/** Deletes a trip; for ten seconds it can be taken back. */
export function useRemoveTrip(): (trip: Trip) => Promise<void> {
  const t = useT()
  const client = useQueryClient()
  return async (trip) => {
    const params = { path: { id: trip.id } }
    try {
      await answer(api.DELETE('/trips/{id}', { params, headers: ifMatch(trip.version) }))
      await tripsAgain(client)
      sayUndo(t('trips.deleted', { from: trip.from, to: trip.to }), async () => {
        await answer(api.POST('/trips/{id}/restoration', { params }))
        await tripsAgain(client)
      })
    } catch (error) {
      sayProblem(error)
    }
  }
}

/** The form of one trip: a dialog, and on a phone a sheet from below. */
export function TripBox({
  open,
  trips,
  memberId,
  own,
  mayWrite,
  close,
}: {
  /** An id, or `new`. */
  open: string | null
  trips: readonly Trip[]
  memberId: string
  own: boolean
  mayWrite: boolean
  close: () => void
}) {
  const t = useT()
  const drop = useRemoveTrip()
  const here = trips.find(({ id }) => id === open)
  const wanted = open !== null && open !== 'new' && !here
  const elsewhere = useQuery({
    queryKey: ['trips', 'one', open],
    queryFn: ({ signal }) => answer(api.GET('/trips/{id}', { params: { path: { id: open ?? '' } }, signal })),
    enabled: wanted,
  })
  const trip = here ?? (wanted ? elsewhere.data : undefined)
  const whose = { memberId, own, close }
  const remove = (gone: Trip) => {
    close()
    return drop(gone)
  }
  const inside =
    open === 'new' && mayWrite ? (
      <NewTrip {...whose} last={trips[0] ?? null} />
    ) : trip ? (
      trip.locked || !mayWrite ? (
        <TripFacts trip={trip} />
      ) : (
        <EditTrip key={trip.id} trip={trip} {...whose} remove={remove} />
      )
    ) : elsewhere.isError ? (
      <ErrorNotice error={elsewhere.error} retry={elsewhere.refetch} />
    ) : open ? (
      <PageSkeleton lines={5} />
    ) : null
  return (
    <DialogOrSheet
      open={open !== null}
      onClose={close}
      title={open === 'new' ? t('trips.new') : t('trips.one')}
      size={560}
    >
      {inside}
    </DialogOrSheet>
  )
}
