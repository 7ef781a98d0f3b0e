import { Segments } from '../../parts/Choose.tsx'
import { useT } from '../../words/words.tsx'

/** At the end of the tools: what is still open, or what was settled before. */
export function SettledChoice({
  name,
  settled,
  onChange,
}: {
  name: string
  settled: boolean
  onChange: (settled: boolean) => unknown
}) {
  const t = useT()
  return (
    <>
      <span className="grow" />
      <Segments
        name={name}
        value={settled ? 'settled' : 'open'}
        options={[
          { value: 'open', label: t('imports.proposal.open') },
          { value: 'settled', label: t('imports.settled') },
        ]}
        onChange={(value) => onChange(value === 'settled')}
      />
    </>
  )
}
