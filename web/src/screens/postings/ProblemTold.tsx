import { Told } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'
import type { PreviewProblem } from './preview.ts'

/** Why a document cannot go: the cause, what to do, and what the package says itself. */
export function ProblemTold({ problem, packageName }: { problem: PreviewProblem; packageName: string }) {
  const t = useT()
  return (
    <Told
      rows={[
        [t('postings.cause'), <b key="cause">{problem.cause}</b>],
        ...(problem.remedy ? [[t('parts.remedy'), problem.remedy] as const] : []),
        ...(problem.theirWords
          ? [[t('postings.says', { package: packageName }), `“${problem.theirWords}”`] as const]
          : []),
      ]}
    />
  )
}
