import type { ReactNode } from 'react'
import { currencySign } from '../../format.ts'
import { Body } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './preview.module.css'

/** The next or the last of the documents, by J and K too; after the last comes the first. */
export function useSteps<Document>(
  documents: readonly Document[],
  shown: Document | undefined,
  show: (document: Document) => unknown,
): (by: -1 | 1) => void {
  const t = useT()
  const step = (by: -1 | 1) => {
    const at = shown ? documents.indexOf(shown) : -1
    const next = documents[(at + by + documents.length) % documents.length]
    if (next) void show(next)
  }
  useKeys([
    { keys: 'J', does: t('postings.preview.next'), run: () => step(1) },
    { keys: 'K', does: t('postings.preview.previous'), run: () => step(-1) },
  ])
  return step
}

/** In the head: that nothing has left yet, or that the preview is being made anew. */
export function NothingLeft({ children, checking, posted }: { children: string; checking: boolean; posted: boolean }) {
  const t = useT()
  return (
    <span className={`muted ${styles.nothingLeft}`} aria-live="polite">
      {posted ? null : checking ? t('postings.preview.checking') : children}
    </span>
  )
}

/** Why there is no preview: no rights, nothing chosen, a connection that must be mended first, or not here yet. */
export function NoPreview({
  mayRead,
  nothing,
  problem,
  preview,
}: {
  mayRead: boolean
  /** When nothing is chosen: an `EmptyState`. */
  nothing: ReactNode
  problem: { readonly cause: string; readonly remedy: string } | null | undefined
  preview: {
    readonly isError: boolean
    readonly isFetching: boolean
    readonly error: unknown
    readonly refetch: () => unknown
  }
}) {
  const t = useT()
  const { slug: firm } = useFirm()
  return (
    <Body>
      {!mayRead ? (
        <NoRights />
      ) : nothing ? (
        nothing
      ) : problem ? (
        <Notice is="needs" title={problem.cause} urgent>
          <Told rows={[[t('parts.remedy'), problem.remedy]]} />
          <Actions>
            <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
              {t('postings.preview.apps')}
            </ButtonLink>
            <Button onClick={() => preview.refetch()} busy={preview.isFetching}>
              {t('postings.preview.again')}
            </Button>
          </Actions>
        </Notice>
      ) : preview.isError ? (
        <ErrorState error={preview.error} retry={preview.refetch} />
      ) : (
        <PageSkeleton />
      )}
    </Body>
  )
}

/** Everything was checked from what is known here, and waits for somebody to sign in. */
export function AccessLost({
  connection,
}: {
  connection: { readonly id: string; readonly packageName: string; readonly accessLost: boolean }
}) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  if (!connection.accessLost) return null
  return (
    <Notice is="needs" title={t('postings.preview.accessLost', { package: connection.packageName })}>
      <p>{t('postings.preview.accessLost.text', { package: connection.packageName })}</p>
      {may('connections:read') ? (
        <Actions>
          <ButtonLink
            to="/f/$firm/settings/connections/$connectionId"
            params={{ firm, connectionId: connection.id }}
            iconAfter="next"
          >
            {t('postings.preview.accessLost.open')}
          </ButtonLink>
        </Actions>
      ) : null}
    </Notice>
  )
}

const totalWords = { net: 'postings.net', vat: 'postings.vat', gross: 'postings.gross' } as const

interface Total {
  readonly currency: string
  readonly net: string
  readonly vat: string
  readonly gross: string
}

/** Under a preview: how much goes, what there is to know of it, and the sums of each currency. */
export function PreviewFigures({
  count,
  children,
  totals,
}: {
  count: string
  children: string
  totals: readonly Total[]
}) {
  const t = useT()
  return (
    <>
      <div className={styles.figure}>
        <b>{count}</b>
        <span>{children}</span>
      </div>
      {totals.map((total) => (
        <div key={total.currency} className={styles.totals}>
          {(['net', 'vat', 'gross'] as const).map((which) => (
            <div key={which} className={`${styles.figure} ${styles.amount}`}>
              <Amount value={total[which]} strong={which !== 'gross'} total={which === 'gross'} />
              <span>
                {t(totalWords[which])} {currencySign(total.currency)}
              </span>
            </div>
          ))}
        </div>
      ))}
    </>
  )
}
