import { useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { say, sayUndo } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { type Connection, connectionChanged, connectionQuery, type SettingField } from './connection.ts'

/** Saves one setting of a connection as soon as it is chosen; what was there before comes back by undo. */
export function useSetting(connection: Connection, field: SettingField, saved?: () => void) {
  const t = useT()
  const client = useQueryClient()
  const put = (value: string | null, version: number) =>
    answer(
      api.PATCH('/connections/{id}', {
        params: { path: { id: connection.id } },
        headers: ifMatch(version),
        body: { settings: { [field.name]: value } },
      }),
    )
  const taken = (after: Connection) => {
    client.setQueryData(connectionQuery(connection.id).queryKey, after)
    return connectionChanged(client, connection.id)
  }
  const save = useAct({
    run: (value: string | null) => put(value, connection.version),
    done: async (after) => {
      const before = connection.settings[field.name] ?? null
      saved?.()
      await taken(after)
      const told = t('apps.setting.saved', { setting: field.label })
      if (before) sayUndo(told, async () => taken(await put(before, after.version)))
      else say(told)
    },
  })
  const error = isApiProblem(save.error)
    ? save.error.problem.errors?.find(({ pointer }) => pointer.endsWith(`/settings/${field.name}`))?.message
    : undefined
  return { save, error }
}
