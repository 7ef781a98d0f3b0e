import { useFormat } from '../../format.ts'
import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { type OverdueInvoice, stepWord, type Why } from './reminder.ts'

const shown = {
  'not-an-invoice': { is: 'wait', word: 'reminders.why.notSent' },
  'not-sent': { is: 'wait', word: 'reminders.why.notSent' },
  'nothing-outstanding': { is: 'done', word: 'reminders.why.nothing' },
  'not-overdue': { is: 'wait', word: 'reminders.why.notOverdue' },
  held: { is: 'wait', icon: 'lock', word: 'reminders.why.held' },
  'customer-off': { is: 'wait', icon: 'lock', word: 'reminders.why.off' },
  'letter-underway': { is: 'progress', icon: 'send', word: 'reminders.why.underway' },
  'letter-uncertain': { is: 'needs', word: 'reminders.why.uncertain' },
  'letter-failed': { is: 'refused', word: 'reminders.why.failed' },
  'letter-withdrawn': { is: 'wait', icon: 'undo', word: 'reminders.why.withdrawn' },
  'all-sent': { is: 'needs', word: 'reminders.why.allSent' },
  'not-yet': { is: 'wait', word: 'reminders.next.from' },
  'sent-today': { is: 'wait', word: 'reminders.why.sentToday' },
} as const satisfies Record<Why, { readonly is: Meaning; readonly word: Word; readonly icon?: IconName }>

type Next = Pick<OverdueInvoice, 'step' | 'dueOn' | 'why'>

function useNextText() {
  const t = useT()
  const format = useFormat()
  return ({ step, dueOn, why }: Next, short: boolean): string => {
    const name = step === null ? '' : t(stepWord(step))
    if (why === null) return t('reminders.next.now', { step: name })
    if (short && why === 'not-yet' && dueOn) return t('reminders.next.fromShort', { date: format.date(dueOn, 'short') })
    return t(shown[why].word, { step: name, date: dueOn ? format.date(dueOn, 'short') : '' })
  }
}

/** Which reminder comes next and when, or why none does; icon and words. `short` where there is little room. */
export function NextReminder({ next, short = false }: { next: Next; short?: boolean }) {
  const text = useNextText()(next, short)
  if (next.why === null)
    return (
      <State is="needs" icon="mail">
        {text}
      </State>
    )
  const look = shown[next.why]
  return (
    <State is={look.is} {...('icon' in look ? { icon: look.icon } : {})}>
      {text}
    </State>
  )
}

/** The same for why somebody cannot send one now. */
export function WhyNot({ why }: { why: Why }) {
  const t = useT()
  const look = shown[why]
  return (
    <State is={look.is} {...('icon' in look ? { icon: look.icon } : {})}>
      {t(look.word, { step: '', date: '' })}
    </State>
  )
}
