import type { ReactNode } from 'react'
import { hasStatus, isMissing } from '../problem.ts'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Actions, Notice, Told } from './Notice.tsx'
import styles from './parts.module.css'
import { useProblemWords } from './problem-words.ts'

/** One sentence about what belongs here, one button. */
export const EmptyState = ({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName
  title: string
  children?: ReactNode
  action?: ReactNode
}) => (
  <div className={styles.empty}>
    <span className={styles.emptyMark}>
      <Icon name={icon} size={20} />
    </span>
    <div>
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
    </div>
    {action}
  </div>
)

/** This person may not; who can change that is said. */
export function NoRights() {
  const t = useT()
  return (
    <EmptyState icon="lock" title={t('parts.noRights.title')}>
      {t('parts.noRights.text')}
    </EmptyState>
  )
}

/** What could not be loaded: cause, remedy, try again. Missing rights and missing things get their own page. */
export function ErrorState({ error, retry, busy }: { error: unknown; retry?: () => unknown; busy?: boolean }) {
  const t = useT()
  const words = useProblemWords()(error)
  if (hasStatus(error, 403)) return <NoRights />
  if (isMissing(error))
    return (
      <EmptyState icon="search" title={t('parts.missing.title')}>
        {t('parts.missing.text')}
      </EmptyState>
    )
  return (
    <div className={styles.empty} role="alert">
      <span className={`${styles.emptyMark} ${styles.refused}`}>
        <Icon name="cross" size={20} />
      </span>
      <div>
        <h2>{words.cause}</h2>
        {words.remedy ? <p>{words.remedy}</p> : null}
        {words.theirWords ? <p className="small">“{words.theirWords}”</p> : null}
      </div>
      <Actions>
        {retry ? (
          <Button icon="refresh" onClick={() => retry()} busy={busy}>
            {t('parts.tryAgain')}
          </Button>
        ) : null}
        {words.link ? <a href={words.link}>{t('problems.open')}</a> : null}
      </Actions>
    </div>
  )
}

/** The same within a page or a form, above what it is about. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const t = useT()
  const words = useProblemWords()(error)
  return (
    <Notice is="refused" title={words.cause} urgent>
      {words.remedy || words.theirWords ? (
        <Told
          rows={[
            ...(words.remedy ? [[t('parts.remedy'), words.remedy] as const] : []),
            ...(words.theirWords ? [[t('parts.theirWords'), `“${words.theirWords}”`] as const] : []),
          ]}
        />
      ) : null}
      {retry || words.link ? (
        <Actions>
          {retry ? (
            <Button size="sm" icon="refresh" onClick={() => retry()}>
              {t('parts.tryAgain')}
            </Button>
          ) : null}
          {words.link ? <a href={words.link}>{t('problems.open')}</a> : null}
        </Actions>
      ) : null}
    </Notice>
  )
}

/** Lines where text will stand. Give it the shape of what comes. */
export const Skeleton = ({ width = '100%', height }: { width?: number | string; height?: number }) => (
  <span className={styles.bone} style={{ width, height }} aria-hidden="true" />
)

/** A page that is on its way: a head and some lines, spoken once. */
export function PageSkeleton({ lines = 8 }: { lines?: number }) {
  const t = useT()
  return (
    <div role="status" style={{ display: 'grid', gap: 18, padding: 24, alignContent: 'start' }}>
      <span className="only-spoken">{t('parts.loading')}</span>
      <Skeleton width={180} height={16} />
      {Array.from({ length: lines }, (_, line) => `${55 + ((line * 37) % 40)}%`).map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity, they only fill the page
        <Skeleton key={line} width={width} />
      ))}
    </div>
  )
}
