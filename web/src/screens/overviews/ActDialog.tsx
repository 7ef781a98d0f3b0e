import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { actWords, type EntryAct, needsReason } from './acts.ts'
import { LeftOutReasons } from './LeftOutReasons.tsx'
import styles from './overviews.module.css'

type Acts = components['schemas']['EntryActs']
type Kind = Acts['entryKind']

/** One act on everything that is selected: asks for a reason where one is needed, shows how far it is, and what came of it. */
export function ActDialog({
  kind,
  act,
  selection,
  count,
  close,
  done,
}: {
  kind: Kind
  act: EntryAct
  selection: unknown
  count: number
  close: () => void
  done: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [id, setId] = useState<string | null>(null)
  const start = useAct<{ reason?: string }, Acts>({
    run: (body, key) =>
      answer(
        api.POST('/entries/acts', {
          params: { header: key },
          headers: key,
          // The selection fits its kind: both come from the same overview.
          body: { kind, act, selection, ...body } as never,
        }),
      ),
    done: (task) => setId(task.id),
  })
  const follow = useQuery({
    queryKey: ['entry-acts', id],
    queryFn: ({ signal }) => answer(api.GET('/entries/acts/{id}', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (isOver(state.data ?? start.data) ? false : 600),
    ...(start.data ? { initialData: start.data } : {}),
  })
  const task = follow.data ?? start.data
  const over = isOver(task)
  useEffect(() => {
    if (!over) return
    done()
    for (const queryKey of [
      ['hours'],
      ['hours-totals'],
      ['expenses'],
      ['expenses-totals'],
      ['trips'],
      ['trips-totals'],
      ['week'],
    ])
      void client.invalidateQueries({ queryKey })
  }, [over, client, done])

  const words = actWords[act]
  const shown = format.count(count)
  const wantsReason = needsReason(act)
  const ready = !wantsReason || reason.trim() !== ''
  const go = () => ready && start.mutate(wantsReason ? { reason: reason.trim() } : {})
  useKeys([
    {
      keys: 'mod+Enter',
      run: () => (over ? close() : go()),
      whileTyping: true,
      disabled: start.isPending || (task !== undefined && !over),
    },
  ])

  if (task && over) {
    const { updated = 0 } = task.report ?? {}
    return (
      <Dialog open onClose={close} title={t(words.done, { count: updated, shown: format.count(updated) })} size={560}>
        <div className={styles.dialog} role="status">
          {task.state === 'failed' ? <State is="refused">{t('overviews.act.failed')}</State> : null}
          <LeftOutReasons rows={task.leftOut} all={(task.total ?? count) - updated} />
          <Foot>
            <Button kind="primary" data-autofocus onClick={close}>
              {t('parts.close')}
            </Button>
          </Foot>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={close} title={t(words.ask, { count, shown })} size={480}>
      <div className={styles.dialog}>
        {task ? (
          <TaskProgress now={t('overviews.act.running')} done={task.done} of={task.total} />
        ) : (
          <>
            {wantsReason ? (
              <TextAreaField
                label={t('overviews.act.reason')}
                description={act === 'reject' ? t('overviews.act.reasonSeen') : t('overviews.act.reasonKept')}
                value={reason}
                maxLength={500}
                required
                data-autofocus
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            ) : (
              <p className="muted">{t(words.what)}</p>
            )}
            {start.error ? <ErrorNotice error={start.error} /> : null}
          </>
        )}
        <Foot>
          <Button kind="quiet" onClick={close}>
            {task ? t('parts.close') : t('parts.cancel')}
          </Button>
          {task ? null : (
            <Button
              kind="primary"
              keys="mod+Enter"
              busy={start.isPending}
              disabled={!ready}
              {...(wantsReason ? {} : { 'data-autofocus': true })}
              onClick={go}
            >
              {t(words.button, { count, shown })}
            </Button>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}

const isOver = (task: Acts | undefined) => task?.state === 'done' || task?.state === 'failed'
