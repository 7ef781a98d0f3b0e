import type { Format } from '../../format.ts'
import type { Say } from '../../words/words.tsx'
import { capital } from './capital.ts'

/** "Today", else "Thursday". */
export const dayNameOf = (day: string, today: string, t: Say, format: Format): string =>
  day === today ? t('time.today') : capital(format.date(day, 'day').split(/[ ,]/)[0] ?? '')
