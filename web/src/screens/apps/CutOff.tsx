import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { say } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import { type Connection, connectionChanged, connectionQuery } from './connection.ts'

/** From which day on invoices go to the books; what is older is there already. */
export function CutOff({ connection }: { connection: Connection }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const [picked, setPicked] = useState<string | null | undefined>(undefined)
  const date = picked === undefined ? connection.cutOff : picked
  const changed = picked !== undefined && picked !== connection.cutOff
  const save = useAct({
    run: (cutOff: string) =>
      answer(
        api.PATCH('/connections/{id}', {
          params: { path: { id: connection.id } },
          headers: ifMatch(connection.version),
          body: { cutOff },
        }),
      ),
    done: (after) => {
      client.setQueryData(connectionQuery(connection.id).queryKey, after)
      setPicked(undefined)
      say(t('apps.saved'))
      void client.invalidateQueries({ queryKey: ['invoices'] })
      return connectionChanged(client, connection.id)
    },
  })
  const atField = isApiProblem(save.error)
    ? save.error.problem.errors?.find(({ pointer }) => pointer.endsWith('/cutOff'))?.message
    : undefined
  return (
    <section className={styles.section} aria-labelledby="cut-off">
      <h2 id="cut-off">{t('apps.cutOff')}</h2>
      <p className={styles.sub}>{t('apps.cutOff.text')}</p>
      {save.error && !atField ? <ErrorNotice error={save.error} /> : null}
      {may('connections:write') ? (
        <div className={styles.cutOff}>
          <DateField
            label={t('apps.cutOff.from')}
            value={date}
            error={atField}
            onChange={(next) => {
              save.reset()
              setPicked(next)
            }}
          />
          {changed && date ? (
            <Button busy={save.isPending} onClick={() => save.mutate(date)}>
              {t('apps.cutOff.save')}
            </Button>
          ) : null}
        </div>
      ) : (
        <p>{connection.cutOff ? format.date(connection.cutOff) : t('apps.cutOff.none')}</p>
      )}
      <p className="muted small">
        {connection.cutOff
          ? t('apps.cutOff.older', {
              count: connection.olderInvoices,
              shown: format.count(connection.olderInvoices),
            })
          : t('apps.cutOff.notSet')}
      </p>
    </section>
  )
}
