import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Form } from '../../parts/Form.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import styles from './approvals.module.css'
import { type Acted, countIds, type Ids, useActs } from './use-acts.ts'

function RejectForm({
  count,
  reject,
  close,
}: {
  count: number
  reject: (reason: string) => Promise<unknown>
  close: () => void
}) {
  const t = useT()
  const form = useApiForm({
    initial: { reason: '' },
    validate: { reason: (value: string) => (value.trim() ? null : t('approvals.reason.missing')) },
    save: ({ reason }) => reject(reason.trim()),
    saved: close,
  })
  return (
    <Form form={form}>
      <TextAreaField
        label={t('approvals.reason')}
        description={t('approvals.reason.text')}
        maxLength={500}
        data-autofocus
        {...form.field('reason')}
      />
      <Foot>
        <Button onClick={close}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" keys="mod+Enter" busy={form.saving}>
          {t('approvals.reject.count', { count })}
        </Button>
      </Foot>
    </Form>
  )
}

/** Approving and rejecting from a page: the dialog, the result and the way back. */
export function useDeciding({ decided }: { decided?: () => void } = {}) {
  const t = useT()
  const { run, progress, busy } = useActs()
  const [rejecting, setRejecting] = useState<Ids | null>(null)
  const [result, setResult] = useState<Acted | null>(null)

  const told = (acted: Acted | null) => {
    if (!acted) return
    setResult(acted.leftOutCount > 0 ? acted : null)
    decided?.()
  }
  const undo = async (acted: Acted) => {
    const back = await run('reopen', acted.done)
    if (back && back.count > 0) say(t('approvals.reopened', { count: back.count }))
    if (back && back.leftOutCount > 0) setResult(back)
  }
  const approve = async (ids: Ids) => {
    if (countIds(ids) === 0 || busy) return
    try {
      const acted = await run('approve', ids)
      if (acted && acted.count > 0) {
        const text = t('approvals.approved', { count: acted.count })
        // Not all that was left out is known by name: what others approved meanwhile is not taken back.
        if (acted.leftOut.length === acted.leftOutCount) sayUndo(text, () => undo(acted))
        else say(text)
      }
      told(acted)
    } catch (error) {
      sayProblem(error)
    }
  }
  const reject = async (reason: string) => {
    if (!rejecting) return
    const acted = await run('reject', rejecting, reason)
    if (acted && acted.count > 0) say(t('approvals.rejected', { count: acted.count }))
    told(acted)
  }

  const shown = (
    <>
      {progress && progress.total > 200 ? (
        <TaskProgress now={t('approvals.working')} done={progress.done} of={progress.total} />
      ) : null}
      {result ? (
        <Notice is="needs" title={t('approvals.leftOut', { count: result.leftOutCount })} urgent>
          <ul className={styles.leftOut}>
            {result.leftOut.slice(0, 20).map(({ id, label, problem }) => (
              <li key={id}>
                <b>{label}</b> {problem.cause} <span className="muted">{problem.remedy}</span>
              </li>
            ))}
          </ul>
          <Button size="sm" onClick={() => setResult(null)}>
            {t('parts.close')}
          </Button>
        </Notice>
      ) : null}
      <Dialog open={rejecting !== null} onClose={() => setRejecting(null)} title={t('approvals.reject.title')}>
        {rejecting ? <RejectForm count={countIds(rejecting)} reject={reject} close={() => setRejecting(null)} /> : null}
      </Dialog>
    </>
  )
  return { approve, reject: setRejecting, busy, shown }
}
