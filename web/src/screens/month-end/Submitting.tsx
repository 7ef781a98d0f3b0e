import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './month-end.module.css'
import type { StepOf } from './month-end.ts'
import { Step } from './Step.tsx'

const shownAtFirst = 8

/** Whose weeks are not complete, or of whom something was written after they were submitted; they are asked by a notice, or their week is opened. */
export function Submitting({ month, submitting }: { month: string; submitting: StepOf<'submitting'> }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { people, weeks } = submitting
  const [all, setAll] = useState(false)
  const ask = useAct({
    run: (memberIds: readonly string[], key) =>
      answer(
        api.POST('/month-end/{month}/asking', {
          params: { path: { month } },
          headers: key,
          body: { memberIds: [...memberIds] },
        }),
      ),
    done: async ({ asked }) => {
      say(t('month-end.asked', { count: asked }))
      await client.invalidateQueries({ queryKey: ['month-end'] })
    },
  })
  if (weeks === 0) return <Step title={t('month-end.submitting')} is="done" state={t('month-end.submitting.done')} />
  const shown = all ? people : people.slice(0, shownAtFirst)
  const askable = people.filter(({ archived }) => !archived)
  return (
    <Step
      title={t('month-end.submitting')}
      is="needs"
      state={t('month-end.submitting.left', { people: people.length, weeks })}
      actions={
        askable.length > 0 && may('hours:approve') ? (
          <Button
            size="sm"
            icon="mail"
            busy={ask.isPending}
            onClick={() => ask.mutate(askable.map(({ memberId }) => memberId))}
          >
            {t('month-end.askAll', { count: askable.length })}
          </Button>
        ) : null
      }
    >
      {ask.error ? <ErrorNotice error={ask.error} /> : null}
      <ul className={styles.rows}>
        {shown.map((person) => (
          <Person key={person.memberId} person={person} mayOpen={may('hours:read')} />
        ))}
      </ul>
      {people.length > shown.length ? (
        <Button kind="quiet" size="sm" onClick={() => setAll(true)}>
          {t('month-end.showAll', { count: people.length })}
        </Button>
      ) : null}
    </Step>
  )
}

type Week = StepOf<'submitting'>['people'][number]['weeks'][number]

/** Hours against the contract where the week was never submitted, and what is open in it; else what came later. */
function useTold(): (week: Week) => string {
  const t = useT()
  const format = useFormat()
  return ({ submitted, minutes, contractMinutes, open }) => {
    const others = [
      open.expenses > 0 ? t('month-end.approving.expenses', { count: open.expenses }) : null,
      open.trips > 0 ? t('month-end.approving.trips', { count: open.trips }) : null,
    ]
    const hours = submitted
      ? open.minutes > 0
        ? t('month-end.approving.hours', { hours: format.hours(open.minutes) })
        : null
      : contractMinutes > 0
        ? t('month-end.ofContract', { hours: format.hours(minutes), contract: format.hours(contractMinutes) })
        : minutes > 0
          ? format.hours(minutes)
          : null
    const what = [hours, ...others].filter((part) => part !== null).join(', ')
    return submitted ? t('month-end.later', { what }) : what
  }
}

function Person({ person, mayOpen }: { person: StepOf<'submitting'>['people'][number]; mayOpen: boolean }) {
  const t = useT()
  const toldOf = useTold()
  const { slug: firm } = useFirm()
  return (
    <li className={styles.person}>
      <span>
        {person.memberName}
        {person.archived ? <span className="muted"> {t('month-end.archived')}</span> : null}
      </span>
      <span className={styles.weeks}>
        {person.weeks.map((one) => {
          const { year, week, monday } = one
          const text = t('month-end.week', { week })
          return (
            <span key={monday}>
              {mayOpen ? (
                <Link
                  to="/f/$firm/time"
                  params={{ firm }}
                  search={{ year, week, memberId: person.memberId, view: 'week' }}
                >
                  {text}
                </Link>
              ) : (
                text
              )}{' '}
              <span className="muted fig">{toldOf(one)}</span>
            </span>
          )
        })}
      </span>
    </li>
  )
}
