import { useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { Posting } from './posting-state.tsx'

/** The PDF of an invoice that was posted without; asked for again, it stays the one that is there. */
export function AttachFile({ posting }: { posting: Pick<Posting, 'id' | 'kind' | 'state' | 'label'> }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const attach = useAct({
    run: (_: null, key) => answer(api.POST('/postings/files', { headers: key, body: { ids: [posting.id] } })),
    done: ({ leftOut }) => {
      say(leftOut[0]?.problem.cause ?? t('postings.file.waits', { label: posting.label }))
      return client.invalidateQueries({ queryKey: ['postings'] })
    },
  })
  if (posting.kind !== 'salesEntry' || posting.state !== 'posted' || !may('postings:write')) return null
  return (
    <>
      <Button kind="link" busy={attach.isPending} onClick={() => attach.mutate(null)}>
        {t('postings.file.attach')}
      </Button>
      {attach.error ? <ErrorNotice error={attach.error} /> : null}
    </>
  )
}
