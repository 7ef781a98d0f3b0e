import { Link } from '@tanstack/react-router'
import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { isUnderWay, needsYou, type Posting, PostingStateShown } from './posting-state.tsx'
import styles from './preview.module.css'

/** How far the entries are that were posted from here, and which of them stopped. */
export function PostedProgress({ postings, leftOut }: { postings: readonly Posting[]; leftOut: number }) {
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

/** One of them, as the package has it now. */
export function PostedShown({ posting, packageName }: { posting: Posting; packageName: string }) {
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
