import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { findCustomers } from '../customers/find-customers.ts'
import styles from './invoices.module.css'

const route = getRouteApi('/f/$firm/invoices')

/** An empty draft for a customer, opened at once. */
export function NewInvoice({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const navigate = route.useNavigate()
  const [customerId, setCustomerId] = useState<string | null>(null)
  const make = useAct({
    run: (body: { customerId: string }, key) => answer(api.POST('/invoices', { headers: key, body })),
    done: (made) => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: made.id } }),
  })
  return (
    <Dialog open={open} onClose={onClose} title={t('invoices.new.title')}>
      <div className={styles.dialog}>
        <Picker
          label={t('invoices.customer')}
          searchKey="customers"
          search={findCustomers}
          value={customerId}
          onChange={(value) => setCustomerId(value)}
          placeholder={t('invoices.new.choose')}
          data-autofocus
        />
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Foot>
          <Button onClick={onClose}>{t('parts.cancel')}</Button>
          <Button
            kind="primary"
            busy={make.isPending}
            disabled={!customerId}
            onClick={() => customerId && make.mutate({ customerId })}
          >
            {t('invoices.new.button')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}
