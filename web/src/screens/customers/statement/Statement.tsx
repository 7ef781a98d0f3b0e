import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { add, decimal, isZero } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { base } from '../../../api.ts'
import { useEvents } from '../../../events.ts'
import { useFormat } from '../../../format.ts'
import { Body, Page, PageHead, Tools } from '../../../frame/Page.tsx'
import { Button, ExternalButton } from '../../../parts/Button.tsx'
import { Segments } from '../../../parts/Choose.tsx'
import { DateField } from '../../../parts/DateField.tsx'
import { EmptyState, ErrorState, NoRights, PageSkeleton } from '../../../parts/Empty.tsx'
import { Amount, Dash } from '../../../parts/Figures.tsx'
import { today } from '../../../parts/today.ts'
import { useFirm, useMay } from '../../../session.ts'
import { useT, type Word } from '../../../words/words.tsx'
import { SendStatement } from './SendStatement.tsx'
import styles from './statement.module.css'
import { ageWords, type InCurrency, type Statement as StatementAnswer, statementQuery } from './statement.ts'

const route = getRouteApi('/f/$firm/customers/$customerId/statement')

type Document = InCurrency['items'][number]['document']

const documentWords = {
  invoice: 'statement.invoice',
  credit: 'statement.credit',
} as const satisfies Record<Document['kind'], Word>

function DocumentLink({ document, word }: { document: Document; word: Word }) {
  const t = useT()
  const { slug: firm } = useFirm()
  return (
    <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: document.id }}>
      {t(word, { number: document.number })}
    </Link>
  )
}

/** How old what is open is. */
function Ages({ statement }: { statement: InCurrency }) {
  const t = useT()
  const shown = statement.byAge.filter(({ age, amount }) => age !== 'credit' || !isZero(decimal(amount)))
  return (
    <dl className={styles.ages} aria-label={t('statement.ages')}>
      {shown.map(({ age, amount }) => (
        <div key={age} data-late={age !== 'not-due' && age !== 'credit' && !isZero(decimal(amount)) ? true : undefined}>
          <dt>{t(ageWords[age])}</dt>
          <dd>
            <Amount value={amount} dashAtZero />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function OpenItems({ statement }: { statement: InCurrency }) {
  const t = useT()
  const format = useFormat()
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('statement.document')}</th>
          <th scope="col" className={styles.wide}>
            {t('statement.date')}
          </th>
          <th scope="col">{t('statement.due')}</th>
          <th scope="col" className={`${styles.end} ${styles.wide}`}>
            {t('statement.late')}
          </th>
          <th scope="col" className={`${styles.end} ${styles.wide}`}>
            {t('statement.amount')}
          </th>
          <th scope="col" className={`${styles.end} ${styles.wide}`}>
            {t('statement.settled')}
          </th>
          <th scope="col" className={styles.end}>
            {t('statement.outstanding')} <span className="faint">{statement.currency}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {statement.items.map((item) => (
          <tr key={item.document.id}>
            <th scope="row">
              <DocumentLink
                document={item.document}
                word={item.inAdvance ? 'statement.advance' : documentWords[item.document.kind]}
              />
            </th>
            <td className={styles.wide}>{format.date(item.document.date, 'short')}</td>
            <td>{format.date(item.document.dueDate, 'short')}</td>
            <td className={`${styles.end} ${styles.wide}`}>
              {item.daysLate > 0 ? <span className="fig">{format.count(item.daysLate)}</span> : <Dash />}
            </td>
            <td className={`${styles.end} ${styles.wide}`}>
              {item.inAdvance ? <Dash /> : <Amount value={item.gross} />}
            </td>
            <td className={`${styles.end} ${styles.wide}`}>
              <Amount value={add(decimal(item.paid), decimal(item.credited))} dashAtZero />
            </td>
            <td className={styles.end}>
              <Amount value={item.outstanding} strong />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('statement.total')}</th>
          <td className={styles.wide} />
          <td />
          <td className={styles.wide} />
          <td className={styles.wide} />
          <td className={styles.wide} />
          <td className={styles.end}>
            <Amount value={statement.balance} total />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

type Movement = InCurrency['movements'][number]
const wordOf = ({ kind, way, amount }: Movement): Word => {
  if (kind !== 'payment') return documentWords[kind]
  if (way === 'set-off') return 'statement.setOff'
  return amount.startsWith('-') ? 'statement.payment' : 'statement.repaid'
}

function Movements({ statement }: { statement: InCurrency }) {
  const t = useT()
  const format = useFormat()
  const sum = (word: Word, amount: string, total: boolean) => (
    <tr>
      <td />
      <th scope="row">{t(word)}</th>
      <td />
      <td className={styles.end}>
        <Amount value={amount} strong total={total} />
      </td>
    </tr>
  )
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('statement.date')}</th>
          <th scope="col">{t('statement.what')}</th>
          <th scope="col" className={styles.end}>
            {t('statement.amount')} <span className="faint">{statement.currency}</span>
          </th>
          <th scope="col" className={styles.end}>
            {t('statement.balance')}
          </th>
        </tr>
      </thead>
      <tbody>
        {isZero(decimal(statement.opening)) ? null : sum('statement.opening', statement.opening, false)}
        {statement.movements.map((one) => (
          <tr key={one.id}>
            <td className="nowrap">{format.date(one.date, 'short')}</td>
            <th scope="row">
              <DocumentLink document={one.document} word={wordOf(one)} />
            </th>
            <td className={styles.end}>
              <Amount value={one.amount} />
            </td>
            <td className={styles.end}>
              <Amount value={one.balance} muted />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>{sum('statement.closing', statement.balance, true)}</tfoot>
    </table>
  )
}

function Shown({ statement, stale }: { statement: StatementAnswer; stale: boolean }) {
  const t = useT()
  const format = useFormat()
  const { kind, currencies } = statement
  if (currencies.length === 0)
    return (
      <EmptyState icon="checked" title={t('statement.empty.title')}>
        {kind === 'open'
          ? t('statement.empty.text', { customer: statement.customerName, date: format.date(statement.asOf) })
          : t('statement.empty.all')}
      </EmptyState>
    )
  return (
    <div className={styles.currencies} aria-busy={stale}>
      {currencies.map((one) => (
        <section key={one.currency} aria-label={one.currency}>
          <p className={styles.balance}>
            <span className="muted">{t('statement.balance')}</span>
            <b className="fig">{format.money(one.balance, one.currency)}</b>
          </p>
          <Ages statement={one} />
          {kind === 'open' ? <OpenItems statement={one} /> : <Movements statement={one} />}
        </section>
      ))}
    </div>
  )
}

/** Where a customer stands at the end of a day, on the screen, as PDF and by e-mail. */
export function Statement() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { customerId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [mailing, setMailing] = useState(false)
  const kind = search.kind ?? 'open'
  const asked = { kind, asOf: search.asOf, from: kind === 'all' ? search.from : undefined } as const
  const canSee = may('invoices:read')
  const query = useQuery({ ...statementQuery(customerId, asked), enabled: canSee })
  useEvents(canSee ? '/events' : null, { look: () => client.invalidateQueries({ queryKey: ['statement'] }) })
  const patch = (change: Record<string, unknown>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const asText = new URLSearchParams({
    kind,
    ...(asked.asOf ? { asOf: asked.asOf } : {}),
    ...(asked.from ? { from: asked.from } : {}),
  })
  const path = `/customers/${customerId}/statement/document`
  const { data } = query
  return (
    <Page>
      <PageHead
        title={t('statement.title')}
        crumbs={[
          <Link key="customers" to="/f/$firm/customers" params={{ firm }}>
            {t('customers.title')}
          </Link>,
          <Link key="customer" to="/f/$firm/customers/$customerId" params={{ firm, customerId }}>
            {data?.customerName ?? '…'}
          </Link>,
        ]}
        actions={
          data ? (
            <>
              <ExternalButton
                icon="document"
                href={`${base}${path}?${new URLSearchParams({ ...Object.fromEntries(asText), firm })}`}
                target="_blank"
                rel="noreferrer"
              >
                {t('statement.print')}
              </ExternalButton>
              {may('invoices:send') ? (
                <Button kind="primary" icon="mail" onClick={() => setMailing(true)}>
                  {t('statement.mail')}
                </Button>
              ) : null}
            </>
          ) : undefined
        }
      />
      {canSee ? (
        <>
          <Tools>
            <div className={styles.tools}>
              <Segments
                name={t('statement.kind')}
                value={kind}
                options={[
                  { value: 'open', label: t('statement.open') },
                  { value: 'all', label: t('statement.all') },
                ]}
                onChange={(value) => patch({ kind: value === 'open' ? undefined : value })}
              />
              {kind === 'all' ? (
                <div className={styles.day}>
                  <span aria-hidden="true">{t('statement.from')}</span>
                  <DateField
                    aria-label={t('statement.from')}
                    value={search.from ?? null}
                    maxDate={search.asOf ?? today()}
                    clearable
                    onChange={(day) => patch({ from: day ?? undefined })}
                  />
                </div>
              ) : null}
              <div className={styles.day}>
                <span aria-hidden="true">{t('statement.asOf')}</span>
                <DateField
                  aria-label={t('statement.asOf')}
                  value={search.asOf ?? data?.asOf ?? today()}
                  onChange={(day) => patch({ asOf: day === null || day === today() ? undefined : day })}
                />
              </div>
            </div>
          </Tools>
          <Body>
            {data ? (
              <Shown statement={data} stale={query.isPlaceholderData} />
            ) : query.isError ? (
              <ErrorState error={query.error} retry={query.refetch} />
            ) : (
              <PageSkeleton />
            )}
          </Body>
        </>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
      {mailing && data ? (
        <SendStatement
          customer={{ id: customerId, name: data.customerName }}
          asked={asked}
          document={{ path, query: asText }}
          onClose={() => setMailing(false)}
        />
      ) : null}
    </Page>
  )
}
