import { ExportLinks } from '../../table/ExportLinks.tsx'

/** The lines as a file: CSV or a workbook. */
export const ExportMenu = (props: Pick<Parameters<typeof ExportLinks>[0], 'query' | 'size'>) => (
  <ExportLinks path="/reimbursements/export" separators={{ comma: ',', semicolon: ';' }} {...props} />
)
