import { Notice } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'
import type { Connection } from './connection.ts'

/** Lists of the package that could not be read, each with the right that is missing and what holds until then. */
export function UnreadLists({ connection }: { connection: Connection }) {
  const t = useT()
  return connection.lists.map(({ noun, unread, count }) =>
    unread ? (
      <Notice key={noun} is="needs" title={unread.title}>
        <p>
          {unread.detail} {count > 0 ? t('apps.lists.asBefore') : null}
        </p>
      </Notice>
    ) : null,
  )
}
