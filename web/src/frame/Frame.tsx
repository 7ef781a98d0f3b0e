import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { Icon } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useKeys } from '../parts/keys.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import { Toasts } from '../parts/Toasts.tsx'
import { useFirm } from '../session.ts'
import { hasChosenLanguage } from '../words/languages.ts'
import { useLanguage, useT } from '../words/words.tsx'
import { BellButton } from './BellButton.tsx'
import { useCounts } from './counts.ts'
import styles from './frame.module.css'
import { FirmButton, WhoButton } from './MenuButtons.tsx'
import { isAt, type Place, placesFor } from './navigation.ts'
import { closeLayer, openKeyHelp, openMenu, openPalette, useOpenLayer } from './open.ts'
import { usePaletteSources } from './sources.ts'

const Palette = lazy(() => import('./Palette.tsx'))
const KeyHelp = lazy(() => import('./KeyHelp.tsx'))

// Menus come after the page: until then their buttons stand there and do nothing yet.
const Dialog = lazyPart(() => import('../parts/Dialog.tsx'), 'Dialog')
const Bell = lazyPart(() => import('./Bell.tsx'), 'Bell')
const FirmMenu = lazyPart(() => import('./Menus.tsx'), 'FirmMenu')
const FrameTimer = lazyPart(() => import('../screens/time/timer/FrameTimer.tsx'), 'FrameTimer')
const TimerLayer = lazyPart(() => import('../screens/time/timer/FrameTimer.tsx'), 'TimerLayer')
const WhoMenu = lazyPart(() => import('./Menus.tsx'), 'WhoMenu')

const Menus = { firm: FirmMenu, who: WhoMenu }

function MenuPlace({ of }: { of: keyof typeof Menus }) {
  const Shown = Menus[of]
  return (
    <Suspense fallback={of === 'firm' ? <FirmButton /> : <WhoButton />}>
      <Shown />
    </Suspense>
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
          // What is under a place has no row here, so the place itself says where one is.
          <PlaceLink key={place.id} place={{ ...place, under: undefined }}>
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
      {layer === 'menu' ? (
        <Dialog open onClose={closeLayer} title={t('frame.menu')}>
          <nav className={`${styles.nav} ${styles.drawer}`} aria-label={t('frame.main')}>
            <PlaceLinks onGo={closeLayer} />
          </nav>
        </Dialog>
      ) : null}
    </Suspense>
  )
}

/** Notices and one's own menu. */
function You({ at }: { at: 'top' | 'foot' }) {
  const { slug } = useFirm()
  return (
    <div className={styles.you}>
      <MenuPlace of="who" />
      <Suspense fallback={<BellButton />}>
        <Bell key={slug} at={at} />
      </Suspense>
    </div>
  )
}

/** Of who writes hours: that a timer runs. */
function Timer() {
  const { rights } = useFirm()
  if (!rights.includes('hours:own')) return null
  return (
    <Suspense fallback={null}>
      <FrameTimer />
    </Suspense>
  )
}

/** Around every page of a firm. */
export function Frame() {
  const t = useT()
  const firm = useFirm()
  const writesHours = firm.rights.includes('hours:own')
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
        <MenuPlace of="firm" />
        <button type="button" className={styles.find} onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="search" size={14} />
          <span>{t('frame.find')}</span>
          <KeyHint keys="mod+K" />
        </button>
        <PlaceLinks />
        <div className={styles.foot}>
          <Timer />
          <You at="foot" />
        </div>
      </nav>
      <div className={styles.top}>
        <MenuPlace of="firm" />
        <Timer />
        <You at="top" />
      </div>
      <main id="content" className={styles.main} tabIndex={-1}>
        <Outlet key={firm.slug} />
      </main>
      <Dock />
      <Layers />
      {writesHours ? (
        <Suspense fallback={null}>
          <TimerLayer />
        </Suspense>
      ) : null}
      <Toasts />
    </div>
  )
}
