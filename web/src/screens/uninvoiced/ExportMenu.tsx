import { Menu } from '@mantine/core'
import { base } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useFirm } from '../../session.ts'
import { useLanguage, useT } from '../../words/words.tsx'
import { filterOf, type UninvoicedSearch } from './uninvoiced.ts'

/** What the page shows as a file; a link carries no headers, so the firm stands in the address. */
export function ExportMenu({ search }: { search: UninvoicedSearch }) {
  const t = useT()
  const { slug } = useFirm()
  const { language } = useLanguage()
  const link = (format: 'csv' | 'xlsx') => {
    const separator = format === 'csv' ? { separator: language === 'nl' ? 'semicolon' : 'comma' } : {}
    const given = Object.entries({ format, firm: slug, ...separator, ...filterOf(search) }).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, one]),
    )
    return `${base}/uninvoiced/export?${new URLSearchParams(given)}`
  }
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button iconAfter="down">{t('uninvoiced.export')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'xlsx'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={link(format)}
            download
            leftSection={<Icon name="document" size={14} />}
          >
            {t(format === 'csv' ? 'uninvoiced.export.csv' : 'uninvoiced.export.xlsx')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
