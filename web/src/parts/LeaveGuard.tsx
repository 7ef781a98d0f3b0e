import { useBlocker } from '@tanstack/react-router'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { Dialog, Foot } from './Dialog.tsx'
import type { ApiForm } from './use-api-form.ts'

/** Leaving a page with something typed asks first: it cannot be brought back. */
export function LeaveGuard<Values>({ form }: { form: ApiForm<Values> }) {
  const t = useT()
  const blocker = useBlocker({
    // Only another page: a filter in the address of the same one loses nothing.
    shouldBlockFn: ({ current, next }) => form.form.isDirty() && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  })
  return (
    <Dialog open={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={t('parts.leave.title')}>
      <p>{t('parts.leave.text')}</p>
      <Foot>
        <Button kind="quiet" onClick={() => blocker.proceed?.()}>
          {t('parts.leave.leave')}
        </Button>
        <Button kind="primary" onClick={() => blocker.reset?.()} data-autofocus>
          {t('parts.leave.stay')}
        </Button>
      </Foot>
    </Dialog>
  )
}
