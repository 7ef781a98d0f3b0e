import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { History } from '../../parts/History.tsx'
import { Facts, Notice } from '../../parts/Notice.tsx'
import { Pill, State } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { lastMoment } from '../approve/last-moment.ts'
import { type Sent, SentResult } from './AskCustomer.tsx'
import styles from './approvals.module.css'
import { approvalsChanged, type OpenRequest, requestQuery, sizeOf } from './approvals.ts'
import { mailWords, outcomeMeaning, outcomeWords, stateMeaning, stateWords } from './request-words.ts'
import { useFollowApprovals } from './use-follow-approvals.ts'

const route = getRouteApi('/f/$firm/approvals/requests/$requestId')

function Entries({ request }: { request: OpenRequest }) {
  const t = useT()
  const format = useFormat()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1)
    <section className={styles.sheet} tabIndex={0} aria-label={t('approvals.shown')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('approvals.date')}</th>
            <th scope="col">{t('approvals.person')}</th>
            <th scope="col">{t('approvals.about')}</th>
            <th scope="col">{t('approvals.note')}</th>
            <th scope="col" className={styles.end}>
              {t('approvals.size')}
            </th>
            <th scope="col">{t('approvals.state')}</th>
          </tr>
        </thead>
        <tbody>
          {request.entries.map((entry) => (
            <tr key={entry.id}>
              <th scope="row" className="nowrap">
                {format.date(entry.date, 'dayMonth')}
              </th>
              <td>{entry.memberName}</td>
              <td>{[entry.projectName, entry.about].filter(Boolean).join(' · ')}</td>
              <td>{entry.note}</td>
              <td className={`${styles.end} fig`}>{sizeOf(format, entry)}</td>
              <td>
                {entry.outcome ? (
                  <State is={outcomeMeaning[entry.outcome]}>{t(outcomeWords[entry.outcome])}</State>
                ) : (
                  <span className="faint">–</span>
                )}
                {entry.reason ? <p>{entry.reason}</p> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** One request: what was shown, what came of it, and the evidence of both. */
export function Request() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { requestId } = route.useParams()
  const query = useQuery({ ...requestQuery(requestId), enabled: may('hours:approve') })
  useFollowApprovals()
  const request = query.data
  const [sent, setSent] = useState<Sent | null>(null)
  const path = { id: requestId }
  const sendAgain = useAct({
    run: (_: null, headers) =>
      answer(api.POST('/approval-requests/{id}/sending', { params: { path }, headers, body: {} })),
    done: (again) => {
      setSent(again)
      return approvalsChanged(client)
    },
    failed: sayProblem,
  })
  const withdraw = useAct({
    run: (_: null, headers) => answer(api.POST('/approval-requests/{id}/withdrawal', { params: { path }, headers })),
    done: () => approvalsChanged(client),
    failed: sayProblem,
  })
  const canAct = request?.state === 'open' || request?.state === 'expired'
  return (
    <Page>
      <PageHead
        title={request?.customerName ?? t('approvals.request')}
        crumbs={[
          <Link key="approvals" to="/f/$firm/approvals" params={{ firm }} search={{ tab: 'customers' }}>
            {t('approvals.title')}
          </Link>,
        ]}
        state={request ? <Pill is={stateMeaning[request.state]}>{t(stateWords[request.state])}</Pill> : undefined}
        period={request ? format.dateRange(request.from, request.until, 'short') : undefined}
        actions={
          canAct ? (
            <>
              <Button icon="close" busy={withdraw.isPending} onClick={() => withdraw.mutate(null)}>
                {t('approvals.withdraw')}
              </Button>
              <Button kind="primary" icon="send" busy={sendAgain.isPending} onClick={() => sendAgain.mutate(null)}>
                {t('approvals.sendAgain')}
              </Button>
            </>
          ) : undefined
        }
      />
      <Body>
        {may('hours:approve') ? null : <NoRights />}
        {query.isError && !request ? (
          <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
        ) : null}
        {may('hours:approve') && query.isPending ? <PageSkeleton /> : null}
        {request ? (
          <div className={styles.request}>
            {request.mail.problem && canAct ? (
              <Notice is={request.mail.state === 'uncertain' ? 'needs' : 'refused'} title={request.mail.problem.cause}>
                <p>{request.mail.problem.remedy}</p>
              </Notice>
            ) : null}
            {request.counts.changed > 0 ? (
              <Notice is="needs" title={t('approvals.changed.title', { count: request.counts.changed })}>
                <p>{t('approvals.changed.text')}</p>
              </Notice>
            ) : null}
            <Facts
              rows={[
                [t('approvals.askedBy'), `${request.askedBy}, ${format.moment(request.createdAt)}`],
                [t('approvals.ask.email'), request.email],
                [
                  t('approvals.letter'),
                  `${t(mailWords[request.mail.state])}${request.mail.at ? `, ${format.moment(request.mail.at)}` : ''}`,
                ],
                [
                  t('approvals.firstOpened'),
                  request.openedAt ? format.moment(request.openedAt) : t('approvals.notOpened'),
                ],
                ...(request.answeredAt
                  ? [
                      [
                        t('approvals.answered'),
                        `${request.answeredName ?? ''} <${request.email}>, ${format.moment(request.answeredAt)}`,
                      ] as const,
                    ]
                  : [[t('approvals.expires'), format.moment(lastMoment(request.expiresAt))] as const]),
                ...(request.message ? [[t('approvals.ask.message'), request.message] as const] : []),
              ]}
            />
            <Entries request={request} />
            <section className={styles.part}>
              <h2>{t('approvals.evidence')}</h2>
              <p className="muted">{t('approvals.evidence.text')}</p>
              {request.evidence.intact ? (
                <State is="done">{t('approvals.evidence.intact')}</State>
              ) : (
                <State is="refused">{t('approvals.evidence.broken')}</State>
              )}
              <Facts
                rows={[
                  [
                    'SHA-256',
                    <span key="hash" className={styles.hash}>
                      {request.evidence.sha256}
                    </span>,
                  ],
                  ...(request.evidence.messageId
                    ? [
                        [
                          'Message-ID',
                          <span key="mail" className={styles.hash}>
                            {request.evidence.messageId}
                          </span>,
                        ] as const,
                      ]
                    : []),
                ]}
              />
            </section>
            {may('history:read') ? (
              <section className={styles.part}>
                <h2>{t('approvals.history')}</h2>
                <History kind="approval-request" id={request.id} labels={{}} />
              </section>
            ) : null}
          </div>
        ) : null}
      </Body>
      <Dialog open={sent !== null} onClose={() => setSent(null)} title={t('approvals.sendAgain')}>
        {sent ? <SentResult sent={sent} close={() => setSent(null)} /> : null}
      </Dialog>
    </Page>
  )
}
