import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { whyReminderStays } from '../reminders/before-sending.ts'
import type { Trx } from '../store/database.ts'
import type { LetterKind } from './proposal.ts'

interface Leaving {
  readonly firmId: string
  readonly letterId: string
}

/** What answers why a letter of that kind is withdrawn instead of sent; the other kinds always go. */
const lastLooks: Partial<Readonly<Record<LetterKind, (trx: Trx, letter: Leaving) => Promise<Problem | null>>>> = {
  reminder: whyReminderStays,
}

/** A last look right before a letter leaves. */
export const beforeSending = async (trx: Trx, kind: LetterKind, letter: Leaving): Promise<Problem | null> =>
  (await lastLooks[kind]?.(trx, letter)) ?? null
