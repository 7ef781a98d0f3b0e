import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segments } from '../../parts/Segments.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { packagesQuery } from '../postings/sales-package.ts'
import styles from './package-invoices.module.css'

export type Where = 'here' | 'package'

/** Who could make invoices beside us: a package by name, with whether it does; null where nobody may know or post. */
interface Maker {
  readonly name: string | null
  readonly offers: boolean
}

export function useMaker(): Maker | null {
  const may = useMay()
  const allowed = may('connections:read') && may('postings:write')
  const { data } = useQuery({ ...packagesQuery, enabled: allowed })
  if (!allowed || !data) return null
  const connected = data.rows.find(({ connection }) => connection)
  return { name: connected?.name ?? null, offers: connected?.posts.includes('salesInvoice') ?? false }
}

/** Invoice here, or let the package make it; where that cannot be, why not. */
export function MadeWhere({ value, onChange }: { value: Where; onChange: (where: Where) => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const maker = useMaker()
  if (!maker) return null
  const { name, offers } = maker
  if (!offers)
    return (
      <p className={`small muted ${styles.none}`}>
        {name ? (
          t('package-invoices.where.notOffered', { package: name })
        ) : (
          <>
            {t('package-invoices.where.none')}{' '}
            <Link to="/f/$firm/settings/apps" params={{ firm }}>
              {t('package-invoices.where.apps')}
            </Link>
          </>
        )}
      </p>
    )
  return (
    <div className={styles.where}>
      <Segments
        name={t('package-invoices.where')}
        value={value}
        options={[
          { value: 'here', label: t('package-invoices.where.here') },
          { value: 'package', label: t('package-invoices.where.package', { package: name ?? '' }) },
        ]}
        onChange={onChange}
      />
      <p className="small muted">
        {value === 'here'
          ? t('package-invoices.where.here.text')
          : t('package-invoices.where.package.text', { package: name ?? '' })}
      </p>
    </div>
  )
}
