import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { type Say, useT } from '../../words/words.tsx'
import styles from './customers.module.css'

type Contact = components['schemas']['Contact']

interface Values extends Record<string, unknown> {
  name: string
  email: string
  phone: string
  role: string
  language: 'customer' | 'nl' | 'en'
  receivesInvoices: boolean
  approvesEntries: boolean
}

const nobody: Values = {
  name: '',
  email: '',
  phone: '',
  role: '',
  language: 'customer',
  receivesInvoices: false,
  approvesEntries: false,
}
const toValues = (contact: Contact): Values => ({
  name: contact.name,
  email: contact.email ?? '',
  phone: contact.phone ?? '',
  role: contact.role ?? '',
  language: contact.language ?? 'customer',
  receivesInvoices: contact.receivesInvoices,
  approvesEntries: contact.approvesEntries,
})
const orNull = (text: string) => text.trim() || null
const toBody = (values: Values) => ({
  name: values.name.trim(),
  email: orNull(values.email),
  phone: orNull(values.phone),
  role: orNull(values.role),
  language: values.language === 'customer' ? null : values.language,
  receivesInvoices: values.receivesInvoices,
  approvesEntries: values.approvesEntries,
})
const rules = (t: Say) => ({
  name: (value: string) => (value.trim() ? null : t('customers.contacts.name.missing')),
})

function useLookAgain(customerId: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['contacts', customerId] })
}

function ContactFields({ form }: { form: ReturnType<typeof useApiForm<Values>> }) {
  const t = useT()
  return (
    <>
      <Fields>
        <TextField label={t('customers.contacts.name')} withAsterisk data-autofocus {...form.field('name')} />
        <TextField label={t('customers.contacts.role')} {...form.field('role')} />
        <TextField label={t('customers.email')} type="email" {...form.field('email')} />
        <TextField label={t('customers.phone')} type="tel" {...form.field('phone')} />
        <SelectField
          label={t('customers.contacts.language')}
          data={[
            { value: 'customer', label: t('customers.contacts.language.customer') },
            { value: 'nl', label: 'Nederlands' },
            { value: 'en', label: 'English' },
          ]}
          {...form.field('language')}
        />
      </Fields>
      <CheckField label={t('customers.contacts.invoices')} {...form.check('receivesInvoices')} />
      <CheckField
        label={t('customers.contacts.approves')}
        description={t('customers.contacts.approves.text')}
        {...form.check('approvesEntries')}
      />
    </>
  )
}

function NewContact({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain(customerId)
  const form = useApiForm<Values>({
    initial: nobody,
    validate: rules(t),
    save: (values) => answer(api.POST('/contacts', { body: { customerId, ...toBody(values) } })),
    saved: async (values) => {
      await lookAgain()
      say(t('customers.contacts.made', { name: values.name.trim() }))
      onClose()
    },
  })
  return (
    <Form form={form}>
      <ContactFields form={form} />
      <FormFoot form={form} action={t('customers.contacts.create')} onCancel={onClose} />
    </Form>
  )
}

function EditContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain(contact.customerId)
  const path = { params: { path: { id: contact.id } } }
  const change = (body: Partial<ReturnType<typeof toBody>> & { archived?: boolean }, version: number) =>
    answer(api.PATCH('/contacts/{id}', { ...path, headers: ifMatch(version), body }))
  const { form, tell } = useEditForm({
    thing: contact,
    toValues,
    toBody,
    validate: rules(t),
    labels: {
      name: t('customers.contacts.name'),
      email: t('customers.email'),
      phone: t('customers.phone'),
      role: t('customers.contacts.role'),
      language: t('customers.contacts.language'),
      receivesInvoices: t('customers.contacts.invoices'),
      approvesEntries: t('customers.contacts.approves'),
    },
    show: (_, value) =>
      typeof value === 'boolean' ? t(value ? 'customers.contacts.yes' : 'customers.contacts.no') : plainText(value),
    change,
    saved: async (after) => {
      await lookAgain()
      say(t('customers.saved', { name: after.name }))
      onClose()
    },
  })
  const archive = useAct({
    run: () => change({ archived: !contact.archived }, contact.version),
    done: async (after) => {
      await lookAgain()
      onClose()
      if (!after.archived) return say(t('parts.shelf.broughtBack', { name: after.name }))
      sayUndo(t('parts.shelf.archived', { name: after.name }), async () => {
        await change({ archived: false }, after.version)
        await lookAgain()
      })
    },
    failed: sayProblem,
  })
  const drop = useAct({
    run: () => answer(api.DELETE('/contacts/{id}', { ...path, headers: ifMatch(contact.version) })),
    done: async () => {
      await lookAgain()
      onClose()
      sayUndo(t('parts.shelf.deleted', { name: contact.name }), async () => {
        await answer(api.POST('/contacts/{id}/restoration', path))
        await lookAgain()
      })
    },
    failed: sayProblem,
  })
  return (
    <Form form={form} tell={tell}>
      <ContactFields form={form} />
      <FormFoot
        form={form}
        action={t('customers.save')}
        more={
          <>
            <Button kind="quiet" icon="archive" busy={archive.isPending} onClick={() => archive.mutate(undefined)}>
              {t(contact.archived ? 'parts.shelf.bringBack' : 'parts.shelf.archive')}
            </Button>
            <Button kind="quiet" icon="trash" busy={drop.isPending} onClick={() => drop.mutate(undefined)}>
              {t('parts.shelf.delete')}
            </Button>
          </>
        }
      />
    </Form>
  )
}

/** The people one knows at a customer, and what each is written for. */
export function Contacts({ customerId }: { customerId: string }) {
  const t = useT()
  const may = useMay()
  const [open, setOpen] = useState<'new' | string | null>(null)
  const query = useQuery({
    queryKey: ['contacts', customerId],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/contacts', { params: { query: { customerId } }, signal }))).rows,
  })
  const edited = query.data?.find(({ id }) => id === open)
  const close = () => setOpen(null)
  const canWrite = may('customers:write')
  const told = (contact: Contact) =>
    [
      contact.archived ? t('customers.archived.yes') : null,
      contact.receivesInvoices ? t('customers.contacts.invoices.short') : null,
      contact.approvesEntries ? t('customers.contacts.approves.short') : null,
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <section>
      <h2>{t('customers.contacts')}</h2>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton /> : null}
      {query.data?.length === 0 ? <p>{t('customers.contacts.none')}</p> : null}
      {query.data && query.data.length > 0 ? (
        <ul className={styles.contacts}>
          {query.data.map((contact) => (
            <li key={contact.id} className={contact.archived ? styles.gone : undefined}>
              <span className={styles.contactName}>
                {canWrite ? (
                  <button type="button" onClick={() => setOpen(contact.id)}>
                    {contact.name}
                  </button>
                ) : (
                  <b>{contact.name}</b>
                )}
                {contact.role ? <span className="muted">{contact.role}</span> : null}
              </span>
              <span className={styles.reach}>
                {contact.email ? <a href={`mailto:${contact.email}`}>{contact.email}</a> : null}
                {contact.phone ? <a href={`tel:${contact.phone.replaceAll(/[^\d+]/g, '')}`}>{contact.phone}</a> : null}
              </span>
              {told(contact) ? <span className="muted small">{told(contact)}</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {canWrite ? (
        <div>
          <Button size="sm" icon="plus" onClick={() => setOpen('new')}>
            {t('customers.contacts.new')}
          </Button>
        </div>
      ) : null}
      <Dialog
        open={open === 'new' || edited !== undefined}
        onClose={close}
        title={edited?.name ?? t('customers.contacts.new')}
        size={600}
      >
        {open === 'new' ? <NewContact customerId={customerId} onClose={close} /> : null}
        {edited ? <EditContact key={edited.id} contact={edited} onClose={close} /> : null}
      </Dialog>
    </section>
  )
}
