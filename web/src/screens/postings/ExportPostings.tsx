import { Menu } from '@mantine/core'
import { base } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useFirm } from '../../session.ts'
import { useLanguage, useT } from '../../words/words.tsx'
import { filterOf, type PostingsSearch } from './posting-search.ts'

/** What the list finds as a file; a link carries no headers, so the firm stands in the address. */
export function ExportPostings({ search }: { search: PostingsSearch }) {
  const t = useT()
  const { slug } = useFirm()
  const { language } = useLanguage()
  const link = (format: 'csv' | 'xlsx') => {
    const separator = format === 'csv' ? { separator: language === 'nl' ? 'semicolon' : 'comma' } : {}
    const given = Object.entries({ format, firm: slug, ...separator, ...filterOf(search) }).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, String(one)]),
    )
    return `${base}/postings/export?${new URLSearchParams(given)}`
  }
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button iconAfter="down">{t('postings.export')}</Button>
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
            {t(format === 'csv' ? 'postings.export.csv' : 'postings.export.xlsx')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
