import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { type Bar, Bars } from '../reports/Bars.tsx'
import type { ProjectAnswer } from './project-values.ts'

const meaning = { within: 'done', warning: 'needs', over: 'refused' } as const
const stateWord = {
  within: 'projects.budget.within',
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
  const barOf = (
    id: string,
    label: string,
    told: { used: string; of: string; left: string },
    { percentUsed, state }: { percentUsed: string | null; state: keyof typeof meaning },
  ): Bar => ({
    id,
    label: (
      <>
        {label} <State is={meaning[state]}>{t(stateWord[state])}</State>
      </>
    ),
    figure: (
      <>
        {t('projects.budget.used', { used: told.used, of: told.of })}
        {' · '}
        {t('projects.budget.left', { left: told.left })}
      </>
    ),
    share: Number(percentUsed ?? 0) / 100,
    tone: tone[state],
    ...(budget?.warningPercent ? { mark: budget.warningPercent / 100 } : {}),
  })
  const bars = budget
    ? [
        ...(budget.hours
          ? [
              barOf(
                'hours',
                t('projects.budget.hours'),
                {
                  used: format.hours(budget.hours.usedMinutes),
                  of: format.hours(budget.hours.minutes),
                  left: format.hours(budget.hours.leftMinutes),
                },
                budget.hours,
              ),
            ]
          : []),
        ...(budget.money
          ? [
              barOf(
                'money',
                t('projects.budget.money'),
                {
                  used: format.money(budget.money.used, budget.currency),
                  of: format.money(budget.money.amount, budget.currency),
                  left: format.money(budget.money.left, budget.currency),
                },
                budget.money,
              ),
            ]
          : []),
      ]
    : []
  return (
    <section>
      <h2>{t('projects.budget')}</h2>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton /> : null}
      {bars.length > 0 ? <Bars bars={bars} /> : null}
      {budget?.money && budget.money.minutesWithoutRate > 0 ? (
        <StateLine is="needs">
          {t('projects.budget.withoutRate', { hours: format.hours(budget.money.minutesWithoutRate) })}
        </StateLine>
      ) : null}
    </section>
  )
}
