import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead, Under } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState, ErrorNotice, ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { fromAddress } from './chosen-invoices.ts'
import { DocumentShown } from './DocumentShown.tsx'
import { MendHere } from './MendHere.tsx'
import { isUnderWay, needsYou, type Posting, PostingStateShown } from './posting-state.tsx'
import styles from './preview.module.css'
import {
  type BookIn,
  bookInOf,
  inOrder,
  othersWith,
  type PreviewAnswer,
  type PreviewDocument,
  previewQuery,
  unbookable,
} from './preview.ts'

const route = getRouteApi('/f/$firm/invoices/preview')

function DocumentList({
  documents,
  shownId,
  postings,
  onShow,
}: {
  documents: readonly PreviewDocument[]
  shownId: string | undefined
  postings: ReadonlyMap<string, Posting>
  onShow: (id: string) => void
}) {
  const t = useT()
  const format = useFormat()
  const shownItem = useRef<HTMLButtonElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown stays in sight
  useEffect(() => {
    shownItem.current?.scrollIntoView({ block: 'nearest' })
  }, [shownId])
  const count = (state: PreviewDocument['state']) => documents.filter((document) => document.state === state).length
  const currencies = new Set(documents.map(({ currency }) => currency).filter(Boolean))
  const single = currencies.size === 1 ? [...currencies][0] : undefined
  const item = (document: PreviewDocument) => {
    const posting = postings.get(document.invoiceId)
    const isShown = document.invoiceId === shownId
    return (
      <li key={document.invoiceId} className={posting ? undefined : styles[document.state]}>
        <button
          type="button"
          ref={isShown ? shownItem : undefined}
          aria-current={isShown ? 'true' : undefined}
          onClick={() => onShow(document.invoiceId)}
        >
          <span className={styles.mark}>
            {posting ? (
              <Icon
                name={posting.state === 'posted' ? 'check' : needsYou(posting.state) ? 'cross' : 'clock'}
                size={14}
              />
            ) : (
              <Icon
                name={document.state === 'ready' ? 'check' : document.state === 'needs-you' ? 'warning' : 'minus'}
                size={14}
              />
            )}
          </span>
          <span className={styles.who}>
            <span>
              <b>{document.invoiceNumber ?? t('postings.preview.draft')}</b> {document.customerName}
            </span>
            <small>
              {posting ? (
                <PostingStateShown state={posting.state} differs={posting.differs} />
              ) : document.state === 'ready' ? (
                document.lines[0]?.description.split('\n')[0]
              ) : (
                document.problems[0]?.cause
              )}
            </small>
          </span>
          <span className={styles.gross}>
            {single ? format.amount(document.gross) : format.money(document.gross, document.currency || 'EUR')}
            {posting?.theirNumber ? <small className="fig">{posting.theirNumber}</small> : null}
            {!posting && document.kind === 'credit' ? <small>{t('postings.preview.credit')}</small> : null}
          </span>
        </button>
      </li>
    )
  }
  const open = documents.filter(({ state }) => state !== 'left-out')
  const leftOut = documents.filter(({ state }) => state === 'left-out')
  return (
    <nav className={styles.list} aria-label={t('postings.preview.list')}>
      <h2>
        <b>{t('postings.preview.readyCount', { count: count('ready') })}</b>
        {count('needs-you') > 0 ? (
          <span>{t('postings.preview.needsYouCount', { count: count('needs-you') })}</span>
        ) : null}
        <span className={styles.atEnd}>
          {t('postings.gross')} {single ? currencySign(single) : ''}
        </span>
      </h2>
      <ul>{open.map(item)}</ul>
      {leftOut.length > 0 ? (
        <>
          <h2>
            <b>{t('postings.preview.leftOutCount', { count: leftOut.length })}</b>
          </h2>
          <ul>{leftOut.map(item)}</ul>
        </>
      ) : null}
    </nav>
  )
}

/** The first open period, for one entry or for all whose period is closed likewise; the invoices stay as they are. */
function PeriodHere({
  document,
  documents,
  onBookIn,
}: {
  document: PreviewDocument
  documents: readonly PreviewDocument[]
  onBookIn: (documents: readonly PreviewDocument[]) => void
}) {
  const t = useT()
  const offer = document.canBookIn
  if (!offer) return null
  const same = documents.filter(({ state, canBookIn }) => state === 'needs-you' && canBookIn?.from === offer.from)
  return (
    <div className={styles.periodHere}>
      <p className="muted">
        {t('postings.preview.bookIn.vat', { own: document.period?.label ?? '', period: offer.label })}
      </p>
      <Actions>
        <Button onClick={() => onBookIn([document])}>
          {t('postings.preview.bookIn.this', { period: offer.label })}
        </Button>
        {same.length > 1 ? (
          <Button onClick={() => onBookIn(same)}>
            {t('postings.preview.bookIn.all', { count: same.length, period: offer.label })}
          </Button>
        ) : null}
      </Actions>
    </div>
  )
}

function ProblemCard({
  document,
  documents,
  preview,
  again,
  onShow,
  onBookIn,
}: {
  document: PreviewDocument
  documents: readonly PreviewDocument[]
  preview: PreviewAnswer
  again: () => unknown
  onShow: (id: string) => void
  onBookIn: (documents: readonly PreviewDocument[]) => void
}) {
  const t = useT()
  const bad = unbookable(document)
  const leftOut = document.state === 'left-out'
  return (
    <Notice
      is={leftOut ? 'wait' : 'needs'}
      title={
        <span className={styles.problemTitle}>
          <span className={leftOut ? undefined : styles.needsWord}>
            {leftOut ? t('postings.preview.leftOut') : t('postings.preview.needsYou')}
          </span>
          {document.invoiceNumber ?? t('postings.preview.draft')} <span className="muted">{document.customerName}</span>
        </span>
      }
      after={!leftOut && bad > 0 ? t('postings.preview.unbookable', { bad, count: document.lines.length }) : undefined}
    >
      {document.problems.map((problem) => (
        <div key={`${problem.code} ${JSON.stringify(problem.values)}`} className={styles.problem}>
          <Told
            rows={[
              [t('postings.cause'), <b key="cause">{problem.cause}</b>],
              ...(problem.remedy ? [[t('parts.remedy'), problem.remedy] as const] : []),
              ...(problem.theirWords
                ? [
                    [
                      t('postings.says', { package: preview.connection?.packageName ?? '' }),
                      `“${problem.theirWords}”`,
                    ] as const,
                  ]
                : []),
            ]}
          />
          {preview.connection ? (
            <div className={styles.mend}>
              {problem.code === 'period-closed' ? (
                <PeriodHere document={document} documents={documents} onBookIn={onBookIn} />
              ) : (
                <MendHere
                  problem={problem}
                  document={document}
                  connectionId={preview.connection.id}
                  packageName={preview.connection.packageName}
                  again={again}
                />
              )}
            </div>
          ) : null}
          {leftOut ? null : <Likewise others={othersWith(problem, document, documents)} onShow={onShow} />}
        </div>
      ))}
    </Notice>
  )
}

/** As many as are named; the rest is counted. */
const named = 8

function Likewise({ others, onShow }: { others: readonly PreviewDocument[]; onShow: (id: string) => void }) {
  const t = useT()
  if (others.length === 0) return null
  return (
    <p className={styles.likewise}>
      {t('postings.preview.likewise', { count: others.length })}{' '}
      {others.slice(0, named).map(({ invoiceId, invoiceNumber, customerName }) => (
        <button key={invoiceId} type="button" onClick={() => onShow(invoiceId)}>
          {invoiceNumber ?? customerName}
        </button>
      ))}
      {others.length > named ? t('postings.preview.more', { count: others.length - named }) : null}
    </p>
  )
}

function Result({ postings, leftOut }: { postings: readonly Posting[]; leftOut: number }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const entries = postings.filter(({ kind }) => kind === 'salesEntry')
  const done = entries.filter(({ state }) => !isUnderWay(state)).length
  const posted = entries.filter(({ state, differs }) => state === 'posted' && !differs).length
  const differs = entries.filter((one) => one.state === 'posted' && one.differs).length
  const stopped = entries.filter(({ state }) => needsYou(state))
  const isDone = done === entries.length
  return (
    <Notice
      is={!isDone ? 'progress' : stopped.length > 0 ? 'needs' : 'done'}
      urgent
      title={
        isDone
          ? stopped.length === 0
            ? t('postings.result.done', { count: entries.length })
            : t('postings.result.some', { posted: posted + differs, count: entries.length })
          : t('postings.result.busy', { count: entries.length })
      }
    >
      <TaskProgress
        now={isDone ? t('postings.result.finished') : t('postings.result.now')}
        done={done}
        of={entries.length}
        counts={
          <>
            {posted > 0 ? <State is="done">{t('postings.result.posted', { count: posted })}</State> : null}
            {differs > 0 ? <State is="needs">{t('postings.result.differs', { count: differs })}</State> : null}
            {stopped.length > 0 ? (
              <State is="refused">{t('postings.result.stopped', { count: stopped.length })}</State>
            ) : null}
            {leftOut > 0 ? <State is="wait">{t('postings.result.leftOut', { count: leftOut })}</State> : null}
          </>
        }
      />
      {stopped.length > 0 ? (
        <ul className={styles.stopped}>
          {stopped.map((posting) => (
            <li key={posting.id}>
              <Link to="/f/$firm/postings" params={{ firm }} search={{ posting: posting.id }}>
                {posting.label}
              </Link>{' '}
              {posting.problem ? `${posting.problem.cause} ${posting.problem.remedy}` : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  )
}

function PostedShown({ posting, packageName }: { posting: Posting; packageName: string }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  return (
    <section className={styles.posted}>
      <span>
        {posting.theirNumber ? (
          <b>{t('postings.in', { number: posting.theirNumber, package: packageName })}</b>
        ) : (
          <PostingStateShown state={posting.state} differs={posting.differs} />
        )}
      </span>
      {posting.differs && posting.theirGross && posting.gross && posting.currency ? (
        <span className="muted">
          {t('postings.differsBy', {
            theirs: format.money(posting.theirGross, posting.currency),
            ours: format.money(posting.gross, posting.currency),
          })}
        </span>
      ) : null}
      <span className="grow" />
      {posting.url && posting.theirNumber ? (
        <a href={posting.url} target="_blank" rel="noreferrer">
          {t('postings.openIn', { number: posting.theirNumber, package: packageName })}{' '}
          <Icon name="external" size={12} />
        </a>
      ) : null}
      <Link to="/f/$firm/postings" params={{ firm }} search={{ posting: posting.id }}>
        {t('postings.timeline')}
      </Link>
    </section>
  )
}

/** Every entry as the books will receive it, and every problem known beforehand; nothing leaves before "Post". */
export function Preview() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const ids = useMemo(() => fromAddress(search.invoices ?? []), [search.invoices])
  const [bookIn, setBookIn] = useState<BookIn>({})
  const preview = useQuery({ ...previewQuery(ids, bookIn), enabled: ids.length > 0 && may('postings:read') })
  const [sent, setSent] = useState<{ readonly ids: readonly string[]; readonly leftOut: number } | null>(null)
  const [frozen, setFrozen] = useState<PreviewAnswer | null>(null)

  const post = useAct({
    run: (invoiceIds: readonly string[], key) =>
      answer(api.POST('/postings', { headers: key, body: { invoiceIds: [...invoiceIds], bookIn: bookInOf(bookIn) } })),
    done: ({ postings, leftOut }) => {
      setFrozen(preview.data ?? null)
      setSent({ ids: postings.map(({ id }) => id), leftOut: leftOut.length })
      client.setQueryData(['postings', 'sent', postings.map(({ id }) => id)], { rows: postings, next: null })
      void client.invalidateQueries({ queryKey: ['invoices'] })
      void client.invalidateQueries({ queryKey: ['invoice'] })
    },
  })
  const live = useQuery({
    queryKey: ['postings', 'sent', sent?.ids ?? []],
    enabled: sent !== null && sent.ids.length > 0,
    queryFn: async ({ signal }) => {
      const rows: Posting[] = []
      // As many ids as one call takes (`GET /postings`).
      for (let from = 0; from < (sent?.ids.length ?? 0); from += 150) {
        const some = (sent?.ids ?? []).slice(from, from + 150)
        const page = await answer(api.GET('/postings', { params: { query: { ids: some, limit: 200 } }, signal }))
        rows.push(...page.rows)
      }
      return { rows, next: null }
    },
  })
  useEvents(sent ? '/events' : null, { look: () => client.invalidateQueries({ queryKey: ['postings'] }) })

  const shownAnswer = frozen ?? preview.data
  const documents = useMemo(() => inOrder(shownAnswer?.documents ?? []), [shownAnswer])
  const ready = documents.filter(({ state }) => state === 'ready')
  const firstProblem = documents.find(({ state }) => state === 'needs-you')
  const shown = documents.find(({ invoiceId }) => invoiceId === search.at) ?? ready[0] ?? firstProblem ?? documents[0]
  const postings = useMemo(
    () => new Map((live.data?.rows ?? []).map((posting) => [posting.subjectId, posting])),
    [live.data],
  )
  const bookThere = (some: readonly PreviewDocument[]) =>
    setBookIn((before) => ({
      ...before,
      ...Object.fromEntries(
        some.flatMap(({ invoiceId, canBookIn }) => (canBookIn ? [[invoiceId, canBookIn.from]] : [])),
      ),
    }))
  const bookInOwn = (id: string) =>
    setBookIn((before) => Object.fromEntries(Object.entries(before).filter(([invoiceId]) => invoiceId !== id)))
  const show = (at: string) => navigate({ search: (before) => ({ ...before, at }), replace: true })
  const step = (by: -1 | 1) => {
    const at = documents.findIndex(({ invoiceId }) => invoiceId === shown?.invoiceId)
    const next = documents[(at + by + documents.length) % documents.length]
    if (next) void show(next.invoiceId)
  }
  const go = () => {
    if (!sent && ready.length > 0 && may('postings:write') && !preview.isFetching && !post.isPending)
      post.mutate(ready.map(({ invoiceId }) => invoiceId))
  }
  useKeys([
    {
      keys: 'mod+Enter',
      does: t('postings.preview.post', { count: ready.length }),
      run: go,
      disabled: Boolean(sent) || ready.length === 0,
    },
    { keys: 'J', does: t('postings.preview.next'), run: () => step(1) },
    { keys: 'K', does: t('postings.preview.previous'), run: () => step(-1) },
  ])

  const connection = shownAnswer?.connection
  const title = connection
    ? t('postings.preview.title', { count: documents.length, package: connection.packageName })
    : t('postings.preview.titlePlain')
  const head = (
    <PageHead
      title={title}
      crumbs={[<InvoicesCrumb key="invoices" />]}
      actions={
        <span className={`muted ${styles.nothingLeft}`} aria-live="polite">
          {sent
            ? null
            : preview.isFetching && preview.data
              ? t('postings.preview.checking')
              : t('postings.preview.nothingLeft')}
        </span>
      }
    />
  )
  if (!may('postings:read') || ids.length === 0 || !shownAnswer || shownAnswer.problem) {
    return (
      <Page>
        {head}
        <Body>
          {!may('postings:read') ? (
            <NoRights />
          ) : ids.length === 0 ? (
            <EmptyState
              icon="document"
              title={t('postings.preview.none.title')}
              action={
                <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }}>
                  {t('postings.preview.none.button')}
                </ButtonLink>
              }
            >
              {t('postings.preview.none.text')}
            </EmptyState>
          ) : shownAnswer?.problem ? (
            <Notice is="needs" title={shownAnswer.problem.cause} urgent>
              <Told rows={[[t('parts.remedy'), shownAnswer.problem.remedy]]} />
              <Actions>
                <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
                  {t('postings.preview.apps')}
                </ButtonLink>
                <Button onClick={() => preview.refetch()} busy={preview.isFetching}>
                  {t('postings.preview.again')}
                </Button>
              </Actions>
            </Notice>
          ) : preview.isError ? (
            <ErrorState error={preview.error} retry={preview.refetch} />
          ) : (
            <PageSkeleton />
          )}
        </Body>
      </Page>
    )
  }
  const shownPosting = shown ? postings.get(shown.invoiceId) : undefined
  const problemFirst = shown && shown.state !== 'ready' ? shown : firstProblem
  const behind = shownAnswer.needsYou + shownAnswer.leftOut
  const place = shown ? documents.indexOf(shown) + 1 : 0
  return (
    <Page>
      {head}
      <div className={styles.two}>
        <DocumentList documents={documents} shownId={shown?.invoiceId} postings={postings} onShow={show} />
        <div className={styles.documents}>
          {sent && live.data ? <Result postings={live.data.rows} leftOut={sent.leftOut + behind} /> : null}
          {!sent && problemFirst ? (
            <ProblemCard
              key={`problem ${problemFirst.invoiceId}`}
              document={problemFirst}
              documents={documents}
              preview={shownAnswer}
              again={() => preview.refetch()}
              onShow={show}
              onBookIn={bookThere}
            />
          ) : null}
          {shownPosting && connection ? (
            <PostedShown posting={shownPosting} packageName={connection.packageName} />
          ) : null}
          {shown && shown.lines.length > 0 ? (
            <DocumentShown
              key={`entry ${shown.invoiceId}`}
              document={shown}
              posting={shownPosting}
              place={place}
              of={documents.length}
              onStep={step}
              onOwnPeriod={() => bookInOwn(shown.invoiceId)}
            />
          ) : null}
          {post.error ? <ErrorNotice error={post.error} /> : null}
        </div>
      </div>
      <Under>
        <div className={styles.figure}>
          <b>{t('postings.preview.entries', { count: ready.length })}</b>
          <span>{behind > 0 ? t('postings.preview.stay', { count: behind }) : t('postings.preview.allReady')}</span>
        </div>
        {shownAnswer.totals.map((total) => (
          <div key={total.currency} className={styles.totals}>
            {(['net', 'vat', 'gross'] as const).map((which) => (
              <div key={which} className={`${styles.figure} ${styles.amount}`}>
                <Amount value={total[which]} strong={which !== 'gross'} total={which === 'gross'} />
                <span>
                  {t(which === 'net' ? 'postings.net' : which === 'vat' ? 'postings.vat' : 'postings.gross')}{' '}
                  {currencySign(total.currency)}
                </span>
              </div>
            ))}
          </div>
        ))}
        <span className="grow" />
        {sent ? (
          <ButtonLink kind="primary" to="/f/$firm/postings" params={{ firm }}>
            {t('postings.preview.toPostings')}
          </ButtonLink>
        ) : (
          <>
            <span className={styles.never}>{t('postings.preview.never')}</span>
            <ButtonLink to="/f/$firm/invoices" params={{ firm }}>
              {t('parts.back')}
            </ButtonLink>
            {may('postings:write') ? (
              <Button kind="primary" keys="mod+Enter" busy={post.isPending} disabled={ready.length === 0} onClick={go}>
                {t('postings.preview.post', { count: ready.length })}
              </Button>
            ) : null}
          </>
        )}
      </Under>
    </Page>
  )
}
