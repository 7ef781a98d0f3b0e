import styles from './parts.module.css'

const onApple = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform)

const shown: Readonly<Record<string, string>> = {
  mod: onApple ? '⌘' : 'Ctrl',
  enter: '⏎',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  space: '␣',
  delete: 'Del',
  shift: '⇧',
  alt: onApple ? '⌥' : 'Alt',
}

/** `mod+Enter` as people see it on their keys: `Ctrl ⏎` or `⌘ ⏎`. */
const keysText = (keys: string): string =>
  keys
    .split('+')
    .map((key) => shown[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ')

export const KeyHint = ({ keys }: { keys: string }) => (
  <span className={styles.kbd} data-key aria-hidden="true">
    {keysText(keys)}
  </span>
)
