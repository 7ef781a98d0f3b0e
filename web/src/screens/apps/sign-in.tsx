import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import type { Connection } from './connection.ts'

/** The browser leaves for the package and comes back to this connection. */
export const leaveFor = (signInAt: string): void => window.location.assign(signInAt)

export function useSignIn(id: string) {
  return useAct({
    run: (_: null, key) =>
      answer(api.POST('/connections/{id}/reconnection', { params: { path: { id } }, headers: key })),
    done: ({ signInAt }) => leaveFor(signInAt),
    failed: sayProblem,
  })
}

/** How a sign-in can come back: what the address says when the connection itself has nothing to tell. */
const words: Readonly<Record<string, readonly [cause: Word, remedy: Word]>> = {
  'sign-in-denied': ['apps.problem.denied.cause', 'apps.problem.denied.remedy'],
  'sign-in-refused': ['apps.problem.refused.cause', 'apps.problem.refused.remedy'],
  'sign-in-state-expired': ['apps.problem.expired.cause', 'apps.problem.expired.remedy'],
  'sign-in-state-unknown': ['apps.problem.unknown.cause', 'apps.problem.unknown.remedy'],
  'sign-in-other-person': ['apps.problem.other.cause', 'apps.problem.other.remedy'],
  'administration-out-of-reach': ['apps.problem.reach.cause', 'apps.problem.reach.remedy'],
}

/** Why the sign-in did not work, what to do, and the way to try again. */
export function SignInProblem({
  code,
  packageName,
  connection,
  close,
}: {
  code: string
  packageName: string
  connection?: Connection
  close: () => void
}) {
  const t = useT()
  const told = connection?.problem?.code === code ? connection.problem : null
  const [cause, remedy] = words[code] ?? ['apps.problem.cause', 'apps.problem.remedy']
  return (
    <Notice is="refused" title={told?.cause ?? t(cause, { package: packageName, code })} urgent>
      <Told
        rows={[
          [t('parts.remedy'), told?.remedy ?? t(remedy, { package: packageName })],
          ...(told?.theirWords ? [[t('parts.theirWords'), `“${told.theirWords}”`] as const] : []),
        ]}
      />
      <Actions>
        {connection ? <SignInAgain connection={connection} /> : null}
        <Button kind="quiet" size="sm" onClick={close}>
          {t('parts.close')}
        </Button>
      </Actions>
    </Notice>
  )
}

export function SignInAgain({
  connection,
  kind = 'plain',
}: {
  connection: Pick<Connection, 'id' | 'state'>
  kind?: 'plain' | 'primary'
}) {
  const t = useT()
  const may = useMay()
  const signIn = useSignIn(connection.id)
  if (!may('connections:write')) return null
  return (
    <Button
      kind={kind}
      size={kind === 'primary' ? 'md' : 'sm'}
      icon="external"
      busy={signIn.isPending || signIn.isSuccess}
      onClick={() => signIn.mutate(null)}
    >
      {t('apps.signIn.again')}
    </Button>
  )
}
