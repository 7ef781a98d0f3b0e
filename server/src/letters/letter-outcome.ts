import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'
import { type LetterAct, rememberLetter } from './letter-history.ts'
import { inLane, type Pass } from './mail-pass.ts'
import type { Outcome, Refused } from './smtp.ts'
import { tellLetters } from './write-letter.ts'

interface Settling {
  readonly id: string
  readonly invoiceId: string | null
}

interface Settled {
  readonly state: 'sent' | 'failed' | 'uncertain' | 'withdrawn'
  readonly problem: Problem | null
  readonly refused?: readonly Refused[]
  readonly act: LetterAct
}

/** Where a letter comes to rest. */
export async function settle(
  { services, firmId }: Pass,
  trx: Trx,
  { id, invoiceId }: Settling,
  { state, problem, refused = [], act }: Settled,
): Promise<void> {
  const now = services.clock.now()
  await sql`
    update letter set state = ${state}, problem = ${problem ? JSON.stringify(problem) : null}::jsonb,
      refused = ${JSON.stringify(refused)}::jsonb, sent_at = ${state === 'sent' ? now : null},
      version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = ${id}::uuid`.execute(trx)
  await rememberLetter({ trx, firmId, services, now, by: null }, id, act, {
    after: { ...(problem ? { problem } : {}), ...(refused.length > 0 ? { refused } : {}) },
  })
  await tellLetters({ trx, firmId, services }, [id], invoiceId)
}

/** What became of it, unless somebody else told before: of one that was taken over nothing is written. */
export async function rememberOutcome(
  pass: Pass,
  id: string,
  from: 'waiting' | 'sending',
  outcome: Outcome,
): Promise<void> {
  const { firmId } = pass
  await inLane(pass, async (trx) => {
    const { rows } = await sql<Settling & { tries: number }>`
      select id, invoice_id as "invoiceId", tries from letter
      where firm_id = ${firmId}::uuid and id = ${id}::uuid and state = ${from} for update`.execute(trx)
    const letter = rows[0]
    if (!letter) return
    switch (outcome.is) {
      case 'sent':
        await settle(pass, trx, letter, { state: 'sent', problem: null, refused: outcome.refused, act: 'sent' })
        return wakeThoseThatWaited(pass, trx)
      case 'refused':
        return settle(pass, trx, letter, {
          state: 'failed',
          problem: outcome.problem,
          refused: outcome.refused,
          act: 'failed',
        })
      case 'uncertain':
        return settle(pass, trx, letter, { state: 'uncertain', problem: outcome.problem, act: 'uncertain' })
      case 'later':
        // One that went out was counted when that was stored.
        return postpone(pass, trx, { ...letter, tries: letter.tries + (from === 'waiting' ? 1 : 0) }, outcome)
    }
  })
}

/** A mail server that asks for days to come back later will not take it any more. */
const mostTries = 100
const minuteMs = 60_000
const backoff = [1, 2, 5, 10, 20, 30].map((minutes) => minutes * minuteMs)
const longestMs = 60 * minuteMs

/** As late as the mail server told, and later with each try; with one that is away, everything that is due waits along. */
async function postpone(
  pass: Pass,
  trx: Trx,
  letter: Settling & { readonly tries: number },
  { about, problem, toldMs }: Extract<Outcome, { readonly is: 'later' }>,
): Promise<void> {
  const { services, firmId } = pass
  const { theirWords, theirStatus } = problem
  if (about === 'message' && letter.tries >= mostTries)
    return settle(pass, trx, letter, {
      state: 'failed',
      problem: {
        kind: 'refused',
        code: 'letter-gave-up',
        ...(theirWords ? { theirWords } : {}),
        ...(theirStatus ? { theirStatus } : {}),
      },
      act: 'failed',
    })
  const now = services.clock.now()
  const waitMs = Math.max(backoff[letter.tries - 1] ?? longestMs, toldMs ?? 0)
  const until = new Date(now.getTime() + waitMs)
  const kept = JSON.stringify({ ...problem, notBefore: until.toISOString() })
  const { rows } = await sql<Settling>`
    update letter set state = 'waiting', due_at = ${until}, problem = ${kept}::jsonb, version = version + 1,
      tries = case when id = ${letter.id}::uuid then ${letter.tries} else tries end, updated_at = ${now}
    where firm_id = ${firmId}::uuid and (id = ${letter.id}::uuid
      or (${about === 'server'} and state = 'waiting' and due_at <= ${until}))
    returning id, invoice_id as "invoiceId"`.execute(trx)
  for (const { id, invoiceId } of rows) await tellLetters({ trx, firmId, services }, [id], invoiceId)
}

/** What held all letters back is over: those that waited for it go now. One that was asked to come later itself does not. */
async function wakeThoseThatWaited({ services, firmId }: Pass, trx: Trx): Promise<void> {
  await sql`
    update letter set due_at = ${services.clock.now()}
    where firm_id = ${firmId}::uuid and state = 'waiting' and problem ->> 'code' <> 'letter-later'`.execute(trx)
}
