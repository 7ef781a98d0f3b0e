import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Format, useFormat } from '../../format.ts'
import { Fill } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Hours } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Avatar, TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { useSelection } from '../../table/selection.ts'
import { type Say, useT } from '../../words/words.tsx'
import styles from './approvals.module.css'
import { type ApprovalWeek, fetchWeeks, weekDays } from './approvals.ts'
import { countQuery } from './count.ts'
import { useDeciding } from './Deciding.tsx'
import type { Ids } from './use-acts.ts'

const keyOf = ({ memberId, monday }: Pick<ApprovalWeek, 'memberId' | 'monday'>) => `${memberId} ${monday}`

const joined = (weeks: readonly ApprovalWeek[]): Ids => ({
  hours: weeks.flatMap(({ ids }) => ids.hours),
  expense: weeks.flatMap(({ ids }) => ids.expense),
  trip: weeks.flatMap(({ ids }) => ids.trip),
})

const warningWords = {
  overlap: 'approvals.warning.overlap',
  'over-24-hours': 'approvals.warning.over24',
} as const satisfies Record<ApprovalWeek['warnings'][number], string>

/** What is unusual about a week; nothing is said of a week that is as it should be. */
export const Warnings = ({
  warnings,
  submitted,
  t,
}: {
  warnings: ApprovalWeek['warnings']
  submitted: boolean
  t: Say
}) => (
  <span className={styles.warnings}>
    {warnings.map((warning) => (
      <State key={warning} is="needs">
        {t(warningWords[warning])}
      </State>
    ))}
    {submitted ? null : <State is="wait">{t('approvals.notComplete')}</State>}
  </span>
)

function columnsOf(t: Say, format: Format): ReadonlyArray<Column<ApprovalWeek>> {
  return [
    {
      id: 'person',
      head: t('approvals.person'),
      width: 'minmax(170px, 1.6fr)',
      always: true,
      cell: (row) => (
        <span className={styles.person}>
          <Avatar name={row.memberName} />
          <TwoLines under={`${t('approvals.week', { week: row.week })} · ${weekDays(format, row.monday)}`}>
            <b>{row.memberName}</b>
          </TwoLines>
        </span>
      ),
    },
    {
      id: 'hours',
      head: t('approvals.hours'),
      align: 'end',
      width: 92,
      always: true,
      cell: (row) => (row.minutes > 0 ? <Hours minutes={row.minutes} /> : null),
    },
    {
      id: 'contract',
      head: t('approvals.difference'),
      align: 'end',
      width: 110,
      from: 640,
      cell: (row) =>
        row.contract ? (
          format.hours(row.contract.differenceMinutes, { signed: true })
        ) : (
          <span className="faint">–</span>
        ),
    },
    {
      id: 'expenses',
      head: t('approvals.expenses'),
      align: 'end',
      width: 140,
      from: 760,
      cell: (row) => (
        <span className={styles.lines}>
          {row.expenses.map(({ amount, currency }) => (
            <span key={currency}>{format.money(amount, currency)}</span>
          ))}
        </span>
      ),
    },
    {
      id: 'trips',
      head: t('approvals.trips'),
      align: 'end',
      width: 110,
      from: 860,
      cell: (row) => (row.distanceKm ? `${format.quantity(row.distanceKm, 1)} km` : null),
    },
    {
      id: 'warnings',
      head: t('approvals.notes'),
      width: 'minmax(150px, 1.4fr)',
      from: 540,
      cell: (row) => <Warnings warnings={row.warnings} submitted={row.submittedAt !== null} t={t} />,
    },
  ]
}

/** Weeks of people, oldest first; one is opened to see its entries. */
export function Weeks() {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const navigate = useNavigate()
  const rows = usePages({ queryKey: ['approvals', 'weeks'], fetchPage: fetchWeeks })
  const own = useQuery(countQuery).data?.own ?? 0
  const selecting = useSelection('weeks')
  const columns = useMemo(() => columnsOf(t, format), [t, format])
  const chosen = rows.rows.filter((row) => selecting.has(keyOf(row)))
  const deciding = useDeciding({ decided: selecting.clear })
  const ids = joined(chosen)
  const off = chosen.length === 0 || deciding.busy
  const approve = () => void deciding.approve(ids)
  const reject = () => deciding.reject(ids)
  useKeys([
    { keys: 'A', does: t('approvals.approve'), run: approve, disabled: off },
    { keys: 'R', does: t('approvals.reject'), run: reject, disabled: off },
  ])
  return (
    <Fill>
      <div className={styles.told}>{deciding.shown}</div>
      <DataTable
        id="approval-weeks"
        name={t('approvals.title')}
        rows={rows}
        columns={columns}
        idOf={keyOf}
        nameOf={(row) => `${row.memberName}, ${t('approvals.week', { week: row.week })}`}
        selecting={selecting}
        onOpen={(row) =>
          navigate({
            to: '/f/$firm/approvals/$memberId/$monday',
            params: { firm, memberId: row.memberId, monday: row.monday },
          })
        }
        twoLines
        empty={
          <EmptyState icon="checked" title={t('approvals.empty.title')}>
            {own > 0 ? t('approvals.empty.own', { count: own }) : t('approvals.empty.text')}
          </EmptyState>
        }
      />
      <SelectionBar
        selecting={selecting}
        matching={null}
        figures={[
          {
            value: <Hours minutes={chosen.reduce((sum, { minutes }) => sum + minutes, 0)} />,
            under: t('approvals.hours'),
          },
        ]}
      >
        <Button icon="cross" keys="R" disabled={off} onClick={reject}>
          {t('approvals.reject')}
        </Button>
        <Button kind="primary" icon="check" keys="A" busy={deciding.busy} onClick={approve}>
          {t('approvals.approve')}
        </Button>
      </SelectionBar>
    </Fill>
  )
}
