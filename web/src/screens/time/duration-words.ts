import { parseDuration } from '@uurwerk/core/time/duration.ts'
import { type Say, useT } from '../../words/words.tsx'

function sentence(code: string, t: Say): string {
  if (code === 'duration-negative') return t('time.duration.negative')
  if (code === 'duration-too-long') return t('time.duration.tooLong')
  return t('time.duration.notUnderstood')
}

/** What is wrong with a duration, with the ways to write one. */
export function useDurationWords(): (code: string) => string {
  const t = useT()
  return (code) => sentence(code, t)
}

/** Minutes, or the code of what is wrong; nothing typed is no hours. */
export function typedMinutes(text: string): { readonly minutes: number } | { readonly problem: string } {
  return text.trim() === '' ? { minutes: 0 } : parseDuration(text)
}
