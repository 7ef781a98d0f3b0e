import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { type PackageInvoiceRow, packageInvoicesChanged } from './package-invoice.ts'
import styles from './package-invoices.module.css'

/** A person says that the document is not in the package any more, and why. */
export function Release({ invoice, onClose }: { invoice: PackageInvoiceRow; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [missing, setMissing] = useState(false)
  const name = invoice.theirNumber ?? invoice.customerName
  const release = useAct({
    run: (body: { why: string }, key) =>
      answer(
        api.POST('/package-invoices/{id}/release', {
          params: { path: { id: invoice.id } },
          headers: { ...key, ...ifMatch(invoice.version) },
          body,
        }),
      ),
    done: async () => {
      onClose()
      say(t('package-invoices.release.done', { name, count: invoice.entries }))
      await packageInvoicesChanged(client)
    },
    failed: () => client.invalidateQueries({ queryKey: ['package-invoices'] }),
  })
  const go = () => {
    if (!why.trim()) setMissing(true)
    else release.mutate({ why: why.trim() })
  }
  return (
    <Dialog open onClose={onClose} title={t('package-invoices.release.title', { name })}>
      <div className={styles.dialog}>
        <p>{t('package-invoices.release.text', { package: invoice.packageName, count: invoice.entries })}</p>
        <TextAreaField
          label={t('package-invoices.release.why')}
          value={why}
          maxLength={300}
          data-autofocus
          error={missing && !why.trim() ? t('package-invoices.release.whyMissing') : undefined}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        {release.error ? <ErrorNotice error={release.error} /> : null}
        <Foot>
          <Button onClick={onClose}>{t('parts.cancel')}</Button>
          <Button kind="danger" busy={release.isPending} onClick={go}>
            {t('package-invoices.release')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}
