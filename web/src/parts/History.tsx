import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../api.ts'
import { useFormat } from '../format.ts'
import { useT, type Word } from '../words/words.tsx'
import { ErrorNotice, Skeleton } from './Empty.tsx'
import styles from './form.module.css'
import { plainText } from './use-edit-form.tsx'

const acts: Readonly<Record<string, Word>> = {
  created: 'parts.history.created',
  changed: 'parts.history.changed',
  archived: 'parts.history.archived',
  'brought-back': 'parts.history.broughtBack',
  deleted: 'parts.history.deleted',
  restored: 'parts.history.restored',
  invited: 'parts.history.invited',
  'invited-again': 'parts.history.invitedAgain',
  'accepted-invitation': 'parts.history.accepted',
  'made-reset-link': 'parts.history.resetLink',
  imported: 'parts.history.imported',
  'import-changed': 'parts.history.importChanged',
  'import-inactive': 'parts.history.importInactive',
  'import-back': 'parts.history.importBack',
  'import-linked': 'parts.history.importLinked',
  'import-accepted': 'parts.history.importAccepted',
  'import-rejected': 'parts.history.importRejected',
  'vat-case-confirmed': 'parts.history.vatCaseConfirmed',
  unlinked: 'parts.history.unlinked',
  reimbursed: 'parts.history.reimbursed',
  'reimbursement-undone': 'parts.history.reimbursementUndone',
  submitted: 'parts.history.submitted',
  withdrawn: 'parts.history.withdrawn',
  approved: 'parts.history.approved',
  rejected: 'parts.history.rejected',
  reopened: 'parts.history.reopened',
  'written-off': 'parts.history.writtenOff',
  'write-off-undone': 'parts.history.writeOffUndone',
  asked: 'parts.history.asked',
  'asked-again': 'parts.history.askedAgain',
  answered: 'parts.history.answered',
  'vat-id-checked': 'parts.history.vatIdChecked',
}

/** Of these the fields are shown, before and after. */
const changingActs = new Set([
  'changed',
  'import-changed',
  'import-linked',
  'import-accepted',
  'import-rejected',
  'vat-case-confirmed',
])

/** What a customer does without an account, and what is approved because less is asked from now on. */
function actOf(act: string, after: Readonly<Record<string, unknown>>): Word | undefined {
  if (act === 'approved' && after.asksLess) return 'parts.history.asksLess'
  if (after.by === 'customer' && act === 'approved') return 'parts.history.approvedByLink'
  if (after.by === 'customer' && act === 'rejected') return 'parts.history.rejectedByLink'
  return acts[act]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Who did what to one thing, and when; newest first. */
export function History({
  kind,
  id,
  labels,
  show = (_, value) => plainText(value),
}: {
  kind: string
  id: string
  labels: Readonly<Record<string, string>>
  show?: (field: string, value: unknown) => string
}) {
  const t = useT()
  const format = useFormat()
  const query = useQuery({
    queryKey: ['history', kind, id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/history', { params: { query: { subjectKind: kind, subjectId: id } }, signal }))).rows,
  })
  if (query.isError) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton />
  if (query.data.length === 0) return <p className="muted">{t('parts.history.none')}</p>
  return (
    <ol className={styles.history}>
      {query.data.map((row) => {
        const before = isRecord(row.before) ? row.before : {}
        const after = isRecord(row.after) ? row.after : {}
        const fields = changingActs.has(row.act)
          ? Object.keys(after).filter(
              (field) => labels[field] && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
            )
          : []
        const act = actOf(row.act, after)
        return (
          <li key={row.id}>
            <span>
              <b>{row.actor}</b> {act ? t(act) : row.act} <span className="muted small">{format.moment(row.at)}</span>
            </span>
            {fields.map((field) => (
              <p key={field} className={styles.detail}>
                {labels[field]}: {show(field, before[field])} → {show(field, after[field])}
              </p>
            ))}
            {row.why ? <p className={styles.detail}>{row.why}</p> : null}
          </li>
        )
      })}
    </ol>
  )
}
