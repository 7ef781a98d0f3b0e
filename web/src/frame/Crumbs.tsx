import { Link } from '@tanstack/react-router'
import { useFirm } from '../session.ts'
import { useT } from '../words/words.tsx'

/** What a page of Settings belongs to. */
export function SettingsCrumb() {
  const t = useT()
  const { slug: firm } = useFirm()
  return (
    <Link to="/f/$firm/settings" params={{ firm }}>
      {t('frame.settings')}
    </Link>
  )
}

/** What letters, reminders and documents of invoices belong to. */
export function InvoicesCrumb() {
  const t = useT()
  const { slug: firm } = useFirm()
  return (
    <Link to="/f/$firm/invoices" params={{ firm }}>
      {t('frame.invoices')}
    </Link>
  )
}
