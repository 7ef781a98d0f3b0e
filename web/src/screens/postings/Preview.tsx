import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead, Under } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState, ErrorNotice } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { fromAddress } from './chosen-invoices.ts'
import { DocumentShown } from './DocumentShown.tsx'
import { PostedProgress, PostedShown } from './PostedHere.tsx'
import { AccessLost, NoPreview, NothingLeft, PreviewFigures, useSteps } from './PreviewFrame.tsx'
import { PreviewList } from './PreviewList.tsx'
import { PreviewProblems } from './PreviewProblems.tsx'
import type { Posting } from './posting-state.tsx'
import styles from './preview.module.css'
import { type BookIn, bookInOf, inOrder, type PreviewAnswer, type PreviewDocument, previewQuery } from './preview.ts'

const route = getRouteApi('/f/$firm/invoices/preview')

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
  useEvents(!sent && preview.data?.listsBeingRead ? '/events' : null, { look: () => preview.refetch(), restMs: 1_000 })

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
  ])
  const step = useSteps(documents, shown, ({ invoiceId }) => show(invoiceId))

  const connection = shownAnswer?.connection
  const title = connection
    ? t('postings.preview.title', { count: documents.length, package: connection.packageName })
    : t('postings.preview.titlePlain')
  const head = (
    <PageHead
      title={title}
      crumbs={[<InvoicesCrumb key="invoices" />]}
      actions={
        <NothingLeft posted={sent !== null} checking={preview.isFetching && preview.data !== undefined}>
          {t('postings.preview.nothingLeft')}
        </NothingLeft>
      }
    />
  )
  if (!may('postings:read') || ids.length === 0 || !shownAnswer || shownAnswer.problem) {
    return (
      <Page>
        {head}
        <NoPreview
          mayRead={may('postings:read')}
          nothing={
            ids.length === 0 ? (
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
            ) : null
          }
          problem={shownAnswer?.problem}
          preview={preview}
        />
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
        <PreviewList documents={documents} shownId={shown?.invoiceId} postings={postings} onShow={show} />
        <div className={styles.documents}>
          {sent && live.data ? <PostedProgress postings={live.data.rows} leftOut={sent.leftOut + behind} /> : null}
          {!sent && connection ? <AccessLost connection={connection} /> : null}
          {!sent && problemFirst ? (
            <PreviewProblems
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
        <PreviewFigures count={t('postings.preview.entries', { count: ready.length })} totals={shownAnswer.totals}>
          {behind > 0 ? t('postings.preview.stay', { count: behind }) : sent ? '' : t('postings.preview.allReady')}
        </PreviewFigures>
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
