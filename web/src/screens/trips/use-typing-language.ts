import { useLanguage } from '../../words/words.tsx'
import type { Language } from './trip.ts'

/** In which language figures are typed. */
export const useTypingLanguage = (): Language => (useLanguage().language === 'nl' ? 'nl' : 'en')
