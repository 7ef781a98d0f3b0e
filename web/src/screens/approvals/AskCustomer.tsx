import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { newKey } from '../../new-key.ts'
import { Button } from '../../parts/Button.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Fields, Form } from '../../parts/Form.tsx'
import { SelectField, TextAreaField, TextField } from '../../parts/fields.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import styles from './approvals.module.css'
import { type ApprovalRequest, approvalsChanged, type WaitingCustomer } from './approvals.ts'

export type Sent = ApprovalRequest & { readonly link: string | null }

/** What became of the letter, and the link where it is handed over. */
export function SentResult({ sent, close }: { sent: Sent; close: () => void }) {
  const t = useT()
  const { problem } = sent.mail
  return (
    <div className={styles.dialog}>
      {problem ? (
        <Notice is={sent.mail.state === 'uncertain' ? 'needs' : 'refused'} title={problem.cause} urgent>
          <p>{problem.remedy}</p>
        </Notice>
      ) : null}
      {sent.mail.state === 'sent' ? (
        <Notice is="done" title={t('approvals.ask.mailed', { email: sent.email })} />
      ) : null}
      {sent.link ? (
        <>
          <p>{t('approvals.ask.link.text', { email: sent.email })}</p>
          <Copy text={sent.link} name={t('approvals.ask.link')} />
          <p className="muted small">{t('approvals.ask.link.once')}</p>
        </>
      ) : null}
      <Foot>
        <Button kind="primary" onClick={close}>
          {t('parts.close')}
        </Button>
      </Foot>
    </div>
  )
}

const days = ['7', '14', '30', '60']

function AskForm({
  customer,
  mail,
  made,
  close,
}: {
  customer: WaitingCustomer
  mail: boolean
  made: (sent: Sent) => void
  close: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [key] = useState(newKey)
  const [result, setResult] = useState<Sent | null>(null)
  const form = useApiForm({
    initial: {
      email: customer.contacts[0]?.email ?? '',
      language: customer.language,
      message: '',
      expiresInDays: '14',
      from: customer.from as string | null,
      until: customer.until as string | null,
    },
    validate: { email: (value: string) => (value.includes('@') ? null : t('approvals.ask.email.missing')) },
    save: async ({ email, language, message, expiresInDays, from, until }) => {
      const sent = await answer(
        api.POST('/approval-requests', {
          headers: { 'Idempotency-Key': key },
          body: {
            customerId: customer.customerId,
            email: email.trim(),
            language,
            message: message.trim(),
            expiresInDays: Number(expiresInDays),
            ...(from ? { from } : {}),
            ...(until ? { until } : {}),
          },
        }),
      )
      setResult(sent)
    },
    saved: () => approvalsChanged(client),
  })
  if (result) return <SentResult sent={result} close={() => made(result)} />
  const values = form.form.getValues()
  return (
    <Form form={form}>
      <p className="muted">
        {t('approvals.ask.what', {
          count: customer.entries,
          hours: format.hours(customer.minutes),
          period: format.dateRange(customer.from, customer.until, 'short'),
        })}
      </p>
      {customer.contacts.length > 1 ? (
        <SelectField
          label={t('approvals.ask.contact')}
          value={customer.contacts.some(({ email }) => email === values.email) ? values.email : null}
          data={[
            ...new Map(
              customer.contacts.map(({ name, email }) => [email, { value: email, label: `${name} · ${email}` }]),
            ).values(),
          ]}
          onChange={(value) => (value ? form.form.setFieldValue('email', value) : undefined)}
        />
      ) : null}
      <Fields>
        <TextField
          label={t('approvals.ask.email')}
          type="email"
          data-autofocus
          withAsterisk
          {...(mail ? {} : { description: t('approvals.ask.noMail') })}
          {...form.field('email')}
        />
        <SelectField
          label={t('approvals.ask.language')}
          data={[
            { value: 'nl', label: 'Nederlands' },
            { value: 'en', label: 'English' },
          ]}
          {...form.field('language')}
        />
      </Fields>
      <Fields>
        <DateField label={t('approvals.ask.from')} clearable {...form.field('from')} />
        <DateField label={t('approvals.ask.until')} clearable {...form.field('until')} />
      </Fields>
      <TextAreaField label={t('approvals.ask.message')} maxLength={1000} {...form.field('message')} />
      <SelectField
        label={t('approvals.ask.expires')}
        data={days.map((value) => ({ value, label: t('approvals.ask.days', { count: Number(value) }) }))}
        {...form.field('expiresInDays')}
      />
      <Foot>
        <Button onClick={close}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving}>
          {mail ? t('approvals.ask.send') : t('approvals.ask.make')}
        </Button>
      </Foot>
    </Form>
  )
}

/** Asks one customer for all that waits for him in a period. */
export function AskCustomer({
  customer,
  mail,
  close,
  made,
}: {
  customer: WaitingCustomer | null
  mail: boolean
  close: () => void
  made: (sent: Sent) => void
}) {
  const t = useT()
  return (
    <Dialog
      open={customer !== null}
      onClose={close}
      title={t('approvals.ask.title', { customer: customer?.customerName ?? '' })}
      size={560}
    >
      {customer ? (
        <AskForm key={customer.customerId} customer={customer} mail={mail} made={made} close={close} />
      ) : null}
    </Dialog>
  )
}
