import { Menu } from '@mantine/core'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import { ExportDialog } from './ExportDialog.tsx'
import type { Exported, ExportFormat, LongFormat } from './invoice-export.ts'

const rows = { xlsx: 'invoice-exports.xlsx', csv: 'invoice-exports.csv' } as const satisfies Partial<
  Record<ExportFormat, Word>
>
const documents = {
  'pdf-zip': 'invoice-exports.pdf-zip',
  'ubl-zip': 'invoice-exports.ubl-zip',
  xaf: 'invoice-exports.xaf',
} as const satisfies Record<LongFormat, Word>

/** What the list finds, or what is selected of it, as a file: rows at once, documents and the audit file from a dialog. */
export function ExportInvoices({
  exported,
  busy = false,
  disabled = false,
  upwards = false,
}: {
  exported: Exported
  /** Not everything that is meant is here yet. */
  busy?: boolean
  disabled?: boolean
  /** In a bar at the bottom of the page. */
  upwards?: boolean
}) {
  const t = useT()
  const [saving, setSaving] = useState(false)
  // What was meant when it was asked: the list behind it may move.
  const [asked, setAsked] = useState<{ readonly format: LongFormat; readonly exported: Exported } | null>(null)
  const save = async (format: keyof typeof rows) => {
    setSaving(true)
    try {
      const query = exported.query()
      query.set('format', format)
      await download('/invoices/export', query)
    } catch (error) {
      sayProblem(error)
    } finally {
      setSaving(false)
    }
  }
  const onlyDrafts = exported.known?.sent === 0 && exported.known.drafts > 0
  return (
    <>
      <Menu position={upwards ? 'top-end' : 'bottom-end'}>
        <Menu.Target>
          <Button iconAfter="down" busy={busy || saving} disabled={disabled}>
            {t('invoice-exports.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(rows) as (keyof typeof rows)[]).map((format) => (
            <Menu.Item key={format} onClick={() => save(format)}>
              {t(rows[format])}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {onlyDrafts ? (
            <Menu.Item disabled>{t('invoice-exports.onlyDrafts')}</Menu.Item>
          ) : (
            (Object.keys(documents) as LongFormat[]).map((format) => (
              <Menu.Item key={format} onClick={() => setAsked({ format, exported })}>
                {t(documents[format])}
              </Menu.Item>
            ))
          )}
        </Menu.Dropdown>
      </Menu>
      {asked ? <ExportDialog {...asked} onClose={() => setAsked(null)} /> : null}
    </>
  )
}
