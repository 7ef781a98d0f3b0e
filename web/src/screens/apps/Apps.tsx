import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState, ErrorState, NoRights, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Pill } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { type PackageRow, packagesQuery } from '../postings/sales-package.ts'
import { Activate } from './Activate.tsx'
import styles from './apps.module.css'
import { ConnectionPill } from './ConnectionPill.tsx'
import { SignInProblem } from './sign-in.tsx'

const route = getRouteApi('/f/$firm/settings/apps')

/** What a package can do with us, in words. */
const postWords = {
  customer: 'apps.does.customer',
  salesEntry: 'apps.does.salesEntry',
} as const satisfies Record<string, Word>

function PackageCard({ one, activate }: { one: PackageRow; activate: () => void }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { connection } = one
  const does = one.posts.flatMap((post) => (post in postWords ? [postWords[post as keyof typeof postWords]] : []))
  return (
    <article className={styles.card} aria-label={one.name}>
      <div className={styles.cardHead}>
        <span className={styles.mark} aria-hidden="true">
          {one.name.charAt(0)}
        </span>
        <h2>{one.name}</h2>
        {connection ? <ConnectionPill state={connection.state} /> : null}
        {connection?.mode === 'sandbox' ? (
          <Pill is="progress" icon="switch">
            {t('apps.sandbox')}
          </Pill>
        ) : null}
      </div>
      {connection?.administrationName ? (
        <p>
          <span className="muted">{t('apps.administration')}</span> {connection.administrationName}
        </p>
      ) : null}
      <ul className={styles.does}>
        {does.map((word) => (
          <li key={word}>
            <Icon name="check" size={14} />
            {t(word, { package: one.name })}
          </li>
        ))}
        <li>
          <Icon name="check" size={14} />
          {t('apps.does.import', { package: one.name })}
        </li>
      </ul>
      <p className="muted small">{one.countries.map(({ code }) => format.country(code)).join(', ')}</p>
      <div className={styles.cardFoot}>
        {connection ? (
          <ButtonLink
            kind={connection.state === 'connected' ? 'plain' : 'primary'}
            to="/f/$firm/settings/connections/$connectionId"
            params={{ firm, connectionId: connection.id }}
          >
            {connection.state === 'connected' ? t('apps.open') : t('apps.goOn')}
          </ButtonLink>
        ) : may('connections:write') ? (
          <Button kind="primary" onClick={activate}>
            {t('apps.activate')}
          </Button>
        ) : (
          <p className="muted small">{t('apps.askAdministrator')}</p>
        )}
      </div>
    </article>
  )
}

/** Settings, App Center: the accounting packages, what each can do, and what is active. */
export function Apps() {
  const t = useT()
  const may = useMay()
  const { problem } = route.useSearch()
  const navigate = route.useNavigate()
  const mayRead = may('connections:read')
  const packages = useQuery({ ...packagesQuery, enabled: mayRead })
  const [activating, setActivating] = useState<PackageRow | null>(null)
  const rows = packages.data?.rows.filter(({ available }) => available)
  return (
    <Page>
      <PageHead title={t('apps.title')} crumbs={[<SettingsCrumb key="settings" />]} />
      {!mayRead ? (
        <NoRights />
      ) : packages.isError && !rows ? (
        <ErrorState error={packages.error} retry={packages.refetch} busy={packages.isFetching} />
      ) : (
        <Body>
          <div className={styles.center}>
            {problem ? (
              <SignInProblem
                code={problem}
                packageName={rows?.length === 1 ? (rows[0]?.name ?? '') : t('apps.thePackage')}
                close={() => navigate({ search: {}, replace: true })}
              />
            ) : null}
            <p className={styles.lead}>{t('apps.lead')}</p>
            {rows?.length === 0 ? (
              <EmptyState icon="plug" title={t('apps.empty.title')}>
                {t('apps.empty.text')}
              </EmptyState>
            ) : (
              <div className={styles.cards} aria-busy={!rows}>
                {rows?.map((one) => <PackageCard key={one.id} one={one} activate={() => setActivating(one)} />) ?? (
                  <div className={styles.card}>
                    <Skeleton width={160} height={18} />
                    <Skeleton width="80%" />
                    <Skeleton width="60%" />
                    <Skeleton width="70%" />
                  </div>
                )}
                <ol className={styles.road} aria-label={t('apps.road')}>
                  {(['apps.road.signIn', 'apps.road.administration', 'apps.road.rules', 'apps.road.post'] as const).map(
                    (word) => (
                      <li key={word}>{t(word)}</li>
                    ),
                  )}
                </ol>
              </div>
            )}
          </div>
        </Body>
      )}
      {activating ? <Activate one={activating} close={() => setActivating(null)} /> : null}
    </Page>
  )
}
