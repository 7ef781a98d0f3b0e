import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { ButtonLink } from '../../parts/Button.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { differencesOfPostingKey } from './coming-back.ts'

/** What the books show otherwise of one posted document, with the way to where something is done about it. */
export function BooksDiffer({ postingId }: { postingId: string }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { data } = useQuery({
    queryKey: differencesOfPostingKey(postingId),
    enabled: may('postings:read'),
    queryFn: ({ signal }) =>
      answer(api.GET('/books-differences', { params: { query: { postingId, state: 'open', limit: 5 } }, signal })),
  })
  return data?.rows.map(({ id, kind, title, detail }) => (
    <Notice key={id} is={kind === 'deleted' ? 'refused' : 'needs'} title={title}>
      <p>{detail}</p>
      <Actions>
        <ButtonLink size="sm" to="/f/$firm/reconciliation" params={{ firm }} search={{ posting: postingId }}>
          {t('coming-back.toDifference')}
        </ButtonLink>
      </Actions>
    </Notice>
  ))
}
