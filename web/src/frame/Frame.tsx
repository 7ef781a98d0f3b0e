import { Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { answer, api } from '../api.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useKeys } from '../parts/keys.tsx'
import { Avatar } from '../parts/Small.tsx'
import { sayProblem, Toasts } from '../parts/Toasts.tsx'
import { forget, useFirm, useSession } from '../session.ts'
import { hasChosenLanguage } from '../words/languages.ts'
import { useLanguage, useT } from '../words/words.tsx'
import { useCounts } from './counts.ts'
import styles from './frame.module.css'
import { LookItems } from './LookItems.tsx'
import { Mark } from './Mark.tsx'
import { isAt, type Place, placesFor } from './navigation.ts'
import { closeLayer, openKeyHelp, openMenu, openPalette, useOpenLayer } from './open.ts'
import { usePaletteSources } from './sources.ts'

const Palette = lazy(() => import('./Palette.tsx'))
const KeyHelp = lazy(() => import('./KeyHelp.tsx'))

function FirmSwitch() {
  const t = useT()
  const firm = useFirm()
  const { firms } = useSession()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <button type="button" className={styles.firm} aria-label={t('frame.firm', { firm: firm.name })}>
          <Mark />
          <span>{firm.name}</span>
          <Icon name="switch" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('frame.firms')}</Menu.Label>
        {firms.map((one) => (
          <Menu.Item
            key={one.id}
            role="menuitemradio"
            aria-checked={one.id === firm.id}
            rightSection={one.id === firm.id ? <Icon name="check" size={14} /> : undefined}
            onClick={() => navigate({ to: '/f/$firm', params: { firm: one.slug } })}
          >
            {one.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function WhoMenu() {
  const t = useT()
  const { user } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = async () => {
    try {
      await answer(api.DELETE('/session'))
      await navigate({ to: '/sign-in' })
      forget(client)
    } catch (error) {
      sayProblem(error)
    }
  }
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className={styles.who} aria-label={t('frame.you', { name: user.name })}>
          <Avatar name={user.name} />
          <span className={`${styles.name} name`}>{user.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <LookItems />
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="keyboard" size={14} />}
          rightSection={<KeyHint keys="?" />}
          onClick={openKeyHelp}
        >
          {t('frame.keys.title')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="signOut" size={14} />} onClick={signOut}>
          {t('frame.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function PlaceLink({
  place,
  sub,
  onClick,
  children,
}: {
  place: Place
  sub?: boolean
  onClick?: () => void
  children: ReactNode
}) {
  const t = useT()
  const { slug } = useFirm()
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const here = isAt(place, slug, pathname) && !place.under
  return (
    <Link
      to={`/f/${slug}/${place.path}` as '/'}
      className={[here ? styles.on : '', sub ? styles.sub : ''].filter(Boolean).join(' ')}
      aria-current={here ? 'page' : undefined}
      title={t(place.word)}
      onClick={onClick}
    >
      {children}
    </Link>
  )
}

function PlaceLinks({ onGo }: { onGo?: () => void }) {
  const t = useT()
  const { rights, slug } = useFirm()
  const counts = useCounts()
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  return placesFor(rights).map((place) => {
    const count = counts.get(place.id)
    const opened = place.under?.some((one) => isAt(one, slug, pathname))
    return (
      <div key={place.id} style={{ display: 'contents' }}>
        <PlaceLink place={place} onClick={onGo}>
          <Icon name={place.icon} />
          <span>{t(place.word)}</span>
          {count ? (
            <span className={`${styles.count} ${count.is === 'plain' ? '' : styles[count.is]}`}>{count.count}</span>
          ) : null}
        </PlaceLink>
        {opened || onGo
          ? place.under?.map((one) => (
              <PlaceLink key={one.id} place={one} sub onClick={onGo}>
                <span>{t(one.word)}</span>
              </PlaceLink>
            ))
          : null}
      </div>
    )
  })
}

function Dock() {
  const t = useT()
  const { rights } = useFirm()
  return (
    <nav className={styles.dock} aria-label={t('frame.dock')}>
      {placesFor(rights)
        .filter((place) => place.dock)
        .map((place) => (
          <PlaceLink key={place.id} place={place}>
            <Icon name={place.icon} size={22} />
            {t(place.word)}
          </PlaceLink>
        ))}
      <button type="button" onClick={openMenu}>
        <Icon name="menu" size={22} />
        {t('frame.menu')}
      </button>
    </nav>
  )
}

function Layers() {
  const t = useT()
  const layer = useOpenLayer()
  const navigate = useNavigate()
  const { rights, slug } = useFirm()
  const sources = usePaletteSources()
  const places = placesFor(rights)
    .flatMap((place) => place.under ?? [place])
    .map((place) => ({
      id: `place-${place.id}`,
      label: t(place.word),
      icon: place.icon,
      run: () => navigate({ to: `/f/${slug}/${place.path}` as '/' }),
    }))
  return (
    <Suspense>
      {layer === 'palette' ? <Palette places={places} sources={sources} /> : null}
      {layer === 'keys' ? <KeyHelp /> : null}
      <Dialog open={layer === 'menu'} onClose={closeLayer} title={t('frame.menu')}>
        <nav className={`${styles.nav} ${styles.drawer}`} aria-label={t('frame.main')}>
          <PlaceLinks onGo={closeLayer} />
        </nav>
      </Dialog>
    </Suspense>
  )
}

/** Around every page of a firm. */
export function Frame() {
  const t = useT()
  const firm = useFirm()
  const { choose } = useLanguage()
  // Who has not chosen here sees what was chosen when they were invited.
  useEffect(() => {
    if (firm.language && !hasChosenLanguage()) choose(firm.language)
  }, [firm.language, choose])
  useKeys([
    { keys: 'mod+K', does: t('frame.find'), run: openPalette },
    { keys: '?', does: t('frame.keys.title'), run: openKeyHelp },
  ])
  return (
    <div className={styles.app}>
      <a href="#content" className={styles.skip}>
        {t('frame.skip')}
      </a>
      <nav className={styles.nav} aria-label={t('frame.main')}>
        <FirmSwitch />
        <button type="button" className={styles.find} onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="search" size={14} />
          <span>{t('frame.find')}</span>
          <KeyHint keys="mod+K" />
        </button>
        <PlaceLinks />
        <div className={styles.foot}>
          <WhoMenu />
        </div>
      </nav>
      <div className={styles.top}>
        <FirmSwitch />
        <WhoMenu />
      </div>
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet key={firm.slug} />
      </main>
      <Dock />
      <Layers />
      <Toasts />
    </div>
  )
}
