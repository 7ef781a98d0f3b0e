import { base } from '../../api.ts'
import { useFirm } from '../../session.ts'
import { useLanguage } from '../../words/words.tsx'

/** Where the browser saves the lines from: a link carries no headers, so the firm stands in the address. */
export function useExportLink(): (
  format: 'csv' | 'xlsx',
  query: Readonly<Record<string, string | undefined>>,
) => string {
  const { slug } = useFirm()
  const { language } = useLanguage()
  return (format, query) => {
    const separator = format === 'csv' ? { separator: language === 'nl' ? ';' : ',' } : {}
    const given = Object.entries({ format, firm: slug, ...separator, ...query }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    return `${base}/reimbursements/export?${new URLSearchParams(given)}`
  }
}
