import { useQuery } from '@tanstack/react-query'
import { Picker } from '../../parts/Picker.tsx'
import { useT } from '../../words/words.tsx'
import { peopleQuery } from './people.ts'

/** Whose week is shown, for those who may see the hours of others. */
export function PersonChoice({
  memberId,
  ownId,
  choose,
}: {
  memberId: string
  ownId: string
  choose: (memberId: string | undefined) => void
}) {
  const t = useT()
  const people = useQuery(peopleQuery)
  const options = (people.data?.rows ?? [])
    .filter(({ state, id }) => state !== 'archived' || id === memberId)
    .map(({ id, name }) => ({ value: id, label: name }))
  if (options.length < 2) return null
  return (
    <Picker
      aria-label={t('time.person')}
      options={options}
      value={memberId}
      w={150}
      onChange={(value) => value && choose(value === ownId ? undefined : value)}
    />
  )
}
