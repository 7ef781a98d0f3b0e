import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { type Meaning, State, StateLine } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './vat-id-check.module.css'

type Check = components['schemas']['VatIdCheck']

const outcomes = {
  valid: ['done', 'customers.vies.valid'],
  invalid: ['refused', 'customers.vies.invalid'],
  'no-answer': ['wait', 'customers.vies.noAnswer'],
} as const satisfies Record<Check['outcome'], readonly [Meaning, Word]>

function Told({ check }: { check: Check }) {
  const t = useT()
  const facts = [
    [t('customers.vies.name'), check.name],
    [t('customers.vies.address'), check.address],
    [t('customers.vies.consultation'), check.consultation],
  ] as const
  const told = facts.filter(([, value]) => value)
  if (told.length === 0) return null
  return (
    <dl className={styles.facts}>
      {told.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function When({ check }: { check: Check }) {
  const t = useT()
  const format = useFormat()
  const at = format.moment(check.checkedAt)
  return (
    <span className="muted small">
      {check.checkedBy ? t('customers.vies.by', { at, name: check.checkedBy }) : t('customers.vies.at', { at })}
    </span>
  )
}

/** What VIES says about the VAT id that is stored; another one has to be saved before it is looked up. */
export function VatIdCheck({ customerId, vatId }: { customerId: string; vatId: string | null }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const path = { params: { path: { id: customerId } } }
  const query = useQuery({
    queryKey: ['customer', customerId, 'vat-id-checks', vatId],
    queryFn: ({ signal }) => answer(api.GET('/customers/{id}/vat-id-checks', { ...path, signal })),
    enabled: vatId !== null,
  })
  const look = useAct({
    run: (_: undefined, headers) => answer(api.POST('/customers/{id}/vat-id-checks', { ...path, headers, body: {} })),
    done: () => client.invalidateQueries({ queryKey: ['customer', customerId, 'vat-id-checks'] }),
    failed: sayProblem,
  })
  const checks = query.data
  // Where nothing is ever looked up, nothing flashes by while that is asked.
  if (!vatId || (checks ? !checks.works && checks.rows.length === 0 : !query.isError)) return null
  const standing = checks?.standing ?? null
  const [latest] = checks?.rows.filter((row) => row.vatId === vatId) ?? []
  const [is, word] = standing ? outcomes[standing.outcome] : (['needs', 'customers.vies.never'] as const)
  return (
    <section>
      <h2>{t('customers.vies')}</h2>
      <p>{t('customers.vies.text')}</p>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {checks ? (
        <div className={styles.box} aria-live="polite">
          <div className={styles.standing}>
            <b className="fig">{vatId}</b>
            <State is={is}>{t(word)}</State>
          </div>
          {standing ? <When check={standing} /> : null}
          {standing ? <Told check={standing} /> : null}
          {standing?.words ? <p>{standing.words}</p> : null}
          {latest && latest.id !== standing?.id ? (
            <StateLine is="wait">
              {latest.words} <When check={latest} />
            </StateLine>
          ) : null}
          {may('customers:write') && checks.works ? (
            <div>
              <Button icon="refresh" busy={look.isPending} onClick={() => look.mutate(undefined)}>
                {t(latest ? 'customers.vies.again' : 'customers.vies.look')}
              </Button>
            </div>
          ) : null}
        </div>
      ) : null}
    </section>
  )
}
