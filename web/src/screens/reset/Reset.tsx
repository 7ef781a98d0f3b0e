import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useRef } from 'react'
import { answer, api } from '../../api.ts'
import { Outside } from '../../frame/Outside.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { PasswordField, TextField } from '../../parts/fields.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { hasStatus } from '../../problem.ts'
import { forget, type Session, sessionQuery } from '../../session.ts'
import { useT } from '../../words/words.tsx'

const route = getRouteApi('/reset/$token')

function Choose({ token, email }: { token: string; email: string }) {
  const t = useT()
  const client = useQueryClient()
  const router = useRouter()
  const session = useRef<Session | null>(null)
  const form = useApiForm({
    initial: { password: '' },
    validate: { password: (value: string) => (value.length >= 10 ? null : t('reset.password.short')) },
    save: async ({ password }) => {
      const path = { params: { path: { token } } }
      session.current = await answer(api.POST('/session/password-resets/{token}', { ...path, body: { password } }))
    },
    saved: () => {
      forget(client)
      client.setQueryData(sessionQuery.queryKey, session.current ?? undefined)
      router.history.push('/')
    },
  })
  return (
    <Form form={form}>
      <TextField label={t('reset.email')} type="email" autoComplete="username" readOnly value={email} name="email" />
      <PasswordField
        label={t('reset.password')}
        description={t('reset.password.text')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('reset.password.show') }}
        autoFocus
        {...form.field('password')}
      />
      <Button kind="primary" size="lg" wide type="submit" busy={form.saving}>
        {t('reset.save')}
      </Button>
    </Form>
  )
}

/** Where the link of a letter, or of the administrator, leads. */
export function Reset() {
  const t = useT()
  const { token } = route.useParams()
  const query = useQuery({
    queryKey: ['password-reset', token],
    queryFn: ({ signal }) =>
      answer(api.GET('/session/password-resets/{token}', { params: { path: { token } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (query.isError) {
    const isGone = hasStatus(query.error, 404)
    return (
      <Outside title={isGone ? t('reset.gone') : t('reset.title')}>
        <ErrorNotice error={query.error} {...(isGone ? {} : { retry: query.refetch })} />
        <Link to="/sign-in">{t('reset.signIn')}</Link>
      </Outside>
    )
  }
  return (
    <Outside title={t('reset.title')}>
      {query.data ? (
        <Choose token={token} email={query.data.email} />
      ) : (
        <>
          <Skeleton />
          <Skeleton width="60%" />
        </>
      )}
    </Outside>
  )
}
