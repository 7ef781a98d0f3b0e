import { useRef, useState } from 'react'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { copyText } from './copy-text.ts'
import styles from './form.module.css'

/** A link or key to hand over, with a button that copies it. */
export function Copy({ text, name }: { text: string; name: string }) {
  const t = useT()
  const [done, setDone] = useState(false)
  const shown = useRef<HTMLOutputElement>(null)
  const copy = async () => setDone(await copyText(text, shown.current))
  return (
    <div className={styles.shown}>
      <output ref={shown} aria-label={name}>
        {text}
      </output>
      <Button icon={done ? 'check' : 'copy'} onClick={copy}>
        <span aria-live="polite">{done ? t('parts.copied') : t('parts.copy')}</span>
      </Button>
    </div>
  )
}
