import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import { randomToken } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { Person } from './auth.ts'

const hour = 3_600_000
/** Somebody who asked reads his mail now; what is handed over by a colleague may have to wait until tomorrow. */
const validMs = { mailed: hour, handedOver: 24 * hour } as const
/** Whoever asks again within it gets no second letter. */
const pauseMs = 60_000

export type ResetWay = keyof typeof validMs

/** A way to a new password; the ones before stop working. Null when one was mailed just now. */
export function createReset(services: Services, userId: string, way: ResetWay): Promise<string | null> {
  const { store, clock, seals, settings } = services
  const now = clock.now().getTime()
  const expiresAt = new Date(now + validMs[way])
  return store.withDirectory(async (trx) => {
    const earlier = await trx
      .deleteFrom('directory.passwordReset')
      .where('userId', '=', userId)
      .returningAll()
      .execute()
    const isFresh = ({ expiresAt: until }: { expiresAt: Date }) => until.getTime() > now + validMs.mailed - pauseMs
    if (way === 'mailed' && earlier.some(isFresh)) {
      await trx.insertInto('directory.passwordReset').values(earlier).execute()
      return null
    }
    const token = randomToken().reveal()
    await trx
      .insertInto('directory.passwordReset')
      .values({ tokenHash: seals.hashToken(token), userId, expiresAt })
      .execute()
    return `${settings.publicUrl}/reset/${token}`
  })
}

export async function mailReset(
  services: Services,
  { person, link, language }: { person: Person; link: string; language: Language },
): Promise<boolean> {
  try {
    await services.mail.send({
      to: person.email,
      subject: say(language, 'mail.reset.subject'),
      text: say(language, 'mail.reset.text', { name: person.name, link }),
    })
    return true
  } catch (error) {
    services.log.warn({ err: error }, 'a link for a new password could not be mailed')
    return false
  }
}

/** Whose password a link is for. Unknown, used and expired ones look alike, and whoever guesses is held back. */
export async function personOfReset(services: Services, token: string, ip: string): Promise<Person> {
  const attempt = await services.people.followLink(ip)
  const found = await services.store.withDirectory((trx) =>
    trx
      .selectFrom('directory.passwordReset')
      .select('userId')
      .where('tokenHash', '=', services.seals.hashToken(token))
      .where('expiresAt', '>', services.clock.now())
      .executeTakeFirst(),
  )
  const person = found ? await services.people.findById(found.userId) : null
  if (!person) throw new ProblemError({ kind: 'missing', code: 'reset-gone' })
  await attempt.succeeded()
  return person
}

/** The new password, once: of two who follow a link at the same moment the second finds it used. */
export async function resetPassword(
  services: Services,
  { token, password, ip }: { token: string; password: string; ip: string },
): Promise<Person> {
  const person = await personOfReset(services, token, ip)
  await services.store.withDirectory(async (trx) => {
    const used = await trx
      .deleteFrom('directory.passwordReset')
      .where('tokenHash', '=', services.seals.hashToken(token))
      .returning('userId')
      .executeTakeFirst()
    if (!used) throw new ProblemError({ kind: 'missing', code: 'reset-gone' })
    await services.people.setPassword({ userId: person.userId, password })
  })
  return person
}
