import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type VatCase, vatCases } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type ReactNode, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { EmptyState, ErrorNotice, ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { CountryField } from '../../parts/place-fields.tsx'
import { State } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { hasStatus } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { vatCaseWords } from '../customers/customer-values.ts'
import { findCustomers } from '../customers/find-customers.ts'
import styles from './conflicts.module.css'
import { ImportPage } from './ImportTabs.tsx'
import { type ImportConflict, importsChanged, useImportConnection } from './import-settings.ts'
import { SettledChoice } from './SettledChoice.tsx'

const route = getRouteApi('/f/$firm/settings/imports/conflicts')

interface Choice {
  readonly as: 'customer' | 'new' | 'leave'
  readonly customerId?: string
  readonly vatCase?: VatCase
  readonly country?: string
}

function useResolve(conflict: ImportConflict, done?: () => void) {
  const t = useT()
  const client = useQueryClient()
  return useAct({
    run: (choice: Choice, key) =>
      answer(
        api.POST('/import-conflicts/{id}/resolution', {
          params: { path: { id: conflict.id } },
          headers: { ...key, ...ifMatch(conflict.version) },
          body: choice,
        }),
      ),
    done: async (_, choice) => {
      done?.()
      say(
        choice.as === 'leave'
          ? t('imports.conflict.left', { name: conflict.theirs.name })
          : choice.as === 'new'
            ? t('imports.conflict.made', { name: conflict.theirs.name })
            : t('imports.conflict.linked', { name: conflict.theirs.name }),
      )
      await importsChanged(client)
    },
    failed: async (error) => {
      // Somebody was first: what stands now is shown.
      if (hasStatus(error, 409)) await importsChanged(client)
    },
  })
}

interface Shown {
  readonly name: string
  readonly number: string | null
  readonly city: string | null
  readonly vatId: string | null
  readonly kvk: string | null
  readonly email: string | null
}

const isSame = (a: string | null, b: string | null) =>
  a !== null &&
  b !== null &&
  a.replace(/[^a-z0-9@]/gi, '').toLowerCase() === b.replace(/[^a-z0-9@]/gi, '').toLowerCase()

/** One of two or more that may be the same; what both have alike stands out, with a word for who does not see it. */
function Party({
  head,
  party,
  beside,
  children,
}: {
  head: ReactNode
  party: Shown
  beside: readonly Shown[]
  children?: ReactNode
}) {
  const t = useT()
  const rows = [
    [t('customers.number'), 'number'],
    [t('customers.city'), 'city'],
    [t('customers.vatId'), 'vatId'],
    [t('customers.companyNumber'), 'kvk'],
    [t('customers.email'), 'email'],
  ] as const
  const known = rows.filter(([, field]) => [party, ...beside].some((one) => one[field]))
  return (
    <div className={styles.party}>
      <p className={styles.head}>{head}</p>
      <p className={styles.name}>{party.name}</p>
      <dl>
        {known.map(([label, field]) => {
          const same = beside.some((other) => isSame(other[field], party[field]))
          return (
            <div key={field}>
              <dt>{label}</dt>
              <dd className={party[field] ? 'fig' : 'muted'}>
                {party[field] ?? '–'}
                {same ? (
                  <span className={styles.same}>
                    <Icon name="check" size={12} /> {t('imports.conflict.same')}
                  </span>
                ) : null}
              </dd>
            </div>
          )
        })}
      </dl>
      {children}
    </div>
  )
}

/** A customer that is none of those that were proposed. */
function OtherDialog({ conflict, close }: { conflict: ImportConflict; close: () => void }) {
  const t = useT()
  const resolve = useResolve(conflict, close)
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null)
  return (
    <Dialog open onClose={close} title={t('imports.conflict.other.title', { name: conflict.theirs.name })}>
      <Picker
        label={t('imports.conflict.other.field')}
        description={t('imports.conflict.other.text', { package: conflict.packageName })}
        searchKey="customers"
        search={findCustomers}
        value={chosen?.value ?? null}
        chosen={chosen}
        data-autofocus
        onChange={(value, option) => setChosen(value && option ? { value, label: option.label } : null)}
      />
      {resolve.error ? <ErrorNotice error={resolve.error} /> : null}
      <Foot>
        <Button onClick={close}>{t('parts.back')}</Button>
        <Button
          kind="primary"
          disabled={!chosen}
          busy={resolve.isPending}
          onClick={() => chosen && resolve.mutate({ as: 'customer', customerId: chosen.value })}
        >
          {t('imports.conflict.link')}
        </Button>
      </Foot>
    </Dialog>
  )
}

/** What the package does not say and a new customer cannot do without. */
function NewDialog({ conflict, close }: { conflict: ImportConflict; close: () => void }) {
  const t = useT()
  const resolve = useResolve(conflict, close)
  const [country, setCountry] = useState('')
  const [vatCase, setVatCase] = useState<string | null>(null)
  const isAsked = (what: 'country' | 'vatCase') => conflict.needs.includes(what)
  const isReady = (!isAsked('country') || country) && (!isAsked('vatCase') || vatCase)
  return (
    <Dialog open onClose={close} title={t('imports.conflict.new.title', { name: conflict.theirs.name })}>
      <div className={styles.fields}>
        <p className="muted">{conflict.text}</p>
        {isAsked('country') ? (
          <CountryField
            label={t('customers.country')}
            withAsterisk
            data-autofocus
            value={country}
            onChange={(value: string | null) => setCountry(value ?? '')}
          />
        ) : null}
        {isAsked('vatCase') ? (
          <SelectField
            label={t('customers.vat')}
            withAsterisk
            data={vatCases.map((value) => ({ value, label: t(vatCaseWords[value]) }))}
            value={vatCase}
            onChange={setVatCase}
          />
        ) : null}
        {resolve.error ? <ErrorNotice error={resolve.error} /> : null}
      </div>
      <Foot>
        <Button onClick={close}>{t('parts.back')}</Button>
        <Button
          kind="primary"
          disabled={!isReady}
          busy={resolve.isPending}
          onClick={() =>
            resolve.mutate({
              as: 'new',
              ...(country ? { country } : {}),
              ...(vatCase ? { vatCase: vatCase as VatCase } : {}),
            })
          }
        >
          {t('imports.conflict.makeNew')}
        </Button>
      </Foot>
    </Dialog>
  )
}

function ConflictCard({ conflict }: { conflict: ImportConflict }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const resolve = useResolve(conflict)
  const [asking, setAsking] = useState<'other' | 'new' | null>(null)
  const { theirs, candidates, state } = conflict
  const isOpen = state === 'open' || state === 'left'
  const mayDecide = may('customers:write') && isOpen
  const left: Shown = { ...theirs, number: theirs.code || null }
  return (
    <article className={styles.card} aria-label={theirs.name}>
      <header className={styles.top}>
        <State is={state === 'open' ? 'needs' : 'wait'}>{t(stateWords[state])}</State>
        <p>{conflict.text}</p>
        <span className="muted small nowrap">
          {conflict.settledAt
            ? t('imports.conflict.settled', {
                at: format.moment(conflict.settledAt),
                by: conflict.settledBy ?? 'Uurwerk',
              })
            : t('imports.conflict.since', { at: format.moment(conflict.openedAt) })}
        </span>
      </header>
      <div className={styles.parties}>
        <Party head={t('imports.conflict.there', { package: conflict.packageName })} party={left} beside={candidates} />
        {candidates.map((candidate) => (
          <Party
            key={candidate.id}
            head={
              <>
                {t('imports.conflict.here')} · {candidate.why}
              </>
            }
            party={candidate}
            beside={[left]}
          >
            {candidate.consequence ? (
              <p className={styles.consequence}>
                <Icon name="info" size={14} /> {candidate.consequence}
              </p>
            ) : null}
            <div className={styles.acts}>
              {mayDecide ? (
                <Button
                  size="sm"
                  kind={candidates.length === 1 ? 'primary' : 'plain'}
                  disabled={resolve.isPending}
                  onClick={() => resolve.mutate({ as: 'customer', customerId: candidate.id })}
                >
                  {t('imports.conflict.isThis')}
                </Button>
              ) : null}
              {may('customers:read') ? (
                <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: candidate.id }}>
                  {t('imports.conflict.open')}
                </Link>
              ) : null}
            </div>
          </Party>
        ))}
      </div>
      {resolve.error ? <ErrorNotice error={resolve.error} /> : null}
      {mayDecide ? (
        <footer className={styles.foot}>
          {conflict.mayBeNew ? (
            <Button
              size="sm"
              kind={candidates.length === 0 ? 'primary' : 'plain'}
              disabled={resolve.isPending}
              onClick={() => (conflict.needs.length > 0 ? setAsking('new') : resolve.mutate({ as: 'new' }))}
            >
              {t('imports.conflict.makeNew')}
            </Button>
          ) : null}
          <Button size="sm" disabled={resolve.isPending} onClick={() => setAsking('other')}>
            {t('imports.conflict.other')}
          </Button>
          {state === 'open' ? (
            <Button size="sm" kind="quiet" disabled={resolve.isPending} onClick={() => resolve.mutate({ as: 'leave' })}>
              {t('imports.conflict.leave')}
            </Button>
          ) : null}
        </footer>
      ) : null}
      {asking === 'other' ? <OtherDialog conflict={conflict} close={() => setAsking(null)} /> : null}
      {asking === 'new' ? <NewDialog conflict={conflict} close={() => setAsking(null)} /> : null}
    </article>
  )
}

const stateWords = {
  open: 'imports.conflict.state.open',
  left: 'imports.conflict.state.left',
  resolved: 'imports.conflict.state.resolved',
  passed: 'imports.conflict.state.passed',
} as const

/** Customers of the package of which nobody but a person can tell whose they are; each is decided about where it stands. */
export function Conflicts() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { settled } = route.useSearch()
  const navigate = route.useNavigate()
  const { connection, isKnown, error, again } = useImportConnection()
  const rows = usePages({
    queryKey: ['imports', 'conflicts', connection?.id ?? null, settled ?? false],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/connections/{id}/import-conflicts', {
          params: {
            path: { id: connection?.id ?? '' },
            query: { limit: 50, cursor, ...(settled ? { settled: 'true' as const } : {}) },
          },
          signal,
        }),
      ),
    enabled: connection !== null && may('customers:read'),
  })
  const body = () => {
    if (error) return <ErrorState error={error} retry={again} />
    if (!isKnown || (connection && rows.state === 'loading')) return <PageSkeleton lines={6} />
    if (!connection)
      return (
        <EmptyState
          icon="plug"
          title={t('imports.noPackage.title')}
          action={
            <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
              {t('imports.empty.action')}
            </ButtonLink>
          }
        >
          {t('imports.noPackage.text')}
        </EmptyState>
      )
    if (rows.state === 'failed') return <ErrorState error={rows.error} retry={rows.again} />
    if (rows.rows.length === 0)
      return (
        <EmptyState icon="check" title={t(settled ? 'imports.conflicts.noneSettled' : 'imports.conflicts.none.title')}>
          {t('imports.conflicts.none.text', { package: connection.packageName })}
        </EmptyState>
      )
    return (
      <div className={styles.list}>
        {rows.rows.map((conflict) => (
          <ConflictCard key={conflict.id} conflict={conflict} />
        ))}
        {rows.more ? (
          <Button busy={rows.loadingMore} onClick={() => rows.more?.()}>
            {t('imports.more')}
          </Button>
        ) : null}
      </div>
    )
  }
  return (
    <ImportPage
      at="conflicts"
      tools={
        <SettledChoice
          name={t('imports.conflict.which')}
          settled={settled === true}
          onChange={(chosen) => navigate({ search: chosen ? { settled: true } : {}, replace: true })}
        />
      }
    >
      <Body>{body()}</Body>
    </ImportPage>
  )
}
