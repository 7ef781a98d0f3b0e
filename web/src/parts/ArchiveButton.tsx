import { useAct } from '../query.ts'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { say, sayProblem, sayUndo } from './Toasts.tsx'

interface Archivable {
  readonly name: string
  readonly version: number
  readonly archived: boolean
}

/** Into the archive or out of it, from the form of a thing; what went in can be taken back for ten seconds. */
export function ArchiveButton<Thing extends Archivable>({
  thing,
  change,
  changed,
  close,
}: {
  thing: Thing
  change: (body: { readonly archived: boolean }, version: number) => Promise<Thing>
  /** Look again at everything that shows it. */
  changed: () => unknown
  close: () => void
}) {
  const t = useT()
  const archive = useAct({
    run: () => change({ archived: !thing.archived }, thing.version),
    done: async (after) => {
      close()
      await changed()
      if (!after.archived) return say(t('parts.shelf.broughtBack', { name: after.name }))
      sayUndo(t('parts.shelf.archived', { name: after.name }), async () => {
        await change({ archived: false }, after.version)
        await changed()
      })
    },
    failed: sayProblem,
  })
  return (
    <Button kind="quiet" icon="archive" busy={archive.isPending} onClick={() => archive.mutate(undefined)}>
      {t(thing.archived ? 'parts.shelf.bringBack' : 'parts.shelf.archive')}
    </Button>
  )
}
