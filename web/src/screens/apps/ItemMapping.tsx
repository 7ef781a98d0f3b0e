import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import { type Connection, connectionChanged, itemsQuery, type Their } from './connection.ts'
import { optionOf, searchTheirs } from './theirs.ts'

interface Activity {
  readonly activityId: string
  readonly name: string
  readonly item: Their | null
}

const shownAtFirst = 8

function ActivityItem({
  connection,
  activity,
  usual,
}: {
  connection: Connection
  activity: Activity
  usual: Their | null
}) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const save = useAct({
    run: (item: string | null) =>
      answer(
        api.PUT('/connections/{id}/items', {
          params: { path: { id: connection.id } },
          body: { activities: [{ activityId: activity.activityId, item }] },
        }),
      ),
    done: async (after) => {
      client.setQueryData(itemsQuery(connection.id).queryKey, after)
      await connectionChanged(client, connection.id)
      say(t('apps.items.saved', { activity: activity.name }))
    },
  })
  const [error] = isApiProblem(save.error) ? (save.error.problem.errors ?? []) : []
  return (
    <li>
      <span className={styles.activity}>{activity.name}</span>
      <div>
        <Picker
          aria-label={t('apps.items.of', { activity: activity.name })}
          placeholder={usual ? t('apps.items.default', { item: usual.code }) : t('apps.items.defaultItem')}
          searchKey={`${connection.id} items`}
          search={searchTheirs(connection.id, 'items')}
          chosen={activity.item ? optionOf(activity.item) : null}
          value={activity.item?.id ?? null}
          error={error?.message}
          clearable
          readOnly={!may('connections:write') || save.isPending}
          onChange={(value) => save.mutate(value)}
        />
        {save.error && !error ? <ErrorNotice error={save.error} /> : null}
      </div>
    </li>
  )
}

/** Which item each activity is sold as; without one of its own it is the default item. */
export function ItemMapping({ connection }: { connection: Connection }) {
  const t = useT()
  const { data, error, refetch } = useQuery(itemsQuery(connection.id))
  const [all, setAll] = useState(false)
  const field = connection.settingFields.find(({ list }) => list === 'items')
  const rows = data?.activities ?? []
  const shown = all ? rows : rows.slice(0, shownAtFirst)
  return (
    <section aria-labelledby="items">
      <h2 id="items">{t('apps.items')}</h2>
      <p className={styles.sub}>{t('apps.items.text')}</p>
      {error && !data ? <ErrorNotice error={error} retry={refetch} /> : null}
      <ul className={styles.items} aria-busy={!data && !error}>
        {data
          ? shown.map((activity) => (
              <ActivityItem
                key={activity.activityId}
                connection={connection}
                activity={activity}
                usual={field?.chosen ?? null}
              />
            ))
          : ['a', 'b', 'c', 'd'].map((line) => (
              <li key={line}>
                <Skeleton width="40%" />
                <Skeleton />
              </li>
            ))}
      </ul>
      {rows.length > shown.length ? (
        <Button kind="quiet" size="sm" onClick={() => setAll(true)}>
          {t('apps.items.all', { count: rows.length })}
        </Button>
      ) : null}
    </section>
  )
}
