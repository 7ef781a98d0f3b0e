import { Dialog } from '../parts/Dialog.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useListedKeys } from '../parts/keys.tsx'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'
import { closeLayer } from './open.ts'

/** `?`: every key that works on this page, and those of every table. */
export default function KeyHelp() {
  const t = useT()
  const inTables = [
    { keys: ['ArrowUp', 'ArrowDown'], does: t('frame.keys.move') },
    { keys: ['Space'], does: t('frame.keys.select') },
    { keys: ['shift+ArrowDown'], does: t('frame.keys.extend') },
    { keys: ['mod+A'], does: t('frame.keys.selectAll') },
    { keys: ['Enter'], does: t('frame.keys.open') },
    { keys: ['mod+Enter'], does: t('frame.keys.save') },
  ]
  const rows = [...useListedKeys().map((key) => ({ keys: [key.keys], does: key.does })), ...inTables]
  return (
    <Dialog open onClose={closeLayer} title={t('frame.keys.title')}>
      <dl className={styles.keyList}>
        {rows.map((row) => (
          <div key={`${row.keys.join()} ${row.does}`} style={{ display: 'contents' }}>
            <dt>
              {row.keys.map((keys) => (
                <KeyHint key={keys} keys={keys} />
              ))}
            </dt>
            <dd>{row.does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
