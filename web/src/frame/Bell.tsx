import { Popover } from '@mantine/core'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type MouseEvent, useId, useState } from 'react'
import { answer, api } from '../api.ts'
import { useFormat } from '../format.ts'
import { Button } from '../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../parts/Empty.tsx'
import { Icon } from '../parts/icons.tsx'
import { useAct } from '../query.ts'
import { useT } from '../words/words.tsx'
import { BellButton } from './BellButton.tsx'
import styles from './bell.module.css'
import { type Notice, noticesQuery, useNotices } from './notices.ts'

const markRead = (client: QueryClient) => ({
  run: (body: { ids?: string[] }, key: { readonly 'Idempotency-Key': string }) =>
    answer(api.POST('/notifications/read', { headers: key, body })),
  done: () => client.invalidateQueries({ queryKey: noticesQuery.queryKey }),
})

function Row({ notice, onGo, onRead }: { notice: Notice; onGo: (link: string) => void; onRead: () => void }) {
  const t = useT()
  const format = useFormat()
  const { title, detail, link, toldAt, readAt } = notice
  const unread = readAt === null
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onRead()
    // Another tab, if that was asked for.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0 || !link) return
    event.preventDefault()
    onGo(link)
  }
  const said = (
    <>
      <span className={styles.title}>
        {unread ? <span className={styles.dot} role="img" aria-label={t('frame.bell.new')} /> : null}
        {title}
      </span>
      {detail ? <span className={styles.detail}>{detail}</span> : null}
      <time dateTime={toldAt}>{format.moment(toldAt)}</time>
    </>
  )
  return (
    <li className={unread ? styles.unread : undefined}>
      {link ? (
        <a href={link} onClick={go} onAuxClick={onRead}>
          {said}
          <Icon name="next" size={14} />
        </a>
      ) : (
        <button type="button" onClick={onRead} disabled={!unread}>
          {said}
        </button>
      )}
    </li>
  )
}

/** What somebody of this firm is told of: new on top, each with the way to it. */
export function Bell({ at }: { at: 'top' | 'foot' }) {
  const t = useT()
  const client = useQueryClient()
  const router = useRouter()
  const heading = useId()
  const [open, setOpen] = useState(false)
  const notices = useNotices()
  const read = useAct(markRead(client))
  const { rows = [], unread = 0 } = notices.data ?? {}
  const goTo = (link: string) => {
    setOpen(false)
    router.history.push(link)
  }
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position={at === 'foot' ? 'right-end' : 'bottom-end'}
      width="min(400px, calc(100vw - 16px))"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <BellButton unread={unread} aria-haspopup="dialog" onClick={() => setOpen(!open)} />
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-labelledby={heading}>
        <header>
          <h2 id={heading}>{t('frame.bell.title')}</h2>
          {unread > 0 ? (
            <Button kind="link" size="sm" busy={read.isPending} onClick={() => read.mutate({})}>
              {t('frame.bell.readAll')}
            </Button>
          ) : null}
        </header>
        {notices.isPending ? (
          <div className={styles.state}>
            <Skeleton width="70%" />
            <Skeleton width="45%" />
          </div>
        ) : notices.isError ? (
          <div className={styles.state}>
            <ErrorNotice error={notices.error} retry={notices.refetch} />
          </div>
        ) : rows.length === 0 ? (
          <p className={styles.state}>{t('frame.bell.empty')}</p>
        ) : (
          <ul>
            {rows.map((notice) => (
              <Row
                key={notice.id}
                notice={notice}
                onGo={goTo}
                onRead={() => notice.readAt === null && read.mutate({ ids: [notice.id] })}
              />
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
