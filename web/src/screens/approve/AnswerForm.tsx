import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Form } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import type { Approval } from './Approve.tsx'
import styles from './approve.module.css'
import { EntryList } from './EntryList.tsx'
import { lastMoment } from './last-moment.ts'

/** Everything is approved but what is rejected, each with a reason. */
export function AnswerForm({
  approval,
  token,
  answered,
}: {
  approval: Approval
  token: string
  answered: () => unknown
}) {
  const t = useT()
  const format = useFormat()
  const form = useApiForm({
    initial: { name: '', rejected: {} as Record<string, string> },
    validate: (values: { name: string; rejected: Record<string, string> }) => ({
      ...(values.name.trim() ? {} : { name: t('approve.name.missing') }),
      ...Object.fromEntries(
        Object.entries(values.rejected).flatMap(([id, reason]) =>
          reason.trim() ? [] : [[`rejected.${id}`, t('approve.reason.missing')]],
        ),
      ),
    }),
    save: ({ name, rejected }) => {
      const isAll = Object.keys(rejected).length === 0
      const decisions = approval.entries.map(({ kind, id }) =>
        rejected[id] === undefined
          ? { kind, id, outcome: 'approved' as const }
          : { kind, id, outcome: 'rejected' as const, reason: rejected[id].trim() },
      )
      return answer(
        api.POST('/approvals/{token}/answer', {
          params: { path: { token } },
          body: { name: name.trim(), decisions: isAll ? 'approve-all' : decisions },
        }),
      )
    },
    saved: answered,
  })
  const { rejected } = form.form.getValues()
  const setRejected = (id: string, isRejected: boolean) => {
    const { [id]: _, ...others } = rejected
    form.form.setFieldValue('rejected', isRejected ? { ...others, [id]: '' } : others)
  }
  const rejectedCount = Object.keys(rejected).length
  const approvedCount = approval.entries.filter(({ id, changed }) => !changed && rejected[id] === undefined).length
  return (
    <Form form={form}>
      <EntryList
        approval={approval}
        under={(entry) =>
          entry.changed ? null : rejected[entry.id] === undefined ? (
            <Button size="sm" kind="quiet" icon="cross" onClick={() => setRejected(entry.id, true)}>
              {t('approve.reject')}
              <span className="only-spoken">
                {' '}
                {entry.about}, {format.date(entry.date, 'day')}
              </span>
            </Button>
          ) : (
            <div className={styles.reason}>
              <TextField
                label={t('approve.reason')}
                maxLength={500}
                autoFocus
                {...form.field(`rejected.${entry.id}`)}
              />
              <Button size="sm" icon="undo" onClick={() => setRejected(entry.id, false)}>
                {t('approve.approveAfterAll')}
              </Button>
            </div>
          )
        }
      />
      <TextField
        label={t('approve.name')}
        description={t('approve.name.text')}
        autoComplete="name"
        maxLength={80}
        withAsterisk
        {...form.field('name')}
      />
      <div className={styles.foot}>
        <Button kind="primary" size="lg" wide type="submit" busy={form.saving}>
          {rejectedCount === 0
            ? t('approve.approveAll', { count: approvedCount })
            : t('approve.answer', { approved: approvedCount, rejected: rejectedCount })}
        </Button>
        <p className="muted small">
          {t('approve.kept', { firm: approval.firm, until: format.moment(lastMoment(approval.expiresAt)) })}
        </p>
      </div>
    </Form>
  )
}
