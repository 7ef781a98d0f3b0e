import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Outside } from '../../frame/Outside.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { hasStatus } from '../../problem.ts'
import { hasChosenLanguage } from '../../words/languages.ts'
import { useLanguage, useT } from '../../words/words.tsx'
import { AnswerForm } from './AnswerForm.tsx'
import styles from './approve.module.css'
import { EntryList } from './EntryList.tsx'

const route = getRouteApi('/approve/$token')

async function fetchApproval(token: string, signal: AbortSignal) {
  return answer(api.GET('/approvals/{token}', { params: { path: { token } }, signal }))
}
export type Approval = Awaited<ReturnType<typeof fetchApproval>>

function Closed({ approval }: { approval: Approval }) {
  const t = useT()
  const format = useFormat()
  const { approved, rejected, changed } = approval.counts
  if (approval.state === 'expired')
    return (
      <Notice is="needs" title={t('approve.expired')}>
        <p>{t('approve.expired.text', { person: approval.askedBy, firm: approval.firm })}</p>
      </Notice>
    )
  if (approval.state === 'withdrawn')
    return (
      <Notice is="wait" title={t('approve.withdrawn')}>
        <p>{t('approve.withdrawn.text', { firm: approval.firm })}</p>
      </Notice>
    )
  return (
    <Notice is="done" title={t('approve.answered')} urgent>
      <p>
        {t('approve.answered.text', {
          name: approval.answeredName ?? '',
          at: approval.answeredAt ? format.moment(approval.answeredAt) : '',
        })}
      </p>
      <ul className={styles.counts}>
        {approved > 0 ? <li>{t('approve.count.approved', { count: approved })}</li> : null}
        {rejected > 0 ? <li>{t('approve.count.rejected', { count: rejected })}</li> : null}
        {changed > 0 ? <li>{t('approve.count.changed', { count: changed, firm: approval.firm })}</li> : null}
      </ul>
    </Notice>
  )
}

/** What a customer is asked to approve, by the link of his e-mail; nobody has to sign in. */
export function Approve() {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const { token } = route.useParams()
  const { choose } = useLanguage()
  const queryKey = ['approval', token]
  const query = useQuery({ queryKey, queryFn: ({ signal }) => fetchApproval(token, signal) })
  const approval = query.data
  const language = approval?.language
  useEffect(() => {
    if (language && !hasChosenLanguage()) choose(language)
  }, [language, choose])
  if (query.isError && !approval) {
    const isGone = hasStatus(query.error, 404)
    return (
      <Outside title={t(isGone ? 'approve.gone' : 'approve.title')}>
        <ErrorNotice error={query.error} {...(isGone ? {} : { retry: query.refetch })} />
      </Outside>
    )
  }
  if (!approval)
    return (
      <Outside title={t('approve.title')} wide>
        <Skeleton />
        <Skeleton width="60%" />
        <Skeleton width="80%" />
      </Outside>
    )
  return (
    <Outside
      title={t('approve.asks', { firm: approval.firm })}
      text={t('approve.asks.text', {
        customer: approval.customer,
        period: format.dateRange(approval.from, approval.until),
        person: approval.askedBy,
      })}
      wide="very"
    >
      {approval.message ? <blockquote className={styles.message}>{approval.message}</blockquote> : null}
      {approval.state === 'open' ? (
        <AnswerForm approval={approval} token={token} answered={() => client.invalidateQueries({ queryKey })} />
      ) : (
        <>
          <Closed approval={approval} />
          {approval.entries.length > 0 ? <EntryList approval={approval} /> : null}
        </>
      )}
    </Outside>
  )
}
