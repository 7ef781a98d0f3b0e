import { useFormat } from '../../format.ts'
import type { IconName } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import { ListedDocument, ListHead } from './ListedDocument.tsx'
import { needsYou, type Posting, PostingStateShown } from './posting-state.tsx'
import styles from './preview.module.css'
import type { PreviewDocument } from './preview.ts'

const icons = { ready: 'check', 'needs-you': 'warning', 'left-out': 'minus' } as const satisfies Record<
  PreviewDocument['state'],
  IconName
>

/** Every entry of a preview: what goes, what needs somebody, what stays behind, and once posted how each stands. */
export function PreviewList({
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
  const count = (state: PreviewDocument['state']) => documents.filter((document) => document.state === state).length
  const currencies = new Set(documents.map(({ currency }) => currency).filter(Boolean))
  const single = currencies.size === 1 ? [...currencies][0] : undefined
  const item = (document: PreviewDocument) => {
    const posting = postings.get(document.invoiceId)
    return (
      <ListedDocument
        key={document.invoiceId}
        isShown={document.invoiceId === shownId}
        state={posting ? undefined : document.state}
        icon={
          posting
            ? posting.state === 'posted'
              ? 'check'
              : needsYou(posting.state)
                ? 'cross'
                : 'clock'
            : icons[document.state]
        }
        under={
          posting ? (
            <PostingStateShown state={posting.state} differs={posting.differs} />
          ) : document.state === 'ready' ? (
            document.lines[0]?.description.split('\n')[0]
          ) : (
            document.problems[0]?.cause
          )
        }
        gross={
          <>
            {single ? format.amount(document.gross) : format.money(document.gross, document.currency || 'EUR')}
            {posting?.theirNumber ? <small className="fig">{posting.theirNumber}</small> : null}
            {!posting && document.kind === 'credit' ? <small>{t('postings.preview.credit')}</small> : null}
          </>
        }
        onShow={() => onShow(document.invoiceId)}
      >
        <b>{document.invoiceNumber ?? t('postings.preview.draft')}</b> {document.customerName}
      </ListedDocument>
    )
  }
  const open = documents.filter(({ state }) => state !== 'left-out')
  const leftOut = documents.filter(({ state }) => state === 'left-out')
  return (
    <nav className={styles.list} aria-label={t('postings.preview.list')}>
      <ListHead ready={count('ready')} needsYou={count('needs-you')} currency={single} />
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
