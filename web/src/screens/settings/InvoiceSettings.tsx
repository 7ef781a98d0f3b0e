import { Link } from '@tanstack/react-router'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { InvoiceTexts } from './InvoiceTexts.tsx'
import { NumberSeries } from './NumberSeries.tsx'
import styles from './settings.module.css'

/** How invoices are numbered, and what stands on each of them. */
export function InvoiceSettings() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const open = may('firm:write') && may('invoices:read')
  return (
    <Page>
      <PageHead
        title={t('settings.invoices')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
      />
      <Body narrow={open}>
        {open ? (
          <div className={styles.parts}>
            <NumberSeries />
            <InvoiceTexts />
          </div>
        ) : (
          <NoRights />
        )}
      </Body>
    </Page>
  )
}
