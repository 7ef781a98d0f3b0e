import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink, ExternalButton, IconButton } from '../../parts/Button.tsx'
import { Tabs } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import type { IconName } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Facts, Notice, Told } from '../../parts/Notice.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AttachFile } from './AttachFile.tsx'
import { PayloadShown } from './PayloadShown.tsx'
import { canBeSentAgain, kindWord, needsYou, PostingStateShown } from './posting-state.tsx'
import styles from './postings.module.css'

const readPosting = (id: string, signal?: AbortSignal) =>
  answer(api.GET('/postings/{id}', { params: { path: { id } }, signal }))
type Details = Awaited<ReturnType<typeof readPosting>>

const stepIcons: Readonly<Record<string, IconName>> = {
  frozen: 'lock',
  repeated: 'send',
  'sent-again': 'send',
  posted: 'check',
  discarded: 'trash',
  'adopted-by-person': 'person',
  'none-of-these': 'person',
}

function Discard({ posting, onClose }: { posting: Details; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [missing, setMissing] = useState(false)
  const discard = useAct({
    run: (body: { why: string }, key) =>
      answer(
        api.POST('/postings/{id}/discarding', {
          params: { path: { id: posting.id } },
          headers: { ...key, ...ifMatch(posting.version) },
          body,
        }),
      ),
    done: async () => {
      onClose()
      say(t('postings.discarded', { label: posting.label }))
      await client.invalidateQueries({ queryKey: ['postings'] })
      await client.invalidateQueries({ queryKey: ['invoices'] })
    },
  })
  const go = () => {
    if (!why.trim()) setMissing(true)
    else discard.mutate({ why: why.trim() })
  }
  return (
    <Dialog open onClose={onClose} title={t('postings.discard.title', { label: posting.label })}>
      <div className={styles.dialog}>
        <p>{t('postings.discard.text')}</p>
        <TextAreaField
          label={t('postings.discard.why')}
          value={why}
          maxLength={300}
          data-autofocus
          error={missing && !why.trim() ? t('postings.discard.whyMissing') : undefined}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        {discard.error ? <ErrorNotice error={discard.error} /> : null}
        <Foot>
          <Button onClick={onClose}>{t('parts.cancel')}</Button>
          <Button kind="danger" busy={discard.isPending} onClick={go}>
            {t('postings.discard')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}

/** Nobody but a person can say which document in the books is ours. */
function Candidates({ posting, packageName }: { posting: Details; packageName: string }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const resolve = useAct({
    run: (body: { adopt: string } | { noneOfThese: true }, key) =>
      answer(
        api.POST('/postings/{id}/resolution', {
          params: { path: { id: posting.id } },
          headers: { ...key, ...ifMatch(posting.version) },
          body,
        }),
      ),
    done: () => client.invalidateQueries({ queryKey: ['postings'] }),
  })
  return (
    <Notice
      is="needs"
      title={t('postings.candidates.title', { count: posting.candidates.length, package: packageName })}
    >
      <p>{t('postings.candidates.text')}</p>
      <ul className={styles.candidates}>
        {posting.candidates.map((candidate) => (
          <li key={candidate.id}>
            <span className="fig">
              {candidate.url ? (
                <a href={candidate.url} target="_blank" rel="noreferrer">
                  {candidate.number ?? candidate.id}
                </a>
              ) : (
                (candidate.number ?? candidate.id)
              )}{' '}
              {candidate.name}
            </span>
            <span className="num">
              {candidate.gross && posting.currency ? format.money(candidate.gross, posting.currency) : null}
            </span>
            {may('postings:write') ? (
              <Button size="sm" busy={resolve.isPending} onClick={() => resolve.mutate({ adopt: candidate.id })}>
                {t('postings.candidates.this')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {resolve.error ? <ErrorNotice error={resolve.error} /> : null}
      {may('postings:write') ? (
        <Actions>
          <Button size="sm" busy={resolve.isPending} onClick={() => resolve.mutate({ noneOfThese: true })}>
            {t('postings.candidates.none')}
          </Button>
        </Actions>
      ) : null}
    </Notice>
  )
}

function Below({ posting, packageName }: { posting: Details; packageName: string }) {
  const t = useT()
  const [tab, setTab] = useState<'payload' | 'answer'>('payload')
  return (
    <Tabs
      name={t('postings.views')}
      value={tab}
      onChange={setTab}
      options={[
        { value: 'payload', label: t('postings.payload') },
        { value: 'answer', label: t('postings.answered', { package: packageName }) },
      ]}
    >
      {tab === 'payload' ? (
        posting.payload ? (
          <PayloadShown text={posting.payload} names={posting.names} name={t('postings.payload')} />
        ) : (
          <p className={styles.nothing}>{t('postings.payload.none')}</p>
        )
      ) : posting.answer ? (
        <PayloadShown text={posting.answer} name={t('postings.answered', { package: packageName })} />
      ) : (
        <p className={styles.nothing}>{t('postings.answered.none')}</p>
      )}
    </Tabs>
  )
}

/** What hangs on this one, or what it hangs on: the archived document and the file of an entry. */
function Parts({ posting, onOpen }: { posting: Details; onOpen: (id: string) => void }) {
  const t = useT()
  const rows = [...(posting.partOf ? [posting.partOf] : []), ...posting.parts]
  if (rows.length === 0) return null
  return (
    <section className={styles.parts} aria-labelledby="parts">
      <h3 id="parts">{t('postings.parts')}</h3>
      <ul>
        {rows.map((part) => {
          const word = kindWord(part.kind)
          return (
            <li key={part.id}>
              <button type="button" onClick={() => onOpen(part.id)}>
                {word ? t(word) : part.kind}
              </button>
              <span className="fig muted">{part.theirNumber ?? part.label}</span>
              <PostingStateShown state={part.state} differs={false} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** One posting: where it stands, everything that happened to it, and what was sent. */
export function PostingPanel({
  id,
  nameOf,
  onOpen,
  onClose,
  onSendAgain,
  sendingAgain,
}: {
  id: string
  nameOf: (packageId: string) => string
  onOpen: (id: string) => void
  onClose: () => void
  onSendAgain: (ids: readonly string[]) => void
  sendingAgain: boolean
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const [discarding, setDiscarding] = useState(false)
  const query = useQuery({
    queryKey: ['postings', 'one', id],
    queryFn: ({ signal }) => readPosting(id, signal),
  })
  useKeys([{ keys: 'Escape', run: onClose }])
  const posting = query.data
  if (!posting) {
    return (
      <div className={styles.panel}>
        <div className={styles.panelHead}>
          <div className="row">
            <span className="grow" />
            <IconButton icon="close" name={t('parts.close')} onClick={onClose} />
          </div>
          {query.isError ? <ErrorState error={query.error} retry={query.refetch} /> : <PageSkeleton lines={5} />}
        </div>
      </div>
    )
  }
  const packageName = nameOf(posting.package)
  // Two told apart by hand say it themselves.
  const isChoice = posting.state === 'needs-person' && posting.candidates.length > 0
  const hasProblem =
    !isChoice && (needsYou(posting.state) || posting.state === 'waiting' || posting.state === 'checking')
  const canDiscard = (needsYou(posting.state) || posting.state === 'waiting') && may('postings:write')
  const canSend = canBeSentAgain(posting) && may('postings:write')
  return (
    <article className={styles.panel} aria-labelledby="posting">
      <header className={styles.panelHead}>
        <div className={styles.panelTitle}>
          <IconButton icon="back" name={t('parts.back')} className={styles.backToList} onClick={onClose} />
          <h2 id="posting">{posting.label}</h2>
          <PostingStateShown
            state={posting.state}
            differs={posting.differs}
            differsInBooks={posting.differsInBooks}
            pill
          />
          <span className="grow" />
          {posting.url && posting.theirNumber ? (
            <ExternalButton
              href={posting.url}
              target="_blank"
              rel="noreferrer"
              size="sm"
              iconAfter="external"
              title={t('postings.openIn', { number: posting.theirNumber, package: packageName })}
              aria-label={t('postings.in', { number: posting.theirNumber, package: packageName })}
            >
              {posting.theirNumber}
            </ExternalButton>
          ) : null}
          <IconButton icon="close" name={t('parts.close')} keys="Esc" className={styles.closeList} onClick={onClose} />
        </div>
        <div className={styles.panelFacts}>
          <Facts
            rows={[
              [t('postings.customer'), posting.customerName ?? '–'],
              [t('postings.reference'), <code key="reference">{posting.reference}</code>],
            ]}
          />
          <Facts
            rows={[
              [
                t('postings.gross'),
                posting.gross && posting.currency ? (
                  <b key="gross" className="fig">
                    {format.money(posting.gross, posting.currency)}
                  </b>
                ) : (
                  '–'
                ),
              ],
              posting.theirNumber
                ? [
                    t('postings.inBooks'),
                    <span key="number" className="fig">
                      {posting.theirNumber}
                    </span>,
                  ]
                : [t('postings.made'), format.moment(posting.createdAt)],
            ]}
          />
        </div>
        <div className={styles.panelLinks}>
          {posting.subjectKind === 'invoice' ? (
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: posting.subjectId }}>
              {t('postings.toInvoice')}
            </Link>
          ) : posting.subjectKind === 'package-invoice' && may('invoices:read') ? (
            <Link
              to="/f/$firm/package-invoices/$packageInvoiceId"
              params={{ firm, packageInvoiceId: posting.subjectId }}
            >
              {t('package-invoices.toDocument')}
            </Link>
          ) : posting.subjectKind === 'customer' && may('customers:read') ? (
            <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: posting.subjectId }}>
              {t('postings.toCustomer')}
            </Link>
          ) : null}
          {posting.parts.every(({ state }) => state === 'discarded') ? <AttachFile posting={posting} /> : null}
          {canDiscard ? (
            <Button kind="link" onClick={() => setDiscarding(true)}>
              {t('postings.discard.button')}
            </Button>
          ) : null}
        </div>
      </header>
      <div className={styles.panelBody}>
        {posting.differs && posting.theirGross && posting.gross && posting.currency ? (
          <Notice is="needs" title={t('postings.state.differs')}>
            <Told
              rows={[
                [
                  t('postings.gross.theirs', { package: packageName }),
                  format.money(posting.theirGross, posting.currency),
                ],
                [t('postings.gross.ours'), format.money(posting.gross, posting.currency)],
                [t('parts.remedy'), t('postings.differs.remedy', { package: packageName })],
              ]}
            />
          </Notice>
        ) : null}
        {posting.differsInBooks ? (
          <Notice is="needs" title={t('coming-back.posting.differs')}>
            <p>
              <Link to="/f/$firm/reconciliation" params={{ firm }}>
                {t('coming-back.posting.see')}
              </Link>
            </p>
          </Notice>
        ) : null}
        {posting.disconnected && posting.state !== 'posted' && posting.state !== 'discarded' ? (
          <Notice is="wait" icon="plug" title={t('postings.disconnected', { package: packageName })}>
            <p>{t('postings.disconnected.text')}</p>
          </Notice>
        ) : null}
        <Parts posting={posting} onOpen={onOpen} />
        {isChoice ? <Candidates posting={posting} packageName={packageName} /> : null}
        {posting.problem && hasProblem ? (
          <Notice
            is={posting.state === 'refused' ? 'refused' : needsYou(posting.state) ? 'needs' : 'progress'}
            title={posting.problem.cause}
          >
            <Told
              rows={[
                ...(posting.problem.remedy ? [[t('parts.remedy'), posting.problem.remedy] as const] : []),
                ...(posting.problem.theirWords
                  ? [[t('postings.says', { package: packageName }), `“${posting.problem.theirWords}”`] as const]
                  : []),
              ]}
            />
            <Actions>
              {canSend ? (
                <Button kind="primary" size="sm" busy={sendingAgain} onClick={() => onSendAgain([posting.id])}>
                  {t('postings.sendAgain', { count: 1 })}
                </Button>
              ) : null}
              {posting.problem.link ? (
                <a href={posting.problem.link} target="_blank" rel="noreferrer">
                  {t('problems.open')}
                </a>
              ) : posting.problem.kind === 'setup' && may('connections:read') ? (
                <ButtonLink
                  size="sm"
                  to="/f/$firm/settings/connections/$connectionId"
                  params={{ firm, connectionId: posting.connectionId }}
                >
                  {t('postings.settings')}
                </ButtonLink>
              ) : null}
            </Actions>
          </Notice>
        ) : null}
        {posting.dueAt && posting.state === 'waiting' ? (
          <p className="muted small">{t('postings.dueAt', { time: format.moment(posting.dueAt) })}</p>
        ) : null}
        <Timeline
          steps={posting.steps.map((step) => ({
            id: step.id,
            at: step.at,
            is: step.tone,
            ...(stepIcons[step.what] ? { icon: stepIcons[step.what] } : {}),
            title: step.title,
            text: (
              <>
                {step.detail}
                {step.theirWords ? (
                  <span className={styles.theirWords}>
                    “{step.theirWords}”{step.theirStatus ? ` (${step.theirStatus})` : ''}
                  </span>
                ) : null}
              </>
            ),
          }))}
        />
      </div>
      <Below posting={posting} packageName={packageName} />
      {discarding ? <Discard posting={posting} onClose={() => setDiscarding(false)} /> : null}
    </article>
  )
}
