import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { copyText } from '../../parts/copy-text.ts'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { PasswordField, SelectField, TextField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { StateLine } from '../../parts/State.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { PackageRow } from '../postings/sales-package.ts'
import styles from './apps.module.css'
import { leaveFor } from './sign-in.tsx'

type Mode = 'sandbox' | 'live'

interface Begin {
  readonly mode: Mode
  readonly country: string
  readonly app: { readonly clientId: string; readonly clientSecret: string; readonly webhookSecret?: string } | null
}

/** The address to enter at the package; copied rather than typed. */
function RedirectAddress({ address }: { address: string }) {
  const t = useT()
  const [copied, setCopied] = useState(false)
  const copy = async () => setCopied(await copyText(address, null))
  return (
    <div className={styles.copy}>
      <TextField label={t('apps.app.redirect')} description={t('apps.app.redirect.help')} value={address} readOnly />
      <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
        <span aria-live="polite">{copied ? t('apps.copied') : t('apps.copy')}</span>
      </Button>
    </div>
  )
}

const fieldErrors = (error: unknown): ReadonlyMap<string, string> =>
  new Map(
    isApiProblem(error)
      ? (error.problem.errors ?? []).map(({ pointer, message }) => [pointer.replace(/^#?\//, ''), message])
      : [],
  )

/** Sandbox or the real package; then the browser goes to its sign-in page. */
export function Activate({ one, close }: { one: PackageRow; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const { country: home } = useFirm()
  const served = one.countries.some(({ code }) => code === home)
  const [mode, setMode] = useState<Mode>(one.sandbox ? 'sandbox' : 'live')
  const [country, setCountry] = useState(served ? home : (one.countries[0]?.code ?? home))
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const [webhookSecret, setWebhookSecret] = useState('')
  const [replacing, setReplacing] = useState(false)
  const [tried, setTried] = useState(false)
  const known = one.apps.find((app) => app.country === country)
  const asksApp = mode === 'live' && (!known || replacing)
  const host = one.countries.find(({ code }) => code === country)?.host ?? ''

  const begin = useAct({
    run: async (given: Begin, key) => {
      if (given.app) {
        await answer(
          api.PUT('/packages/{package}/apps/{country}', {
            params: { path: { package: one.id, country: given.country } },
            body: given.app,
          }),
        )
      }
      return answer(
        api.POST('/connections', {
          headers: key,
          body: { package: one.id, country: given.country, mode: given.mode },
        }),
      )
    },
    done: ({ signInAt }) => leaveFor(signInAt),
  })
  const missing = asksApp && (!clientId.trim() || !clientSecret.trim())
  const go = () => {
    setTried(true)
    if (missing) {
      document.querySelector<HTMLInputElement>(clientId.trim() ? '[name=clientSecret]' : '[name=clientId]')?.focus()
      return
    }
    begin.mutate({
      mode,
      country,
      app: asksApp
        ? {
            clientId: clientId.trim(),
            clientSecret: clientSecret.trim(),
            ...(webhookSecret.trim() ? { webhookSecret: webhookSecret.trim() } : {}),
          }
        : null,
    })
  }
  useKeys([{ keys: 'mod+Enter', run: go, whileTyping: true, disabled: begin.isPending || begin.isSuccess }])
  const errors = fieldErrors(begin.error)
  const atField = errors.has('clientId') || errors.has('clientSecret')
  const needed = (value: string, name: string) =>
    errors.get(name) ?? (tried && !value.trim() ? t('apps.app.missing') : undefined)

  return (
    <Dialog open onClose={close} title={t('apps.activate.title', { package: one.name })} size={580}>
      <div className={styles.dialog}>
        {one.sandbox ? (
          <div className={styles.modes} role="radiogroup" aria-label={t('apps.mode')}>
            {(['sandbox', 'live'] as const).map((option) => (
              <label key={option} className={styles.mode}>
                <input
                  type="radio"
                  name="mode"
                  value={option}
                  checked={mode === option}
                  onChange={() => setMode(option)}
                />
                <span>
                  <b>{option === 'sandbox' ? t('apps.mode.sandbox') : one.name}</b>
                  <small>
                    {option === 'sandbox'
                      ? t('apps.mode.sandbox.text', { package: one.name })
                      : t('apps.mode.live.text', { package: one.name })}
                  </small>
                </span>
              </label>
            ))}
          </div>
        ) : null}
        <SelectField
          label={t('apps.country')}
          description={
            mode === 'live' ? t('apps.country.live', { host }) : t('apps.country.sandbox', { package: one.name })
          }
          value={country}
          data={one.countries.map(({ code }) => ({ value: code, label: format.country(code) }))}
          onChange={(value) => {
            if (value) setCountry(value)
            setReplacing(false)
          }}
        />
        {mode === 'live' && known && !replacing ? (
          <div className={styles.known}>
            <StateLine is="done" icon="key">
              {known.from === 'environment'
                ? t('apps.app.fromEnvironment', { clientId: known.clientId })
                : t('apps.app.known', { clientId: known.clientId })}
            </StateLine>
            <Button kind="link" size="sm" onClick={() => setReplacing(true)}>
              {t('apps.app.replace')}
            </Button>
          </div>
        ) : null}
        {asksApp ? (
          <fieldset className={styles.app}>
            <legend>{t('apps.app.title', { package: one.name })}</legend>
            <p className="muted small">{t('apps.app.text', { package: one.name })}</p>
            <RedirectAddress address={one.redirectUri} />
            <TextField
              name="clientId"
              label={t('apps.app.clientId')}
              value={clientId}
              error={needed(clientId, 'clientId')}
              onChange={(event) => setClientId(event.currentTarget.value)}
            />
            <PasswordField
              name="clientSecret"
              autoComplete="off"
              label={t('apps.app.clientSecret')}
              description={t('apps.app.clientSecret.help')}
              value={clientSecret}
              error={needed(clientSecret, 'clientSecret')}
              onChange={(event) => setClientSecret(event.currentTarget.value)}
            />
            {one.webhooks ? (
              <PasswordField
                name="webhookSecret"
                autoComplete="off"
                label={t('apps.app.webhookSecret')}
                description={t('apps.app.webhookSecret.help')}
                value={webhookSecret}
                onChange={(event) => setWebhookSecret(event.currentTarget.value)}
              />
            ) : null}
          </fieldset>
        ) : null}
        {begin.error && !atField ? <ErrorNotice error={begin.error} /> : null}
        <p className="muted small">{mode === 'sandbox' ? t('apps.next.sandbox') : t('apps.next.live', { host })}</p>
        <Foot>
          <Button onClick={close}>{t('parts.cancel')}</Button>
          <Button
            kind="primary"
            keys="mod+Enter"
            iconAfter="external"
            busy={begin.isPending || begin.isSuccess}
            onClick={go}
          >
            {t('apps.toSignIn')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}
