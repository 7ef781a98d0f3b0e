import { Menu } from '@mantine/core'
import { hasCode, hasStatus } from '../problem.ts'
import { useAct } from '../query.ts'
import { useT } from '../words/words.tsx'
import { IconButton } from './Button.tsx'
import { Icon } from './icons.tsx'
import { say, sayInstead, sayProblem, sayUndo } from './Toasts.tsx'

interface Shelved {
  readonly version: number
  readonly archived: boolean
}

/**
 * Archive, bring back, delete, of a thing on its own page. All three can be undone; a deletion that is refused because
 * the thing is in use says so, and offers to archive it instead.
 */
export function ShelfMenu<Thing extends Shelved>({
  thing,
  name,
  archive,
  remove,
  restore,
  changed,
  gone,
}: {
  thing: Thing
  name: string
  archive: (archived: boolean, version: number) => Promise<Thing>
  remove: (version: number) => Promise<unknown>
  restore: () => Promise<unknown>
  /** Look again at everything that shows it. */
  changed: () => unknown
  /** Off the page of what no longer exists. */
  gone: () => unknown
}) {
  const t = useT()
  const shelve = useAct({
    run: (archived: boolean) => archive(archived, thing.version),
    done: (after, archived) => {
      if (archived) {
        sayUndo(t('parts.shelf.archived', { name }), async () => {
          await archive(false, after.version)
          await changed()
        })
      } else say(t('parts.shelf.broughtBack', { name }))
      return changed()
    },
    failed: sayProblem,
  })
  const drop = useAct({
    run: () => remove(thing.version),
    done: async () => {
      await gone()
      await changed()
      sayUndo(t('parts.shelf.deleted', { name }), async () => {
        await restore()
        await changed()
      })
    },
    failed: (error) =>
      hasStatus(error, 409) && !hasCode(error, 'stale') && !thing.archived
        ? sayInstead(error, { label: t('parts.shelf.archive'), run: () => shelve.mutate(true) })
        : sayProblem(error),
  })
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <IconButton icon="more" size="md" name={t('parts.shelf.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="archive" size={14} />} onClick={() => shelve.mutate(!thing.archived)}>
          {thing.archived ? t('parts.shelf.bringBack') : t('parts.shelf.archive')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="trash" size={14} />} onClick={() => drop.mutate(undefined)}>
          {t('parts.shelf.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
