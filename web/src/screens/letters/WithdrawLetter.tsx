import { useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { recipientText, toKnown } from './addresses.ts'
import { type LetterRow, lettersChanged } from './letter.ts'

/** A letter that did not go out is not sent any more. */
export function WithdrawLetter({ letter, onClose }: { letter: LetterRow; onClose: () => void }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const withdraw = useAct({
    run: (version: number, key) =>
      answer(
        api.POST('/letters/{id}/withdrawal', {
          params: { path: { id: letter.id } },
          headers: { ...key, ...ifMatch(version) },
        }),
      ),
    done: async () => {
      await lettersChanged(client)
      say(t('letters.withdraw.done'))
      onClose()
    },
    failed: () => lettersChanged(client),
  })
  return (
    <ConfirmWithPreview
      open
      onClose={onClose}
      title={t('letters.withdraw.title')}
      preview={
        <Facts
          rows={[
            [t('letters.subject'), letter.subject],
            [t('letters.to'), toKnown(letter.to).map(recipientText).join(', ')],
            [t('letters.written'), format.moment(letter.createdAt)],
          ]}
        />
      }
      never={t('letters.withdraw.never')}
      action={t('letters.withdraw')}
      onConfirm={() => withdraw.mutate(letter.version)}
      busy={withdraw.isPending}
      error={withdraw.error}
    />
  )
}
