import { Outside } from '../../frame/Outside.tsx'

export function SignIn() {
  return <Outside title="Uurwerk">{null}</Outside>
}
