import { useQueryClient } from '@tanstack/react-query'
import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { say, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { T, useT } from '../../words/words.tsx'
import { Rates } from '../activities/Rates.tsx'
import styles from './people.module.css'
import { RoleChoice } from './RoleChoice.tsx'
import { type Role, roles, roleWords } from './roles.ts'

export type Member = paths['/people']['get']['responses'][200]['content']['application/json']['rows'][number]

export interface Invited {
  readonly name: string
  readonly email: string
  /** Null when a mail server brought it. */
  readonly link: string | null
}

function useLookAgain() {
  const client = useQueryClient()
  return () => Promise.all([['people'], ['session']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** What there is to hand over; without a mail server that is the only way an invitation arrives. */
export function InvitationMade({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const t = useT()
  return (
    <div className={styles.dialog}>
      {invited.link ? (
        <>
          <p>
            <T id="people.link.text" values={{ name: invited.name }} />
          </p>
          <Copy text={invited.link} name={t('people.link')} />
          <p className="muted small">{t('people.link.once')}</p>
        </>
      ) : (
        <Notice is="done" title={t('people.mailed', { email: invited.email })} />
      )}
      <Foot>
        <Button kind="primary" onClick={onClose}>
          {t('people.done')}
        </Button>
      </Foot>
    </div>
  )
}

export function InviteForm({ onInvited, onClose }: { onInvited: (invited: Invited) => void; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const [invited, setInvited] = useState<Invited | null>(null)
  const form = useApiForm({
    initial: { name: '', email: '', roles: ['employee'] as Role[], language: 'firm' as 'firm' | 'nl' | 'en' },
    validate: {
      name: (value: string) => (value.trim() ? null : t('people.name.missing')),
      email: (value: string) => (value.includes('@') ? null : t('people.email.missing')),
      roles: (value: Role[]) => (value.length > 0 ? null : t('people.roles.missing')),
    },
    save: async ({ name, email, roles: chosen, language }) => {
      const made = await answer(
        api.POST('/people', {
          body: {
            name: name.trim(),
            email: email.trim(),
            roles: chosen,
            language: language === 'firm' ? null : language,
          },
        }),
      )
      setInvited({ name: made.member.name, email: made.member.email, link: made.link })
      onInvited({ name: made.member.name, email: made.member.email, link: made.link })
    },
    saved: lookAgain,
  })
  if (invited) return <InvitationMade invited={invited} onClose={onClose} />
  return (
    <Form form={form}>
      <Fields>
        <TextField label={t('people.name')} data-autofocus {...form.field('name')} />
        <TextField label={t('people.email')} type="email" {...form.field('email')} />
      </Fields>
      <RoleChoice
        value={form.form.getValues().roles}
        onChange={(next) => form.form.setFieldValue('roles', next)}
        error={form.form.errors.roles}
      />
      <SelectField
        label={t('people.language')}
        data={[
          { value: 'firm', label: t('people.language.firm') },
          { value: 'nl', label: 'Nederlands' },
          { value: 'en', label: 'English' },
        ]}
        {...form.field('language')}
      />
      <FormFoot form={form} action={t('people.invite.button')} onCancel={onClose} />
    </Form>
  )
}

/** The words for a refusal that stands at a field which is not on this form. */
const fieldMessage = (error: unknown): string | null =>
  isApiProblem(error) ? (error.problem.errors?.[0]?.message ?? null) : null

export function PersonForm({
  member,
  onInvited,
  onClose,
}: {
  member: Member
  onInvited: (invited: Invited) => void
  onClose: () => void
}) {
  const t = useT()
  const may = useMay()
  const { memberId } = useFirm()
  const lookAgain = useLookAgain()
  const path = { params: { path: { id: member.id } } }
  const change = may('people:write')
  const { form, tell } = useEditForm({
    thing: member,
    toValues: ({ name, roles: held }: Member) => ({ name, roles: roles.filter((role) => held.includes(role)) }),
    toBody: ({ name, roles: held }) => ({ name: name.trim(), roles: held }),
    labels: { name: t('people.name'), roles: t('people.roles') },
    show: (field, value) =>
      field === 'roles' && Array.isArray(value)
        ? value.map((role) => t(roleWords[role as Role])).join(', ')
        : plainText(value),
    validate: {
      name: (value: string) => (value.trim() ? null : t('people.name.missing')),
      roles: (value: Role[]) => (value.length > 0 ? null : t('people.roles.missing')),
    },
    change: (body, version) => answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(version), body })),
    saved: async (after) => {
      await lookAgain()
      say(t('people.saved', { name: after.name }))
      onClose()
    },
  })
  const archive = useAct({
    run: (archived: boolean) =>
      answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(member.version), body: { archived } })),
    done: async (after, archived) => {
      await lookAgain()
      onClose()
      if (!archived) return say(t('people.broughtBack', { name: after.name }))
      sayUndo(t('people.archivedNow', { name: after.name }), async () => {
        await answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(after.version), body: { archived: false } }))
        await lookAgain()
      })
    },
  })
  const again = useAct({
    run: (_: null, key) => answer(api.POST('/people/{id}/invitation', { ...path, headers: key })),
    done: ({ link }) => onInvited({ name: member.name, email: member.email, link }),
  })
  const archived = member.state === 'archived'
  const refusal = archive.error ? fieldMessage(archive.error) : null
  return (
    <>
      <Form form={form} tell={tell}>
        <Fields>
          <TextField label={t('people.name')} readOnly={!change} data-autofocus {...form.field('name')} />
          <TextField
            label={t('people.email')}
            value={member.email}
            readOnly
            {...(change ? { description: t('people.email.fixed') } : {})}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
        </Fields>
        <RoleChoice
          value={form.form.getValues().roles}
          onChange={(next) => form.form.setFieldValue('roles', next)}
          error={form.form.errors.roles}
          disabled={!change}
        />
        {refusal ? <Notice is="refused" title={refusal} urgent /> : null}
        {archive.error && !refusal ? <ErrorNotice error={archive.error} /> : null}
        {again.error ? <ErrorNotice error={again.error} /> : null}
        {change ? (
          <FormFoot
            form={form}
            action={t('people.save')}
            more={
              <>
                {member.state === 'invited' ? (
                  <Button icon="send" busy={again.isPending} onClick={() => again.mutate(null)}>
                    {t('people.again')}
                  </Button>
                ) : null}
                {member.id === memberId ? null : (
                  <Button
                    kind="quiet"
                    icon="archive"
                    busy={archive.isPending}
                    onClick={() => archive.mutate(!archived)}
                  >
                    {archived ? t('people.bringBack') : t('people.archive')}
                  </Button>
                )}
              </>
            }
          />
        ) : null}
      </Form>
      {may('rates:read') && !archived ? (
        <section className={styles.more}>
          <div>
            <h3>{t('people.rates')}</h3>
            <p>{t('people.rates.text')}</p>
          </div>
          <Rates scope="user" subject={{ memberId: member.id }} optional />
        </section>
      ) : null}
    </>
  )
}
