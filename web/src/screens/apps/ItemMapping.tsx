import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import { type Connection, connectionChanged, itemsQuery, type Mapped, saveItem, type Their } from './connection.ts'
import { optionOf, searchTheirs } from './theirs.ts'

const shownAtFirst = 8

function SubjectItem({ connection, subject, usual }: { connection: Connection; subject: Mapped; usual: Their | null }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const save = useAct({
    run: (item: string | null) => saveItem(connection.id, { subject: subject.subject, id: subject.id }, item),
    done: async (after) => {
      client.setQueryData(itemsQuery(connection.id).queryKey, after)
      await connectionChanged(client, connection.id)
      say(t('apps.items.saved', { subject: subject.name }))
    },
  })
  const [error] = isApiProblem(save.error) ? (save.error.problem.errors ?? []) : []
  return (
    <li>
      <span className={styles.activity}>
        {subject.name}
        {subject.isUsed ? null : <small className="muted">{t('apps.items.unused')}</small>}
      </span>
      <div>
        <Picker
          aria-label={t('apps.items.of', { subject: subject.name })}
          placeholder={usual ? t('apps.items.default', { item: usual.code }) : t('apps.items.defaultItem')}
          searchKey={`${connection.id} items`}
          search={searchTheirs(connection.id, 'items')}
          chosen={subject.item ? optionOf(subject.item) : null}
          value={subject.item?.id ?? null}
          error={error?.message}
          clearable
          readOnly={!may('connections:write') || save.isPending}
          onChange={(value) => save.mutate(value)}
        />
        {subject.item?.unusable && !error ? (
          <p className={styles.fails}>
            <Icon name="warning" size={14} />
            {t('apps.unusable', { reason: subject.item.unusable })}
          </p>
        ) : null}
        {save.error && !error ? <ErrorNotice error={save.error} /> : null}
      </div>
    </li>
  )
}

/** One kind of what is sold, with the rest of a long list behind a button. */
function Subjects({
  connection,
  title,
  subjects,
  usual,
}: {
  connection: Connection
  title: string
  subjects: readonly Mapped[]
  usual: Their | null
}) {
  const t = useT()
  const [all, setAll] = useState(false)
  const shown = all ? subjects : subjects.slice(0, shownAtFirst)
  if (subjects.length === 0) return null
  return (
    <>
      <h3 className={styles.kind}>{title}</h3>
      <ul className={styles.items}>
        {shown.map((subject) => (
          <SubjectItem
            key={`${subject.subject} ${subject.id}`}
            connection={connection}
            subject={subject}
            usual={usual}
          />
        ))}
      </ul>
      {subjects.length > shown.length ? (
        <Button kind="quiet" size="sm" onClick={() => setAll(true)}>
          {t('apps.items.all', { count: subjects.length })}
        </Button>
      ) : null}
    </>
  )
}

/** Which item each activity, expense category and other kind of line is sold as; without one of its own it is the default item. */
export function ItemMapping({ connection }: { connection: Connection }) {
  const t = useT()
  const { data, error, refetch } = useQuery(itemsQuery(connection.id))
  const field = connection.settingFields.find(({ list }) => list === 'items')
  const usual = field?.chosen ?? null
  const of = (...kinds: readonly Mapped['subject'][]) =>
    data?.subjects.filter(({ subject }) => kinds.includes(subject)) ?? []
  return (
    <section aria-labelledby="items">
      <h2 id="items" tabIndex={-1}>
        {t('apps.items')}
      </h2>
      <p className={styles.sub}>{t('apps.items.text')}</p>
      {error && !data ? <ErrorNotice error={error} retry={refetch} /> : null}
      {data ? (
        <>
          <Subjects
            connection={connection}
            title={t('apps.items.activities')}
            subjects={of('activity')}
            usual={usual}
          />
          <Subjects
            connection={connection}
            title={t('apps.items.categories')}
            subjects={of('expense-category')}
            usual={usual}
          />
          <Subjects
            connection={connection}
            title={t('apps.items.others')}
            subjects={of('trip', 'instalment', 'subscription', 'free')}
            usual={usual}
          />
        </>
      ) : error ? null : (
        <ul className={styles.items} aria-busy>
          {['a', 'b', 'c', 'd'].map((line) => (
            <li key={line}>
              <Skeleton width="40%" />
              <Skeleton />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
