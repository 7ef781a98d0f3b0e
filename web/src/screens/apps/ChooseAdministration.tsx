import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState, ErrorNotice, ErrorState, Skeleton } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { tasksChanged } from '../imports/task.ts'
import styles from './apps.module.css'
import { type Administration, administrationsQuery, type Connection, connectionChanged } from './connection.ts'
import { SignInAgain } from './sign-in.tsx'

const differWords: Readonly<Record<string, Word>> = {
  vatId: 'apps.differs.vatId',
  kvk: 'apps.differs.kvk',
  currency: 'apps.differs.currency',
}

function Choice({ one, chosen, choose }: { one: Administration; chosen: boolean; choose: () => void }) {
  const t = useT()
  const format = useFormat()
  const { name: firmName } = useFirm()
  const facts = [one.country ? format.country(one.country) : null, one.currency, one.vatId].filter(Boolean)
  const differs = one.differs.flatMap((what) => (differWords[what] ? [t(differWords[what])] : []))
  return (
    <label className={styles.administration} data-off={one.usable ? undefined : true}>
      <input
        type="radio"
        name="administration"
        value={one.id}
        checked={chosen}
        disabled={!one.usable}
        onChange={choose}
      />
      <span className={styles.number}>{one.code}</span>
      <span className={styles.administrationText}>
        <b>{one.name}</b>
        <small>{facts.join(' · ')}</small>
        {one.reason ? <small className={styles.reason}>{t('apps.unusable', { reason: one.reason })}</small> : null}
        {one.usable && differs.length > 0 ? (
          <StateLine is="needs">{t('apps.differs', { what: differs.join(', '), firm: firmName })}</StateLine>
        ) : null}
      </span>
    </label>
  )
}

/** Which of the administrations the person who signed in can reach; then its lists are read. */
export function ChooseAdministration({
  connection,
  done,
  cancel,
}: {
  connection: Connection
  done?: () => void
  cancel?: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const administrations = useQuery(administrationsQuery(connection.id))
  const rows = administrations.data?.rows
  const usable = rows?.filter((one) => one.usable) ?? []
  const fitting = usable.filter(({ differs }) => differs.length === 0)
  const first = connection.administration?.id ?? (fitting.length === 1 ? fitting[0]?.id : undefined)
  const [picked, setPicked] = useState<string | null>(null)
  const chosen = picked ?? first ?? null
  const choosing = useAct({
    run: (administration: string) =>
      answer(
        api.PUT('/connections/{id}/administration', {
          params: { path: { id: connection.id } },
          body: { administration },
        }),
      ),
    done: async () => {
      await Promise.all([tasksChanged(client), connectionChanged(client, connection.id)])
      done?.()
    },
  })
  const save = () => chosen && choosing.mutate(chosen)
  useKeys([{ keys: 'mod+Enter', run: save, whileTyping: true, disabled: !chosen || choosing.isPending }])

  if (administrations.isError && !rows)
    return (
      <ErrorState error={administrations.error} retry={administrations.refetch} busy={administrations.isFetching} />
    )
  if (rows?.length === 0) {
    return (
      <EmptyState
        icon="firm"
        title={t('apps.administrations.none', { package: connection.packageName })}
        action={<SignInAgain connection={connection} kind="primary" />}
      >
        {t('apps.administrations.none.text', { package: connection.packageName })}
      </EmptyState>
    )
  }
  return (
    <div className={styles.choose}>
      <div>
        <h2>{t('apps.administrations.title')}</h2>
        <p className="muted">{t('apps.administrations.text', { package: connection.packageName })}</p>
      </div>
      {choosing.error ? <ErrorNotice error={choosing.error} /> : null}
      <div
        className={styles.administrations}
        role="radiogroup"
        aria-label={t('apps.administrations.title')}
        aria-busy={!rows}
      >
        {rows?.map((one) => (
          <Choice key={one.id} one={one} chosen={one.id === chosen} choose={() => setPicked(one.id)} />
        )) ??
          ['a', 'b', 'c'].map((line) => (
            <div key={line} className={styles.administration}>
              <Skeleton width={16} height={16} />
              <Skeleton width={20} />
              <Skeleton width="50%" />
            </div>
          ))}
      </div>
      <div className={styles.chooseFoot}>
        {cancel ? <Button onClick={cancel}>{t('parts.cancel')}</Button> : <SignInAgain connection={connection} />}
        <span className="grow" />
        <Button kind="primary" keys="mod+Enter" disabled={!chosen} busy={choosing.isPending} onClick={save}>
          {t('apps.administrations.choose')}
        </Button>
      </div>
    </div>
  )
}
