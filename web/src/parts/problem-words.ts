import { isApiProblem } from '../problem.ts'
import { type Say, useT } from '../words/words.tsx'

export interface ProblemWords {
  readonly cause: string
  readonly remedy: string
  readonly theirWords?: string
  /** Where it can be put right. */
  readonly link?: string
  readonly code: string
}

function wordsOf(error: unknown, t: Say): ProblemWords {
  if (!isApiProblem(error))
    return { code: 'defect', cause: t('problems.defect.cause'), remedy: t('problems.defect.remedy') }
  const { problem } = error
  if (problem.code === 'offline') {
    return { code: 'offline', cause: t('problems.offline.cause'), remedy: t('problems.offline.remedy') }
  }
  // Where no field stands to say it at, what is wrong with each is the cause.
  const amiss = problem.errors?.filter(({ pointer }) => !/^\/(path|query)\//.test(pointer)) ?? []
  if (problem.code === 'input-wrong' && amiss.length > 0)
    return { code: problem.code, cause: [...new Set(amiss.map(({ message }) => message))].join(' '), remedy: '' }
  return {
    code: problem.code,
    cause:
      problem.cause ?? problem.detail ?? problem.title ?? t('problems.unreadable.cause', { status: problem.status }),
    remedy: problem.remedy ?? (problem.code === 'unreadable' ? t('problems.unreadable.remedy') : ''),
    ...(problem.theirWords ? { theirWords: problem.theirWords } : {}),
    ...(problem.link ? { link: problem.link } : {}),
  }
}

/** Cause and remedy of whatever was thrown: the server's words, or ours when it could not be reached. */
export function useProblemWords(): (error: unknown) => ProblemWords {
  const t = useT()
  return (error) => wordsOf(error, t)
}
