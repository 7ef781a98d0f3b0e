import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead, TwoColumns } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { History } from '../../parts/History.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { ManyField } from '../../parts/ManyField.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { Pill } from '../../parts/State.tsx'
import { say, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Say, T, useT } from '../../words/words.tsx'
import { Rates } from '../activities/Rates.tsx'
import side from '../activities/rates.module.css'
import { type Contract, ContractHours } from './ContractHours.tsx'
import styles from './people.module.css'
import { RoleChoice } from './RoleChoice.tsx'
import { type Role, roles, roleWords } from './roles.ts'

export type Member = paths['/people']['get']['responses'][200]['content']['application/json']['rows'][number]

interface Invited {
  readonly name: string
  readonly email: string
  /** Null when a mail server brought it. */
  readonly link: string | null
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['people'], ['session'], ['teams'], ['history', 'person'], ['hours']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

/** What there is to hand over; without a mail server that is the only way an invitation arrives. */
function InvitationMade({ invited, onClose }: { invited: Invited; onClose: () => void }) {
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

export function InviteForm({ onClose }: { onClose: () => void }) {
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

interface Values extends Record<string, unknown> {
  name: string
  roles: Role[]
  language: 'firm' | 'nl' | 'en'
  number: string
  startsOn: string | null
  endsOn: string | null
  teamIds: string[]
  contractHours: Contract[]
}

const toValues = (member: Member): Values => ({
  name: member.name,
  roles: roles.filter((role) => member.roles.includes(role)),
  language: member.language ?? 'firm',
  number: member.number ?? '',
  startsOn: member.startsOn,
  endsOn: member.endsOn,
  teamIds: member.teamIds.toSorted(),
  contractHours: member.contractHours,
})

const toBody = (values: Values) => ({
  name: values.name.trim(),
  roles: values.roles,
  language: values.language === 'firm' ? null : values.language,
  number: values.number.trim() || null,
  startsOn: values.startsOn || null,
  endsOn: values.endsOn || null,
  teamIds: values.teamIds.toSorted(),
  contractHours: values.contractHours.toSorted((a, b) => a.from.localeCompare(b.from)),
})

const labelsOf = (t: Say) => ({
  name: t('people.name'),
  roles: t('people.roles'),
  language: t('people.language'),
  number: t('people.number'),
  startsOn: t('people.startsOn'),
  endsOn: t('people.endsOn'),
  teamIds: t('people.teams'),
  contractHours: t('people.contract'),
})

function useTeamOptions() {
  const { data } = useQuery({
    queryKey: ['teams', 'options'],
    queryFn: async ({ signal }) => (await answer(api.GET('/teams', { signal }))).rows,
  })
  return (data ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

function useShow() {
  const t = useT()
  const format = useFormat()
  const teams = useTeamOptions()
  return (field: string, value: unknown): string => {
    if (field === 'roles' && Array.isArray(value)) return value.map((role) => t(roleWords[role as Role])).join(', ')
    if (field === 'teamIds' && Array.isArray(value))
      return value.map((id) => teams.find((team) => team.value === id)?.label ?? '…').join(', ') || '–'
    if (field === 'contractHours' && Array.isArray(value))
      return (
        (value as Contract[])
          .map(({ from, minutesPerDay }) => {
            const hours = format.hours(minutesPerDay.reduce((sum, minutes) => sum + minutes, 0))
            return t('people.contract.told', { date: format.date(from, 'short'), hours })
          })
          .join('; ') || '–'
      )
    if ((field === 'startsOn' || field === 'endsOn') && typeof value === 'string') return format.date(value, 'short')
    return plainText(value)
  }
}

function EditPerson({ member }: { member: Member }) {
  const t = useT()
  const may = useMay()
  const { memberId } = useFirm()
  const lookAgain = useLookAgain()
  const teams = useTeamOptions()
  const labels = labelsOf(t)
  const show = useShow()
  const [handed, setHanded] = useState<Handed | null>(null)
  const path = { params: { path: { id: member.id } } }
  const change = may('people:write')
  const { form, tell } = useEditForm({
    thing: member,
    toValues,
    toBody,
    labels,
    show,
    validate: {
      name: (value: string) => (value.trim() ? null : t('people.name.missing')),
      roles: (value: Role[]) => (value.length > 0 ? null : t('people.roles.missing')),
    },
    change: (body, version) => answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(version), body })),
    saved: async (after) => {
      await lookAgain()
      say(t('people.saved', { name: after.name }))
    },
  })
  const archive = useAct({
    run: (archived: boolean) =>
      answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(member.version), body: { archived } })),
    done: async (after, archived) => {
      await lookAgain()
      if (!archived) return say(t('people.broughtBack', { name: after.name }))
      sayUndo(t('people.archivedNow', { name: after.name }), async () => {
        await answer(api.PATCH('/people/{id}', { ...path, headers: ifMatch(after.version), body: { archived: false } }))
        await lookAgain()
      })
    },
  })
  const again = useAct({
    run: (_: null, key) => answer(api.POST('/people/{id}/invitation', { ...path, headers: key })),
    done: ({ link }) => setHanded({ is: 'invitation', link }),
  })
  const reset = useAct({
    run: (_: null, key) => answer(api.POST('/people/{id}/password-reset', { ...path, headers: key })),
    done: ({ link }) => setHanded({ is: 'reset', link }),
  })
  const archived = member.state === 'archived'
  const refusal = archive.error ? fieldMessage(archive.error) : null
  const values = form.form.getValues()
  const errorAt = (prefix: string) =>
    Object.entries(form.form.errors).find(([key]) => key === prefix || key.startsWith(`${prefix}.`))?.[1] as
      | string
      | undefined
  return (
    <TwoColumns side={440}>
      <Body narrow>
        <Form form={form} tell={tell}>
          <LeaveGuard form={form} />
          <FormPart title={t('people.part')}>
            <Fields>
              <TextField label={t('people.name')} readOnly={!change} {...form.field('name')} />
              <TextField
                label={t('people.email')}
                value={member.email}
                readOnly
                {...(change ? { description: t('people.email.fixed') } : {})}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
              />
              <SelectField
                label={t('people.language')}
                disabled={!change}
                data={[
                  { value: 'firm', label: t('people.language.firm') },
                  { value: 'nl', label: 'Nederlands' },
                  { value: 'en', label: 'English' },
                ]}
                {...form.field('language')}
              />
              <TextField label={t('people.number')} readOnly={!change} {...form.field('number')} />
            </Fields>
          </FormPart>
          <RoleChoice
            value={values.roles}
            onChange={(next) => form.form.setFieldValue('roles', next)}
            error={form.form.errors.roles}
            disabled={!change}
          />
          <FormPart title={t('people.employment')} text={t('people.employment.text')}>
            <Fields>
              <DateField
                label={t('people.startsOn')}
                clearable
                placeholder=""
                disabled={!change}
                {...form.field('startsOn')}
              />
              <DateField
                label={t('people.endsOn')}
                clearable
                placeholder=""
                disabled={!change}
                {...form.field('endsOn')}
              />
            </Fields>
            {teams.length > 0 ? (
              <ManyField
                label={t('people.teams')}
                data={teams}
                disabled={!change}
                {...form.field('teamIds')}
                error={errorAt('teamIds')}
              />
            ) : null}
          </FormPart>
          <FormPart title={t('people.contract')} text={t('people.contract.text')}>
            <ContractHours
              value={values.contractHours}
              onChange={(next) => form.form.setFieldValue('contractHours', next as never)}
              errorAt={(at) => errorAt(`contractHours.${at}`)}
              disabled={!change}
            />
          </FormPart>
          {refusal ? <Notice is="refused" title={refusal} urgent /> : null}
          {archive.error && !refusal ? <ErrorNotice error={archive.error} /> : null}
          {again.error ? <ErrorNotice error={again.error} /> : null}
          {reset.error ? <ErrorNotice error={reset.error} /> : null}
          {change ? (
            <FormFoot
              form={form}
              action={t('people.save')}
              stays
              more={
                <>
                  {member.state === 'invited' ? (
                    <Button icon="send" busy={again.isPending} onClick={() => again.mutate(null)}>
                      {t('people.again')}
                    </Button>
                  ) : null}
                  {member.state === 'active' && member.id !== memberId ? (
                    <Button kind="quiet" icon="key" busy={reset.isPending} onClick={() => reset.mutate(null)}>
                      {t('people.reset')}
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
      </Body>
      <Body>
        <div className={side.side}>
          {may('rates:read') ? (
            <section>
              <h2>{t('people.rates')}</h2>
              <p>{t('people.rates.text')}</p>
              <Rates scope="user" subject={{ memberId: member.id }} optional />
            </section>
          ) : null}
          {may('history:read') ? (
            <section>
              <h2>{t('people.history')}</h2>
              <History kind="person" id={member.id} labels={labels} show={show} />
            </section>
          ) : null}
        </div>
        <Dialog
          open={handed !== null}
          onClose={() => setHanded(null)}
          title={
            handed?.is === 'reset'
              ? t('people.reset.title', { name: member.name })
              : t('people.link.title', { name: member.name })
          }
          size={620}
        >
          {handed?.is === 'invitation' ? (
            <InvitationMade
              invited={{ name: member.name, email: member.email, link: handed.link }}
              onClose={() => setHanded(null)}
            />
          ) : null}
          {handed?.is === 'reset' ? (
            <div className={styles.dialog}>
              {handed.link ? (
                <>
                  <p>
                    <T id="people.reset.text" values={{ name: member.name }} />
                  </p>
                  <Copy text={handed.link} name={t('people.reset.link')} />
                  <p className="muted small">{t('people.reset.once')}</p>
                </>
              ) : (
                <Notice is="done" title={t('people.reset.mailed', { email: member.email })} />
              )}
              <Foot>
                <Button kind="primary" onClick={() => setHanded(null)}>
                  {t('people.done')}
                </Button>
              </Foot>
            </div>
          ) : null}
        </Dialog>
      </Body>
    </TwoColumns>
  )
}

/** What there is to hand over, or null where a letter brought it. */
interface Handed {
  readonly is: 'invitation' | 'reset'
  readonly link: string | null
}

const route = getRouteApi('/f/$firm/settings/people/$personId')

export function Person() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { personId } = route.useParams()
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: ['people', 'one', personId],
    queryFn: ({ signal }) => answer(api.GET('/people/{id}', { params: { path: { id: personId } }, signal })),
    enabled: may('people:read'),
  })
  useKeys([
    {
      keys: 'Escape',
      does: t('parts.back'),
      run: () => void navigate({ to: '/f/$firm/settings/people', params: { firm } }),
    },
  ])
  const member = query.data
  return (
    <Page>
      <PageHead
        title={member?.name ?? t('people.one')}
        crumbs={[
          <SettingsCrumb key="settings" />,
          <Link key="people" to="/f/$firm/settings/people" params={{ firm }}>
            {t('people.title')}
          </Link>,
        ]}
        state={
          member?.state === 'archived' ? (
            <Pill is="wait" icon="archive">
              {t('people.state.archived')}
            </Pill>
          ) : member?.state === 'invited' ? (
            <Pill is="wait">{t('people.state.invited')}</Pill>
          ) : null
        }
      />
      {!may('people:read') ? (
        <Body>
          <NoRights />
        </Body>
      ) : query.isError ? (
        <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
      ) : member ? (
        <EditPerson key={member.id} member={member} />
      ) : (
        <PageSkeleton />
      )}
    </Page>
  )
}
