import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { Outside } from '../../frame/Outside.tsx'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { ErrorNotice, ErrorState, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { PasswordField, TextField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { hasStatus, isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { forget, type Session, sessionQuery } from '../../session.ts'
import { type Language, languages } from '../../words/languages.ts'
import { useLanguage, useT } from '../../words/words.tsx'
import { FirmFields } from '../settings/FirmFields.tsx'
import { toFirmBody, toFirmValues } from '../settings/firm-values.ts'
import { browserDefaults } from './browser-defaults.ts'
import styles from './welcome.module.css'

const languageNames = { en: 'English', nl: 'Nederlands' } as const satisfies Record<Language, string>
// They stand in the documentation too: a sample firm is for one's own machine.
const sampleEmails = ['sanne@noordkade.example', 'noor@noordkade.example', 'joris@noordkade.example'] as const
const samplePassword = 'noordkade-demo'

const spoken = (language: string): Language => (language === 'nl' ? 'nl' : 'en')

/** To the firm that was just made, as whoever made it. */
function useArrive() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async (slug: string, session?: Session) => {
    forget(client)
    if (session) client.setQueryData(sessionQuery.queryKey, { user: session.user, firms: session.firms })
    await navigate({ to: '/f/$firm', params: { firm: slug } })
  }
}

function LanguageSwitch() {
  const t = useT()
  const { language, choose } = useLanguage()
  return (
    <Segments
      name={t('frame.language')}
      value={spoken(language)}
      options={languages.map((value) => ({ value, label: languageNames[value] }))}
      onChange={choose}
    />
  )
}

function FirmForm({ signedIn, onBack }: { signedIn: boolean; onBack: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const arrive = useArrive()
  const made = useRef<{ slug: string; session?: Session } | null>(null)
  const form = useApiForm({
    initial: {
      firm: toFirmValues({
        name: '',
        address: null,
        language: spoken(language),
        ...browserDefaults(Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.languages),
      }),
      administrator: { name: '', email: '', password: '' },
    },
    validate: {
      firm: { name: (value: string) => (value.trim() ? null : t('welcome.firm.missing')) },
      ...(signedIn
        ? {}
        : {
            administrator: {
              name: (value: string) => (value.trim() ? null : t('welcome.you.nameMissing')),
              email: (value: string) => (value.includes('@') ? null : t('welcome.you.emailMissing')),
              password: (value: string) => (value.length >= 10 ? null : t('welcome.you.passwordShort')),
            },
          }),
    },
    save: async (values) => {
      const firm = toFirmBody(values.firm)
      if (signedIn) made.current = await answer(api.POST('/firms', { body: { firm } }))
      else {
        const session = await answer(api.POST('/setup', { body: { firm, administrator: values.administrator } }))
        made.current = { slug: session.slug, session }
      }
    },
    saved: () => made.current && arrive(made.current.slug, made.current.session),
  })
  return (
    <Form form={form}>
      <FirmFields at="firm." field={form.field} country={form.form.getValues().firm.country} />
      {signedIn ? null : (
        <FormPart title={t('welcome.you.title')} text={t('welcome.you.text')}>
          <Fields>
            <TextField
              label={t('welcome.you.name')}
              autoComplete="name"
              withAsterisk
              {...form.field('administrator.name')}
            />
            <TextField
              label={t('welcome.you.email')}
              type="email"
              autoComplete="username"
              withAsterisk
              {...form.field('administrator.email')}
            />
            <PasswordField
              label={t('welcome.you.password')}
              description={t('welcome.you.passwordText')}
              autoComplete="new-password"
              withAsterisk
              visibilityToggleButtonProps={{ 'aria-label': t('welcome.you.passwordShow') }}
              {...form.field('administrator.password')}
            />
          </Fields>
        </FormPart>
      )}
      <FormFoot
        form={form}
        action={t('welcome.firm.button')}
        more={
          <Button kind="quiet" icon="back" onClick={onBack}>
            {t('parts.back')}
          </Button>
        }
      />
    </Form>
  )
}

/** On a machine that others can reach, the sample firm gets an administrator of its own. */
function SampleForm({ onBack }: { onBack: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const arrive = useArrive()
  const made = useRef<(Session & { slug: string }) | null>(null)
  const form = useApiForm({
    initial: { administrator: { name: '', email: '', password: '' } },
    save: async ({ administrator }) => {
      made.current = await answer(
        api.POST('/setup', { body: { sample: true, language: spoken(language), administrator } }),
      )
    },
    saved: () => made.current && arrive(made.current.slug, made.current),
  })
  return (
    <Form form={form}>
      <FormPart title={t('welcome.you.title')} text={t('welcome.sample.you')}>
        <TextField label={t('welcome.you.name')} autoComplete="name" {...form.field('administrator.name')} />
        <TextField
          label={t('welcome.you.email')}
          type="email"
          autoComplete="username"
          {...form.field('administrator.email')}
        />
        <PasswordField
          label={t('welcome.you.password')}
          description={t('welcome.you.passwordText')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('welcome.you.passwordShow') }}
          {...form.field('administrator.password')}
        />
      </FormPart>
      <FormFoot
        form={form}
        action={t('welcome.sample.button')}
        more={
          <Button kind="quiet" icon="back" onClick={onBack}>
            {t('parts.back')}
          </Button>
        }
      />
    </Form>
  )
}

const asksForAdministrator = (error: unknown) =>
  isApiProblem(error) && (error.problem.errors ?? []).some(({ pointer }) => pointer === '/administrator')

function Roads({ signedIn, onFirm, onSample }: { signedIn: boolean; onFirm: () => void; onSample: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const arrive = useArrive()
  const explore = useAct({
    run: async (body: { sample: true; language: Language }, key) => {
      if (signedIn) return { slug: (await answer(api.POST('/firms', { headers: key, body }))).slug }
      const session = await answer(api.POST('/setup', { headers: key, body }))
      return { slug: session.slug, session }
    },
    done: ({ slug, ...made }) => arrive(slug, 'session' in made ? made.session : undefined),
    failed: (error) => asksForAdministrator(error) && onSample(),
  })
  const included = [t('welcome.sample.people'), t('welcome.sample.hours'), t('welcome.sample.books')]
  return (
    <>
      {explore.error && !asksForAdministrator(explore.error) ? <ErrorNotice error={explore.error} /> : null}
      <div className={styles.roads}>
        <section className={styles.road}>
          <div>
            <Icon name="firm" size={22} />
            <h2>{t('welcome.firm.title')}</h2>
          </div>
          <p>{t('welcome.firm.text')}</p>
          <Button kind="primary" size="lg" wide iconAfter="arrow" onClick={onFirm}>
            {t('welcome.firm.start')}
          </Button>
        </section>
        <section className={styles.road}>
          <div>
            <Icon name="eye" size={22} />
            <h2>{t('welcome.sample.title')}</h2>
          </div>
          <ul>
            {included.map((line) => (
              <li key={line}>
                <Icon name="check" size={14} />
                {line}
              </li>
            ))}
          </ul>
          <Button
            size="lg"
            wide
            iconAfter="arrow"
            busy={explore.isPending}
            onClick={() => explore.mutate({ sample: true, language: spoken(language) })}
          >
            {t('welcome.sample.button')}
          </Button>
        </section>
      </div>
      {signedIn ? null : (
        <section className={styles.again}>
          <h3>{t('welcome.again.title')}</h3>
          <p className="muted">{t('welcome.again.text', { password: samplePassword })}</p>
          <dl>
            {sampleEmails.map((email, at) => (
              <div key={email} style={{ display: 'contents' }}>
                <dt className="fig">{email}</dt>
                <dd>
                  {[t('welcome.again.administrator'), t('welcome.again.manager'), t('welcome.again.employee')][at]}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  )
}

export function Welcome() {
  const t = useT()
  const [road, setRoad] = useState<'choose' | 'firm' | 'sample'>('choose')
  const [opened, setOpened] = useState(false)
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => answer(api.GET('/setup', { signal })) })
  // Who is signed in adds a firm; everybody else signs in first.
  const session = useQuery({ ...sessionQuery, enabled: setup.data?.needed === false, retry: false })
  if (setup.isError) {
    return (
      <Outside title={t('welcome.title')}>
        <ErrorState error={setup.error} retry={setup.refetch} />
      </Outside>
    )
  }
  if (setup.data?.needed === false && hasStatus(session.error, 401)) return <Navigate to="/sign-in" replace />
  if (!setup.data || (setup.data.needed === false && !session.data)) {
    return (
      <Outside title={t('welcome.title')} wide="very">
        <Skeleton />
        <Skeleton width="70%" />
      </Outside>
    )
  }
  const signedIn = !setup.data.needed
  const head =
    road === 'firm' ? t('welcome.firm.title') : road === 'sample' ? t('welcome.sample.title') : t('welcome.title')
  return (
    <Outside
      title={signedIn && road === 'choose' ? t('welcome.another') : head}
      text={road === 'choose' ? t('welcome.text') : undefined}
      wide="very"
    >
      <div className={styles.top}>
        <LanguageSwitch />
        {signedIn && road === 'choose' ? (
          <Button kind="quiet" icon="back" onClick={() => window.history.back()}>
            {t('parts.back')}
          </Button>
        ) : null}
      </div>
      {road === 'choose' ? (
        <Roads
          signedIn={signedIn}
          onFirm={() => {
            setOpened(true)
            setRoad('firm')
          }}
          onSample={() => setRoad('sample')}
        />
      ) : null}
      {/* Going back to look at the other road does not throw away what was typed. */}
      {opened ? (
        <div hidden={road !== 'firm'}>
          <FirmForm signedIn={signedIn} onBack={() => setRoad('choose')} />
        </div>
      ) : null}
      {road === 'sample' ? <SampleForm onBack={() => setRoad('choose')} /> : null}
    </Outside>
  )
}
