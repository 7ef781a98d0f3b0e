import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate, useRouter } from '@tanstack/react-router'
import { useRef } from 'react'
import { answer, api } from '../../api.ts'
import { Outside } from '../../frame/Outside.tsx'
import { Button } from '../../parts/Button.tsx'
import { Form } from '../../parts/Form.tsx'
import { PasswordField, TextField } from '../../parts/fields.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { forget, type Session, sessionQuery } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { localAddress } from './local-address.ts'

const route = getRouteApi('/sign-in')

export function SignIn() {
  const t = useT()
  const { next } = route.useSearch()
  const client = useQueryClient()
  const router = useRouter()
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => answer(api.GET('/setup', { signal })) })
  const session = useRef<Session | null>(null)
  const form = useApiForm({
    initial: { email: '', password: '' },
    validate: {
      email: (value: string) => (value.trim() ? null : t('sign-in.email.missing')),
      password: (value: string) => (value ? null : t('sign-in.password.missing')),
    },
    save: async ({ email, password }) => {
      session.current = await answer(api.POST('/session', { body: { email: email.trim(), password } }))
    },
    saved: () => {
      forget(client)
      client.setQueryData(sessionQuery.queryKey, session.current ?? undefined)
      router.history.push(localAddress(next))
    },
  })
  if (setup.data?.needed) return <Navigate to="/welcome" replace />
  return (
    <Outside title={t('sign-in.title')}>
      <Form form={form}>
        <TextField label={t('sign-in.email')} type="email" autoComplete="username" autoFocus {...form.field('email')} />
        <PasswordField
          label={t('sign-in.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('sign-in.password.show') }}
          {...form.field('password')}
        />
        <Button kind="primary" size="lg" wide type="submit" busy={form.saving}>
          {t('sign-in.button')}
        </Button>
      </Form>
      <Link to="/forgot">{t('sign-in.forgot')}</Link>
    </Outside>
  )
}
