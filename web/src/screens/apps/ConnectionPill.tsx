import { type Meaning, Pill } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { PackageRow } from '../postings/sales-package.ts'

type ConnectionState = NonNullable<PackageRow['connection']>['state']

const stateShown = {
  'signing-in': ['wait', 'apps.state.signingIn'],
  choosing: ['needs', 'apps.state.choosing'],
  connected: ['done', 'apps.state.connected'],
  reconnect: ['refused', 'apps.state.reconnect'],
  disconnected: ['wait', 'apps.state.disconnected'],
} as const satisfies Record<ConnectionState, readonly [Meaning, Word]>

export function ConnectionPill({ state }: { state: ConnectionState }) {
  const t = useT()
  const [is, word] = stateShown[state]
  return <Pill is={is}>{t(word)}</Pill>
}
