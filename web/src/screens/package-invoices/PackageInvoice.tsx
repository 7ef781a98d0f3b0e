import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink, ExternalButton } from '../../parts/Button.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Actions, Facts, Notice, Told } from '../../parts/Notice.tsx'
import { type Step, Timeline } from '../../parts/Timeline.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { BooksDiffer } from '../coming-back/BooksDiffer.tsx'
import { needsYou } from '../postings/posting-state.tsx'
import { PackageLines } from './PackageLines.tsx'
import { PaidThere } from './PaidThere.tsx'
import { type PackageInvoiceDetails, packageInvoiceQuery } from './package-invoice.ts'
import { PackageInvoiceState } from './package-invoice-state.tsx'
import styles from './package-invoices.module.css'
import { Release } from './Release.tsx'

const route = getRouteApi('/f/$firm/package-invoices/$packageInvoiceId')

const acts: Readonly<Record<string, { readonly is: Step['is']; readonly word: Word }>> = {
  posted: { is: 'wait', word: 'package-invoices.act.posted' },
  made: { is: 'done', word: 'package-invoices.act.made' },
  changed: { is: 'wait', word: 'package-invoices.act.changed' },
  printed: { is: 'done', word: 'package-invoices.act.printed' },
  gone: { is: 'needs', word: 'package-invoices.act.gone' },
  released: { is: 'wait', word: 'package-invoices.act.released' },
}

/** What stands in the way, of the document or of its printing, with the way to the posting. */
function Problem({ invoice }: { invoice: PackageInvoiceDetails }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { posting, printing } = invoice
  const stopped = needsYou(posting.state) ? posting : printing && needsYou(printing.state) ? printing : null
  if (!stopped) return null
  return (
    <Notice
      is="needs"
      title={stopped.problem?.cause ?? t('package-invoices.problem.person', { package: invoice.packageName })}
    >
      {stopped.problem ? (
        <Told
          rows={[
            ...(stopped.problem.remedy ? [[t('parts.remedy'), stopped.problem.remedy] as const] : []),
            ...(stopped.problem.theirWords
              ? [[t('postings.says', { package: invoice.packageName }), `“${stopped.problem.theirWords}”`] as const]
              : []),
          ]}
        />
      ) : null}
      {may('postings:read') ? (
        <Actions>
          <ButtonLink
            kind="primary"
            size="sm"
            to="/f/$firm/postings"
            params={{ firm }}
            search={{ posting: stopped.id }}
          >
            {t('package-invoices.problem.toPosting')}
          </ButtonLink>
        </Actions>
      ) : null}
    </Notice>
  )
}

function Differs({ invoice }: { invoice: PackageInvoiceDetails }) {
  const t = useT()
  const format = useFormat()
  const { differs, theirGross, gross, currency, packageName } = invoice
  if (!differs || theirGross === null) return null
  return (
    <Notice is="needs" title={t('package-invoices.differs', { package: packageName })}>
      <Told
        rows={[
          [t('postings.gross.theirs', { package: packageName }), format.money(theirGross, currency)],
          [t('package-invoices.gross.ours'), format.money(gross, currency)],
          [t('parts.remedy'), t('package-invoices.differs.remedy', { package: packageName })],
        ]}
      />
    </Notice>
  )
}

function Shown({ invoice }: { invoice: PackageInvoiceDetails }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { packageName } = invoice
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        {invoice.ended ? (
          <Notice
            is="wait"
            title={t(invoice.state === 'gone' ? 'package-invoices.ended.gone' : 'package-invoices.ended.released', {
              package: packageName,
            })}
          >
            <Told
              rows={[
                ...(invoice.ended.why ? [[t('package-invoices.ended.why'), invoice.ended.why] as const] : []),
                [t('package-invoices.ended.what'), t('package-invoices.ended.free')],
              ]}
            />
          </Notice>
        ) : (
          <>
            <Problem invoice={invoice} />
            <Differs invoice={invoice} />
            <BooksDiffer postingId={invoice.posting.id} />
          </>
        )}
        <PackageLines invoice={invoice} />
      </div>
      <aside className={styles.side}>
        <PaidThere invoice={invoice} />
        <Facts
          rows={[
            [
              t('package-invoices.column.customer'),
              may('customers:read') ? (
                <Link
                  key="customer"
                  to="/f/$firm/customers/$customerId"
                  params={{ firm, customerId: invoice.customerId }}
                >
                  {invoice.customerName}
                </Link>
              ) : (
                invoice.customerName
              ),
            ],
            [
              t('package-invoices.projects'),
              <span key="projects">
                {invoice.projects.map(({ id, name }, at) => (
                  <span key={id}>
                    {at > 0 ? ', ' : ''}
                    <Link to="/f/$firm/projects/$projectId" params={{ firm, projectId: id }}>
                      {name}
                    </Link>
                  </span>
                ))}
              </span>,
            ],
            [t('package-invoices.date'), format.date(invoice.date)],
            [t('package-invoices.description'), invoice.description || '–'],
            [t('package-invoices.orderNumber'), invoice.orderNumber ?? '–'],
            [t('package-invoices.column.package'), packageName],
            [
              t('package-invoices.reference'),
              may('postings:read') ? (
                <Link key="posting" to="/f/$firm/postings" params={{ firm }} search={{ posting: invoice.posting.id }}>
                  {invoice.posting.reference}
                </Link>
              ) : (
                invoice.posting.reference
              ),
            ],
          ]}
        />
        <section aria-labelledby="history">
          <h2 id="history">{t('package-invoices.history')}</h2>
          <Timeline
            steps={invoice.history.flatMap(({ act, actor, at, why }) => {
              const shown = acts[act]
              return shown
                ? [
                    {
                      id: `${at} ${act}`,
                      at,
                      is: shown.is,
                      title: t(shown.word, { package: packageName }),
                      text: [actor, why].filter(Boolean).join(' · '),
                    },
                  ]
                : []
            })}
          />
        </section>
      </aside>
    </div>
  )
}

/** One document in the package: where it stands, what is on it, and what happened to it. */
export function PackageInvoice() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { packageInvoiceId } = route.useParams()
  const go = useNavigate()
  const canSee = may('invoices:read')
  const [releasing, setReleasing] = useState(false)
  const query = useQuery({ ...packageInvoiceQuery(packageInvoiceId), enabled: canSee })
  useEvents(canSee ? '/events' : null, {
    look: () => client.invalidateQueries({ queryKey: ['package-invoices'] }),
  })
  useKeys([
    {
      keys: 'Escape',
      does: t('parts.back'),
      run: () => void go({ to: '/f/$firm/package-invoices', params: { firm } }),
      disabled: releasing,
    },
  ])
  const invoice = query.data
  const isThere = invoice?.state === 'made' || invoice?.state === 'printed'
  return (
    <Page>
      <PageHead
        title={invoice ? (invoice.theirNumber ?? invoice.customerName) : t('package-invoices.one')}
        crumbs={[
          <Link key="list" to="/f/$firm/package-invoices" params={{ firm }}>
            {t('package-invoices.title')}
          </Link>,
        ]}
        state={invoice ? <PackageInvoiceState invoice={invoice} pill /> : null}
        actions={
          invoice && isThere ? (
            <>
              {may('postings:write') ? (
                <Button onClick={() => setReleasing(true)}>{t('package-invoices.release.button')}</Button>
              ) : null}
              {invoice.url ? (
                <ExternalButton href={invoice.url} target="_blank" rel="noreferrer" iconAfter="external">
                  {t('package-invoices.open', { package: invoice.packageName })}
                </ExternalButton>
              ) : null}
            </>
          ) : undefined
        }
      />
      <Body>
        {!canSee ? (
          <NoRights />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} />
        ) : invoice ? (
          <Shown invoice={invoice} />
        ) : (
          <PageSkeleton />
        )}
      </Body>
      {releasing && invoice ? <Release invoice={invoice} onClose={() => setReleasing(false)} /> : null}
    </Page>
  )
}
