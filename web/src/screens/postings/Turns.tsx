import { useFormat } from '../../format.ts'
import { Bar } from '../../parts/Task.tsx'
import { useT } from '../../words/words.tsx'
import { mostAtOnce } from './in-turns.ts'

/** How far something is that takes more than one turn. */
export function Turns({ done, of }: { done: number; of: number }) {
  const t = useT()
  const format = useFormat()
  if (of <= mostAtOnce) return null
  const text = t('postings.turns', { done: format.count(done), all: format.count(of) })
  return (
    <div role="status">
      <p className="muted small">{text}</p>
      <Bar value={done} of={of} name={text} />
    </div>
  )
}
