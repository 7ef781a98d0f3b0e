import { useQuery } from '@tanstack/react-query'
import type { operations } from '@uurwerk/api/generated/schema.d.ts'
import { useDeferredValue } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Skeleton } from '../../parts/Empty.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import styles from './rates.module.css'

export type PreviewBody = operations['preview-rate']['requestBody']['content']['application/json']

/** What a rate that is not saved yet would change; null while there is nothing to ask. */
export function RatePreview({ body }: { body: PreviewBody | null }) {
  const t = useT()
  const format = useFormat()
  const asked = useDeferredValue(body)
  const query = useQuery({
    queryKey: ['rates', 'preview', asked],
    queryFn: ({ signal }) => answer(api.POST('/rates/preview', { body: asked as PreviewBody, signal })),
    enabled: asked !== null,
    retry: false,
    staleTime: 0,
    placeholderData: (before) => before,
  })
  if (!asked) return null
  // What is wrong with a field is said there when it is saved.
  if (query.isError) return null
  if (!query.data) return <Skeleton height={40} />
  const { entries, minutes, totals, keptEntries, lockedEntries, lockedUntil, withoutRateBefore, withoutRateAfter } =
    query.data
  return (
    <div className={styles.preview} role="status">
      {entries === 0 ? <p className="muted">{t('activities.preview.nothing')}</p> : null}
      {entries > 0 ? (
        <p>
          {t('activities.preview.entries', { count: entries, hours: format.hours(minutes) })}
          {totals.map(({ currency, before, after }) => (
            <span key={currency} className="fig nowrap">
              {' '}
              {format.money(before, currency)} → <b>{format.money(after, currency)}</b>
            </span>
          ))}
        </p>
      ) : null}
      {withoutRateBefore > 0 ? (
        <StateLine is="done">{t('activities.preview.rated', { count: withoutRateBefore })}</StateLine>
      ) : null}
      {withoutRateAfter > 0 ? (
        <StateLine is="needs">{t('activities.preview.unrated', { count: withoutRateAfter })}</StateLine>
      ) : null}
      {keptEntries > 0 ? <p className="muted">{t('activities.preview.kept', { count: keptEntries })}</p> : null}
      {lockedUntil ? (
        <StateLine is="needs">
          {t('activities.preview.locked', { date: format.date(lockedUntil), count: lockedEntries })}
        </StateLine>
      ) : null}
    </div>
  )
}
