import { Menu } from '@mantine/core'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import { useExportLink } from './export-link.ts'

/** The lines as a file: CSV or a workbook. */
export function ExportMenu({ query, size }: { query: Readonly<Record<string, string | undefined>>; size?: 'sm' }) {
  const t = useT()
  const link = useExportLink()
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button iconAfter="down" {...(size ? { size } : {})}>
          {t('reimbursements.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'xlsx'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={link(format, query)}
            download
            leftSection={<Icon name="document" size={14} />}
          >
            {t(format === 'csv' ? 'reimbursements.export.csv' : 'reimbursements.export.xlsx')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
