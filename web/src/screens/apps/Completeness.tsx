import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ButtonLink } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './completeness.module.css'
import { type Connection, completenessQuery, connectionChanged, type Gap } from './connection.ts'
import { ItemGap, ProjectGap, RuleGap, VatCaseGap } from './MendGap.tsx'
import { UnreadLists } from './UnreadLists.tsx'

const kinds = {
  setting: 'apps.gaps.setting',
  item: 'apps.gaps.item',
  rule: 'apps.gaps.rule',
  customer: 'apps.gaps.customer',
  project: 'apps.gaps.project',
} as const satisfies Record<Gap['about'], Word>

/** What solves one gap, here where it can be. */
function Mend({ connection, gap }: { connection: Connection; gap: Gap }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const mended = () => connectionChanged(client, connection.id)
  if (gap.unconfirmed && gap.customerId && may('customers:write'))
    return <VatCaseGap id={gap.customerId} unconfirmed={gap.unconfirmed} name={gap.name} mended={mended} />
  if (gap.about === 'customer' && gap.customerId && may('customers:read'))
    return (
      <ButtonLink
        size="sm"
        to="/f/$firm/customers/$customerId"
        params={{ firm, customerId: gap.customerId }}
        iconAfter="next"
      >
        {t('apps.gaps.open')}
      </ButtonLink>
    )
  if (gap.about === 'project' && gap.projectId)
    return may('projects:write') ? <ProjectGap connection={connection} gap={gap} mended={mended} /> : null
  if (!may('connections:write')) return null
  if (gap.about === 'setting') return <a href="#sales">{t('apps.gaps.choose')}</a>
  if (gap.about === 'item') return <ItemGap connection={connection} gap={gap} mended={mended} />
  return gap.about === 'rule' ? <RuleGap connection={connection} gap={gap} mended={mended} /> : null
}

/** One cause in one row: while there is no default item, every kind of line without its own would fail. */
function NoItems({ gaps, count }: { gaps: readonly Gap[]; count: number }) {
  const t = useT()
  return (
    <li className={styles.gap}>
      <div>
        <b>{t('apps.gaps.noItem', { count })}</b>
        <p>{t('apps.gaps.noItem.remedy')}</p>
        <p className="muted">{t('apps.gaps.usedBy', { names: gaps.map(({ name }) => name).join(', ') })}</p>
      </div>
      <a href="#sales">{t('apps.gaps.choose')}</a>
    </li>
  )
}

function GapRow({ connection, gap }: { connection: Connection; gap: Gap }) {
  const t = useT()
  const more = [
    gap.usedBy.length > 0 ? t('apps.gaps.usedBy', { names: gap.usedBy.join(', ') }) : null,
    gap.waiting > 0 ? t('apps.gaps.waiting', { count: gap.waiting }) : null,
  ].filter((text) => text !== null)
  return (
    <li className={styles.gap}>
      <div>
        <b>{gap.name}</b>
        <p>
          {gap.problem.cause} {gap.problem.remedy}
        </p>
        {more.length > 0 ? <p className="muted">{more.join(' ')}</p> : null}
      </div>
      <Mend connection={connection} gap={gap} />
    </li>
  )
}

/** Each activity, category, VAT case, customer and project of which an invoice would fail today, with what mends it. */
export function Completeness({ connection }: { connection: Connection }) {
  const t = useT()
  const { data, error, refetch } = useQuery(completenessQuery(connection.id))
  return (
    <section aria-labelledby="gaps">
      <h2 id="gaps" tabIndex={-1}>
        {t('apps.gaps')}
      </h2>
      <UnreadLists connection={connection} />
      {error && !data ? <ErrorNotice error={error} retry={refetch} /> : null}
      {!data && !error ? <Skeleton /> : null}
      {data && data.gaps.length === 0 ? (
        <StateLine is="done">{t('apps.gaps.none', { ...data.checked })}</StateLine>
      ) : null}
      {data
        ? (Object.keys(kinds) as Gap['about'][]).map((kind) => {
            const gaps = data.gaps.filter(({ about }) => about === kind)
            if (gaps.length === 0) return null
            const rest = data.counts[kind] - gaps.length
            const without = gaps.filter(({ problem }) => problem.code === 'subject-without-item')
            const folded = without.length > 1 ? without : []
            return (
              <div key={kind}>
                <h3 className={styles.kind}>
                  {t(kinds[kind])} <span className="n fig">{data.counts[kind]}</span>
                </h3>
                <ul className={styles.gaps}>
                  {folded.length > 0 ? <NoItems gaps={folded} count={folded.length + rest} /> : null}
                  {gaps
                    .filter((gap) => !folded.includes(gap))
                    .map((gap, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: two gaps of one customer differ in nothing else
                      <GapRow key={`${gap.name} ${gap.problem.code} ${at}`} connection={connection} gap={gap} />
                    ))}
                </ul>
                {rest > 0 && folded.length === 0 ? (
                  <p className="muted">{t('apps.gaps.more', { count: rest })}</p>
                ) : null}
              </div>
            )
          })
        : null}
    </section>
  )
}
