import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { PasswordField, SelectField, TextField } from '../../parts/fields.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useFirm } from '../../session.ts'
import { useLanguage, useT } from '../../words/words.tsx'
import { roles, roleWords } from '../people/roles.ts'
import styles from './profile.module.css'

type Member = components['schemas']['Me']

function AboutMe({ me }: { me: Member }) {
  const t = useT()
  const client = useQueryClient()
  const { choose } = useLanguage()
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => answer(api.GET('/setup', { signal })) })
  const form = useApiForm({
    initial: {
      name: me.name,
      language: (me.language ?? 'firm') as 'firm' | 'nl' | 'en',
      noticesByMail: me.noticesByMail,
    },
    validate: { name: (value: string) => (value.trim() ? null : t('profile.name.missing')) },
    save: ({ name, language, noticesByMail }) =>
      answer(
        api.PATCH('/me', {
          body: { name: name.trim(), language: language === 'firm' ? null : language, noticesByMail },
        }),
      ),
    saved: async ({ language }) => {
      if (language !== 'firm') choose(language)
      await Promise.all([['me'], ['session'], ['people']].map((queryKey) => client.invalidateQueries({ queryKey })))
      say(t('profile.saved'))
    },
  })
  return (
    <Form form={form}>
      <FormPart title={t('profile.you')}>
        <Fields>
          <TextField label={t('profile.name')} autoComplete="name" {...form.field('name')} />
          <SelectField
            label={t('profile.language')}
            data={[
              { value: 'firm', label: t('profile.language.firm') },
              { value: 'nl', label: 'Nederlands' },
              { value: 'en', label: 'English' },
            ]}
            {...form.field('language')}
          />
        </Fields>
        <SwitchField
          label={t('profile.notices')}
          description={setup.data?.mail === false ? t('profile.notices.noMail') : t('profile.notices.text')}
          {...form.check('noticesByMail')}
        />
      </FormPart>
      <FormFoot form={form} action={t('profile.save')} />
    </Form>
  )
}

const empty = { current: '', next: '' }

function Password({ email }: { email: string }) {
  const t = useT()
  const form = useApiForm({
    initial: empty,
    validate: {
      current: (value: string) => (value ? null : t('profile.password.currentMissing')),
      next: (value: string) => (value.length >= 10 ? null : t('profile.password.short')),
    },
    save: (body) => answer(api.POST('/session/password', { body })),
    paths: { password: 'next' },
    saved: () => {
      form.form.setValues(empty)
      form.form.resetDirty(empty)
      say(t('profile.password.saved'))
    },
  })
  const shown = { 'aria-label': t('profile.password.show') }
  return (
    <Form form={form}>
      <FormPart title={t('profile.password')} text={t('profile.password.text')}>
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <Fields>
          <PasswordField
            label={t('profile.password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={shown}
            {...form.field('current')}
          />
          <PasswordField
            label={t('profile.password.next')}
            description={t('profile.password.nextText')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="new-password"
            visibilityToggleButtonProps={shown}
            {...form.field('next')}
          />
        </Fields>
      </FormPart>
      <FormFoot form={form} action={t('profile.password.save')} />
    </Form>
  )
}

/** What the firm keeps of somebody, to look at. */
function InFirm({ me }: { me: Member }) {
  const t = useT()
  const format = useFormat()
  const { name } = useFirm()
  const contract = me.contractHours.findLast(({ from }) => from <= today())
  const week = contract?.minutesPerDay.reduce((sum, minutes) => sum + minutes, 0)
  return (
    <section className={styles.firm}>
      <h2>{t('profile.firm', { firm: name })}</h2>
      <p className="muted">{t('profile.firm.text')}</p>
      <Facts
        rows={[
          [t('profile.email'), me.email],
          [
            t('profile.roles'),
            roles
              .filter((role) => me.roles.includes(role))
              .map((role) => t(roleWords[role]))
              .join(', '),
          ],
          ...(me.number ? [[t('profile.number'), me.number] as const] : []),
          ...(me.startsOn ? [[t('profile.startsOn'), format.date(me.startsOn)] as const] : []),
          ...(me.endsOn ? [[t('profile.endsOn'), format.date(me.endsOn)] as const] : []),
          ...(week === undefined
            ? []
            : [[t('profile.contract'), t('profile.week', { hours: format.hours(week) })] as const]),
        ]}
      />
    </section>
  )
}

export function Profile() {
  const t = useT()
  const query = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => answer(api.GET('/me', { signal })) })
  const me = query.data
  return (
    <Page>
      <PageHead title={t('profile.title')} />
      {query.isError ? <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} /> : null}
      {query.isPending ? <PageSkeleton /> : null}
      {me ? (
        <Body narrow>
          <div className={styles.parts}>
            <AboutMe key={me.id} me={me} />
            <Password email={me.email} />
            <InFirm me={me} />
          </div>
        </Body>
      ) : null}
    </Page>
  )
}
