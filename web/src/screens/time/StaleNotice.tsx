import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'

/** Somebody else changed it meanwhile: what it says now, and whether ours is kept all the same. */
export function StaleNotice({
  children,
  keepTheirs,
  useOurs,
}: {
  children: ReactNode
  keepTheirs?: () => void
  useOurs: () => void
}) {
  const t = useT()
  const ours = (
    <Button size="sm" onClick={useOurs}>
      {t('time.stale.use')}
    </Button>
  )
  return (
    <Notice is="needs" title={t('time.stale.title')}>
      {children}
      {keepTheirs ? (
        <Actions>
          <Button size="sm" onClick={keepTheirs}>
            {t('time.stale.keep')}
          </Button>
          {ours}
        </Actions>
      ) : (
        ours
      )}
    </Notice>
  )
}
