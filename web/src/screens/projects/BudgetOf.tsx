import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { type Bar, Bars } from '../reports/Bars.tsx'
import type { ProjectAnswer } from './project-values.ts'

const meaning = { warning: 'needs', over: 'refused' } as const
const stateWord = {
  warning: 'projects.budget.nearly',
  over: 'projects.budget.over',
} as const
const tone = { within: 'accent', warning: 'needs', over: 'refused' } as const

/** What is used of the budget, and what is left. */
export function BudgetOf({ project }: { project: ProjectAnswer }) {
  const t = useT()
  const format = useFormat()
  const query = useQuery({
    queryKey: ['hours', 'budget', project.id, project.version],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/projects/{id}/budget', { params: { path: { id: project.id } }, signal }))).budget,
  })
  if (query.isSuccess && !query.data) return null
  const budget = query.data
  const partOf = (
    id: string,
    label: string,
    told: { used: string; of: string; left: string },
    { percentUsed, state }: { percentUsed: string | null; state: keyof typeof tone },
  ): { bar: Bar; left: string } => ({
    bar: {
      id,
      label: (
        <>
          {label} {state === 'within' ? null : <State is={meaning[state]}>{t(stateWord[state])}</State>}
        </>
      ),
      figure: t('projects.budget.used', { used: told.used, of: told.of }),
      share: Number(percentUsed ?? 0) / 100,
      tone: tone[state],
      ...(budget?.warningPercent ? { mark: budget.warningPercent / 100 } : {}),
    },
    left: t(state === 'over' ? 'projects.budget.beyond' : 'projects.budget.left', { left: told.left }),
  })
  const parts = [
    ...(budget?.hours
      ? [
          partOf(
            'hours',
            t('projects.budget.hours'),
            {
              used: format.hours(budget.hours.usedMinutes),
              of: format.hours(budget.hours.minutes),
              left: format.hours(Math.abs(budget.hours.leftMinutes)),
            },
            budget.hours,
          ),
        ]
      : []),
    ...(budget?.money
      ? [
          partOf(
            'money',
            t('projects.budget.money'),
            {
              used: format.money(budget.money.used, budget.currency),
              of: format.money(budget.money.amount, budget.currency),
              left: format.money(budget.money.left.replace(/^-/, ''), budget.currency),
            },
            budget.money,
          ),
        ]
      : []),
  ]
  return (
    <section>
      <h2>{t('projects.budget')}</h2>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton /> : null}
      {parts.map(({ bar, left }) => (
        <div key={bar.id}>
          <Bars bars={[bar]} />
          <p className="muted small">{left}</p>
        </div>
      ))}
      {budget?.money && budget.money.minutesWithoutRate > 0 ? (
        <StateLine is="needs">
          {t('projects.budget.withoutRate', { hours: format.hours(budget.money.minutesWithoutRate) })}
        </StateLine>
      ) : null}
    </section>
  )
}
