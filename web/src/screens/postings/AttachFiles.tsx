import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Told } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './postings.module.css'
import { useSalesPackage } from './sales-package.ts'

/** A document that was chosen: the sales entry that its PDF goes beside, or why there is none. */
export type Attached =
  | { readonly id: string; readonly label: string; readonly postingId: string }
  | { readonly id: string; readonly label: string; readonly why: string }

/** As many as one request takes (`POST /postings/files`). */
const mostAtOnce = 500
/** The rest is counted. */
const mostNamed = 50

/** Puts the PDF beside many entries that were posted without; what cannot is named with its reason, and left out. */
export function AttachFiles({
  chosen,
  busy,
  onDone,
}: {
  chosen: readonly Attached[]
  busy: boolean
  onDone: () => void
}) {
  const t = useT()
  const may = useMay()
  const salesPackage = useSalesPackage()
  const [asked, setAsked] = useState(false)
  const takesFiles = salesPackage?.posts.includes('attachment')
  const entries = chosen.filter((one) => 'postingId' in one)
  if (!may('postings:write') || !takesFiles || entries.length === 0) return null
  return (
    <>
      <Button icon="document" busy={busy} disabled={entries.length > mostAtOnce} onClick={() => setAsked(true)}>
        {t('postings.files.action')}
      </Button>
      {asked ? (
        <AttachDialog
          chosen={chosen}
          packageName={salesPackage?.name ?? ''}
          onClose={() => setAsked(false)}
          onDone={onDone}
        />
      ) : null}
    </>
  )
}

function AttachDialog({
  chosen,
  packageName,
  onClose,
  onDone,
}: {
  chosen: readonly Attached[]
  packageName: string
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const ids = chosen.flatMap((one) => ('postingId' in one ? [one.postingId] : []))
  const notHere = chosen.flatMap((one) => ('why' in one ? [one] : []))
  const attach = useAct({
    run: (_: null, key) => answer(api.POST('/postings/files', { headers: key, body: { ids } })),
    done: async ({ postings, leftOut }) => {
      await Promise.all(
        ['postings', 'invoices', 'invoice'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      )
      const there = postings.filter(({ state }) => state === 'posted').length
      if (postings.length > 0)
        say(t('postings.files.done', { going: postings.length - there, there, package: packageName }))
      if (leftOut.length > 0) return
      onDone()
      onClose()
    },
  })
  const refused = attach.data?.leftOut ?? []
  const close = () => {
    if (attach.data) onDone()
    onClose()
  }
  const named = attach.data
    ? refused.map(({ label, problem }) => [label, [problem.cause, problem.remedy].filter(Boolean).join(' ')] as const)
    : notHere.map(({ label, why }) => [label, why] as const)
  return (
    <Dialog open onClose={close} title={t('postings.files.title', { count: ids.length, package: packageName })}>
      <div className={styles.dialog}>
        <p>
          {attach.data
            ? t('postings.files.refused', { count: refused.length })
            : t('postings.files.text', { package: packageName })}
        </p>
        {named.length > 0 ? (
          <>
            {attach.data ? null : <p>{t('postings.files.leftOut', { count: named.length })}</p>}
            <Told rows={named.slice(0, mostNamed)} />
            {named.length > mostNamed ? (
              <p className="muted">{t('postings.files.more', { count: named.length - mostNamed })}</p>
            ) : null}
          </>
        ) : null}
        {attach.error ? <ErrorNotice error={attach.error} /> : null}
        <Foot>
          <Button onClick={close}>{t(attach.data ? 'parts.close' : 'parts.cancel')}</Button>
          {attach.data ? null : (
            <Button kind="primary" busy={attach.isPending} data-autofocus onClick={() => attach.mutate(null)}>
              {t('postings.files.go', { count: ids.length })}
            </Button>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}
