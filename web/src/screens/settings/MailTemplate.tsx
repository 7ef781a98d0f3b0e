import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { EmptyState, ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { TextAreaField, TextField } from '../../parts/fields.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { Pill, StateLine } from '../../parts/State.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { LetterPreview } from '../letters/LetterPreview.tsx'
import {
  type Language,
  languageWords,
  mailSettingsQuery,
  type MailTemplate as Template,
  templatesQuery,
  templateWords,
} from '../letters/letter.ts'
import { useLetterPreview } from '../letters/use-letter-preview.ts'
import styles from './mail.module.css'

const route = getRouteApi('/f/$firm/settings/mail/$kind/$language')

type Answer = Awaited<ReturnType<NonNullable<(typeof templatesQuery)['queryFn']>>>
type Placeholder = Answer['placeholders'][number]
type Field = 'subject' | 'body'

const toValues = ({ subject, body }: Template) => ({ subject, body })

/** Put where the cursor was last, in the field it was in. */
function insertAt(element: HTMLInputElement | HTMLTextAreaElement | null, text: string, piece: string) {
  const from = element?.selectionStart ?? text.length
  const until = element?.selectionEnd ?? from
  const next = text.slice(0, from) + piece + text.slice(until)
  const after = from + piece.length
  // After the new text is drawn.
  requestAnimationFrame(() => {
    element?.focus()
    element?.setSelectionRange(after, after)
  })
  return next
}

function TemplateForm({
  template,
  placeholders,
  onReplaced,
}: {
  template: Template
  placeholders: readonly Placeholder[]
  /** The text is another one than was typed here. */
  onReplaced: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const settings = useQuery(mailSettingsQuery)
  const { kind, language } = template
  const path = { kind, language }
  const subject = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTextAreaElement>(null)
  const last = useRef<Field>('body')
  const put = async (values: { subject: string; body: string }, version: number) => {
    const after = await answer(
      api.PUT('/mail-templates/{kind}/{language}', { params: { path }, headers: ifMatch(version), body: values }),
    )
    await client.invalidateQueries({ queryKey: templatesQuery.queryKey })
    return after
  }
  const { form, tell } = useEditForm({
    thing: template,
    toValues,
    toBody: (values) => values,
    always: ['subject', 'body'],
    validate: {
      subject: (text: string) => (text.trim() === '' ? t('letters.subject.none') : null),
      body: (text: string) => (text.trim() === '' ? t('letters.body.none') : null),
    },
    labels: { subject: t('letters.subject'), body: t('letters.body') },
    change: (values, version) => put({ ...toValues(template), ...values }, version),
    saved: () => say(t('mail.template.saved')),
  })
  const values = form.form.getValues()
  const preview = useLetterPreview({ kind, language, ...values })
  const offered = placeholders.filter(({ kinds }) => kinds.includes(kind))
  const insert = ({ name }: Placeholder) => {
    const field = last.current
    const element = field === 'subject' ? subject.current : body.current
    form.form.setFieldValue(field, insertAt(element, values[field], `{${name}}`))
  }
  const backToOurs = async () => {
    const before = toValues(template)
    try {
      await answer(
        api.DELETE('/mail-templates/{kind}/{language}', { params: { path }, headers: ifMatch(template.version) }),
      )
      await client.invalidateQueries({ queryKey: templatesQuery.queryKey })
      onReplaced()
      sayUndo(t('mail.template.back.done'), async () => {
        await put(before, 0)
        onReplaced()
      })
    } catch (error) {
      sayProblem(error)
    }
  }
  return (
    <div className={styles.two}>
      <Form form={form} tell={tell}>
        <LeaveGuard form={form} />
        <TextField
          ref={subject}
          label={t('letters.subject')}
          maxLength={200}
          required
          {...form.field('subject')}
          onFocus={() => {
            last.current = 'subject'
          }}
        />
        <TextAreaField
          ref={body}
          label={t('letters.body')}
          minRows={12}
          maxRows={30}
          required
          lang={language}
          {...form.field('body')}
          onFocus={() => {
            last.current = 'body'
          }}
        />
        <section aria-labelledby="placeholders" className={styles.placeholders}>
          <h2 id="placeholders">{t('mail.placeholders')}</h2>
          <p className="muted small">{t('mail.placeholders.text')}</p>
          <ul>
            {offered.map((placeholder) => (
              <li key={placeholder.name}>
                <button
                  type="button"
                  // The cursor stays where it is.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => insert(placeholder)}
                >
                  <code>{`{${placeholder.name}}`}</code>
                  <span>{placeholder.says}</span>
                  <span className="muted">{placeholder.example}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <FormFoot
          form={form}
          action={t('mail.template.save')}
          stays
          more={
            template.own ? (
              <Button icon="undo" onClick={backToOurs}>
                {t('mail.template.back')}
              </Button>
            ) : (
              <span className="muted small">{t('mail.template.isOurs')}</span>
            )
          }
        />
      </Form>
      <div className={styles.beside}>
        <h2>{t('mail.template.preview')}</h2>
        {preview.unknown.length > 0 ? (
          <StateLine is="refused">
            {t('mail.template.placeholderUnknown', {
              count: preview.unknown.length,
              names: preview.unknown.map((name) => `{${name}}`).join(', '),
            })}
          </StateLine>
        ) : null}
        <LetterPreview
          label={t('mail.template.preview')}
          language={language}
          sender={{
            name: settings.data?.senderName ?? settings.data?.senderNameOtherwise ?? '',
            address: settings.data?.from ?? null,
          }}
          replyTo={settings.data?.replyTo ?? settings.data?.replyToOtherwise ?? null}
          subject={preview.subject}
          body={preview.body}
        />
        <p className="muted small">{t('mail.template.example')}</p>
      </div>
    </div>
  )
}

export function MailTemplate() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { kind, language } = route.useParams()
  const navigate = route.useNavigate()
  const query = useQuery({ ...templatesQuery, enabled: may('firm:write') })
  const [replaced, setReplaced] = useState(0)
  const template = query.data?.rows.find((row) => row.kind === kind && row.language === language)
  const languages = query.data?.rows.filter((row) => row.kind === kind).map((row) => row.language) ?? []
  return (
    <Page>
      <PageHead
        title={template ? t(templateWords[template.kind]) : t('mail.template.one')}
        crumbs={[
          <SettingsCrumb key="settings" />,
          <Link key="mail" to="/f/$firm/settings/mail" params={{ firm }}>
            {t('mail.title')}
          </Link>,
        ]}
        state={template?.own ? <Pill is="done">{t('mail.template.own')}</Pill> : undefined}
        actions={
          template ? (
            <Segments<Language>
              name={t('mail.template.language')}
              value={template.language}
              onChange={(next) => navigate({ params: (before) => ({ ...before, language: next }) })}
              options={languages.map((value) => ({ value, label: t(languageWords[value]) }))}
            />
          ) : undefined
        }
      />
      <Body>
        {may('firm:write') ? (
          query.isError ? (
            <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
          ) : template ? (
            <TemplateForm
              key={`${template.kind} ${template.language} ${replaced}`}
              template={template}
              onReplaced={() => setReplaced((before) => before + 1)}
              placeholders={query.data?.placeholders ?? []}
            />
          ) : query.isPending ? (
            <PageSkeleton />
          ) : (
            <EmptyState icon="search" title={t('mail.template.unknown')} />
          )
        ) : (
          <NoRights />
        )}
      </Body>
    </Page>
  )
}
