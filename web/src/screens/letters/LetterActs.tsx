import { useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type LetterRow, lettersChanged } from './letter.ts'
import styles from './letters.module.css'

/** What a person asked to do with a letter; each of these opens something first. */
export type LetterAct = 'mend' | 'elsewhere' | 'resend' | 'withdraw'

/** What can be done about a letter as it stands; nothing when it went as it should. */
export function LetterActs({ letter, onAsk }: { letter: LetterRow; onAsk: (act: LetterAct) => void }) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const arrived = useAct({
    run: (version: number, key) =>
      answer(
        api.POST('/letters/{id}/arrived', {
          params: { path: { id: letter.id } },
          headers: { ...key, ...ifMatch(version) },
        }),
      ),
    done: async () => {
      await lettersChanged(client)
      say(t('letters.arrived.done'))
    },
    failed: async (error) => {
      await lettersChanged(client)
      sayProblem(error)
    },
  })
  if (!may('invoices:send')) return null
  const { state } = letter
  // What went along is fixed: with fewer attachments it is another letter.
  const isTooLarge = state === 'failed' && letter.problem?.code === 'letter-too-large' && letter.invoiceId !== null
  const canMove = state === 'sent' && letter.refused.length > 0 && letter.invoiceId !== null
  if (!canMove && state !== 'uncertain' && state !== 'failed' && state !== 'waiting') return null
  return (
    <div className={styles.acts}>
      {state === 'uncertain' ? (
        <>
          <Button size="sm" icon="check" busy={arrived.isPending} onClick={() => arrived.mutate(letter.version)}>
            {t('letters.arrived')}
          </Button>
          <Button size="sm" icon="refresh" onClick={() => onAsk('mend')}>
            {t('letters.again')}
          </Button>
        </>
      ) : null}
      {isTooLarge ? (
        <Button size="sm" kind="primary" icon="mail" onClick={() => onAsk('resend')}>
          {t('letters.fewer')}
        </Button>
      ) : state === 'failed' ? (
        <Button size="sm" kind="primary" icon="edit" onClick={() => onAsk('mend')}>
          {t('letters.mend')}
        </Button>
      ) : null}
      {canMove ? (
        <Button size="sm" icon="edit" onClick={() => onAsk('elsewhere')}>
          {t('letters.elsewhere')}
        </Button>
      ) : null}
      {state === 'waiting' || state === 'failed' ? (
        <Button size="sm" kind="quiet" onClick={() => onAsk('withdraw')}>
          {t('letters.withdraw')}
        </Button>
      ) : null}
    </div>
  )
}
