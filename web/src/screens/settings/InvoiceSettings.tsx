import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { InvoiceTexts } from './InvoiceTexts.tsx'
import { NumberSeries } from './NumberSeries.tsx'
import styles from './settings.module.css'

/** How invoices are numbered, and what stands on each of them. */
export function InvoiceSettings() {
  const t = useT()
  const may = useMay()
  const open = may('firm:write') && may('invoices:read')
  return (
    <Page>
      <PageHead title={t('settings.invoices')} crumbs={[<SettingsCrumb key="settings" />]} />
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
