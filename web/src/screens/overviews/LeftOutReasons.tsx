import { useFormat } from '../../format.ts'
import { Notice, Told } from '../../parts/Notice.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { type LeftOut, reasonsOf } from './left-out.ts'
import styles from './overviews.module.css'

const mostNamed = 200

export interface LeftOutWords {
  readonly count: Word
  readonly which: Word
  readonly gone: Word
  readonly more: Word
}

export const leftOutOfHours = {
  count: 'hours.made.leftOut',
  which: 'hours.made.which',
  gone: 'hours.made.gone',
  more: 'hours.made.more',
} as const satisfies LeftOutWords

/** What was left out of an act or an invoice, one notice per reason. */
export function LeftOutReasons({
  rows,
  all = rows.length,
  words = leftOutOfHours,
}: {
  rows: readonly LeftOut[]
  all?: number
  words?: LeftOutWords
}) {
  const t = useT()
  const format = useFormat()
  return (
    <>
      {reasonsOf(rows).map((reason) => (
        <Notice
          key={reason.key}
          is="needs"
          title={reason.word ? t(reason.word) : reason.cause}
          after={t(words.count, { count: reason.rows.length, shown: format.count(reason.rows.length) })}
        >
          {reason.remedy ? <Told rows={[[t('parts.remedy'), reason.remedy]]} /> : null}
          <details className={styles.left}>
            <summary>{t(words.which)}</summary>
            <ul>
              {reason.rows.slice(0, mostNamed).map((row) => (
                <li key={row.id}>{reason.differs ? row.problem.cause : row.label || t(words.gone)}</li>
              ))}
              {reason.rows.length > mostNamed ? (
                <li>{t(words.more, { count: reason.rows.length - mostNamed })}</li>
              ) : null}
            </ul>
          </details>
          {reason.link ? <a href={reason.link}>{t('problems.open')}</a> : null}
        </Notice>
      ))}
      {all > rows.length ? (
        <p className="muted">
          {t('overviews.act.more', { count: all - rows.length, shown: format.count(all - rows.length) })}
        </p>
      ) : null}
    </>
  )
}
