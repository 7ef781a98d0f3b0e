import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import '@mantine/core/styles/ColorSwatch.layer.css'
import { useQuery } from '@tanstack/react-query'
import { addDays, type CalendarDate, startOfWeek } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Hours } from '../../parts/Figures.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Report } from './Report.tsx'
import styles from './reports.module.css'

const weeksShown = 12

interface Sums {
  readonly minutes: number
  readonly absentMinutes: number
  readonly contractMinutes: number
  readonly differenceMinutes: number
}
const nothing: Sums = { minutes: 0, absentMinutes: 0, contractMinutes: 0, differenceMinutes: 0 }
const together = (rows: readonly Sums[]): Sums =>
  rows.reduce(
    (sum, row) => ({
      minutes: sum.minutes + row.minutes,
      absentMinutes: sum.absentMinutes + row.absentMinutes,
      contractMinutes: sum.contractMinutes + row.contractMinutes,
      differenceMinutes: sum.differenceMinutes + row.differenceMinutes,
    }),
    nothing,
  )

/** The last whole weeks and this one, of everybody for who may see that, else of oneself. */
export function ContractWeeks({ today }: { today: CalendarDate }) {
  const t = useT()
  const format = useFormat()
  const everybody = useMay()('hours:read')
  const until = addDays(startOfWeek(today), 6)
  const from = addDays(until, 1 - 7 * weeksShown)
  const loaded = useQuery({
    queryKey: ['hours', 'against-contract', from, until, everybody],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/hours/against-contract', {
          params: { query: { from, until, ...(everybody ? { everybody: 'true' as const } : {}) } },
          signal,
        }),
      ),
  })
  return (
    <Report
      title={t('reports.contract')}
      about={everybody ? t('reports.contract.everybody') : t('reports.contract.own')}
      loaded={loaded}
      isEmpty={({ rows }) => rows.every((row) => row.contractMinutes === 0 && row.minutes === 0)}
      empty={t('reports.contract.empty')}
      picture={({ rows }) => {
        const weeks = [...Map.groupBy(rows, ({ monday }) => monday)].map(([monday, parts]) => ({
          monday,
          week: parts[0]?.week,
          ...together(parts),
        }))
        return (
          <BarChart
            h={220}
            data={weeks.map((week) => ({
              week: t('reports.week', { week: week.week ?? 0 }),
              registered: week.minutes / 60,
              absent: week.absentMinutes / 60,
              contract: week.contractMinutes / 60,
            }))}
            dataKey="week"
            series={[
              { name: 'registered', label: t('reports.registered'), color: 'var(--accent-fill)', stackId: 'done' },
              { name: 'absent', label: t('reports.absent'), color: 'var(--progress)', stackId: 'done' },
              { name: 'contract', label: t('reports.contractHours'), color: 'var(--line-strong)', stackId: 'agreed' },
            ]}
            valueFormatter={(hours) => format.hours(hours * 60)}
            withLegend
            gridAxis="x"
            tickLine="none"
            yAxisProps={{ width: 48, tickFormatter: (hours: number) => format.count(hours) }}
            maxBarWidth={22}
            barProps={{ isAnimationActive: false, radius: 1 }}
            barChartProps={{ accessibilityLayer: false }}
            aria-hidden="true"
          />
        )
      }}
      table={({ rows }) => {
        const people = [...Map.groupBy(rows, ({ memberId }) => memberId)].map(([id, parts]) => ({
          id,
          name: parts[0]?.memberName ?? '',
          ...together(parts),
        }))
        return (
          <table className={styles.figures}>
            <thead>
              <tr>
                <th scope="col">{t('reports.person')}</th>
                <th scope="col">{t('reports.registered')}</th>
                <th scope="col">{t('reports.absent')}</th>
                <th scope="col">{t('reports.contractHours')}</th>
                <th scope="col">{t('reports.difference')}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((one) => (
                <ContractRow key={one.id} name={one.name} sums={one} />
              ))}
            </tbody>
            {people.length > 1 ? (
              <tfoot>
                <ContractRow name={t('reports.total')} sums={together(people)} />
              </tfoot>
            ) : null}
          </table>
        )
      }}
    />
  )
}

const ContractRow = ({ name, sums }: { name: string; sums: Sums }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>
      <Hours minutes={sums.minutes} />
    </td>
    <td>
      <Hours minutes={sums.absentMinutes} dashAtZero />
    </td>
    <td>
      <Hours minutes={sums.contractMinutes} />
    </td>
    <td>
      <Hours minutes={sums.differenceMinutes} signed />
    </td>
  </tr>
)
