import type { logoRoutes } from '@uurwerk/api/logo.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { isWhatItSays } from '../files/receipt-type.ts'
import { isClean } from '../files/scan.ts'
import type { FreeCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { judgePicture, type Picture } from '../logo/judge-picture.ts'
import type { Trx } from '../store/database.ts'
import { firmAnswer } from './firms.ts'

const mostMegabytes = 1
const [leastPixels, mostPixels] = [16, 2500]
const endings = { 'image/png': 'png', 'image/jpeg': 'jpg' } as const

type ChangeCall = FreeCall<(typeof logoRoutes)['changeLogo']>

export const logoHandlers: Handlers<keyof typeof logoRoutes> = {
  // Scanned and stored outside a transaction: neither is quick.
  changeLogo: {
    free: async (call) => {
      const { services, firmId, body } = call
      const { mediaType } = await judged(call)
      const sha256 = await services.files.put(firmId, body)
      return services.store.withFirm(firmId, async (trx) => {
        // Whoever removes bytes that nobody names any more holds the same lock.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`file ${firmId} ${sha256}`}, 1))`.execute(trx)
        if (!(await services.files.has(firmId, sha256))) await services.files.put(firmId, body)
        await trx
          .insertInto('firmLogo')
          .values({
            firmId,
            sha256,
            mediaType,
            sizeBytes: body.length,
            addedBy: call.actor.memberId,
            addedAt: call.now,
          })
          .onConflict((conflict) => conflict.columns(['firmId', 'sha256']).doNothing())
          .execute()
        return take({ ...call, trx }, { sha256, mediaType })
      })
    },
  },

  removeLogo: (call) => take(call, null),

  readLogo: {
    free: async ({ services, firmId, params }) => {
      const row = await services.store.withFirm(firmId, (trx) =>
        trx
          .selectFrom('firmLogo')
          .select('mediaType')
          .where('firmId', '=', firmId)
          .where('sha256', '=', params.sha256)
          .executeTakeFirst(),
      )
      if (!row) throw notThere('logo')
      const bytes = await services.files.get(firmId, params.sha256)
      if (!bytes) throw new ProblemError({ kind: 'defect', code: 'file-lost', values: { name: 'logo' } })
      const ending = endings[row.mediaType as keyof typeof endings]
      return { mediaType: row.mediaType, fileName: `logo.${ending}`, inline: true, bytes }
    },
  },
}

async function judged({ services, body, mediaType: declared }: ChangeCall): Promise<Picture> {
  if (body.length > mostMegabytes * 1024 * 1024) throw wrongField('', 'file-too-large', { most: String(mostMegabytes) })
  const picture = judgePicture(body)
  if ('problem' in picture) throw wrongField('', `logo-${picture.problem}`)
  if (!isWhatItSays(declared, picture.mediaType))
    throw wrongField('', 'file-not-what-it-says', { declared: declared ?? '' })
  const { width, height } = picture
  if (Math.min(width, height) < leastPixels || Math.max(width, height) > mostPixels) {
    const values = { width, height, least: leastPixels, most: mostPixels }
    throw wrongField('', 'logo-size', Object.fromEntries(Object.entries(values).map(([k, v]) => [k, String(v)])))
  }
  const { scanCommand } = services.settings
  if (scanCommand && !(await isClean(scanCommand, body))) throw wrongField('', 'file-infected')
  return picture
}

type Taking = Pick<FreeCall<never>, 'services' | 'firmId' | 'firm' | 'actor' | 'requestId' | 'now'> & {
  readonly trx: Trx
}

/** The logo of what is not yet sent. The version of the firm stays: nobody who has its form open loses what he typed. */
async function take(call: Taking, logo: { readonly sha256: string; readonly mediaType: string } | null) {
  const { trx, firmId, now } = call
  const before = await trx
    .selectFrom('firm')
    .select('logoSha256')
    .where('firmId', '=', firmId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (before.logoSha256 !== (logo?.sha256 ?? null)) {
    await trx
      .updateTable('firm')
      .set({ logoSha256: logo?.sha256 ?? null, logoMediaType: logo?.mediaType ?? null, updatedAt: now })
      .where('firmId', '=', firmId)
      .execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: { logo: before.logoSha256 },
      after: { logo: logo?.sha256 ?? null },
    })
  }
  return firmAnswer(call)
}
