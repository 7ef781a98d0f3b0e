import { Menu } from '@mantine/core'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { download } from './download.ts'

/** CSV or XLSX of what is shown or selected. The server knows which columns and words. */
export function ExportMenu({
  path,
  query,
  size = 'md',
  disabled = false,
}: {
  path: string
  query: () => URLSearchParams
  size?: 'sm' | 'md'
  disabled?: boolean
}) {
  const t = useT()
  const [busy, setBusy] = useState(false)
  const save = async (format: 'csv' | 'xlsx') => {
    setBusy(true)
    try {
      const asked = query()
      asked.set('format', format)
      await download(path, asked)
    } catch (error) {
      sayProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button kind={size === 'sm' ? 'quiet' : 'plain'} size={size} iconAfter="down" busy={busy} disabled={disabled}>
          {t('overviews.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save('xlsx')}>{t('overviews.export.xlsx')}</Menu.Item>
        <Menu.Item onClick={() => save('csv')}>{t('overviews.export.csv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
