import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useFirm, useMay } from '../../session.ts'
import { type Say, useT } from '../../words/words.tsx'
import { HeldBy } from '../package-invoices/HeldBy.tsx'
import { EntryForm } from '../time/EntryForm.tsx'
import { hoursChanged } from '../time/use-week.ts'
import type { HourEntry } from '../time/week-rows.ts'
import { EntryState } from './EntryState.tsx'
import styles from './overviews.module.css'

/** One entry: what it is worth, its fields as far as they may change, and what happened to it. */
export function EntryDialog({ id, close }: { id: string; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const firm = useFirm()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['hours', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/hours/{id}', { params: { path: { id } }, signal })),
  })
  const entry = query.data
  const own = entry?.memberId === firm.memberId
  const mayWrite = own || may('hours:write')

  const remove = async (gone: HourEntry) => {
    try {
      await answer(api.DELETE('/hours/{id}', { params: { path: { id } }, headers: ifMatch(gone.version) }))
      close()
      await hoursChanged(client)
      sayUndo(t('hours.deleted', { hours: format.hours(gone.minutes) }), async () => {
        await answer(api.POST('/hours/{id}/restoration', { params: { path: { id } } }))
        await hoursChanged(client)
      })
    } catch (error) {
      sayProblem(error)
    }
  }
  return (
    <Dialog
      open
      onClose={close}
      title={entry ? `${entry.projectName}, ${entry.activityName}` : t('hours.entry')}
      size={620}
    >
      {query.isError && !entry ? <ErrorState error={query.error} retry={query.refetch} /> : null}
      {entry ? (
        <div className={styles.dialog}>
          <Facts
            rows={[
              [t('hours.person'), entry.memberName],
              ...(entry.customerName && !entry.locked ? [[t('hours.customer'), entry.customerName] as const] : []),
              [
                t('hours.state'),
                <span key="state" className="row">
                  <EntryState entry={entry} />
                  {entry.invoice && may('invoices:read') ? (
                    <HeldBy held={entry.invoice}>
                      {t(entry.invoice.inPackage ? 'package-invoices.toDocument' : 'hours.toInvoice')}
                    </HeldBy>
                  ) : null}
                </span>,
              ],
              ...(entry.rate && entry.amount && entry.currency
                ? [
                    [
                      t('hours.amount'),
                      t('hours.amountAt', {
                        amount: format.money(entry.amount, entry.currency),
                        rate: format.money(entry.rate, entry.currency),
                      }),
                    ] as const,
                  ]
                : []),
            ]}
          />
          <EntryForm
            key={`${entry.id} ${entry.version}`}
            entry={entry}
            memberId={entry.memberId}
            own={own}
            date={entry.date}
            focus="duration"
            mayWrite={mayWrite}
            saved={() => {
              say(t('hours.saved'))
              return hoursChanged(client)
            }}
            remove={mayWrite ? remove : undefined}
            close={close}
          />
          {may('history:read') ? <History id={id} /> : null}
        </div>
      ) : query.isPending ? (
        <PageSkeleton lines={5} />
      ) : null}
    </Dialog>
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The fields people know, as `1:30 → 2:00`. */
function changesOf(
  before: unknown,
  after: unknown,
  t: Say,
  hours: (minutes: number) => string,
  date: (date: string) => string,
): string[] {
  const shown = {
    minutes: (value: unknown) => (typeof value === 'number' ? hours(value) : null),
    date: (value: unknown) => (typeof value === 'string' ? date(value.slice(0, 10)) : null),
    note: (value: unknown) => (typeof value === 'string' ? (value ? `“${value}”` : t('hours.history.none')) : null),
    billable: (value: unknown) =>
      typeof value === 'boolean' ? (value ? t('hours.billable') : t('hours.notBillable')) : null,
  }
  return Object.entries(shown).flatMap(([field, text]) => {
    const now = isRecord(after) ? text(after[field]) : null
    const was = isRecord(before) ? text(before[field]) : null
    if (now === was) return []
    return was !== null && now !== null ? [`${was} → ${now}`] : [now ?? was ?? '']
  })
}

function actWord(act: string, t: Say): string {
  if (act === 'created') return t('hours.history.created')
  if (act === 'deleted') return t('hours.history.deleted')
  if (act === 'restored') return t('hours.history.restored')
  return t('hours.history.changed')
}

function History({ id }: { id: string }) {
  const t = useT()
  const format = useFormat()
  const history = useQuery({
    queryKey: ['hours', 'history', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/history', { params: { query: { subjectKind: 'hours', subjectId: id } }, signal })),
  })
  const rows = history.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className={styles.history}>
      <h3>{t('hours.history')}</h3>
      <ol>
        {rows.map((row) => (
          <li key={row.id}>
            <time dateTime={row.at}>{format.moment(row.at)}</time>
            <span>
              <b>{row.actor}</b> {actWord(row.act, t)}
              {row.act === 'deleted' || row.act === 'restored' ? null : (
                <span className="muted">
                  {' '}
                  {changesOf(row.before, row.after, t, format.hours, (date) => format.date(date, 'short')).join(' · ')}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
