import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say, sayUndo } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import { type Connection, connectionChanged, connectionQuery, type SettingField } from './connection.ts'
import { type Noun, optionOf, searchTheirs } from './theirs.ts'

/** A choice from one of the package's lists, saved as soon as it is made; a pasted code or identity finds its row. */
function SettingPicker({ connection, field }: { connection: Connection; field: SettingField }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const [waits, setWaits] = useState<string | null>(null)
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
      const before = field.chosen?.id ?? null
      setWaits(null)
      await taken(after)
      const told = t('apps.setting.saved', { setting: field.label })
      if (before) sayUndo(told, async () => taken(await put(before, after.version)))
      else say(told)
    },
  })
  const error = isApiProblem(save.error)
    ? save.error.problem.errors?.find(({ pointer }) => pointer.endsWith(`/settings/${field.name}`))?.message
    : undefined
  const missing = field.required && !field.chosen && !waits
  return (
    <div className={missing ? styles.missing : undefined}>
      <Picker
        label={field.label}
        description={field.help}
        error={error}
        placeholder={t('apps.setting.choose')}
        searchKey={`${connection.id} ${field.list}`}
        search={searchTheirs(connection.id, field.list as Noun)}
        chosen={field.chosen ? optionOf(field.chosen) : null}
        value={waits ?? field.chosen?.id ?? null}
        clearable={!field.required}
        readOnly={!may('connections:write') || save.isPending}
        required={field.required}
        withAsterisk={false}
        onChange={(value) => {
          setWaits(value)
          save.mutate(value)
        }}
      />
      {save.error && !error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

/** What the package's manifest asks for, from its own lists. */
export function SalesSettings({ connection }: { connection: Connection }) {
  const t = useT()
  const fields = connection.settingFields.filter(({ list }) => list !== null)
  return (
    <section aria-labelledby="sales">
      <h2 id="sales" tabIndex={-1}>
        {t('apps.sales')}
      </h2>
      <div className={styles.settings}>
        {fields.map((field) => (
          <SettingPicker key={field.name} connection={connection} field={field} />
        ))}
      </div>
    </section>
  )
}
