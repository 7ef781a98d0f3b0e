import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Outside } from '../../frame/Outside.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useLanguage, useT } from '../../words/words.tsx'

function Ask({ onAsked }: { onAsked: (email: string) => void }) {
  const t = useT()
  const { language } = useLanguage()
  const form = useApiForm({
    initial: { email: '' },
    validate: { email: (value: string) => (value.trim() ? null : t('reset.email.missing')) },
    save: ({ email }) =>
      answer(
        api.POST('/session/password-resets', {
          body: { email: email.trim(), language: language === 'nl' ? 'nl' : 'en' },
        }),
      ),
    saved: ({ email }) => onAsked(email.trim()),
  })
  return (
    <Form form={form}>
      <TextField label={t('reset.email')} type="email" autoComplete="username" autoFocus {...form.field('email')} />
      <Button kind="primary" size="lg" wide type="submit" busy={form.saving}>
        {t('reset.ask')}
      </Button>
    </Form>
  )
}

/** Who forgot the password gets a letter; where no mail is sent, the administrator helps. */
export function Forgot() {
  const t = useT()
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => answer(api.GET('/setup', { signal })) })
  const [asked, setAsked] = useState<string | null>(null)
  return (
    <Outside title={t('reset.forgot')} {...(setup.data?.mail && !asked ? { text: t('reset.forgot.text') } : {})}>
      {setup.isError ? <ErrorNotice error={setup.error} retry={setup.refetch} /> : null}
      {setup.isPending ? <Skeleton /> : null}
      {setup.data && !setup.data.mail ? <p>{t('reset.noMail')}</p> : null}
      {setup.data?.mail && !asked ? <Ask onAsked={setAsked} /> : null}
      {asked ? (
        <Notice is="done" title={t('reset.asked', { email: asked })} urgent>
          <p>{t('reset.asked.text')}</p>
        </Notice>
      ) : null}
      <Link to="/sign-in">{t('reset.signIn')}</Link>
    </Outside>
  )
}
