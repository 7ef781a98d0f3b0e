import { useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { SwitchField } from '../../parts/Choose.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import { type Connection, connectionChanged, connectionQuery } from './connection.ts'

/** Whether an invoice is posted as soon as it is sent. */
export function Automatic({ connection }: { connection: Connection }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const save = useAct({
    run: (postAutomatically: boolean) =>
      answer(
        api.PATCH('/connections/{id}', {
          params: { path: { id: connection.id } },
          headers: ifMatch(connection.version),
          body: { postAutomatically },
        }),
      ),
    done: (after) => {
      client.setQueryData(connectionQuery(connection.id).queryKey, after)
      say(t(after.postAutomatically ? 'apps.automatic.isOn' : 'apps.automatic.isOff'))
      return connectionChanged(client, connection.id)
    },
    failed: () => connectionChanged(client, connection.id),
  })
  return (
    <section className={styles.section} aria-labelledby="automatic">
      <h2 id="automatic">{t('apps.automatic')}</h2>
      <SwitchField
        label={t('apps.automatic.switch')}
        description={t('apps.automatic.text', { package: connection.packageName })}
        checked={save.isPending ? save.variables : connection.postAutomatically}
        disabled={!may('connections:write')}
        onChange={(event) => save.mutate(event.currentTarget.checked)}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </section>
  )
}
