import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTitle } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type Invoice, invoiceQuery } from './invoice.ts'
import { Paper } from './Paper.tsx'
import { paperWord } from './PaperLanguage.tsx'
import styles from './print.module.css'

const route = getRouteApi('/f/$firm/invoices/$invoiceId/print')

const inQuotes = (text: string) => `"${text.replaceAll(/["\\\n]/g, ' ')}"`

/** Number and page in the margin of each page: words of this invoice, so the rule is made here (CSS Paged Media 3). */
function usePageMargins(invoice: Invoice | undefined) {
  useEffect(() => {
    if (!invoice) return
    const [before = '', between = '', after = ''] = paperWord(invoice.language, 'paper.pageOf').split(
      /\{page\}|\{pages\}/,
    )
    const what = [
      paperWord(invoice.language, invoice.kind === 'credit' ? 'paper.credit' : 'paper.invoice'),
      invoice.number,
    ]
      .filter(Boolean)
      .join(' ')
    const sheet = new CSSStyleSheet()
    const type = 'font: 8pt "Inter Variable", Inter, Arial, sans-serif; color: #5b6360;'
    sheet.replaceSync(`@page invoice {
      @bottom-left { content: ${inQuotes(`${invoice.firm.name}, ${what}`)}; ${type} }
      @bottom-right { content: ${inQuotes(before)} counter(page) ${inQuotes(between)} counter(pages) ${inQuotes(after)}; ${type} }
    }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    }
  }, [invoice])
}

/** The invoice alone, for paper or a PDF of the browser. */
export function PrintInvoice() {
  const t = useT()
  const { invoiceId } = route.useParams()
  const { slug: firm } = useFirm()
  const invoice = useQuery(invoiceQuery(invoiceId))
  const { data } = invoice
  useTitle(data ? `${data.number ?? t('invoices.state.draft')} ${data.customer.name}` : t('invoices.one'))
  usePageMargins(data)
  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <ButtonLink kind="quiet" icon="back" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId }}>
          {t('invoices.print.back')}
        </ButtonLink>
        <span className="grow muted small">{t('invoices.print.hint')}</span>
        <Button kind="primary" icon="print" keys="mod+P" disabled={!data} onClick={() => window.print()}>
          {t('invoices.print')}
        </Button>
      </div>
      <main className={styles.sheet}>
        {data ? (
          <>
            <h1 className="only-spoken">{data.number ?? t('invoices.draftFor', { customer: data.customer.name })}</h1>
            <Paper invoice={data} />
          </>
        ) : invoice.isError ? (
          <ErrorState error={invoice.error} retry={invoice.refetch} />
        ) : (
          <PageSkeleton />
        )}
      </main>
    </div>
  )
}
