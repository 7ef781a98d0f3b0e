import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Bars } from './Bars.tsx'
import { Report } from './Report.tsx'
import styles from './reports.module.css'

type Budget = Awaited<ReturnType<typeof readBudgets>>['rows'][number]

const readBudgets = (signal: AbortSignal) => answer(api.GET('/reports/budgets', { signal }))

interface Line {
  readonly id: string
  readonly budget: Budget
  readonly used: string
  readonly of: string
  readonly left: string
  readonly percent: string | null
  readonly state: 'within' | 'warning' | 'over'
}

const meaning = { within: 'done', warning: 'needs', over: 'refused' } as const
const stateWord = {
  within: 'reports.budgets.within',
  warning: 'reports.budgets.warning',
  over: 'reports.budgets.over',
} as const
const tone = { within: 'accent', warning: 'needs', over: 'refused' } as const

/** A line for each budget, the fullest first: a project may have one in hours and one in money. */
function useLines(): (rows: readonly Budget[]) => readonly Line[] {
  const format = useFormat()
  return (rows) =>
    rows
      .flatMap((budget): Line[] => [
        ...(budget.hours
          ? [
              {
                id: `${budget.projectId} hours`,
                budget,
                used: format.hours(budget.hours.usedMinutes),
                of: format.hours(budget.hours.minutes),
                left: format.hours(budget.hours.leftMinutes),
                percent: budget.hours.percentUsed,
                state: budget.hours.state,
              },
            ]
          : []),
        ...(budget.money
          ? [
              {
                id: `${budget.projectId} money`,
                budget,
                used: format.money(budget.money.used, budget.currency),
                of: format.money(budget.money.amount, budget.currency),
                left: format.money(budget.money.left, budget.currency),
                percent: budget.money.percentUsed,
                state: budget.money.state,
              },
            ]
          : []),
      ])
      .sort((a, b) => Number(b.percent ?? 0) - Number(a.percent ?? 0))
}

export function Budgets() {
  const t = useT()
  const format = useFormat()
  const { slug } = useFirm()
  const toLines = useLines()
  const budgets = useQuery({
    queryKey: ['hours', 'budgets'],
    queryFn: ({ signal }) => readBudgets(signal),
  })
  const project = ({ projectId, projectName, customerName }: Budget) => (
    <>
      <Link to="/f/$firm/projects/$projectId" params={{ firm: slug, projectId }}>
        {projectName}
      </Link>{' '}
      <span className="muted">{customerName}</span>
    </>
  )
  return (
    <Report
      title={t('reports.budgets')}
      about={t('reports.budgets.about')}
      loaded={budgets}
      isEmpty={({ rows }) => rows.every(({ hours, money }) => !hours && !money)}
      empty={t('reports.budgets.empty')}
      picture={({ rows }) => (
        <Bars
          bars={toLines(rows)
            .slice(0, 8)
            .map((line) => ({
              id: line.id,
              label: project(line.budget),
              figure: (
                <>
                  {line.state === 'within' ? null : (
                    <>
                      <State is={meaning[line.state]}>{t(stateWord[line.state])}</State>{' '}
                    </>
                  )}
                  {t('reports.budgets.used', { used: line.used, of: line.of })}
                </>
              ),
              share: Number(line.percent ?? 0) / 100,
              tone: tone[line.state],
              ...(line.budget.warningPercent ? { mark: line.budget.warningPercent / 100 } : {}),
            }))}
        />
      )}
      table={({ rows }) => (
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('reports.project')}</th>
              <th scope="col">{t('reports.budget')}</th>
              <th scope="col">{t('reports.budgets.usedHead')}</th>
              <th scope="col">%</th>
              <th scope="col">{t('reports.budgets.left')}</th>
            </tr>
          </thead>
          <tbody>
            {toLines(rows).map((line) => (
              <tr key={line.id}>
                <th scope="row">{project(line.budget)}</th>
                <td>{line.of}</td>
                <td>{line.used}</td>
                <td>{line.percent === null ? '' : format.percent(line.percent)}</td>
                <td>{line.left}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    />
  )
}
