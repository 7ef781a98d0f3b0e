import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, ifMatch } from '../../api.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { ErrorNotice, ErrorState, NoRights, PageSkeleton, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { Actions, Facts, Notice } from '../../parts/Notice.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AddressesField } from '../letters/AddressesField.tsx'
import { isAddress, type Recipient } from '../letters/addresses.ts'
import {
  atFields,
  languageWords,
  mailSettingsQuery,
  type MailSettings as Settings,
  templatesQuery,
  templateWords,
} from '../letters/letter.ts'
import styles from './mail.module.css'

/** As many copies as the firm may ask of each letter. */
const mostCopies = 5

/** Does e-mail go out, from where, and a letter to try it. */
function Works({ settings }: { settings: Settings }) {
  const t = useT()
  const trial = useAct({
    run: (_: null, key) => answer(api.POST('/mail-settings/trial', { headers: key })),
  })
  if (!settings.works)
    return (
      <Notice is="needs" title={t('mail.off.title')}>
        <p>{t('mail.off.text')}</p>
        <dl className={styles.operator}>
          <dt>
            <code>SMTP_URL</code>
          </dt>
          <dd>{t('mail.off.url')}</dd>
          <dt>
            <code>MAIL_FROM</code>
          </dt>
          <dd>{t('mail.off.from', { example: 'Noordkade <facturen@noordkade.example>' })}</dd>
        </dl>
        <p className="muted">{t('mail.off.else')}</p>
      </Notice>
    )
  return (
    <section className={styles.works} aria-labelledby="mail-works">
      <div className={styles.worksHead}>
        <h2 id="mail-works">{t('mail.works')}</h2>
        <State is="done">{t('mail.works.on')}</State>
      </div>
      <Facts rows={[[t('mail.from'), <b key="from">{settings.from}</b>]]} />
      <p className="muted small">{t('mail.works.text')}</p>
      <Actions>
        <Button icon="mail" busy={trial.isPending} onClick={() => trial.mutate(null)}>
          {t('mail.trial')}
        </Button>
        <span aria-live="polite">
          {trial.data ? (
            <StateLine is="done">
              <span>{t('mail.trial.done', { address: trial.data.address })}</span>{' '}
              {trial.data.words ? (
                <span className="muted">{t('letters.said', { words: trial.data.words })}</span>
              ) : null}
            </StateLine>
          ) : null}
        </span>
      </Actions>
      {trial.error ? <ErrorNotice error={trial.error} /> : null}
    </section>
  )
}

const toValues = (settings: Settings) => ({
  senderName: settings.senderName ?? '',
  replyTo: settings.replyTo ?? '',
  bcc: settings.bcc.map((address): Recipient => ({ address })),
  ubl: settings.attach.ubl,
  hours: settings.attach.hours,
  receipts: settings.attach.receipts,
})
type Values = ReturnType<typeof toValues>
const toBody = ({ senderName, replyTo, bcc, ubl, hours, receipts }: Values) => ({
  senderName: senderName.trim() || null,
  replyTo: replyTo.trim() || null,
  bcc: bcc.map(({ address }) => address),
  attach: { ubl, hours, receipts },
})

function SettingsForm({ settings }: { settings: Settings }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: settings,
    toValues,
    toBody,
    validate: {
      replyTo: (replyTo: string) =>
        replyTo.trim() === '' || isAddress(replyTo.trim())
          ? null
          : t('letters.addresses.wrong', { address: replyTo.trim() }),
      bcc: (bcc: Values['bcc']) => {
        const wrong = bcc.filter(({ address }) => !isAddress(address)).map(({ address }) => address)
        return wrong.length > 0 ? t('letters.addresses.wrong', { address: wrong.join(', ') }) : null
      },
    },
    labels: {
      senderName: t('mail.senderName'),
      replyTo: t('mail.replyTo'),
      bcc: t('mail.bcc'),
      attach: t('mail.attach'),
    },
    show: (field, value) => {
      if (field === 'bcc') return (value as string[]).join(', ') || '–'
      if (field !== 'attach') return String(value ?? '–')
      const { ubl, hours, receipts } = value as Settings['attach']
      const along = [
        ubl && t('mail.attach.ubl'),
        hours && t('mail.attach.hours'),
        receipts && t('mail.attach.receipts'),
      ]
      return along.filter(Boolean).join(', ') || '–'
    },
    change: async (body, version) => {
      try {
        return await answer(api.PATCH('/mail-settings', { headers: ifMatch(version), body }))
      } catch (error) {
        throw atFields(error)
      }
    },
    saved: (after) => {
      client.setQueryData(mailSettingsQuery.queryKey, after)
      say(t('mail.saved'))
    },
  })
  return (
    <Form form={form} tell={tell}>
      <LeaveGuard form={form} />
      <FormPart title={t('mail.sender')} text={t('mail.sender.text')}>
        <Fields>
          <TextField
            label={t('mail.senderName')}
            placeholder={settings.senderNameOtherwise}
            description={t('mail.senderName.text', { name: settings.senderNameOtherwise })}
            maxLength={60}
            {...form.field('senderName')}
          />
          <TextField
            label={t('mail.replyTo')}
            inputMode="email"
            {...(settings.replyToOtherwise ? { placeholder: settings.replyToOtherwise } : {})}
            description={
              settings.replyToOtherwise
                ? t('mail.replyTo.text', { address: settings.replyToOtherwise })
                : t('mail.replyTo.none')
            }
            {...form.field('replyTo')}
          />
        </Fields>
        <AddressesField
          label={t('mail.bcc')}
          path="bcc"
          most={mostCopies}
          value={form.form.getValues().bcc}
          onChange={(bcc) => form.form.setFieldValue('bcc', bcc)}
          description={t('mail.bcc.text')}
          error={form.form.errors.bcc}
        />
      </FormPart>
      <FormPart title={t('mail.attach')} text={t('mail.attach.text')}>
        <div className={styles.checks}>
          <CheckField label={t('mail.attach.pdf')} checked readOnly disabled />
          <CheckField label={t('mail.attach.ubl')} {...form.check('ubl')} />
          <CheckField label={t('mail.attach.hours')} {...form.check('hours')} />
          <CheckField label={t('mail.attach.receipts')} {...form.check('receipts')} />
        </div>
      </FormPart>
      <FormFoot form={form} action={t('mail.save')} />
    </Form>
  )
}

/** Every text there is, in both languages; the firm's own are marked. */
function Templates() {
  const t = useT()
  const { slug: firm } = useFirm()
  const templates = useQuery(templatesQuery)
  const byKind = Map.groupBy(templates.data?.rows ?? [], ({ kind }) => kind)
  return (
    <section className={styles.templates} aria-labelledby="mail-templates">
      <div>
        <h2 id="mail-templates">{t('mail.templates')}</h2>
        <p className="muted small">{t('mail.templates.text')}</p>
      </div>
      {templates.isError ? <ErrorNotice error={templates.error} retry={templates.refetch} /> : null}
      {templates.isPending ? <Skeleton height={160} /> : null}
      {templates.data ? (
        <ul className={styles.kinds}>
          {[...byKind].map(([kind, rows]) => (
            <li key={kind}>
              <b>{t(templateWords[kind])}</b>
              <span className={styles.languages}>
                {rows.map((row) => (
                  <span key={row.language} className={styles.oneLanguage}>
                    <Link
                      to="/f/$firm/settings/mail/$kind/$language"
                      params={{ firm, kind, language: row.language }}
                      aria-label={t('mail.template.open', {
                        kind: t(templateWords[kind]),
                        language: t(languageWords[row.language]),
                      })}
                    >
                      {t(languageWords[row.language])}
                    </Link>
                    <span className="muted small">{t(row.own ? 'mail.template.own' : 'mail.template.ours')}</span>
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

export function MailSettings() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const query = useQuery({ ...mailSettingsQuery, enabled: may('firm:write') })
  return (
    <Page>
      <PageHead
        title={t('mail.title')}
        crumbs={[<SettingsCrumb key="settings" />]}
        actions={
          may('invoices:read') ? (
            <ButtonLink kind="quiet" icon="mail" to="/f/$firm/letters" params={{ firm }}>
              {t('letters.title')}
            </ButtonLink>
          ) : undefined
        }
      />
      {may('firm:write') ? (
        <Body narrow>
          {query.isError ? <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} /> : null}
          {query.isPending ? <PageSkeleton /> : null}
          {query.data ? (
            <div className={styles.parts}>
              <Works settings={query.data} />
              <SettingsForm settings={query.data} />
              <Templates />
            </div>
          ) : null}
        </Body>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
    </Page>
  )
}
