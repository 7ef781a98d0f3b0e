import { Outside } from '../../frame/Outside.tsx'

export function Welcome() {
  return <Outside title="Uurwerk">{null}</Outside>
}
