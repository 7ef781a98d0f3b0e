import { forgetFiles } from '../files/forget-files.ts'
import type { Services } from '../services.ts'

const daysKept = 30

/**
 * Answers to repeated requests and notices that were read are kept for thirty days; sign-in states, invitations and links
 * for a new password until they expire; files that
 * hang nowhere for two days.
 */
export async function forgetOld(services: Pick<Services, 'store' | 'clock' | 'files'>): Promise<void> {
  const { store, clock } = services
  const now = clock.now()
  const before = new Date(now.getTime() - daysKept * 86_400_000)
  const firms = await store.withDirectory(async (trx) => {
    await trx.deleteFrom('directory.signInState').where('expiresAt', '<', now).execute()
    await trx.deleteFrom('directory.invitation').where('expiresAt', '<', now).execute()
    // Long after it expired a link still says so.
    await trx.deleteFrom('directory.approvalLink').where('expiresAt', '<', before).execute()
    await trx.deleteFrom('directory.passwordReset').where('expiresAt', '<', now).execute()
    await trx.deleteFrom('directory.idempotency').where('createdAt', '<', before).execute()
    return trx.selectFrom('directory.firm').select('id').execute()
  })
  for (const { id } of firms) {
    await store.withFirm(id, async (trx) => {
      await trx.deleteFrom('idempotency').where('firmId', '=', id).where('createdAt', '<', before).execute()
      await trx.deleteFrom('notification').where('firmId', '=', id).where('readAt', '<', before).execute()
    })
    await forgetFiles(services, id)
  }
}
