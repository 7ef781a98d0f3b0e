import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { answer, api } from '../../api.ts'
import { Outside } from '../../frame/Outside.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { PasswordField, TextField } from '../../parts/fields.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { hasStatus } from '../../problem.ts'
import { forget, type Session, sessionQuery } from '../../session.ts'
import { hasChosenLanguage, type Language } from '../../words/languages.ts'
import { T, useLanguage, useT } from '../../words/words.tsx'

const route = getRouteApi('/invite/$token')

interface Invitation {
  readonly firm: string
  readonly name: string
  readonly email: string
  readonly language: Language
  readonly hasAccount: boolean
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const t = useT()
  const client = useQueryClient()
  const navigate = useNavigate()
  const made = useRef<(Session & { slug: string }) | null>(null)
  const form = useApiForm({
    initial: { name: invitation.name, password: '' },
    validate: {
      name: (value: string) => (value.trim() ? null : t('invite.name.missing')),
      password: (value: string) => (value.length >= 10 ? null : t('invite.password.short')),
    },
    save: async (body) => {
      made.current = await answer(api.POST('/invitations/{token}/acceptance', { params: { path: { token } }, body }))
    },
    saved: async () => {
      if (!made.current) return
      const { slug, user, firms } = made.current
      forget(client)
      client.setQueryData(sessionQuery.queryKey, { user, firms })
      await navigate({ to: '/f/$firm', params: { firm: slug } })
    },
  })
  return (
    <Form form={form}>
      <TextField
        label={t('invite.email')}
        type="email"
        autoComplete="username"
        readOnly
        value={invitation.email}
        name="email"
      />
      <TextField label={t('invite.name')} autoComplete="name" {...form.field('name')} />
      <PasswordField
        label={invitation.hasAccount ? t('invite.password.yours') : t('invite.password.new')}
        description={invitation.hasAccount ? t('invite.password.yoursText') : t('invite.password.newText')}
        autoComplete={invitation.hasAccount ? 'current-password' : 'new-password'}
        visibilityToggleButtonProps={{ 'aria-label': t('invite.password.show') }}
        autoFocus
        {...form.field('password')}
      />
      <Button kind="primary" size="lg" wide type="submit" busy={form.saving}>
        {t('invite.button', { firm: invitation.firm })}
      </Button>
    </Form>
  )
}

export function Invite() {
  const t = useT()
  const { token } = route.useParams()
  const { choose } = useLanguage()
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => answer(api.GET('/invitations/{token}', { params: { path: { token } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const language = invitation.data?.language
  useEffect(() => {
    if (language && !hasChosenLanguage()) choose(language)
  }, [language, choose])
  if (invitation.isError) {
    const isGone = hasStatus(invitation.error, 404)
    return (
      <Outside title={isGone ? t('invite.gone') : t('invite.loading')}>
        <ErrorNotice error={invitation.error} {...(isGone ? {} : { retry: invitation.refetch })} />
        <Link to="/sign-in">{t('invite.signIn')}</Link>
      </Outside>
    )
  }
  if (!invitation.data) {
    return (
      <Outside title={t('invite.loading')}>
        <Skeleton />
        <Skeleton width="60%" />
      </Outside>
    )
  }
  return (
    <Outside
      title={t('invite.title', { firm: invitation.data.firm })}
      text={invitation.data.hasAccount ? <T id="invite.text.account" /> : <T id="invite.text.new" />}
    >
      <Accept token={token} invitation={invitation.data} />
    </Outside>
  )
}
