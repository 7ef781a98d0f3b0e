import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { Word } from '../../words/words.tsx'

export type EntryAct = Exclude<components['schemas']['EntryActs']['act'], 'submit' | 'withdraw'>

interface ActWords {
  readonly menu: Word
  readonly ask: Word
  readonly what: Word
  readonly button: Word
  readonly done: Word
}

export const actWords: Readonly<Record<EntryAct, ActWords>> = {
  approve: {
    menu: 'overviews.approve',
    ask: 'overviews.approve.ask',
    what: 'overviews.approve.what',
    button: 'overviews.approve.button',
    done: 'overviews.approve.done',
  },
  reject: {
    menu: 'overviews.reject',
    ask: 'overviews.reject.ask',
    what: 'overviews.act.reasonSeen',
    button: 'overviews.reject.button',
    done: 'overviews.reject.done',
  },
  reopen: {
    menu: 'overviews.reopen',
    ask: 'overviews.reopen.ask',
    what: 'overviews.reopen.what',
    button: 'overviews.reopen.button',
    done: 'overviews.reopen.done',
  },
  'write-off': {
    menu: 'overviews.writeOff',
    ask: 'overviews.writeOff.ask',
    what: 'overviews.act.reasonKept',
    button: 'overviews.writeOff.button',
    done: 'overviews.writeOff.done',
  },
  'undo-write-off': {
    menu: 'overviews.undoWriteOff',
    ask: 'overviews.undoWriteOff.ask',
    what: 'overviews.undoWriteOff.what',
    button: 'overviews.undoWriteOff.button',
    done: 'overviews.undoWriteOff.done',
  },
}

export const needsReason = (act: EntryAct): boolean => act === 'reject' || act === 'write-off'
