import { Menu } from '@mantine/core'
import { base } from '../api.ts'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/icons.tsx'
import { useFirm } from '../session.ts'
import { useLanguage, useT } from '../words/words.tsx'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

const words = { csv: 'table.export.csv', xlsx: 'table.export.xlsx' } as const
const byName = { comma: 'comma', semicolon: 'semicolon' }

/** What a list finds as a file that the browser saves; a link carries no headers, so the firm stands in the address. */
export function ExportLinks({
  path,
  query,
  separators = byName,
  size,
}: {
  path: string
  query: Query
  /** As this route calls them. */
  separators?: { readonly comma: string; readonly semicolon: string }
  size?: 'sm'
}) {
  const t = useT()
  const { slug } = useFirm()
  const { language } = useLanguage()
  const link = (format: keyof typeof words) => {
    const separator = format === 'csv' ? { separator: separators[language === 'nl' ? 'semicolon' : 'comma'] } : {}
    const given = Object.entries({ format, firm: slug, ...separator, ...query }).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, one]),
    )
    return `${base}${path}?${new URLSearchParams(given)}`
  }
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button iconAfter="down" {...(size ? { size } : {})}>
          {t('table.export')}
        </Button>
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
            {t(words[format])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
