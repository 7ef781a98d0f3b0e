import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import { isAddress, type Recipient } from './addresses.ts'
import { atFields, type LetterValues } from './letter.ts'

/** The fields of a letter: what is wrong is said at its field, and what was typed stays. */
export function useLetterForm(given: {
  readonly initial: LetterValues
  readonly save: (values: LetterValues) => Promise<unknown>
}): ApiForm<LetterValues> {
  const t = useT()
  const wrongIn = (people: readonly Recipient[]) => {
    const wrong = people.filter(({ address }) => !isAddress(address)).map(({ address }) => address)
    return wrong.length > 0 ? t('letters.addresses.wrong', { address: wrong.join(', ') }) : null
  }
  return useApiForm<LetterValues>({
    initial: given.initial,
    validate: {
      to: (to: LetterValues['to']) => (to.length === 0 ? t('letters.to.none') : wrongIn(to)),
      bcc: (bcc: LetterValues['bcc']) => wrongIn(bcc),
      subject: (subject: string) => (subject.trim() === '' ? t('letters.subject.none') : null),
      body: (body: string) => (body.trim() === '' ? t('letters.body.none') : null),
    },
    save: async (values) => {
      try {
        await given.save(values)
      } catch (error) {
        throw atFields(error)
      }
    },
  })
}
