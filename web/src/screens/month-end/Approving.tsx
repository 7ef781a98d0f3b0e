import { useFormat } from '../../format.ts'
import { ButtonLink } from '../../parts/Button.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { StepOf } from './month-end.ts'
import { Step } from './Step.tsx'

/** What waits for approval, and what was sent back. */
export function Approving({ approving }: { approving: StepOf<'approving'> }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { hours, minutes, expenses, trips, rejected, people } = approving
  if (hours + expenses + trips + rejected === 0)
    return <Step title={t('month-end.approving')} is="done" state={t('month-end.approving.done')} />
  const parts = [
    hours > 0 ? t('month-end.approving.hours', { hours: format.hours(minutes) }) : null,
    expenses > 0 ? t('month-end.approving.expenses', { count: expenses }) : null,
    trips > 0 ? t('month-end.approving.trips', { count: trips }) : null,
    rejected > 0 ? t('month-end.approving.rejected', { count: rejected }) : null,
  ].filter((text) => text !== null)
  return (
    <Step
      title={t('month-end.approving')}
      is="needs"
      state={parts.join(', ')}
      actions={
        may('hours:approve') ? (
          <ButtonLink size="sm" to="/f/$firm/approvals" params={{ firm }} iconAfter="next">
            {t('month-end.approve')}
          </ButtonLink>
        ) : null
      }
    >
      <p className="muted small">
        {people
          .slice(0, 12)
          .map(({ memberName, entries }) => `${memberName} (${format.count(entries)})`)
          .join(', ')}
        {people.length > 12 ? t('month-end.more', { count: people.length - 12 }) : null}
      </p>
    </Step>
  )
}
