import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Actions, Notice, Told } from '../../parts/Notice.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './postings.module.css'
import type { RefusalGroup } from './summary.ts'

const atFirst = 2

function Group({
  group,
  busy,
  onSendAgain,
  onOpen,
}: {
  group: RefusalGroup
  busy: boolean
  onSendAgain: (ids: readonly string[], bookIn?: string) => void
  onOpen: (id: string) => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { problem, postings, canBookIn, packageName, connectionId } = group
  const ids = postings.map(({ id }) => id)
  const count = postings.length
  const shown = postings.slice(0, 6)
  return (
    <Notice
      is={group.state === 'refused' ? 'refused' : 'needs'}
      title={
        group.about ? (
          <>
            {problem.cause} <span className="muted">{group.about}</span>
          </>
        ) : (
          problem.cause
        )
      }
      after={
        <span className="fig">
          {[group.what, group.gross && group.currency ? format.money(group.gross, group.currency) : null]
            .filter(Boolean)
            .join(' · ')}
        </span>
      }
    >
      <Told
        rows={[
          ...(problem.remedy ? [[t('parts.remedy'), problem.remedy] as const] : []),
          ...(problem.theirWords
            ? [[t('postings.says', { package: packageName }), `“${problem.theirWords}”`] as const]
            : []),
        ]}
      />
      <Actions>
        {may('postings:write') && group.state !== 'needs-person' ? (
          <Button kind="primary" size="sm" busy={busy} onClick={() => onSendAgain(ids)}>
            {t('postings.sendAgain', { count })}
          </Button>
        ) : null}
        {may('postings:write') && canBookIn ? (
          <Button size="sm" busy={busy} onClick={() => onSendAgain(ids, canBookIn.from)}>
            {t('postings.bookIn', { count, period: canBookIn.label })}
          </Button>
        ) : null}
        {group.state === 'needs-person' && ids[0] ? (
          <Button size="sm" kind="primary" onClick={() => ids[0] && onOpen(ids[0])}>
            {t('postings.decide')}
          </Button>
        ) : null}
        {problem.link ? (
          <a href={problem.link} target="_blank" rel="noreferrer">
            {t('problems.open')}
          </a>
        ) : (problem.kind === 'setup' || problem.kind === 'reconnect') && may('connections:read') ? (
          <ButtonLink size="sm" to="/f/$firm/settings/connections/$connectionId" params={{ firm, connectionId }}>
            {t('postings.settings')}
          </ButtonLink>
        ) : null}
        <span className="grow" />
        <span className={styles.groupIds}>
          {shown.map((posting) => (
            <button key={posting.id} type="button" onClick={() => onOpen(posting.id)}>
              {posting.label}
            </button>
          ))}
          {count > shown.length ? <span>{t('postings.group.more', { count: count - shown.length })}</span> : null}
        </span>
      </Actions>
      {canBookIn ? <p className="muted small">{t('postings.bookIn.note')}</p> : null}
    </Notice>
  )
}

/** Refusals of one cause together: one remedy, one button. */
export function Refusals({
  groups,
  busy,
  onSendAgain,
  onOpen,
}: {
  groups: readonly RefusalGroup[]
  busy: boolean
  onSendAgain: (ids: readonly string[], bookIn?: string) => void
  onOpen: (id: string) => void
}) {
  const t = useT()
  const [all, setAll] = useState(false)
  if (groups.length === 0) return null
  const shown = all ? groups : groups.slice(0, atFirst)
  return (
    <section className={styles.groups} aria-label={t('postings.groups')}>
      {shown.map((group) => (
        <Group key={group.key} group={group} busy={busy} onSendAgain={onSendAgain} onOpen={onOpen} />
      ))}
      {groups.length > shown.length ? (
        <div>
          <Button size="sm" onClick={() => setAll(true)}>
            {t('postings.groups.more', { count: groups.length - shown.length })}
          </Button>
        </div>
      ) : null}
    </section>
  )
}
