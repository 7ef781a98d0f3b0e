import type { mailSettings as settingsShape } from '@uurwerk/api/letters.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { say } from '../http/words.ts'
import { composed } from '../letters/message.ts'
import { attachOf, mailNotSet, senderOf } from '../letters/proposal.ts'
import { asItStood } from './kept-rows.ts'

type SettingsAnswer = z.input<typeof settingsShape>

export const mailSettingsHandlers: Handlers<'readMailSettings' | 'changeMailSettings' | 'sendTrialLetter'> = {
  readMailSettings: (call) => answerOf(call),

  changeMailSettings: async (call) => {
    const { trx, firmId, body, version, now } = call
    const before = await answerOf(call)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const { senderName, replyTo, bcc, attach } = body
    await trx
      .updateTable('firm')
      .set({
        ...(senderName === undefined ? {} : { mailSenderName: senderName || null }),
        ...(replyTo === undefined ? {} : { mailReplyTo: replyTo }),
        ...(bcc === undefined ? {} : { mailBcc: [...new Set(bcc)] }),
        ...(attach === undefined ? {} : { mailAttach: JSON.stringify(attach) }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: asItStood(before, body),
      after: body,
    })
    return answerOf(call)
  },

  // Outside a transaction: a mail server takes its time.
  sendTrialLetter: {
    free: async ({ services, firmId, actor, language, now }) => {
      const { mail, store, ids } = services
      if (!mail.works || !mail.from) throw new ProblemError(mailNotSet)
      const { firm, member } = await store.withFirm(firmId, async (trx) => ({
        firm: await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow(),
        member: await trx
          .selectFrom('member')
          .select(['name', 'email'])
          .where('firmId', '=', firmId)
          .where('id', '=', actor.memberId)
          .executeTakeFirstOrThrow(),
      }))
      const { sender, replyTo } = senderOf(services, firm)
      const values = { firm: firm.name, name: member.name, replyTo: replyTo ?? mail.from }
      const bytes = await composed({
        from: { name: sender.name, address: mail.from },
        to: [{ name: member.name, address: member.email }],
        replyTo,
        subject: say(language, 'letter.trial.subject', values),
        text: say(language, 'letter.trial.text', values),
        messageId: `${ids.next()}@${mail.from.split('@')[1]}`,
        date: now,
      })
      const outcome = await mail.deliver({ to: [member.email], bytes })
      if (outcome.is !== 'sent') throw new ProblemError(outcome.problem)
      return { address: member.email, words: outcome.words }
    },
  },
}

async function answerOf({
  trx,
  firmId,
  services,
}: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services'>): Promise<SettingsAnswer> {
  const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  return {
    works: services.mail.works,
    from: services.mail.from,
    senderName: firm.mailSenderName,
    senderNameOtherwise: firm.name,
    replyTo: firm.mailReplyTo,
    replyToOtherwise: firm.email,
    bcc: firm.mailBcc,
    attach: attachOf(firm),
    version: firm.version,
  }
}
