import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Page, PageHead, Under } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState, ErrorNotice } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { LeftOutReasons } from '../overviews/LeftOutReasons.tsx'
import { ListedDocument, ListHead } from '../postings/ListedDocument.tsx'
import { MendHere } from '../postings/MendHere.tsx'
import { AccessLost, NoPreview, NothingLeft, PreviewFigures, useSteps } from '../postings/PreviewFrame.tsx'
import { ProblemTold } from '../postings/ProblemTold.tsx'
import styles from '../postings/preview.module.css'
import { type Chosen, readChosen } from './chosen-entries.ts'
import { PackageDocument } from './PackageDocument.tsx'
import { PostedResult } from './PostedResult.tsx'
import {
  type PackageInvoiceRow,
  type PackagePreviewAnswer,
  type PackagePreviewDocument,
  packageInvoicesChanged,
  packagePreviewQuery,
} from './package-invoice.ts'
import own from './package-invoices.module.css'

const route = getRouteApi('/f/$firm/package-invoices/preview')

const fromWords = {
  hours: 'frame.overviews.hours',
  expenses: 'frame.overviews.expenses',
  trips: 'frame.overviews.trips',
  uninvoiced: 'frame.overviews.uninvoiced',
  project: 'frame.overviews.uninvoiced',
} as const satisfies Record<Chosen['from'], Word>

const backTo = {
  hours: '/f/$firm/overviews/hours',
  expenses: '/f/$firm/overviews/expenses',
  trips: '/f/$firm/overviews/trips',
  uninvoiced: '/f/$firm/overviews/uninvoiced',
  project: '/f/$firm/overviews/uninvoiced',
} as const satisfies Record<Chosen['from'], string>

function DocumentList({
  documents,
  shownKey,
  onShow,
}: {
  documents: readonly PackagePreviewDocument[]
  shownKey: string | undefined
  onShow: (key: string) => void
}) {
  const t = useT()
  const format = useFormat()
  const currencies = new Set(documents.map(({ currency }) => currency))
  const single = currencies.size === 1 ? [...currencies][0] : undefined
  const ready = documents.filter(({ state }) => state === 'ready').length
  return (
    <nav aria-label={t('package-invoices.preview.list')}>
      <ListHead ready={ready} needsYou={documents.length - ready} currency={single} />
      <ul>
        {documents.map((document) => (
          <ListedDocument
            key={document.key}
            isShown={document.key === shownKey}
            state={document.state}
            icon={document.state === 'ready' ? 'check' : 'warning'}
            under={
              document.state === 'ready' ? document.lines[0]?.description.split('\n')[0] : document.problems[0]?.cause
            }
            gross={
              <>
                {single ? format.amount(document.gross) : format.money(document.gross, document.currency)}
                {document.kind === 'credit' ? <small>{t('postings.preview.credit')}</small> : null}
              </>
            }
            onShow={() => onShow(document.key)}
          >
            <b>{document.customerName}</b> {document.projects.map(({ name }) => name).join(', ')}
          </ListedDocument>
        ))}
      </ul>
    </nav>
  )
}

function ProblemCard({
  document,
  connection,
  again,
}: {
  document: PackagePreviewDocument
  connection: NonNullable<PackagePreviewAnswer['connection']>
  again: () => unknown
}) {
  const t = useT()
  return (
    <Notice
      is="needs"
      title={
        <span className={styles.problemTitle}>
          <span className={styles.needsWord}>{t('postings.preview.needsYou')}</span>
          {document.customerName} <span className="muted">{document.projects.map(({ name }) => name).join(', ')}</span>
        </span>
      }
    >
      {document.problems.map((problem) => (
        <div key={`${problem.code} ${JSON.stringify(problem.values)}`} className={styles.problem}>
          <ProblemTold problem={problem} packageName={connection.packageName} />
          <div className={styles.mend}>
            <MendHere
              problem={problem}
              document={document}
              connectionId={connection.id}
              packageName={connection.packageName}
              again={again}
            />
          </div>
        </div>
      ))}
    </Notice>
  )
}

/** Every document as the package will receive it, and every problem known beforehand; nothing leaves before "Post". */
export function PackagePreview() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const name = search.chosen
  const chosen = useMemo(() => readChosen(name), [name])
  const allowed = may('postings:write')
  const preview = useQuery({ ...packagePreviewQuery(name ?? '', chosen), enabled: chosen !== null && allowed })
  const [posted, setPosted] = useState<{
    readonly seen: PackagePreviewAnswer
    readonly rows: readonly PackageInvoiceRow[]
    /** By the key of its document in the preview. */
    readonly ids: ReadonlyMap<string, string>
  } | null>(null)
  const post = useAct({
    run: (keys: readonly string[], key) =>
      answer(
        api.POST('/package-invoices', {
          headers: key,
          body: { ...(chosen as Chosen).body, documents: [...keys] },
        }),
      ),
    done: ({ rows, made }) => {
      const ids = new Map(made.map(({ key, id }) => [key, id]))
      if (preview.data) setPosted({ seen: preview.data, rows, ids })
      return packageInvoicesChanged(client)
    },
    // What is not as it was seen is shown as it is now.
    failed: () => preview.refetch(),
  })
  const live = useQuery({
    queryKey: ['package-invoices', 'posted', posted?.rows.map(({ id }) => id) ?? []],
    enabled: posted !== null && posted.rows.length > 0 && may('invoices:read'),
    queryFn: async ({ signal }) => {
      const rows: PackageInvoiceRow[] = []
      const ids = posted?.rows.map(({ id }) => id) ?? []
      // As many ids as one call takes (`GET /package-invoices`).
      for (let from = 0; from < ids.length; from += 150) {
        const query = { ids: ids.slice(from, from + 150), limit: 200 }
        rows.push(...(await answer(api.GET('/package-invoices', { params: { query }, signal }))).rows)
      }
      return rows
    },
  })
  useEvents(posted ? '/events' : null, {
    look: () => client.invalidateQueries({ queryKey: ['package-invoices', 'posted'] }),
  })
  useEvents(!posted && preview.data?.listsBeingRead ? '/events' : null, {
    look: () => preview.refetch(),
    restMs: 1_000,
  })

  const seen = posted?.seen ?? preview.data
  const documents = useMemo(
    () => (seen?.documents ?? []).toSorted((a, b) => (a.state === b.state ? 0 : a.state === 'needs-you' ? -1 : 1)),
    [seen],
  )
  const ready = documents.filter(({ state }) => state === 'ready')
  const shown = documents.find(({ key }) => key === search.at) ?? documents[0]
  const show = (at: string) => navigate({ search: (before) => ({ ...before, at }), replace: true })
  const go = () => {
    if (!posted && ready.length > 0 && !preview.isFetching && !post.isPending) post.mutate(ready.map(({ key }) => key))
  }
  useKeys([
    {
      keys: 'mod+Enter',
      does: t('package-invoices.preview.post', { count: ready.length, package: seen?.connection?.packageName ?? '' }),
      run: go,
      disabled: posted !== null || ready.length === 0,
    },
  ])
  const step = useSteps(documents, shown, ({ key }) => show(key))

  const connection = seen?.connection
  const back = backTo[chosen?.from ?? 'uninvoiced']
  const head = (
    <PageHead
      title={
        connection
          ? t('package-invoices.preview.title', { count: documents.length, package: connection.packageName })
          : t('package-invoices.preview.titlePlain')
      }
      crumbs={[
        <Link key="back" to={back} params={{ firm }}>
          {t(fromWords[chosen?.from ?? 'uninvoiced'])}
        </Link>,
      ]}
      actions={
        <NothingLeft posted={posted !== null} checking={preview.isFetching && preview.data !== undefined}>
          {t('package-invoices.preview.nothingLeft')}
        </NothingLeft>
      }
    />
  )
  if (!allowed || !chosen || !seen || !connection || (documents.length === 0 && seen.leftOut.length === 0)) {
    return (
      <Page>
        {head}
        <NoPreview
          mayRead={allowed}
          nothing={
            !chosen || (seen && connection) ? (
              <EmptyState
                icon="document"
                title={t('package-invoices.preview.none.title')}
                action={
                  <ButtonLink kind="primary" to={back} params={{ firm }}>
                    {t('package-invoices.preview.none.button')}
                  </ButtonLink>
                }
              >
                {t('package-invoices.preview.none.text')}
              </EmptyState>
            ) : null
          }
          problem={seen?.problem}
          preview={preview}
        />
      </Page>
    )
  }
  const made = live.data ?? posted?.rows ?? []
  const madeOf = (key: string) => made.find(({ id }) => id === posted?.ids.get(key))
  return (
    <Page>
      {head}
      <div className={styles.two}>
        <div className={styles.list}>
          {documents.length > 0 ? <DocumentList documents={documents} shownKey={shown?.key} onShow={show} /> : null}
          {seen.leftOut.length > 0 ? (
            <>
              <h2>
                <b>{t('package-invoices.preview.leftOut', { count: seen.leftOut.length })}</b>
              </h2>
              <div className={own.left}>
                <LeftOutReasons rows={seen.leftOut} />
              </div>
            </>
          ) : null}
        </div>
        <div className={styles.documents}>
          {posted ? <PostedResult rows={made} packageName={connection.packageName} /> : null}
          {post.error ? <ErrorNotice error={post.error} /> : null}
          {posted ? null : <AccessLost connection={connection} />}
          {!posted && shown && shown.problems.length > 0 ? (
            <ProblemCard
              key={`problem ${shown.key}`}
              document={shown}
              connection={connection}
              again={() => preview.refetch()}
            />
          ) : null}
          {shown ? (
            <PackageDocument
              key={shown.key}
              document={shown}
              made={madeOf(shown.key)}
              packageName={connection.packageName}
              place={documents.indexOf(shown) + 1}
              of={documents.length}
              onStep={step}
            />
          ) : null}
        </div>
      </div>
      <Under>
        <PreviewFigures count={t('package-invoices.preview.documents', { count: ready.length })} totals={seen.totals}>
          {connection.printed
            ? t('package-invoices.preview.printed', { package: connection.packageName, count: ready.length })
            : t('package-invoices.preview.open', { package: connection.packageName, count: ready.length })}
        </PreviewFigures>
        <span className="grow" />
        {posted ? (
          <ButtonLink kind="primary" to="/f/$firm/package-invoices" params={{ firm }}>
            {t('package-invoices.preview.toList')}
          </ButtonLink>
        ) : (
          <>
            <span className={styles.never}>{t('package-invoices.preview.never')}</span>
            <ButtonLink to={back} params={{ firm }}>
              {t('parts.back')}
            </ButtonLink>
            <Button kind="primary" keys="mod+Enter" busy={post.isPending} disabled={ready.length === 0} onClick={go}>
              {t('package-invoices.preview.post', { count: ready.length, package: connection.packageName })}
            </Button>
          </>
        )}
      </Under>
    </Page>
  )
}
