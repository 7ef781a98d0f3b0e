import { Fragment, useRef } from 'react'
import { Button } from '../../parts/Button.tsx'
import { copyText } from '../../parts/copy-text.ts'
import { say } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import styles from './postings.module.css'

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\b\d+(?:\.\d+)?\b)/g

/** A long identity by its ends; the whole stands in the tip and in what is copied. */
const short = (id: string) => `${id.slice(0, 4)}…${id.slice(-4)}`

function Line({ text, names }: { text: string; names: Readonly<Record<string, string>> }) {
  const found = Object.keys(names).filter((id) => text.includes(id))
  const parts = []
  let at = 0
  for (const match of text.matchAll(token)) {
    const [whole, quoted, colon, figure] = match
    if (match.index > at) parts.push(<Fragment key={at}>{text.slice(at, match.index)}</Fragment>)
    if (quoted !== undefined && colon !== undefined) {
      parts.push(
        <span key={match.index} className={styles.key}>
          {whole}
        </span>,
      )
    } else if (quoted !== undefined) {
      const id = found.find((one) => quoted.includes(one))
      parts.push(
        <span key={match.index} className={styles.string} title={id}>
          {id ? quoted.replace(id, short(id)) : quoted}
        </span>,
      )
    } else {
      parts.push(
        <span key={match.index} className={styles.number}>
          {figure}
        </span>,
      )
    }
    at = match.index + whole.length
  }
  parts.push(<Fragment key="end">{text.slice(at)}</Fragment>)
  return (
    <span className={styles.code}>
      <span>{parts}</span>
      {found.length > 0 ? <i>{found.map((id) => names[id]).join(', ')}</i> : null}
    </span>
  )
}

/** What was sent, to the letter, with the names of what its identities stand for beside it. */
export function PayloadShown({
  text,
  names = {},
  name,
}: {
  text: string
  names?: Readonly<Record<string, string>>
  name: string
}) {
  const t = useT()
  const lines = text.split('\n')
  const shown = useRef<HTMLPreElement>(null)
  return (
    <div className={styles.payload}>
      <Button
        kind="quiet"
        size="sm"
        icon="copy"
        className={styles.copy}
        onClick={async () => {
          if (await copyText(text, shown.current)) say(t('postings.copied'))
        }}
      >
        {t('postings.copy')}
      </Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
      <section tabIndex={0} aria-label={name}>
        <pre ref={shown}>
          {lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of text is its place
            <Line key={at} text={line} names={names} />
          ))}
        </pre>
      </section>
    </div>
  )
}
