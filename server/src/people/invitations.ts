import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import { randomToken } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

const daysValid = 14

export interface Invited {
  readonly firmId: string
  readonly memberId: string
  readonly email: string
  readonly by: string
}

/** A new invitation; the ones before stop working. Gives the address to hand over or mail. */
export async function invite(trx: Trx, services: Services, { firmId, memberId, email, by }: Invited): Promise<string> {
  const now = services.clock.now()
  const earlier = await trx
    .updateTable('invitation')
    .set({ withdrawnAt: now })
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .returning('id')
    .execute()
  if (earlier.length > 0) {
    await trx
      .deleteFrom('directory.invitation')
      .where(
        'invitationId',
        'in',
        earlier.map(({ id }) => id),
      )
      .execute()
  }
  const id = services.ids.next()
  const token = randomToken()
  const expiresAt = new Date(now.getTime() + daysValid * 86_400_000)
  await trx
    .insertInto('invitation')
    .values({ firmId, id, memberId, email, expiresAt, createdBy: by, createdAt: now })
    .execute()
  await trx
    .insertInto('directory.invitation')
    .values({ tokenHash: services.seals.hashToken(token.reveal()), firmId, invitationId: id, expiresAt })
    .execute()
  return `${services.settings.publicUrl}/invite/${token.reveal()}`
}

/** Mails the link when there is a mail server; says whether it went. */
export async function mailInvitation(
  services: Services,
  { to, name, firm, link, language }: { to: string; name: string; firm: string; link: string; language: Language },
): Promise<boolean> {
  if (!services.mail.works) return false
  try {
    await services.mail.send({
      to,
      subject: say(language, 'mail.invitation.subject', { firm }),
      text: say(language, 'mail.invitation.text', { name, firm, link }),
    })
    return true
  } catch (error) {
    services.log.warn({ err: error }, 'an invitation could not be mailed; the link is shown instead')
    return false
  }
}
