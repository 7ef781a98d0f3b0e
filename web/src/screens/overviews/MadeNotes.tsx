import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { Notice, Told } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'

/** What to look at before the drafts that were made go out. */
export function MadeNotes({ notes }: { notes: components['schemas']['DraftsMade']['notes'] }) {
  const t = useT()
  return notes.map(({ code, values, cause, remedy }) => (
    <Notice key={`${code} ${JSON.stringify(values)}`} is="needs" title={cause}>
      {remedy ? <Told rows={[[t('parts.remedy'), remedy]]} /> : null}
    </Notice>
  ))
}
