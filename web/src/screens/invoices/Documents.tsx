import { Menu } from '@mantine/core'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { StateLine } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import styles from './documents.module.css'
import type { Invoice } from './invoice.ts'
import invoiceStyles from './invoices.module.css'

// Each change of a draft is another version, and may mend a rule or break one.
const documentsQuery = ({ id, version }: Invoice) =>
  queryOptions({
    queryKey: ['invoice-documents', id, version],
    queryFn: ({ signal }) => answer(api.GET('/invoices/{id}/documents', { params: { path: { id } }, signal })),
    placeholderData: keepPreviousData,
  })
const useDocuments = (invoice: Invoice) => useQuery(documentsQuery(invoice))

type Documents = NonNullable<ReturnType<typeof useDocuments>['data']>
type Kind = Documents['kinds'][number]
type Broken = Documents['broken'][number]

const kindWords = {
  pdf: 'documents.pdf',
  'pdf-with-hours': 'documents.pdfWithHours',
  ubl: 'documents.ubl',
  'factur-x': 'documents.facturX',
} as const satisfies Record<Kind, Word>

/** Saves a document, and says which one is being made meanwhile. */
function useSaving({ id }: Invoice) {
  const [saving, setSaving] = useState<Kind | null>(null)
  const save = async (kind: Kind, before?: () => Promise<unknown>) => {
    setSaving(kind)
    try {
      await before?.()
      await download(`/invoices/${id}/documents/${kind}`, new URLSearchParams({ save: 'true' }))
    } catch (error) {
      sayProblem(error)
    } finally {
      setSaving(null)
    }
  }
  return { saving, save }
}

function Mend({ broken, invoice }: { broken: Broken; invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  if (broken.at === 'firm' && may('firm:write'))
    return (
      <Link to="/f/$firm/settings/firm" params={{ firm }}>
        {t('invoices.problem.firm')}
      </Link>
    )
  if (broken.at === 'customer' && may('customers:write'))
    return (
      <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: invoice.customerId }}>
        {t('invoices.problem.customer', { customer: invoice.customer.name })}
      </Link>
    )
  return null
}

/** Folded up: whoever sends no e-invoices is not kept from work by it. */
function BrokenRules({ invoice, broken }: { invoice: Invoice; broken: readonly Broken[] }) {
  const t = useT()
  if (broken.length === 0) return null
  const isDraft = invoice.state === 'draft'
  return (
    <details className={styles.broken}>
      <summary>
        <Icon name="info" size={16} />
        <span>{t(isDraft ? 'documents.broken.draft' : 'documents.broken.sent', { count: broken.length })}</span>
        <Icon name="down" size={14} />
      </summary>
      <div className={styles.inside}>
        <p className="muted">{t(isDraft ? 'documents.broken.help' : 'documents.broken.next')}</p>
        <ul>
          {broken.map((one) => (
            <li key={`${one.rule} ${one.says}`}>
              <b>{one.says}</b>
              <span>
                {one.mend} <Mend broken={one} invoice={invoice} />
              </span>
              <span className="muted small">{one.rule}</span>
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

/** Of a draft: what stands in the way of an e-invoice, once that is known. */
export function InTheWay({ invoice }: { invoice: Invoice }) {
  const { data } = useDocuments(invoice)
  return data ? <BrokenRules invoice={invoice} broken={data.broken} /> : null
}

/** Of a draft: its PDF to look at, with what was typed last. */
export function SavePreview({ invoice, settled }: { invoice: Invoice; settled: () => Promise<unknown> }) {
  const t = useT()
  const { data } = useDocuments(invoice)
  const { saving, save } = useSaving(invoice)
  const kinds = data?.kinds ?? ['pdf']
  const look = { kind: 'quiet', icon: 'document', busy: saving !== null } as const
  if (kinds.length === 1)
    return (
      <Button {...look} onClick={() => save('pdf', settled)}>
        {t('documents.preview')}
      </Button>
    )
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...look} iconAfter="down">
          {t('documents.preview')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => save(kind, settled)}>
            {t(kindWords[kind])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Of a sent invoice: what the customer gets, to save. */
export function DocumentsCard({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const documents = useDocuments(invoice)
  const { saving, save } = useSaving(invoice)
  const { data } = documents
  return (
    <section className={invoiceStyles.card} aria-labelledby="documents">
      <h2 id="documents">{t('documents.title')}</h2>
      {data ? (
        <>
          <div className={styles.kinds}>
            {data.kinds.map((kind) => (
              <Button
                key={kind}
                icon="document"
                busy={saving === kind}
                disabled={saving !== null && saving !== kind}
                onClick={() => save(kind)}
              >
                {t(kindWords[kind])}
              </Button>
            ))}
          </div>
          <p className="muted small">{t('documents.same')}</p>
          {data.kinds.includes('ubl') ? null : (
            <StateLine is="needs">
              <span>{t('documents.noUbl')}</span>
            </StateLine>
          )}
          {data.broken.length === 0 ? (
            <StateLine is="done">
              <span>{t('documents.kept')}</span>
            </StateLine>
          ) : (
            <BrokenRules invoice={invoice} broken={data.broken} />
          )}
        </>
      ) : documents.isError ? (
        <ErrorNotice error={documents.error} retry={documents.refetch} />
      ) : (
        <Skeleton height={36} />
      )}
    </section>
  )
}
