import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { answer, api } from '../../api.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { CountryField } from '../../parts/place-fields.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import {
  type CustomerAnswer,
  newCustomerValues,
  suggestedFor,
  toCustomerBody,
  vatCaseTexts,
} from '../customers/customer-values.ts'
import styles from './projects.module.css'

function QuickForm({
  name,
  onMade,
  onClose,
}: {
  name: string
  onMade: (customer: CustomerAnswer) => void
  onClose: () => void
}) {
  const t = useT()
  const firm = useFirm()
  const client = useQueryClient()
  const made = useRef<CustomerAnswer | null>(null)
  const form = useApiForm({
    initial: { ...newCustomerValues(firm), name },
    validate: { name: (value: string) => (value.trim() ? null : t('customers.name.missing')) },
    save: async (values) => {
      const vatCase = suggestedFor(values, firm.country) ?? ''
      made.current = await answer(api.POST('/customers', { body: toCustomerBody({ ...values, vatCase }) }))
    },
    saved: async () => {
      await client.invalidateQueries({ queryKey: ['customers'] })
      await client.invalidateQueries({ queryKey: ['picker', 'customers'] })
      if (made.current) onMade(made.current)
    },
  })
  const suggestion = suggestedFor(form.form.getValues(), firm.country)
  return (
    <Form form={form} className={styles.dialog}>
      <TextField label={t('customers.name')} withAsterisk data-autofocus {...form.field('name')} />
      <CountryField label={t('customers.country')} {...form.field('country')} />
      <TextField
        label={t('customers.vatId')}
        description={suggestion ? t(vatCaseTexts[suggestion]) : t('customers.vat.unclear')}
        {...form.field('vatId')}
      />
      <FormFoot form={form} action={t('customers.create')} onCancel={onClose} />
    </Form>
  )
}

/** A customer made on the way: the rest can be filled in later, on its own page. */
export const QuickCustomer = ({
  name,
  onMade,
  onClose,
}: {
  name: string | null
  onMade: (customer: CustomerAnswer) => void
  onClose: () => void
}) => {
  const t = useT()
  return (
    <Dialog open={name !== null} onClose={onClose} title={t('customers.new')}>
      {name === null ? null : <QuickForm name={name} onMade={onMade} onClose={onClose} />}
    </Dialog>
  )
}
