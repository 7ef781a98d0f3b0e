import { Button } from '../../parts/Button.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'
import styles from './imports.module.css'

export interface LeftOut {
  readonly id: string
  readonly name: string
  readonly problem: { readonly cause: string; readonly remedy: string }
}

/** What of many could not be done, and why; the others are done. */
export function LeftOutList({ leftOut, close }: { leftOut: readonly LeftOut[]; close: () => void }) {
  const t = useT()
  if (leftOut.length === 0) return null
  return (
    <div className={styles.leftOut}>
      <Notice is="needs" title={t('imports.leftOut', { count: leftOut.length })}>
        <ul>
          {leftOut.map(({ id, name, problem }) => (
            <li key={id}>
              {name ? <b>{name}: </b> : null}
              {problem.cause} {problem.remedy}
            </li>
          ))}
        </ul>
        <Actions>
          <Button size="sm" onClick={close}>
            {t('parts.close')}
          </Button>
        </Actions>
      </Notice>
    </div>
  )
}
