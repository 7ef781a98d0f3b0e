import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Facts, Notice } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { Bar } from '../../parts/Task.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import { type Exported, type LongFormat, withinYear } from './invoice-export.ts'
import styles from './invoices.module.css'

const zips = {
  'pdf-zip': { title: 'invoice-exports.pdf-zip.title', text: 'invoice-exports.pdf-zip.text' },
  'ubl-zip': { title: 'invoice-exports.ubl-zip.title', text: 'invoice-exports.ubl-zip.text' },
} as const satisfies Record<Exclude<LongFormat, 'xaf'>, Record<'title' | 'text', Word>>

/** What appears in the place of the button that was pressed takes its focus. */
const focused = (button: HTMLButtonElement | null) => button?.focus()

/** What will be in the file and what not; then how far it is, with a way to stop it; then where it is. */
export function ExportDialog({
  format,
  exported,
  onClose,
}: {
  format: LongFormat
  exported: Exported
  onClose: () => void
}) {
  const t = useT()
  const figures = useFormat()
  const [year, setYear] = useState(String(exported.years[0]))
  const [received, setReceived] = useState(0)
  const leaving = useRef<AbortController>(null)
  // Whoever leaves the page does not wait for the file either.
  useEffect(() => () => leaving.current?.abort(), [])
  const saving = useMutation({
    retry: false,
    mutationFn: async () => {
      const controller = new AbortController()
      leaving.current = controller
      setReceived(0)
      const query = format === 'xaf' ? withinYear(exported.query(), Number(year)) : exported.query()
      query.set('format', format)
      try {
        return await download('/invoices/export', query, { signal: controller.signal, onBytes: setReceived })
      } catch (error) {
        if (controller.signal.aborted) return null
        throw error
      }
    },
  })
  const close = () => {
    leaving.current?.abort()
    onClose()
  }
  const save = () => saving.mutate()
  useKeys([
    {
      keys: 'mod+Enter',
      whileTyping: true,
      disabled: saving.isPending,
      run: () => (saving.data ? close() : save()),
    },
  ])
  const drafts = exported.known?.drafts ?? 0
  const size = figures.bytes(received)
  const title =
    format === 'xaf' ? t('invoice-exports.xaf.title') : t(zips[format].title, { count: exported.known?.sent ?? 0 })
  if (saving.data) {
    return (
      <Dialog open onClose={close} title={title}>
        <div className={styles.dialog} role="status">
          <Notice is="done" title={t('invoice-exports.done')}>
            {t('invoice-exports.done.text', { name: saving.data, size })}
          </Notice>
          {drafts > 0 ? <StateLine is="wait">{t('invoice-exports.done.drafts', { count: drafts })}</StateLine> : null}
          <Foot>
            <Button kind="primary" ref={focused} onClick={close}>
              {t('parts.close')}
            </Button>
          </Foot>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={close} title={title}>
      <div className={styles.dialog}>
        {saving.isPending ? (
          <Progress
            name={t(format === 'xaf' ? 'invoice-exports.running.xaf' : 'invoice-exports.running')}
            text={t('invoice-exports.received', { size })}
          />
        ) : format === 'xaf' ? (
          <AboutAuditFile years={exported.years} year={year} onYear={setYear} drafts={drafts} />
        ) : (
          <>
            <p>{t(zips[format].text)}</p>
            {drafts > 0 ? <StateLine is="wait">{t('invoice-exports.zip.drafts', { count: drafts })}</StateLine> : null}
          </>
        )}
        {saving.error ? <ErrorNotice error={saving.error} /> : null}
        <Foot>
          {saving.isPending ? (
            <Button ref={focused} onClick={close}>
              {t('invoice-exports.stop')}
            </Button>
          ) : (
            <>
              <Button onClick={close}>{t('parts.cancel')}</Button>
              <Button kind="primary" keys="mod+Enter" onClick={save} data-autofocus>
                {t('invoice-exports.download')}
              </Button>
            </>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}

/** How many there will be is not known before the end: a bar that runs, and what has come. */
const Progress = ({ name, text }: { name: string; text: string }) => (
  <div className={styles.exporting}>
    <p aria-live="polite">{name}</p>
    <Bar value={0} of={null} name={name} />
    <p className="muted small fig">{text}</p>
  </div>
)

function AboutAuditFile({
  years,
  year,
  onYear,
  drafts,
}: {
  years: readonly number[]
  year: string
  onYear: (year: string) => void
  drafts: number
}) {
  const t = useT()
  return (
    <>
      <Notice is="needs" title={t('invoice-exports.xaf.partial')}>
        {t('invoice-exports.xaf.partial.text')}
      </Notice>
      <p className="muted small">{t('invoice-exports.xaf.accounts')}</p>
      {years.length === 1 ? (
        <Facts rows={[[t('invoice-exports.xaf.year'), year]]} />
      ) : (
        <SelectField
          label={t('invoice-exports.xaf.year')}
          description={t('invoice-exports.xaf.year.text')}
          data={years.map(String)}
          value={year}
          onChange={(chosen) => chosen && onYear(chosen)}
        />
      )}
      {drafts > 0 ? <StateLine is="wait">{t('invoice-exports.xaf.drafts', { count: drafts })}</StateLine> : null}
    </>
  )
}
