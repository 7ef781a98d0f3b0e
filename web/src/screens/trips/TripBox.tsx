import { Drawer } from '@mantine/core'
import '@mantine/core/styles/Drawer.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { useKeepTyped } from '../../parts/keep-typed.ts'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { EditTrip, NewTrip, TripFacts } from './TripForm.tsx'
import type { Trip } from './trip.ts'
import { tripsAgain } from './trip-queries.ts'
import styles from './trips.module.css'

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
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const keep = useKeepTyped(open !== null)
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
  const title = open === 'new' ? t('trips.new') : t('trips.one')
  if (!onPhone)
    return (
      <Dialog open={open !== null} onClose={close} title={title} size={560}>
        {inside}
      </Dialog>
    )
  return (
    <Drawer
      {...keep}
      opened={open !== null}
      onClose={close}
      position="bottom"
      size="auto"
      title={title}
      classNames={{ content: styles.sheet }}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {inside}
    </Drawer>
  )
}
