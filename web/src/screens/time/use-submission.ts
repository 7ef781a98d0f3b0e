import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { hoursChanged, type WeekInUse } from './use-week.ts'

type Answer = Awaited<ReturnType<typeof post>>
const post = (year: number, week: number, body: { memberId?: string }) =>
  answer(api.POST('/weeks/{year}/{week}/submission', { params: { path: { year, week } }, body }))

/** "My week is complete", and taking that back. What is still being saved goes first. */
export function useSubmission(book: WeekInUse, memberId: string | undefined) {
  const t = useT()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [leftOut, setLeftOut] = useState<{ of: string; rows: Answer['leftOut'] } | null>(null)
  const { week } = book
  const name = week ? `${week.year} ${week.week} ${week.memberId}` : ''
  const who = memberId ? { memberId } : {}

  const act = async (run: () => Promise<Answer>, told: string) => {
    if (busy || !week) return
    setBusy(true)
    try {
      await book.settled()
      const result = await run()
      setLeftOut(result.leftOut.length > 0 ? { of: name, rows: result.leftOut } : null)
      say(told)
    } catch (error) {
      sayProblem(error)
    } finally {
      await Promise.all([hoursChanged(client), client.invalidateQueries({ queryKey: ['approvals'] })])
      setBusy(false)
    }
  }
  const entries = week?.entries ?? []
  const handedIn = entries.some(({ approval }) => approval === 'submitted' || approval === 'approved')
  const rejected = entries.filter(({ approval }) => approval === 'rejected')
  const open = entries.some(({ approval }) => approval === 'open')
  return {
    busy,
    submittedAt: week?.submission?.submittedAt ?? null,
    /** Something of a submitted week waits for being submitted again. */
    again: week?.submission != null && (rejected.length > 0 || (handedIn && open)),
    rejected,
    allApproved: entries.length > 0 && entries.every(({ approval }) => approval === 'approved'),
    leftOut: leftOut?.of === name ? leftOut.rows : [],
    forget: () => setLeftOut(null),
    submit: () =>
      act(() => post(week?.year ?? 0, week?.week ?? 0, who), t('time.submit.done', { week: week?.week ?? '' })),
    withdraw: () =>
      act(
        () =>
          answer(
            api.DELETE('/weeks/{year}/{week}/submission', {
              params: { path: { year: week?.year ?? 0, week: week?.week ?? 0 }, query: who },
            }),
          ),
        t('time.submit.withdrawn', { week: week?.week ?? '' }),
      ),
  }
}

export type Submission = ReturnType<typeof useSubmission>
