import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { PasswordField } from '../../parts/fields.tsx'
import { Notice, Told } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { packagesQuery } from '../postings/sales-package.ts'
import styles from './connection.module.css'
import { type Connection, connectionChanged } from './connection.ts'

/** Written, never shown: what the package signs its calls with. */
function WebhookSecret({ connection }: { connection: Connection }) {
  const t = useT()
  const client = useQueryClient()
  const packages = useQuery(packagesQuery)
  const [secret, setSecret] = useState('')
  const app = packages.data?.rows
    .find(({ id }) => id === connection.package)
    ?.apps.find(({ country }) => country === connection.country)
  const save = useAct({
    run: (body: { clientId: string; webhookSecret: string }) =>
      answer(
        api.PUT('/packages/{package}/apps/{country}', {
          params: { path: { package: connection.package, country: connection.country } },
          body,
        }),
      ),
    done: async () => {
      setSecret('')
      say(t('apps.hints.secret.saved'))
      await client.invalidateQueries({ queryKey: ['packages'] })
      await connectionChanged(client, connection.id)
    },
  })
  if (!app) return null
  if (app.from === 'environment') return <p className="muted small">{t('apps.hints.secret.own')}</p>
  return (
    <form
      className={styles.secret}
      onSubmit={(event) => {
        event.preventDefault()
        if (secret.trim()) save.mutate({ clientId: app.clientId, webhookSecret: secret.trim() })
      }}
    >
      <PasswordField
        label={t('apps.hints.secret')}
        description={app.hasWebhookSecret ? t('apps.hints.secret.kept') : t('apps.hints.secret.help')}
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      {secret.trim() ? (
        <Button size="sm" type="submit" busy={save.isPending}>
          {t('apps.hints.secret.save')}
        </Button>
      ) : null}
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </form>
  )
}

/** Whether the package tells when something changes; without it, it is looked at every night. */
export function Hints({ connection }: { connection: Connection }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { hints, packageName } = connection
  const choose = useAct({
    run: (on: boolean, key) =>
      answer(
        api.PUT('/connections/{id}/hints', {
          params: { path: { id: connection.id } },
          headers: key,
          body: { on },
        }),
      ),
    done: () => connectionChanged(client, connection.id),
    failed: () => connectionChanged(client, connection.id),
  })
  if (!hints) return null
  const mayWrite = may('connections:write')
  const stuck = !hints.on && hints.problem !== null
  return (
    <section className={styles.section} aria-labelledby="hints">
      <h2 id="hints">{t('apps.hints')}</h2>
      <SwitchField
        label={t('apps.hints.switch', { package: packageName })}
        description={t('apps.hints.text')}
        checked={choose.isPending ? choose.variables : hints.on}
        disabled={!mayWrite || (stuck && hints.problem?.kind === 'setup')}
        onChange={(event) => choose.mutate(event.currentTarget.checked)}
      />
      {hints.on ? (
        <p className="muted small">
          {hints.heardAt ? t('apps.hints.heard', { at: format.moment(hints.heardAt) }) : t('apps.hints.silent')}
        </p>
      ) : null}
      {stuck && hints.problem ? (
        <Notice is={hints.problem.kind === 'setup' ? 'wait' : 'needs'} title={hints.problem.cause}>
          <Told
            rows={[
              [t('parts.remedy'), hints.problem.remedy],
              ...(hints.problem.theirWords ? [[t('parts.theirWords'), `“${hints.problem.theirWords}”`] as const] : []),
            ]}
          />
        </Notice>
      ) : null}
      {mayWrite && connection.mode === 'live' ? <WebhookSecret connection={connection} /> : null}
      {choose.error ? <ErrorNotice error={choose.error} /> : null}
    </section>
  )
}
